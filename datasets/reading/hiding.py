"""Columns of a workbook's sheet that nobody sees: they are read like the others, and said."""

from __future__ import annotations

import io
import zipfile
from typing import IO, TYPE_CHECKING
from xml.etree import ElementTree as ET

from hypnic.datasets.reading.extents import DAMAGED
from hypnic.datasets.reading.references import times
from hypnic.datasets.reading.workbooks import part_of

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDEST = 16_384  # columns of a sheet


def hidden_columns(content: bytes, sheet: str) -> list[int]:
    """Give the places, from 0, of the columns of an .xlsx's or .ods's sheet that are hidden."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "content.xml" in archive.namelist():
                with archive.open("content.xml") as unpacked:
                    return list(_of_ods(unpacked, sheet))
            part = part_of(archive, sheet)
            if part is None:
                return []
            with archive.open(part) as unpacked:
                return list(_of_xlsx(unpacked))
    except (*DAMAGED, KeyError, ValueError):
        return []


def _of_xlsx(unpacked: IO[bytes]) -> Iterable[int]:
    """Read the columns of a sheet, which stand before its rows."""
    for _, element in ET.iterparse(unpacked, ("start",)):  # noqa: S314 -- expat limits entities
        tag = element.tag.rpartition("}")[2]
        if tag == "sheetData":
            return
        if tag == "col" and element.get("hidden") in {"1", "true"}:
            yield from range(int(element.get("min", "1")) - 1, min(int(element.get("max", "1")), WIDEST))


def _of_ods(unpacked: IO[bytes], sheet: str) -> Iterable[int]:
    here, place = False, 0
    for _, element in ET.iterparse(unpacked, ("start",)):  # noqa: S314
        tag, facts = element.tag.rpartition("}")[2], {key.rpartition("}")[2]: said for key, said in element.items()}
        if tag == "table":
            here = facts.get("name") == sheet
        elif here and tag == "table-row":
            return
        elif here and tag == "table-column":
            wide = min(times(facts, "number-columns-repeated"), WIDEST - place)
            if facts.get("visibility", "visible") != "visible":
                yield from range(place, place + wide)
            place += wide
