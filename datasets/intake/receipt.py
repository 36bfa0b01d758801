"""Receipts: what was sent, by sha256 and row counts, so that anybody can see that nothing was touched since."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import TYPE_CHECKING

from hypnic.datasets.checking.files import open_table
from hypnic.schemas import TABLES
from hypnic.schemas.participants import VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RECEIPT = "receipt.json"
SENT = (*(f"{name}.csv" for name in TABLES), "withdrawals.csv", "submission.toml")  # all that a submission may hold


def receipt(folder: Path) -> str:
    """Write the receipt of a submission as JSON: no time, no place, so that the same files give the same bytes."""
    there = [name for name in SENT if (folder / name).is_file()]
    files = {name: {"sha256": digest(folder / name)} | _rows(folder / name) for name in there}
    content = {"hypnic": version("hypnic"), "schema": VERSIONS[-1], "files": files}
    return json.dumps(content, indent=2, sort_keys=True) + "\n"


def altered(folder: Path) -> Iterator[str]:
    """Yield the files of a submission that are not as its receipt says; the receipt itself where it cannot be read."""
    try:
        noted = json.loads((folder / RECEIPT).read_text("utf-8"))["files"]
        known = {name: noted[name]["sha256"] for name in noted}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        yield RECEIPT
        return
    for name in SENT:
        here = digest(folder / name) if (folder / name).is_file() else None
        if known.get(name) != here:
            yield name


def digest(path: Path) -> str:
    """Give the sha256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _rows(path: Path) -> dict[str, int]:
    return {"rows": open_table(path, path.stem).cast.frame.height} if path.stem in TABLES else {}
