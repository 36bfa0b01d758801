"""All tables of a release as one Excel workbook, a sheet each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hypnic.datasets.release.text import flat

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypnic.datasets.release.contents import Contents


def write_workbook(contents: Contents, path: Path) -> None:
    """Write the workbook; its first sheet says what each column of the others holds."""
    import xlsxwriter

    workbook = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    workbook.set_properties({
        "title": contents.title, "comments": "CC0-1.0",
        "created": dt.datetime.combine(dt.date.fromisoformat(contents.day), dt.time(tzinfo=None)),
    })  # fmt: skip
    bold = workbook.add_format({"bold": True})
    columns = [
        (table.name, column.name, column.title, column.question, column.unit)
        for table in contents.described.values() for column in table.columns
    ]  # fmt: skip
    sheets: dict[str, tuple[Sequence[str], Sequence[Sequence[object]]]] = {
        "columns": (("table", "column", "title", "question", "unit"), columns)
    }
    sheets |= {name: (frame.columns, flat(frame).rows()) for name, frame in contents.tables.items()}
    for name, (header, rows) in sheets.items():
        sheet = workbook.add_worksheet(name)
        sheet.write_row(0, 0, header, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
    workbook.close()
