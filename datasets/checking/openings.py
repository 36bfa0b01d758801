"""What to say of a file whose first line does not hold the column names: what its first lines look like."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.reading.dialects import LOOKED
from hypnic.datasets.reading.headers import folded
from hypnic.datasets.reading.limits import MAX_LINE
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES
from hypnic.schemas.filenames import pasted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypnic.datasets.reading.text import TextTable

OPENING = "the first line does not hold the column names of participants or nights"
TOLD, NAMED = 3, 3  # lines that are described, and columns that are named


class UnknownNamesError(HypnicError):
    """The first line of a file holds no names of the instrument; `path` is where it lies.

    `fault` says only that, and the message what the lines look like and what to do too.
    """

    def __init__(self, text: TextTable) -> None:
        super().__init__(f"{text.name}: {explanation(text)}")
        self.path, self.fault = text.path, f"{text.name}: {OPENING}"


class Line(NamedTuple):
    """A line of a file: where it stands, its cells, and the table that most of its names are of."""

    number: int
    filled: int
    table: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        """Say what it looks like, and nothing of what stands there but names of the instrument."""
        if not self.filled:
            return f"line {self.number} is blank"
        said = f"line {self.number} has {self.filled} filled cell{'s' if self.filled > 1 else ''}"
        if not self.names:
            return said
        more = ", ..." if len(self.names) > NAMED else ""
        return f"{said}, {len(self.names)} of them columns of {self.table} ({', '.join(self.names[:NAMED])}{more})"


def explanation(text: TextTable) -> str:
    """Say which line may hold the column names, and what to do; no cell of the file is repeated."""
    lines = [_line(number, cells) for number, cells in _first_records(text)]
    best = max(lines, key=lambda line: len(line.names), default=None)
    told = "; ".join(map(str, lines[:TOLD]))
    if best is None or len(best.names) < 2 or best.number == text.top:
        own = f"hypnic convert spreadsheet {pasted(text.path, 'FILE')} --map MAP.toml -o nights.csv"
        return f"{OPENING} ({told}); `hypnic dictionary` lists them; a table with names of your own is read by: {own}"
    told += f"; {best}" if best not in lines[:TOLD] else ""
    command = f"hypnic check {pasted(text.path, 'FILE')}"
    return f"{OPENING}, line {best.number} may ({told}); take out what is above it, save, and run: {command}"


def _first_records(text: TextTable) -> Iterable[tuple[int, Sequence[str | None]]]:
    if not text.text:
        rows = [text.header, *text.frame.head(LOOKED - 1).iter_rows()]
        return [(text.top + n, cells) for n, cells in enumerate(rows)]
    opening = text.text[:MAX_LINE].decode("utf-8", errors="replace")
    reader = csv.reader(io.StringIO(opening, newline=""), delimiter=text.dialect.separator)
    found: list[tuple[int, Sequence[str | None]]] = []
    end = text.top - 1
    try:
        for cells in reader:
            found.append((end + 1, cells))
            end = text.top - 1 + reader.line_num
            if len(found) == LOOKED:
                break
    except csv.Error:  # a cell of more than 128 KiB: what stands above it is told
        pass
    return found


def _line(number: int, cells: Sequence[str | None]) -> Line:
    typed = [folded(cell) for cell in cells if cell and cell.strip()]
    shared = {name: [cell for cell in typed if cell in model.names()] for name, model in TABLES.items()}
    table = max(shared, key=lambda name: len(shared[name]))
    return Line(number, len(typed), table, tuple(dict.fromkeys(shared[table])))
