"""Old Excel workbooks (.xls) as text: read in Python alone, so that no file, however broken, can end the program."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any, NamedTuple

from hypnic.datasets.reading.limits import refuse_far, refuse_old
from hypnic.datasets.reading.workbooks import MERGED, MOST_MERGED
from hypnic.errors import HypnicError
from hypnic.schemas.filenames import named

if TYPE_CHECKING:
    from pathlib import Path

DURATION = 60  # days since Excel's day 0: nobody's diary is of January 1900
Cells = list[tuple[str | None, ...]]


class OldSheet(NamedTuple):
    """The cells of a sheet, blanks None, whether it can be seen, how many of its rows are hidden, and which columns."""

    cells: Cells
    seen: bool
    hidden: int
    unseen: tuple[int, ...]


class _Silent(io.TextIOBase):
    """What the reader says of odd files goes nowhere."""

    def write(self, said: str) -> int:
        return len(said)


class OldBook:
    """An old workbook: the names of its sheets, and each as text.

    Raises HypnicError where it is none, has a password, or is larger than can be held.
    """

    def __init__(self, path: Path, content: bytes) -> None:
        import xlrd

        refuse_old(path, len(content))
        self._path = path
        try:
            self._book = xlrd.open_workbook(
                file_contents=content, logfile=_Silent(), on_demand=True, ragged_rows=True, formatting_info=True
            )
            self.names = [str(name) for name in self._book.sheet_names()]
        except Exception as error:  # noqa: BLE001 -- whatever a broken file makes of the reader
            raise self._unreadable(error) from None

    def sheet(self, name: str, most: int | None = None) -> OldSheet:
        """Give a sheet, or its first rows; raises HypnicError where it cannot be read or reaches too far."""
        try:
            sheet = self._book.sheet_by_name(name)
            lengths = [sheet.row_len(row) for row in range(sheet.nrows)]
            width = max(lengths, default=0)
            filled = sum(value != "" for row in range(sheet.nrows) for value in sheet.row_values(row))
            refuse_far(self._path, sheet.nrows, width, filled)
            last = sheet.nrows if most is None else min(most, sheet.nrows)
            cells = [[self._text(cell) for cell in sheet.row(row)] for row in range(last)]
            _cover(cells, sheet.merged_cells)
            hidden = sum(bool(info.hidden) for info in sheet.rowinfo_map.values())
            unseen = tuple(place for place, info in sorted(sheet.colinfo_map.items()) if info.hidden)
            seen = not sheet.visibility
        except HypnicError:
            raise
        except Exception as error:  # noqa: BLE001
            raise self._unreadable(error) from None
        self._book.unload_sheet(name)
        width = max(map(len, cells), default=0)
        return OldSheet([(*row, *[None] * (width - len(row))) for row in cells], seen, hidden, unseen)

    @property
    def owner(self) -> str:
        """Who saved it last, as the program was told; never printed."""
        return str(self._book.user_name or "").strip()

    def _text(self, cell: Any) -> str | None:
        """Write a cell as the reader of .xlsx does."""
        import xlrd

        match cell.ctype:
            case xlrd.XL_CELL_TEXT:
                return str(cell.value) or None
            case xlrd.XL_CELL_NUMBER:
                return f"{cell.value:.15g}"
            case xlrd.XL_CELL_DATE:
                return self._date(float(cell.value))
            case xlrd.XL_CELL_BOOLEAN:
                return str(bool(cell.value)).lower()
            case xlrd.XL_CELL_ERROR:
                return str(xlrd.error_text_from_code.get(cell.value, "#ERROR!"))
        return None

    def _date(self, days: float) -> str:
        """Write a time or a duration as hours and minutes, past 24 where it is, and a date as ISO 8601 does."""
        if days < DURATION:
            minutes = max(0, round(days * 24 * 60))
            return f"{minutes // 60:02}:{minutes % 60:02}"
        start = dt.datetime(1904, 1, 1) if self._book.datemode else dt.datetime(1899, 12, 30)  # noqa: DTZ001
        return str(start + dt.timedelta(seconds=round(days * 86400)))

    def _unreadable(self, error: Exception) -> HypnicError:
        locked = "password" in str(error).lower() or "encrypted" in str(error).lower() or "Can't find" in str(error)
        why = (
            "a workbook with a password; save it without" if locked else "not an old workbook that can be read; save it"
        )
        return HypnicError(f"{named(self._path)}: {why} as .xlsx, or as CSV in UTF-8")


def _cover(cells: list[list[str | None]], merged: list[tuple[int, int, int, int]]) -> None:
    """Mark the cells that a merged one covers, but itself."""
    most = MOST_MERGED
    for top, bottom, left, right in merged:
        most -= (bottom - top) * (right - left)
        if most < 0:
            return
        for row in cells[top:bottom]:
            row.extend([None] * (right - len(row)))
            row[left:right] = [MERGED if cell is None else cell for cell in row[left:right]]
        if top < len(cells) and cells[top][left] == MERGED:
            cells[top][left] = None
