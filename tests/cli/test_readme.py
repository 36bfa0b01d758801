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


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give a folder with CI's script, and a README whose first commands only make a file each in .venv and talk."""
    if sys.platform == "win32":
        pytest.skip("a script of bash")
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    text = README
    for number, line in enumerate(SHELL[:2], start=1):
        text = text.replace(line, f"mkdir -p .venv && ls .venv && touch .venv/{number} && echo nox -s tests # {number}")
    (tmp_path / "README.md").write_text(text, "utf-8")
    return tmp_path


def ci(clone: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["bash", clone / ".ci" / "run"], capture_output=True, text=True, check=False)  # noqa: S603, S607


def test_ci_runs_the_first_two_commands_as_they_are_written_one_after_the_other(clone: Path) -> None:
    first, second = (f"+ mkdir -p .venv && ls .venv && touch .venv/{n} && echo nox -s tests # {n}" for n in (1, 2))
    assert ci(clone).stdout.splitlines() == [first, "nox -s tests", second, "1", "nox -s tests"]


@pytest.mark.parametrize("word", ["&& touch", "&& false && touch"], ids=["commands pass", "commands fail"])
def test_ci_starts_without_the_environment_that_is_there_and_puts_it_back(word: str, clone: Path) -> None:
    readme = clone / "README.md"
    readme.write_text(readme.read_text("utf-8").replace("&& touch", word), "utf-8")
    (clone / ".venv").mkdir()
    (clone / ".venv" / "mine").touch()
    run = ci(clone)
    assert (run.returncode == 0) is (word == "&& touch")
    assert "mine" not in run.stdout
    assert [path.name for path in (clone / ".venv").iterdir()] == ["mine"]


def test_ci_fails_where_the_readme_has_no_command_that_runs_the_tests(clone: Path) -> None:
    readme = clone / "README.md"
    readme.write_text(readme.read_text("utf-8").replace("nox -s tests", "nox"), "utf-8")
    run = ci(clone)
    assert (run.returncode, run.stdout) == (1, "")
    assert "of which the second runs the tests" in run.stderr


# That it builds the report is seen where two builds are compared: tests/reports/test_building.py.
COMMANDS = [line for line in SHELL if line.startswith("hypnic ") and not line.startswith("hypnic report ")]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_readme_runs_as_written(line: str, hypnic, tmp_path: Path) -> None:
    for name in ("participants.csv", "nights.csv"):
        (tmp_path / name).write_bytes((data_folder() / "demo" / name).read_bytes())
    run = hypnic(*shlex.split(line)[1:])
    assert (run.returncode, run.stderr) == (0, "")


def test_the_python_of_the_readme_runs_as_written(capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(PYTHON, "README.md", "exec"), {})  # noqa: S102 -- the README's own lines
    assert "stress_0_10" in capsys.readouterr().out
