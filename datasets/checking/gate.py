"""The privacy gate of a table: its columns, its cells, and what its workbook tells outside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.failures import Failure
from hypnic.schemas import columns
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.datasets.reading.text import TextTable
    from hypnic.schemas import Column, Table

SAID = 5  # comments that are told by their cell
REMEMBERED = 20_000  # texts of a column that are not looked at again
SHORT = 6  # characters: a number this short cannot be a long one


class Gate:
    """What is private in a table that holds `model`: every column name (`PV1`) and cell (`PV2`) refused at the door.

    Its text is looked at before anything is typed: repeated and unknown columns too. Cells are looked at some rows at a
    time, and each text once. Columns with a refused name are one failure each; their cells are not told one by one, as
    the column must go whole. A failure has the place of its column (from 0) and the kind of what was found, and never
    the cell's text. Section 7 of the instrument lists what is refused; `hypnic.schemas.privacy` says how each is known.
    """

    def __init__(self, text: TextTable, model: type[Table]) -> None:
        self._text, known = text, columns(model)
        self._refused = _refused({place: name for place, name in enumerate(text.header) if name not in known})
        self._columns = {place: known.get(name) for place, name in enumerate(text.header) if place not in self._refused}
        self._kinds: dict[int, dict[str, str | None]] = {place: {} for place in self._columns}
        cells = text.frame.columns
        self._unlike = [_unlike_an_answer(pl.col(cells[place]), column) for place, column in self._columns.items()]

    def of_the_file(self) -> list[Failure]:
        """Find what is private in the header, and outside the cells of a workbook."""
        header = self._text.header
        named = [Failure(RuleId.PV1, None, header[at], place=at, kind=kind) for at, kind in self._refused.items()]
        return [*named, *_outside(self._text)]

    def of_cells(self, start: int, stop: int) -> Iterator[Failure]:
        """Find the private cells of some rows, column by column."""
        rows = self._text.frame[start:stop]
        unlike = rows.select(self._unlike)
        some = unlike.select(pl.all().any()).row(0) if unlike.width else ()
        for (place, column), index, any_ in zip(self._columns.items(), unlike, some, strict=True):
            if not any_:
                continue
            cells, kinds = rows.to_series(place), self._kinds[place]
            if len(kinds) > REMEMBERED:
                kinds.clear()
            new = [text for text in cells.filter(index).unique() if text not in kinds]
            kinds |= zip(new, _told(new, column), strict=True)
            private_texts = [text for text, kind in kinds.items() if kind]
            for row in (cells.is_in(private_texts) & index).arg_true() if private_texts else ():
                name = self._text.header[place]
                yield Failure(RuleId.PV2, start + row, name, place=place, kind=kinds[cells[row]] or "")


# The lists of words take as long to import as all else of a small check: most tables need none of them.
def _refused(names: dict[int, str]) -> dict[int, str]:
    """Say why columns must not be called so, by their places."""
    if not names:
        return {}
    from hypnic.datasets.checking.headings import private_name

    return {place: kind for place, name in names.items() if (kind := private_name(name))}


def _told(texts: list[str], column: Column | None) -> list[str | None]:
    """Name the kind of private thing that each cell holds."""
    from hypnic.datasets.checking.privacy import private_value

    return [private_value(text, column) for text in texts]


def _unlike_an_answer(cell: pl.Expr, column: Column | None) -> pl.Expr:
    """Tell which cells are looked at closely: those that are unlike any answer to the question."""
    if column and column.kind in {"integer", "number"}:
        unlike = cell.cast(pl.Float64, strict=False).is_null() | (cell.str.len_bytes() > SHORT)
    elif column and column.pattern:
        unlike = ~cell.str.contains(column.pattern)
    elif column:
        unlike = ~cell.is_in(list(column.words))
    else:
        unlike = pl.lit(value=True)
    return (cell.is_not_null() & unlike).fill_null(value=False)


def _outside(text: TextTable) -> list[Failure]:
    """Find what a workbook tells outside its cells (`PV3`): an author, whoever it is, and what else names somebody."""
    if not text.outside:
        return []
    from hypnic.datasets.checking.sentences import private_sentence  # which takes as long to import as a check

    authors = ("an author", "the author")
    told = [one for one in text.outside if one.text and (one.kind.startswith(authors) or private_sentence(one.text))]
    kinds = list(dict.fromkeys(one.kind for one in told))
    more = f" and {len(kinds) - SAID} more" if len(kinds) > SAID else ""
    return [Failure(RuleId.PV3, None, "", kind=", ".join(kinds[:SAID]) + more)] if kinds else []
