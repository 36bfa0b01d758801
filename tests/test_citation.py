"""The citation file is valid, and says the version that is installed."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

CITATION = Path(__file__).parents[1] / "CITATION.cff"


def test_the_citation_file_is_valid() -> None:
    command = [str(Path(sys.executable).parent / "cffconvert"), "--validate", "-i", str(CITATION)]
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_citation_names_the_version_that_is_installed() -> None:
    assert re.search(r"^version: (.+)$", CITATION.read_text("utf-8"), re.MULTILINE)[1] == version("hypnic")
