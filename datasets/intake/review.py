"""Reviewing a pull request: every submission that it touches, checked, and the result in one small JSON file.

Run as `python -m hypnic.datasets.intake.review BASE REQUEST NUMBER RESULT`, two checkouts, with the output of
`git diff --name-status --no-renames -z` on standard input. The names and the files come from strangers.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path, PurePosixPath
from typing import Any

from hypnic.datasets.checking.files import check
from hypnic.datasets.intake import withdrawal as withdrawing
from hypnic.datasets.intake.submission import problems
from hypnic.errors import HypnicError

SUBMISSIONS = PurePosixPath("datasets/submissions")
SLUG = re.compile(r"[a-z0-9](-?[a-z0-9]){0,59}")
FOLDERS, FINDINGS = 20, 50  # told of at most
TOLD = ("file", "cell", "rule", "level", "message", "hint")  # no value: what was typed stays out of comments


def review(base: Path, request: Path, changes: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Check each submission of `request` that `changes`, pairs of git's status letter and path, touch."""
    touched: dict[str, list[tuple[str, str]]] = {}
    for status, name in changes:
        path = PurePosixPath(name)
        if path.is_relative_to(SUBMISSIONS) and len(path.parts) > 3:
            touched.setdefault(path.parts[2], []).append((status, path.name))
    before, after = base / SUBMISSIONS, request / SUBMISSIONS
    return [_review(before / slug, after / slug, touched[slug]) for slug in sorted(touched)[:FOLDERS]]


def _review(before: Path, folder: Path, changes: list[tuple[str, str]]) -> dict[str, Any]:
    result: dict[str, Any] = {"folder": folder.name, "problems": [], "counts": {}, "findings": []}
    if not SLUG.fullmatch(folder.name):
        return result | {"folder": "?", "problems": ["a folder's name may hold only a-z, 0-9 and single hyphens"]}
    if any(status != "A" and name != withdrawing.TOMBSTONES for status, name in changes):
        return result | {"problems": ["files of an accepted submission may not change; send a new submission"]}
    if not withdrawing.tombstones(before) <= withdrawing.tombstones(folder):
        return result | {"problems": ["who has withdrawn stays withdrawn; put the lines of withdrawn.txt back"]}
    try:
        result["problems"] = problems(folder)
        found = check(folder)
    except (HypnicError, OSError) as error:
        said = str(error) if isinstance(error, HypnicError) else "a file cannot be read"
        return result | {"problems": [*result["problems"], said]}
    counts = dict(found["level"].cast(str).value_counts().sort("level").iter_rows())
    return result | {"counts": counts, "findings": found.select(TOLD).head(FINDINGS).to_dicts()}


def main() -> None:
    """Write the result; exit 1 where a submission may not be taken as it is."""
    base, request, number, out = sys.argv[1:]
    words = sys.stdin.buffer.read().decode("utf-8", "replace").split("\0")[:-1]
    folders = review(Path(base), Path(request), list(zip(words[::2], words[1::2], strict=True)))
    Path(out).write_text(json.dumps({"number": int(number), "folders": folders}), "utf-8")
    sys.exit(any(each["problems"] or each["counts"].get("error") for each in folders))


if __name__ == "__main__":
    main()
