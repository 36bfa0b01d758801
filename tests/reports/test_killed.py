"""Killed at any moment, a build leaves the last good report; two at once do not harm each other."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from hypnic.reports.placing import put

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="killed as POSIX kills")
# A run that puts reports in place one after the other, each of files that all say the same number.
BUILDING = """
import itertools, json, sys
from hashlib import sha256
from pathlib import Path
from hypnic.reports.placing import put
for number in itertools.count():
    files = {f"{name}.html": str(number).encode() * 10_000 for name in range(20)}
    outputs = {name: sha256(content).hexdigest() for name, content in files.items()}
    files["provenance.json"] = json.dumps({"report": "hypnic", "outputs": outputs}).encode()
    put(lambda: files, Path(sys.argv[1]))
    print(number, flush=True)
"""


def building(out: Path) -> subprocess.Popen[str]:
    run = subprocess.Popen([sys.executable, "-P", "-c", BUILDING, str(out)], stdout=subprocess.PIPE, text=True)  # noqa: S603
    assert run.stdout is not None
    assert run.stdout.readline() == "0\n"
    return run


def whole(report: Path) -> bool:
    outputs = json.loads((report / "provenance.json").read_text())["outputs"]
    present = {path.name: sha256(path.read_bytes()).hexdigest() for path in report.glob("*.html")}
    return present == outputs and len(outputs) == 20


def end(*runs: subprocess.Popen[str]) -> None:
    for run in runs:
        run.kill()
        run.communicate()


def test_a_build_killed_at_any_moment_leaves_a_whole_report(tmp_path: Path) -> None:
    moments = random.Random(12)  # noqa: S311
    for _ in range(8):
        run = building(tmp_path / "report")
        time.sleep(moments.uniform(0, 0.2))
        end(run)
        assert whole(tmp_path / "report")


def test_the_next_build_leaves_nothing_else_there(tmp_path: Path) -> None:
    end(building(tmp_path / "report"))
    put(lambda: {"provenance.json": b"{}"}, tmp_path / "report")
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_two_builds_at_once_leave_a_whole_report(tmp_path: Path) -> None:
    runs = building(tmp_path / "report"), building(tmp_path / "report")
    time.sleep(0.5)
    still_there = [run.poll() is None for run in runs]
    end(*runs)
    assert still_there == [True, True]
    assert whole(tmp_path / "report")
