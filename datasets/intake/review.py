"""Reviewing a pull request: every file that it touches among the submissions, and the result in one small JSON file.

Run as `python -m hypnic.datasets.intake.review BASE REQUEST NUMBER RESULT`, two checkouts, with the output of
`git diff --name-status --no-renames -z` on standard input. The names and the files come from strangers.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path, PurePosixPath
from typing import Any

from hypnic.datasets.checking.files import check_opened
from hypnic.datasets.checking.opened import open_as
from hypnic.datasets.intake import withdrawal as withdrawing
from hypnic.datasets.intake.accepted import Accepted, accepted
from hypnic.datasets.intake.problems import not_published, problems
from hypnic.errors import HypnicError
from hypnic.schemas import PUBLISHED

SUBMISSIONS = PurePosixPath("datasets/submissions")
SLUG = re.compile(r"[a-z0-9](-?[a-z0-9]){0,59}")
OUR_OWN = "README.md"  # the only file that lies among the folders
FOLDERS, FINDINGS = 20, 50  # of so many folders the findings are told, and so many of each
TOLD = ("file", "cell", "rule", "level", "message", "hint")  # no value: what was typed stays out of comments


def review(base: Path, request: Path, changes: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Check each submission of `request` that `changes`, pairs of git's status letter and path, touch.

    All are checked, however many; of the first `FOLDERS` the findings are told too.
    """
    touched: dict[str, list[tuple[str, str]]] = {}
    loose = 0
    for status, name in changes:
        path = PurePosixPath(name)
        if not path.is_relative_to(SUBMISSIONS):
            continue
        if len(path.parts) > 3:
            touched.setdefault(path.parts[2], []).append((status, "/".join(path.parts[3:])))
        elif path.name != OUR_OWN:
            loose += 1
    before, after = base / SUBMISSIONS, request / SUBMISSIONS
    among = list(accepted(after))
    results = [_review(before / slug, after / slug, touched[slug], among) for slug in sorted(touched)]
    for result in results[FOLDERS:]:
        result["findings"] = []
    if loose:
        says = f"{loose} of its files lie outside the folder of any submission; take them out, or put them into one"
        results.insert(0, {"folder": "?", "problems": [says], "counts": {}, "findings": []})
    return results


def _review(before: Path, folder: Path, changes: list[tuple[str, str]], among: list[Accepted]) -> dict[str, Any]:
    result: dict[str, Any] = {"folder": folder.name, "problems": [], "counts": {}, "findings": []}
    if not SLUG.fullmatch(folder.name):
        return result | {"folder": "?", "problems": ["a folder's name may hold only a-z, 0-9 and single hyphens"]}
    if any(status != "A" and name != withdrawing.TOMBSTONES for status, name in changes):
        return result | {"problems": ["files of an accepted submission may not change; send a new submission"]}
    try:
        if not withdrawing.tombstones(before) <= withdrawing.tombstones(folder):
            return result | {"problems": ["who has withdrawn stays withdrawn; put the lines of withdrawn.txt back"]}
        new = any(name != withdrawing.TOMBSTONES for _, name in changes)
        result["problems"] = problems(folder, new=new, among=among)
        files = [folder / f"{name}.csv" for name in PUBLISHED if (folder / f"{name}.csv").is_file()]
        if not_published(folder):  # nothing else is ever read as a table
            return result
        found = check_opened([open_as(path, PUBLISHED[path.stem]) for path in files])
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
