"""The mark in a number: a comma or a point that may stand before decimals, or before thousands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypnic.schemas import Column

COMMA, POINT = r"^(-?\d+),(\d+)$", r"^-?\d+\.\d+$"
EITHER = re.compile(r"[-+\u2212]?[1-9]\d{0,2}[.,]\d{3}")  # 1,050 is 1050 to some, and 1.05 to others
HOURS = frozenset({"clock h", "h"})  # nobody types thousands of them


def either(typed: str, column: Column) -> bool:
    """Whether a number can be read with thousands as well as with decimals.

    >>> from hypnic.schemas import Nights, columns
    >>> [either(cell, columns(Nights)["caffeine_mg"]) for cell in ("1,050", "0,050", "1050,5", "1,05")]
    [True, False, False, False]
    """
    return column.unit not in HOURS and EITHER.fullmatch(typed) is not None


def both(typed: str) -> tuple[float, float]:
    """Give a number that can be read in two ways as thousands, and with decimals.

    >>> both("1,050")
    (1050.0, 1.05)
    """
    plain = typed.replace("\u2212", "-").replace(",", ".")
    return float(plain.replace(".", "")), float(plain)


def decimal_mark(cells: Iterable[str]) -> str | None:
    """Give the mark that stands before decimals in the numbers of a column; None where nothing proves one of them.

    >>> decimal_mark(["1.200", "82,5"]), decimal_mark(["1.200", "82.5"]), decimal_mark(["1.200", "950"])
    (',', '.', None)
    """
    typed = list(cells)
    proven = [mark for mark in ",." if any(re.fullmatch(proof(re.escape(mark)), cell) for cell in typed)]
    return proven[0] if len(proven) == 1 else None


def proof(sign: str) -> str:
    """Match what can only have decimals after a mark: `12,5`, `0,250` or `1050,125`."""
    return rf"-?(\d+{sign}(\d{{1,2}}|\d{{4,}})|(0\d*|\d{{4,}}){sign}\d+)"


def candidate(mark: str) -> str:
    """Match a cell of a number that may have thousands before the mark, or decimals after it."""
    return rf"^[-+]?[1-9]\d{{0,2}}{re.escape(mark)}\d{{3}}$"


def unclear(column: Column, mark: str) -> pl.Expr:
    """Tell which cells of a column of text can be read in two ways, with nothing in the column to prove which.

    A value that can only have decimals proves it for the others: `12,5`, `0,250` or `1050,125`.
    """
    cell, sign = pl.col(column.name), re.escape(mark)
    if column.unit in HOURS:
        return pl.lit(value=False)
    proven = cell.str.contains(f"^{proof(sign)}$")
    return cell.str.contains(candidate(mark)) & ~proven.any()
