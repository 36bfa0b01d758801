"""The README's commands do what it says, as they are written."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hypnic.datasets.loading import data_folder

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PYTHON = "\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))


def lines_of(language: str) -> list[str]:
    return [line for block in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]


SHELL = lines_of("sh")


def test_the_first_commands_build_the_report_and_run_the_tests() -> None:
    first, second = (shlex.split(line, comments=True) for line in SHELL[:2])
    assert first[-2:] == ["&&", ".venv/bin/nox"]
    assert second == [*first, "-s", "tests"]


def test_the_first_commands_install_nothing_outside_a_virtual_environment() -> None:
    """A distribution's own Python refuses that: PEP 668."""
    make, install, run = " ".join(shlex.split(SHELL[0], comments=True)).split(" && ")
    assert make == "python3 -m venv .venv"
    assert install.startswith(".venv/bin/pip install ")
    assert run.startswith(".venv/bin/")
    assert ".venv/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_powershell_gets_the_same_two_commands() -> None:
    plain = [" ".join(shlex.split(line, comments=True)) for line in SHELL[:2]]
    changes = {"python3 ": "py ", " && ": "; ", ".venv/bin/": ".venv\\Scripts\\"}
    for old, new in changes.items():
        plain = [line.replace(old, new) for line in plain]
    assert lines_of("powershell") == plain


@pytest.mark.skipif(sys.platform == "win32", reason="a script of bash")
def test_ci_runs_the_first_two_commands_as_they_are_written(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    written = [f"echo {number}: $0 nox -s tests # as written" for number in (1, 2)]
    text = README.replace(SHELL[0], written[0]).replace(SHELL[1], written[1])
    (tmp_path / "README.md").write_text(text, "utf-8")
    command = ["bash", tmp_path / ".ci" / "run"]
    run = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.splitlines() == [
        f"+ {written[0]}", "1: bash nox -s tests", f"+ {written[1]}", "2: bash nox -s tests",
    ]  # fmt: skip
    (tmp_path / "README.md").write_text(README.replace(SHELL[1], "true"), "utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1  # noqa: S603


@pytest.mark.parametrize("line", [line for line in SHELL if line.startswith("hypnic ") and "nhanes" not in line])
def test_a_command_of_the_readme_runs_as_written(line: str, hypnic, tmp_path: Path) -> None:
    for name in ("participants.csv", "nights.csv"):
        (tmp_path / name).write_bytes((data_folder() / "demo" / name).read_bytes())
    run = hypnic(*shlex.split(line)[1:])
    assert (run.returncode, run.stderr) == (0, "")


def test_the_python_of_the_readme_runs_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(PYTHON, "README.md", "exec"), {})  # noqa: S102 -- the README's own lines
    assert "stress_0_10" in capsys.readouterr().out
