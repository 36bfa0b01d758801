"""The README's commands do what it says, as they are written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from hypnic.datasets.loading import data_folder

README = Path(__file__).parents[2] / "README.md"
SHELL = [
    line
    for block in re.findall(r"```sh\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    for line in block.splitlines()
]
PYTHON = "\n".join(re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL))


def test_the_first_commands_build_the_report_and_run_the_tests() -> None:
    first, second = (shlex.split(line, comments=True) for line in SHELL[:2])
    assert first[-3:] == ["python", "-m", "nox"]
    assert second[-5:] == ["python", "-m", "nox", "-s", "tests"]


@pytest.mark.parametrize("line", [line for line in SHELL if line.startswith("hypnic ") and "nhanes" not in line])
def test_a_command_of_the_readme_runs_as_written(line: str, hypnic, tmp_path: Path) -> None:
    for name in ("participants.csv", "nights.csv"):
        (tmp_path / name).write_bytes((data_folder() / "demo" / name).read_bytes())
    run = hypnic(*shlex.split(line)[1:])
    assert (run.returncode, run.stderr) == (0, "")


def test_the_python_of_the_readme_runs_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(PYTHON, "README.md", "exec"), {})  # noqa: S102 -- the README's own lines
    assert "stress_0_10" in capsys.readouterr().out
