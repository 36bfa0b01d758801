"""The command line as a user runs it, in a folder of its own."""

from __future__ import annotations

import gc
import os
import signal
import sys
from io import BytesIO, TextIOWrapper
from subprocess import CompletedProcess
from typing import TYPE_CHECKING

import pytest

from hypnic.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def hypnic(tmp_path: Path) -> Callable[..., CompletedProcess[str]]:
    """Run `hypnic ...` in an empty folder, without NHANES at hand; give its exit code and both outputs.

    It runs in the process of the tests, which has imported everything: a process each would take most of their time.
    How a process starts, is stopped and ends has tests of its own.
    """

    def run(*arguments: str) -> CompletedProcess[str]:
        out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        before = gc.get_threshold()
        with pytest.MonkeyPatch.context() as here:
            here.chdir(tmp_path)
            here.delenv("HYPNIC_NHANES", raising=False)
            here.setattr(sys, "argv", ["hypnic", *map(str, arguments)])
            here.setattr(signal, "signal", lambda *_: None)
            here.setattr(sys, "unraisablehook", sys.unraisablehook)
            here.setattr(sys, "stdout", out)
            here.setattr(sys, "stderr", err)
            with pytest.raises(SystemExit) as end:
                main()
                raise SystemExit(0)
            gc.set_threshold(*before)
        code = end.value.code or 0
        said = []
        for stream in (out, err):
            stream.flush()
            said.append(stream.buffer.getvalue().decode().replace(os.linesep, "\n"))
        return CompletedProcess(arguments, code, *said)

    return run
