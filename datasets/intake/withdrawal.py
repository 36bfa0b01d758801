"""Withdrawing: whoever holds a respondent's code takes the answers out of everything that is built from now on.

The collector draws a code for each respondent, gives it to them alone, and sends only the sha256 of its sha256 with
the token of that respondent (`withdrawals.csv`). A withdrawal leaves the code's sha256 in `withdrawn.txt`: a tombstone.
Everybody can see whom it is for, by hashing it once more, and nobody can make one without the code, which has 130
random bits. Published files are never touched.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import secrets
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.writing import write_whole
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODES, TOMBSTONES = "withdrawals.csv", "withdrawn.txt"
HEADER = ["code_hash", "participant_id"]
CODE = re.compile(r"w_[a-z2-7]{26}")
LARGEST = 16 << 20  # bytes; the codes of 190,000 people
TOLD = 20  # faults of a file: one that is none of ours has one in each line
HASH = re.compile(r"[0-9a-f]{64}")


def new_code() -> str:
    """Draw a withdrawal code for one respondent: `w_` and 26 random characters of a-z and 2-7.

    >>> bool(CODE.fullmatch(new_code()))
    True
    """
    return "w_" + "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz234567") for _ in range(26))


def code_hash(code: str) -> str:
    """Give what `withdrawals.csv` holds of a code: the sha256 of its tombstone, in hex.

    Raises HypnicError, without the code, where it is none.
    """
    return _sha256(tombstone(code))


def tombstone(code: str) -> str:
    """Give what `withdrawn.txt` holds of a code: its sha256, in hex; blanks and capitals do not count.

    Raises HypnicError, without the code, where it is none.
    """
    plain = "".join(code.split()).lower()
    if not CODE.fullmatch(plain):
        message = "this is no withdrawal code; one is w_ and 26 characters of a-z and 2-7, look at your own again"
        raise HypnicError(message)
    return _sha256(plain)


def withdraw(code: str, submissions: Path) -> tuple[int, int]:
    """Leave a tombstone for the holder of `code`, in every submission that knows them.

    Returns
    -------
    tuple of int
        How many people left now (0 where they had left before), and how many have left all submissions so far.

    Raises
    ------
    HypnicError
        It is no code, or no submission knows it.

    """
    stone, hashed = tombstone(code), code_hash(code)
    homes = [path.parent for path in sorted(submissions.glob(f"*/{CODES}")) if hashed in (known(path.parent) or {})]
    if not homes:
        message = "no submission knows this withdrawal code; update your clone, or ask whoever ran the survey"
        raise HypnicError(message)
    fresh = [home for home in homes if stone not in tombstones(home)]
    for home in fresh:
        lines = "".join(f"{line}\n" for line in sorted({*tombstones(home), stone}))  # sorted: the order tells no time
        write_whole(home / TOMBSTONES, lambda path, lines=lines: path.write_text(lines, "utf-8"))  # type: ignore[misc]
    everybody = set().union(*(tombstones(path.parent) for path in submissions.glob(f"*/{TOMBSTONES}")))
    return int(bool(fresh)), len(everybody)


def tombstones(folder: Path) -> set[str]:
    """Give the tombstones of those who left a submission; raises HypnicError where the file is too large to be one."""
    path = folder / TOMBSTONES
    if not path.is_file():
        return set()
    if path.stat().st_size > LARGEST:
        message = f"{TOMBSTONES} is larger than hypnic ever writes it; put the file back as it was"
        raise HypnicError(message)
    return set(path.read_text("utf-8", errors="replace").split())


def staying(frame: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """Leave out of a submission's table everybody who has withdrawn from it.

    Raises HypnicError where it can't be told who that is.
    """
    if not (left := tombstones(folder)):
        return frame
    codes = known(folder)
    if codes is None:
        message = f"{folder.name}: {CODES} cannot be read, and somebody has withdrawn; put the file back as it was"
        raise HypnicError(message)
    gone = [codes[hashed] for hashed in map(_sha256, left) if hashed in codes]
    return frame.filter(~pl.col("participant_id").is_in(gone).fill_null(False))


def faults(content: bytes, participants: set[str]) -> Iterator[str]:
    """Yield what is wrong with a `withdrawals.csv`, never repeating a cell of it; of many faults the first."""
    yield from islice(_faults(content, participants), TOLD)


def _faults(content: bytes, participants: set[str]) -> Iterator[str]:
    if len(content) > LARGEST:
        yield f"it is larger than {LARGEST >> 20} MiB; send the people in parts"
        return
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        yield "it is not a CSV in UTF-8"
        return
    if not rows or rows[0] != HEADER:
        yield f"its first line must be {','.join(HEADER)}"
        return
    seen: set[str] = set()
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != 2 or not HASH.fullmatch(row[0]):
            yield f"line {number}: send the hash of the code (64 of 0-9 and a-f) and the token, never the code"
        elif row[1] not in participants:
            yield f"line {number}: the token is not in participants.csv"
        elif seen & set(row):
            yield f"line {number}: the hash or the token came before"
        seen.update(row)


def without_strangers(content: bytes, participants: set[str]) -> tuple[bytes, int]:
    """Leave out the codes of people who sent no answers, and count them: a study gives codes before it starts.

    All stay where somebody who answered has none, or the file is no list of codes: a token may be mistyped there.
    """
    try:
        first, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (ValueError, csv.Error):
        return content, 0
    named = [row for row in rows if row[-1:] and row[-1] in participants]
    if first != HEADER or {row[-1] for row in named} != participants or len(named) == len(rows):
        return content, 0
    return "".join(f"{','.join(row)}\n" for row in (first, *named)).encode(), len(rows) - len(named)


def unknown(folder: Path) -> bool:
    """Whether a submission has a tombstone of nobody in it: one that was made without a code."""
    codes = known(folder) or {}
    return any(_sha256(stone) not in codes for stone in tombstones(folder))


def with_tokens(content: bytes) -> pl.DataFrame:
    """Read a sound `withdrawals.csv`: `code_hash` and `participant_id`."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
    return pl.DataFrame(rows, schema=dict.fromkeys(HEADER, pl.String), orient="row")


def as_csv(codes: pl.DataFrame) -> bytes:
    """Write `withdrawals.csv`: sorted by hash, so that the order tells nothing."""
    return codes.select(HEADER).sort(HEADER).write_csv(quote_style="never").encode()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def known(folder: Path) -> dict[str, str] | None:
    """Give the token that each hash stands for in a submission; None where its list cannot be read."""
    if not (folder / CODES).is_file():
        return {}
    if (folder / CODES).stat().st_size > LARGEST:
        return None
    try:
        content = (folder / CODES).read_bytes()
        codes = with_tokens(content)
    except (OSError, UnicodeDecodeError, csv.Error, pl.exceptions.PolarsError):
        return None
    if any(faults(content, set(codes["participant_id"]))):
        return None
    return dict(codes.iter_rows())
