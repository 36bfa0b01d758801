"""The comment on a pull request, made of a result that a stranger's run has written.

Run as `python -m hypnic.datasets.intake.comment RESULT COMMENT`. Nothing in the result is trusted: it is read up to a
limit, its words lose every control character, mention and link, and stand in a code block that they cannot close.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

from hypnic.schemas.rules import LEVELS

MARKER = "<!-- hypnic: the check of the submissions -->"  # by which the next run finds its comment
LARGEST, LONGEST, WHOLE = 1_000_000, 160, 50_000  # bytes of a result; characters of a word of it, and of the comment
FOLDERS, LINES = 20, 25  # shown of a result, and of a folder
UNREADABLE = f"{MARKER}\nThe check ran, but its result cannot be read. The log of the run says more.\n"


def as_comment(result: bytes) -> str:
    """Make the Markdown of the comment: some 50,000 characters at most, whatever the result holds.

    >>> print(as_comment(b'{"folders": [{"folder": "a", "problems": ["@you ```"]}]}'))
    <!-- hypnic: the check of the submissions -->
    **The check of the submissions found something to fix.** Fix your own folder, and run `hypnic submit` again.
    <BLANKLINE>
    ````text
    submission a
      (at)you ```
    ````
    <BLANKLINE>
    """
    try:
        folders = json.loads(result)["folders"] if len(result) <= LARGEST else None
    except (ValueError, KeyError, TypeError, RecursionError):
        folders = None
    if not isinstance(folders, list) or not all(isinstance(folder, dict) for folder in folders):
        return UNREADABLE
    if not folders:
        return f"{MARKER}\nThis pull request touches no submission.\n"
    folders = sorted(folders, key=lambda folder: not _bad(folder))  # what must be fixed is shown first
    blocks = [_lines(folder) for folder in folders[:FOLDERS]]
    if len(folders) > FOLDERS:
        blocks.append([f"  and {len(folders) - FOLDERS} more folders, which were checked too"])
    text = "\n".join(line for block in blocks for line in block)[:WHOLE]
    fence = "`" * (1 + max(2, *(len(run) for run in re.findall("`+", text)), 0))
    bad = any(map(_bad, folders))
    says = (
        "**The check of the submissions found something to fix.** Fix your own folder, and run `hypnic submit` again."
        if bad
        else "The check of the submissions found no errors."
    )
    return f"{MARKER}\n{says}\n\n{fence}text\n{text}\n{fence}\n"


def plain(word: object, longest: int = LONGEST) -> str:
    """Make one harmless line of a word: no control, invisible or stacking character, no mention, no link.

    >>> plain("see https://example.org, @octocat\\x1b[31m\\n# now")
    'see https: //example.org, (at)octocat [31m # now'
    """
    if not isinstance(word, str | int):
        return "?"
    text = str(word)[: 2 * longest]
    text = "".join(" " if unicodedata.category(c)[0] in "CZM" else c for c in unicodedata.normalize("NFKC", text))
    text = text.replace("@", "(at)").replace("://", ": //").replace("www.", "www .")
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _lines(folder: dict[str, Any]) -> list[str]:
    counts = [f"{_count(folder, level)} {level}" for level in LEVELS if _count(folder, level)]
    lines = [", ".join(["submission " + plain(folder.get("folder"), 60), *counts])]
    lines += [f"  {plain(problem)}" for problem in _list(folder, "problems")[:LINES]]
    findings = [each for each in _list(folder, "findings") if isinstance(each, dict)]
    for found in findings[:LINES]:
        file, cell, level, rule = (plain(found.get(key) or "-", 40) for key in ("file", "cell", "level", "rule"))
        lines += [
            f"  {file} {cell}: {level} {rule}: {plain(found.get('message'))}",
            f"      {plain(found.get('hint'))}",
        ]
    return lines


def _bad(folder: dict[str, Any]) -> bool:
    return bool(folder.get("problems") or _count(folder, "error"))


def _list(folder: dict[str, Any], key: str) -> list[Any]:
    value = folder.get(key)
    return value if isinstance(value, list) else []


def _count(folder: dict[str, Any], level: str) -> int:
    counts = folder.get("counts")
    count = counts.get(level) if isinstance(counts, dict) else None
    return min(count, 10**9) if isinstance(count, int) and count > 0 else 0


def main() -> None:
    """Read at most the limit of a result and write the comment."""
    result, out = map(Path, sys.argv[1:])
    with result.open("rb") as file:
        content = file.read(LARGEST + 1)
    out.write_text(as_comment(content), "utf-8")


if __name__ == "__main__":
    main()
