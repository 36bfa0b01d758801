"""Names of files as they can be printed, whatever bytes they are made of."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path


def named(path: Path) -> str:
    """Give the name of a file as it can be printed: bytes that are not UTF-8 are shown as a replacement character."""
    return whole_name(path.name)


def whole_name(path: Path | str) -> str:
    """Give a path as it can be printed."""
    return os.fsencode(path).decode("utf-8", errors="replace")


def pasted(path: Path | str) -> str:
    """Give a path as it can be pasted into a command line, of Windows or of another system.

    >>> pasted("nights.csv")
    'nights.csv'
    """
    text = whole_name(path)
    return subprocess.list2cmdline([text]) if os.name == "nt" else shlex.quote(text)
