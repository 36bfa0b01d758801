"""A file as it was dropped, with what the person typed into it instead: every cell keeps its address."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

from hypnic.datasets.checking.opened import open_text
from hypnic.datasets.reading.references import letters
from hypnic.datasets.reading.text import read_text
from hypnic.serving.asking import MalformedError
from hypnic.serving.sheets import chosen

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.checking.opened import Opened
    from hypnic.datasets.reading.text import TextTable
    from hypnic.serving.asking import Asked

POINTED = re.compile(r"-?\d+\.\d+")


def opened(folder: Path, asked: Asked) -> Opened:
    """Read a file, put into `folder` for that, and type into it what the person typed.

    Raises
    ------
    HypnicError
        It cannot be read, or its header is of neither table.
    MalformedError
        A cell that was typed lies outside the table, or there is no such sheet.

    """
    path = folder / asked.name
    path.write_bytes(asked.content)
    text = read_text(path, chosen(path, asked))
    if not asked.edits and not asked.drop:
        return open_text(text)
    return open_text(_typed(text, asked))


def _typed(text: TextTable, asked: Asked) -> TextTable:
    places = {letters(place): place for place in range(len(text.header))}
    if not asked.drop <= set(places):
        _refuse()
    header, frame = list(text.header), text.frame
    by_place: dict[int, dict[int, str | None]] = {}
    for address, typed in asked.edits.items():
        column = address.rstrip("0123456789")
        row = int(address.removeprefix(column)) - text.top - 1
        if column not in places or not -1 <= row < frame.height:
            _refuse()
        if row < 0:
            header[places[column]] = typed
        else:
            by_place.setdefault(places[column], {})[row] = typed or None
    if by_place and _commas(text):
        # A point among decimal commas would be a second way to write a number.
        by_place = {place: {row: _comma(cell) for row, cell in cells.items()} for place, cells in by_place.items()}
    frame = frame.with_columns(
        frame[str(place)].scatter(list(cells), list(cells.values())) for place, cells in by_place.items()
    )
    for column in asked.drop:
        header[places[column]] = ""
        frame = frame.with_columns(frame[str(places[column])].clear(frame.height).alias(str(places[column])))
    return replace(text, header=tuple(header), typed_header=tuple(header), frame=frame)


def _commas(text: TextTable) -> bool:
    return open_text(text).cast.decimal_comma


def _comma(cell: str | None) -> str | None:
    return cell.replace(".", ",") if cell and POINTED.fullmatch(cell) else cell


def _refuse() -> NoReturn:
    message = "a cell that was typed is not in the table; drop the file again"
    raise MalformedError(message)
