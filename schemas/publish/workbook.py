"""A table to fill in as a workbook: lists that drop down, units, real times of day, and a sheet of help."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, columns
from hypnic.schemas.publish.template import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypnic.schemas import Column

MARK = "hypnic template"  # by which a check knows that its times are typed as a clock shows them
EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 -- a spreadsheet knows no zones; fixed, so that bytes are too
ROWS = 500  # that have lists and formats
HELP = ("column", "question", "unit", "what to type")


def write_workbook(  # noqa: PLR0913 -- as the command
    table: str, path: Path, *, core: bool = False, example: bool = False, people: Sequence[str] = (), nights: int = 14
) -> None:
    """Write a table to fill in as a workbook (.xlsx); the same bytes for the same arguments.

    Word columns have a list that drops down, clock columns take times such as 23:15 or 7:00, and a second sheet says
    what each column asks. `hypnic check` reads it as it is. Raises HypnicError without XlsxWriter.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        message = "a workbook needs XlsxWriter; install it with: pip install 'hypnic[forms]'"
        raise HypnicError(message) from None
    facts = {name: one for name, one in columns(TABLES[table]).items() if one.tier == "core" or not core}
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": f"hypnic {table}", "keywords": MARK, "created": EPOCH})
        sheet, guide, lists = (book.add_worksheet(name) for name in (table, "help", "lists"))
        lists.hide()
        bold, clock = book.add_format({"bold": True}), book.add_format({"num_format": "hh:mm"})
        for place, column in enumerate(facts.values()):
            sheet.write_string(0, place, column.name, bold)
            sheet.set_column(place, place, max(10, len(column.name) + 2), clock if _is_clock(column) else None)
            _validate(sheet, lists, place, column)
        for row, cells in enumerate(rows_of(table, example=example, people=people, nights=nights), 1):
            for place, column in enumerate(facts.values()):
                _write(sheet, (row, place), cells.get(column.name, ""), column, clock)
        sheet.freeze_panes(1, 2)
        guide.set_column(0, 0, 26)
        guide.set_column(1, 3, 60)
        for row, said in enumerate([HELP, *((c.name, c.question, c.unit, _hint(c)) for c in facts.values())]):
            for place, text in enumerate(said):
                guide.write_string(row, place, text, bold if not row else None)


def _is_clock(column: Column) -> bool:
    return column.unit == "clock h"


def _hint(column: Column) -> str:
    return (
        "type a time of day, such as 23:15 or 7:00; leave the cell empty if it was not asked"
        if _is_clock(column)
        else column.hint
    )


def _validate(sheet: Any, lists: Any, place: int, column: Column) -> None:
    """Give a column its list, and the message that a cell shows when it is chosen."""
    said = {"input_title": column.name[:32], "input_message": f"{_hint(column)}"[:255]}
    words = [word for word in column.words if not word.startswith("-")]
    if words and column.kind in {"choice", "flag"}:
        for row, word in enumerate([*words, *(word for word in column.words if word.startswith("-"))]):
            lists.write_string(row, place, word)
        letter = _letters(place)
        rule = {"validate": "list", "source": f"=lists!${letter}$1:${letter}${len(column.words)}"}
    else:
        rule = {"validate": "any"}
    sheet.data_validation(1, place, ROWS, place, rule | said)


def _letters(place: int) -> str:
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _write(sheet: Any, at: tuple[int, int], cell: str, column: Column, clock: Any) -> None:
    if not cell or (_is_clock(column) and cell == "-7"):
        return  # not asked: an empty cell says the same
    if _is_clock(column) and float(cell) >= 0:
        sheet.write_number(*at, float(cell) % 24 / 24, clock)
    elif column.kind in {"integer", "number"}:
        sheet.write_number(*at, float(cell))
    else:
        sheet.write_string(*at, cell)
