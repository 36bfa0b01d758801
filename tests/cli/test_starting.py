"""A command that starts without pandas and numpy says the same as a program that has them."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

from hypnic.datasets.checking.files import check

PLANTED = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "planted.py"))
HEAVY = {"numpy", "pandas", "scipy", "statsmodels", "matplotlib", "jinja2"}


def imported(*command: str) -> set[str]:
    """List the top-level packages of which a command imports any module."""
    run = subprocess.run([sys.executable, "-X", "importtime", *command], check=False, capture_output=True, text=True)  # noqa: S603
    modules = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    return {name.partition(".")[0] for name in modules if "." in name}


def test_a_check_imports_neither_pandas_nor_numpy(diary, save) -> None:
    command = shutil.which("hypnic", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert command
    packages = imported(command, "check", str(save("nights", diary)))
    assert "pandera" in packages
    assert not packages & HEAVY


def test_a_program_that_imports_hypnic_gets_pandera_as_it_is() -> None:
    said = "import hypnic.schemas.nights, pandera, sys; assert pandera.DataFrameModel; assert 'pandas' in sys.modules"
    subprocess.run([sys.executable, "-P", "-W", "ignore", "-c", said], check=True)  # noqa: S603


def test_every_planted_fault_is_told_the_same_with_and_without_them(hypnic, tmp_path) -> None:
    rng = PLANTED["random"].Random(11)
    files = [tmp_path / f"{table}.csv" for table in PLANTED["PLANTS"]]
    for table, path in zip(PLANTED["PLANTS"], files, strict=True):
        PLANTED["plant"](table, PLANTED["PLANTS"][table], path, rng)
    told = [json.loads(line) for line in hypnic("check", *files, "--format", "json").stdout.splitlines()]
    found = check(*files).to_dicts()
    assert len(found) > 100
    assert [{**row, "file": Path(row["file"]).name} for row in told] == [
        {**row, "file": Path(row["file"]).name} for row in found
    ]
