"""The command line as a user runs it: a process of its own, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def hypnic(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `hypnic ...` in an empty folder, without NHANES at hand; give its exit code and both outputs."""
    command = shutil.which("hypnic", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    assert command, "install the package first"
    clean = {name: value for name, value in os.environ.items() if name != "HYPNIC_NHANES"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        call = [command, *map(str, arguments)]
        return subprocess.run(call, cwd=tmp_path, env=clean, capture_output=True, text=True, check=False)  # noqa: S603

    return run
