"""Receipts: what leaves a machine, byte for byte, in words that its sender can read and a reviewer can check.

A receipt is made of the published files alone, and nothing else: it cannot tell what was typed. Whoever has the files
can make it again, and finds every byte of it the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hypnic.datasets.intake.account import either, reason, shown, taken, written
from hypnic.datasets.intake.published import RECEIPT, read_published
from hypnic.schemas import PUBLISHED, columns
from hypnic.schemas.participants import VERSIONS
from hypnic.schemas.published import policy

if TYPE_CHECKING:
    import polars as pl

SENT = (*(f"{name}.csv" for name in PUBLISHED), "withdrawals.csv", "submission.toml")  # all that a submission may hold
LINE = re.compile(r"(?P<name>[a-z]+\.[a-z]+) +(?P<bytes>\d+) bytes +(?:\d+ rows +)?sha256 (?P<sha256>[0-9a-f]{64})")
OPENING = """\
What leaves this machine, and nothing else: the files listed here, byte for byte.
It is made of these files alone. `hypnic submit` wrote them from a folder that it left alone.
"""
HEADING = "What these files show to have been taken away, coarser than the form's answers or withheld:"
NOTHING = "These files show nothing that was taken away."
EITHER = "Typed so or made so, and nothing here tells which, so that they are not counted: {}."


def receipt(folder: Path) -> str:
    """Write the receipt of a folder in publishable form: no time, no place, nothing of what was typed."""
    tables = read_published(folder)
    lines = [OPENING, f"form {VERSIONS[-1]}, policy sha256 {policy()}", ""]
    for name in SENT:
        if (folder / name).is_file():
            content = (folder / name).read_bytes()
            table = tables.get(Path(name).stem)
            rows = "" if table is None else f"{table.height} rows  "
            lines.append(f"{name:<17} {len(content)} bytes  {rows}sha256 {hashlib.sha256(content).hexdigest()}")
    sums = list(written(shown(tables)))
    cells = [line for name, table in tables.items() for line in _cells(name, table)]
    lines += ["", HEADING, *sums] if cells else ["", NOTHING]
    lines += [EITHER.format(", ".join(told))] if (told := list(either(tables["participants"].columns))) else []
    lines += ["", "Each of these cells:", *cells] if cells else []
    return "\n".join(lines) + "\n"


def altered(folder: Path) -> Iterator[str]:
    """Yield the files of a submission that are not as its receipt says; the receipt itself where it cannot be read."""
    try:
        text = (folder / RECEIPT).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        yield RECEIPT
        return
    known = {found["name"]: found["sha256"] for found in LINE.finditer(text)}
    if not known:
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


def _cells(name: str, table: pl.DataFrame) -> Iterator[str]:
    """Yield a line for each cell that shows that something was taken away, with why."""
    keys = ["participant_id", *(["night_index"] if "night_index" in table.columns else [])]
    for column in columns(PUBLISHED[name]).values():
        if column.name in table.columns and column.withheld:
            for *key, value in table.filter(taken(column)).select(*keys, column.name).iter_rows():
                where = " ".join([name, *map(str, key), column.name])
                yield f"{where} {str(value).removesuffix('.0')}: {reason(column)}"
