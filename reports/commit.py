"""The commit of the code that makes a report."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def commit() -> str | None:
    """Name the commit of the code: `HYPNIC_COMMIT`, or that of the checkout it runs from; null where there is none.

    Code that differs from its commit has `-dirty` after it.
    """
    if named := os.environ.get("HYPNIC_COMMIT"):
        return named
    here = Path(__file__).resolve()
    try:
        # A package installed inside some other repository is not that repository's.
        _git(here, "ls-files", "--error-unmatch", here.name)
        return _git(here, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(here: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=here.parent, check=True, capture_output=True, text=True)  # noqa: S603, S607
    return done.stdout.strip()
