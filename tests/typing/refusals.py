"""Which lines of mistakes.py type checkers refuse; `python -P tests/typing/refusals.py mypy pyright` counts them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

MISTAKES = Path(__file__).with_name("mistakes.py")
COMMANDS = {
    "mypy": ["-m", "mypy", "--config-file=", "--follow-imports=silent", "--no-error-summary"],
    "pyright": ["-m", "pyright", "--pythonpath", sys.executable],
}


def marked(word: str = "") -> set[int]:
    """Give the numbers of the lines that must be refused, those that call something of this name."""
    lines = MISTAKES.read_text("utf-8").splitlines()
    return {number for number, line in enumerate(lines, 1) if "# refused" in line and word in line}


def refused(checker: str, *options: str) -> set[int]:
    """Give the numbers of the lines that a type checker refuses."""
    command = [sys.executable, "-P", *COMMANDS[checker], *options, str(MISTAKES)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own words
    found = {int(number) for number in re.findall(r"mistakes\.py:(\d+)(?::\d+)?(?: -|:) error", ran.stdout)}
    if not found:
        message = f"{checker} found nothing: {ran.stdout[-500:]}{ran.stderr[-500:]}"
        raise SystemExit(message)
    return found


if __name__ == "__main__":
    wrong = 0
    for name in sys.argv[1:] or COMMANDS:
        lines, mistakes = refused(name), marked()
        wrong += lines != mistakes
        print(
            f"{name}: {len(lines & mistakes)} of {len(mistakes)} mistakes refused, {len(lines - mistakes)} other lines"
        )
    sys.exit(bool(wrong))
