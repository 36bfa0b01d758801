"""Ctrl-C ends a command with a line and 130, while it runs and while it is still starting."""

from __future__ import annotations

import subprocess
import sys

import pytest

from hypnic.datasets.loading import data_folder

STOPPED = "hypnic: stopped; nothing half-written is left\n"
# A finder that presses Ctrl-C when a module is first looked for.
PRESS = """
import os, signal, sys
class Press:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Press())
sys.argv = ["hypnic", "check", {path!r}]
from hypnic.cli import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="os.kill cannot press Ctrl-C there")
@pytest.mark.parametrize(
    "module", ["typer", "hypnic.commands.check", "polars", "pandera.polars", "hypnic.datasets.checking.repeats"]
)
def test_ctrl_c_is_one_line_and_no_traceback_while_modules_are_imported(module: str) -> None:
    program = PRESS.format(module=module, path=str(data_folder() / "demo" / "nights.csv"))
    command = [sys.executable, "-P", "-c", program]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert (run.returncode, run.stdout, run.stderr) == (130, "", STOPPED)
