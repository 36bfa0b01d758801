"""What `hypnic convert` would make of a table that `hypnic check` cannot read: the columns that it knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.forms.exports import read_export
from hypnic.datasets.forms.layouts import profiles
from hypnic.datasets.forms.match import match
from hypnic.datasets.forms.openings import told
from hypnic.errors import HypnicError
from hypnic.filenames import pasted as as_typed
from hypnic.schemas.filenames import pasted
from hypnic.schemas.filenames import sheet as sheet_named

if TYPE_CHECKING:
    from pathlib import Path


def recognised(path: Path, sheet: str | None = None) -> str:
    """Say which columns of a table that has other names than the instrument's `hypnic convert` knows, and what to run.

    Blank where it knows none.
    """
    profile = profiles()["spreadsheet"]
    try:
        export = read_export(path, profile, sheet)
        found = match(export, profile, least=0)
    except HypnicError:
        return ""
    if not found.answers:
        return ""
    known = sheet is not None and sheet_named(sheet) == sheet  # a name may be somebody's
    more = f" --sheet {as_typed(sheet) if known else 'SHEET'}" if sheet else ""
    said = told(export.headers, export.first_row - 1, export.opening, found)
    return f"{said}; run: hypnic convert spreadsheet {pasted(path, 'FILE')}{more} -o {found.table}.csv"
