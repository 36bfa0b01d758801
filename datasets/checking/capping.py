"""How much a check may take and say: memory in bytes, and how many findings of a rule are listed one by one."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

import polars as pl

from hypnic.errors import HypnicError
from hypnic.schemas import dtypes
from hypnic.schemas.outputs import Findings

LISTED = 100_000  # findings of one rule in one file
A_LINE = 1_000  # findings of one rule in one line, and more than there can be
LEAST = 64_000_000  # bytes in which a large table can be sifted
SIZE = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([KMGT]?)(?:i?B)?", re.IGNORECASE)
KIND = ["file", "rule", "level"]


class Checked(NamedTuple):
    """Findings, and the exact number of those that are left out: `file`, `rule`, `level`, `more`."""

    found: pl.DataFrame
    rest: pl.DataFrame


class Cap:
    """Lets so many findings of a rule pass for each file and level, and counts the others; None lets all pass.

    >>> cap = Cap(1)
    >>> found = pl.DataFrame({"file": ["a", "a"], "rule": ["N01", "N01"], "level": ["error", "error"]})
    >>> cap.passed(found).height, cap.rest()["more"].to_list()
    (1, [1])
    """

    def __init__(self, most: int | None) -> None:
        self._most, self._seen = most, Counter[tuple[str, ...]]()
        self._worded, self._unworded = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()

    def leaves_out(self, file: str, rule: str, level: str) -> bool:
        """Tell of a finding that comes in the order of lines whether it is surely not listed: it need not be worded."""
        if self._most is None:
            return False
        self._worded[kind := (file, str(rule), str(level))] += 1
        if self._worded[kind] <= self._most + A_LINE:
            return False
        self._unworded[kind] += 1
        return True

    def passed(self, found: pl.DataFrame) -> pl.DataFrame:
        """Give the findings of one batch that may be listed."""
        if self._most is None or found.is_empty():
            return found
        before = pl.DataFrame([(*key, n) for key, n in self._seen.items()], schema=[*KIND, "before"], orient="row")
        counted = found.with_columns(pl.col(KIND).cast(pl.String)).select(KIND)
        self._seen.update({tuple(key): n for *key, n in counted.group_by(KIND).len().iter_rows()})
        place = pl.int_range(pl.len()).over(KIND)
        if before.is_empty():
            return found.filter(counted.select(place).to_series() < self._most)
        joined = counted.with_columns(place.alias("place")).join(before, on=KIND, how="left", maintain_order="left")
        return found.filter(joined.select(pl.col("place") + pl.col("before").fill_null(0)).to_series() < self._most)

    def rest(self) -> pl.DataFrame:
        """Give how many were left out, of each file, rule and level of which some were."""
        most = self._most or 0
        rows = [(*key, n - most) for key, n in (self._seen + self._unworded).items() if n > most]
        level = dtypes(Findings)["level"]
        schema = {"file": pl.String(), "rule": pl.String(), "level": level, "more": pl.Int64()}
        return pl.DataFrame(rows, schema=schema, orient="row")


def bytes_of(size: str) -> int:
    """Read a size such as 1GB, 800 MB or 2GiB; raises HypnicError for what is none, or is too small.

    >>> bytes_of("1GB"), bytes_of("1.5 GiB")
    (1000000000, 1610612736)
    """
    match = SIZE.fullmatch(size.strip())
    if match is None:
        message = f"--memory {size}: no size; type it as 800MB or 2GB"
        raise HypnicError(message)
    base = 1024 if "i" in size.lower() else 1000
    found = int(float(match[1]) * base ** " KMGT".index(match[2].upper() or " "))
    if found < LEAST:
        message = f"--memory {size}: a large table needs {LEAST // 1_000_000} MB at least"
        raise HypnicError(message)
    return found
