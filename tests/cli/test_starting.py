"""A command that starts without pandas and numpy says the same as a program that has them."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hypnic.analysis.studies.entering import of_tables, sentences
from hypnic.datasets.checking.files import check, tables_of
from hypnic.datasets.checking.opened import open_table
from hypnic.datasets.loading import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable

PLANTED = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "planted.py"))
HEAVY = {"numpy", "pandas", "scipy", "statsmodels", "matplotlib", "jinja2", "pydantic"}


@pytest.fixture
def hypnic(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `hypnic ...` in a process of its own: only there are they hidden."""
    command = shutil.which("hypnic", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert command, "install the package first"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        call = [command, *map(str, arguments)]
        return subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603

    return run


def imported(*command: str) -> set[str]:
    """List the top-level packages of which a command imports any module."""
    run = subprocess.run([sys.executable, "-X", "importtime", *command], check=False, capture_output=True, text=True)  # noqa: S603
    modules = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    return {name.partition(".")[0] for name in modules if "." in name}


def test_a_check_of_few_rows_imports_nothing_heavy(diary, save) -> None:
    command = shutil.which("hypnic", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert command
    for typed in ("5", "eleven", "\u2014"):
        diary[0] |= {"sol_min": typed}
        packages = imported(command, "check", str(save("nights", diary)))
        assert "pandera" in packages
        # Where a check fails, pandera asks pydantic whether a column is one of its models.
        assert not packages & (HEAVY if typed == "5" else HEAVY - {"pydantic"})


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


@pytest.mark.parametrize("people", [1, 9, 10])
def test_what_few_people_can_do_is_told_without_the_studies_as_with_them(hypnic, tmp_path, people: int) -> None:
    tokens = []
    for table in ("participants", "nights"):
        header, *rows = (data_folder() / "demo" / f"{table}.csv").read_text("utf-8").splitlines()
        place = header.split(",").index("participant_id")
        tokens = tokens or [row.split(",")[place] for row in rows[:people]]
        kept = [row for row in rows if row.split(",")[place] in tokens]
        (tmp_path / f"{table}.csv").write_text("\n".join([header, *kept]) + "\n", "utf-8")
    raw = {path.stem: open_table(path).cast.frame for path in tables_of(tmp_path)}
    lines = list(sentences(of_tables(raw), published=False))
    assert hypnic("check", tmp_path).stdout.splitlines()[-len(lines) :] == lines
