"""Findings as the person's own workbook: each fault marked at its cell, and a first sheet that lists them."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any

from hypnic.errors import HypnicError
from hypnic.palette import LIGHT
from hypnic.schemas.filenames import named
from hypnic.schemas.rules import LEVELS

if TYPE_CHECKING:
    import polars as pl

    from hypnic.datasets.checking import Opened

LIST = ("cell", "level", "rule", "column", "value", "message", "hint")
WIDTHS = (8, 12, 16, 24, 12, 60, 60)
NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:\.\d{1,10})?")
MOST = 20_000  # cells that are marked: a workbook with more comments opens slowly
TITLE = "hypnic findings"


def as_marked_workbook(found: pl.DataFrame, file: Opened) -> bytes:
    """Give a workbook with every finding marked and commented at its cell, and listed on a first sheet.

    A workbook (.xlsx) is the person's own, with all that it holds; of another file a new one is made, each cell at the
    same address. What could identify somebody is neither in a comment nor on the list.

    Parameters
    ----------
    found
        The findings of one file, as `hypnic.check` gives them.
    file
        The file, as it was opened to be checked.

    Returns
    -------
    bytes
        The workbook (.xlsx).

    Raises
    ------
    HypnicError
        openpyxl is not installed, or it cannot read the workbook.

    """
    try:
        import openpyxl
        from openpyxl.utils.exceptions import InvalidFileException
    except ModuleNotFoundError:
        message = "a marked workbook needs openpyxl; install it with: pip install 'hypnic[forms]'"
        raise HypnicError(message) from None
    name = file.text.sheet
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl does not keep, such as slicers, it says in a warning
        try:
            book = openpyxl.load_workbook(file.text.path) if _is_xlsx(file) else _new(openpyxl.Workbook(), file)
            sheet = book[name] if name in book.sheetnames else book.worksheets[0]
        except (OSError, KeyError, ValueError, TypeError, InvalidFileException):
            message = f"{named(file.text.path)}: cannot be marked as it is; save it again as .xlsx, or as CSV"
            raise HypnicError(message) from None
        if TITLE in book.sheetnames:  # of an earlier check
            del book[TITLE]
        _mark(sheet, found)
        _list(book, sheet.title, found)
        packed = io.BytesIO()
        book.save(packed)
    return packed.getvalue()


def _is_xlsx(file: Opened) -> bool:
    return bool(file.text.sheet) and file.text.path.suffix.casefold() in {".xlsx", ".xlsm"}


def _new(book: Any, file: Opened) -> Any:
    """Make a workbook of a table of text, each cell at its address; nothing in it can run."""
    sheet, text = book.active, file.text
    sheet.title = file.model.table_name()
    for row, cells in enumerate([text.typed_header, *text.frame.iter_rows()], text.top):
        for place, cell in enumerate(cells, 1):
            if cell:
                one = sheet.cell(row, place)
                number = NUMBER.fullmatch(cell) and f"{float(cell):.15g}" == cell  # 1.050 may be 1050: as typed
                one.value = float(cell) if number else re.sub(r"[\x00-\x08\x0b-\x1f]", "", cell)
                one.data_type = "n" if number else "s"  # = at the start is text
    return book


def _mark(sheet: Any, found: pl.DataFrame) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill
    from openpyxl.utils.cell import range_boundaries

    fills = {level: PatternFill("solid", start_color=f"FF{LIGHT['warn'][1:]}") for level in LEVELS}
    fills["error"] = PatternFill("solid", start_color=f"FF{LIGHT['error'][1:]}")
    said: dict[str, list[str]] = {}
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    for span in sheet.merged_cells.ranges:
        left, top, right, bottom = range_boundaries(str(span))
        merged |= {(r, c): (top, left) for r in range(top, bottom + 1) for c in range(left, right + 1)}
    for row in found.head(MOST).iter_rows(named=True):
        at = row["cell"] or f"A{row['line'] or 1}"
        said.setdefault(at, []).append(f"{row['level']} {row['rule']}: {row['message']}; {row['hint']}")
        one = sheet[at]
        one = sheet.cell(*merged.get((one.row, one.column), (one.row, one.column)))
        one.fill = fills[row["level"]]
        if row["level"] == "error":
            one.font = one.font.copy(color=f"FF{LIGHT['paper'][1:]}")
        one.comment = Comment("\n".join(said[at]), "hypnic", height=160, width=320)


def _list(book: Any, title: str, found: pl.DataFrame) -> None:
    from openpyxl.styles import Font

    sheet = book.create_sheet(TITLE, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    sheet.append(LIST)
    for cell, width in zip(sheet[1], WIDTHS, strict=True):
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = "A2"
    for number, row in enumerate(found.iter_rows(named=True), 2):
        for place, name in enumerate(LIST, 1):
            cell = sheet.cell(number, place)
            cell.value, cell.data_type = str(row[name] or ""), "s"
        if row["cell"]:
            sheet.cell(number, 1).hyperlink = f"#'{title.replace(chr(39), chr(39) * 2)}'!{row['cell']}"
