"""Names of files as they can be printed, whatever bytes they are made of."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def named(path: Path) -> str:
    """Give the name of a file as it can be printed: bytes that are not UTF-8 are shown as a replacement character."""
    return whole_name(path.name)


def whole_name(path: Path | str) -> str:
    """Give a path as it can be printed, on one line: whatever moves a terminal's cursor is a replacement character.

    >>> whole_name("a\\nb.csv") == "a\N{REPLACEMENT CHARACTER}b.csv"
    True
    """
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", os.fsencode(path).decode("utf-8", errors="replace"))


def pasted(path: Path | str) -> str:
    """Give a path as it can be pasted into a command line, of Windows or of another system.

    >>> pasted("nights.csv")
    'nights.csv'
    """
    text = whole_name(path)
    return subprocess.list2cmdline([text]) if os.name == "nt" else shlex.quote(text)
