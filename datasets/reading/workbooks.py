"""The parts of a workbook as they are packed, and why some of its cells look blank."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import IO, TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from hypnic.datasets.reading.extents import DAMAGED
from hypnic.datasets.reading.references import placed, times

if TYPE_CHECKING:
    from collections.abc import Mapping

DURATION = re.compile(r"PT(\d{1,4})H(\d{1,2})M(\d{1,2}(?:[.,]\d+)?)S")
MERGED, FORMULA = "#MERGED!", "#FORMULA!"
MOST_MERGED = 100_000
TRUTHS = {"of:=TRUE()": "true", "of:=FALSE()": "false"}  # as LibreOffice writes yes and no of another workbook
FILL = 10_000  # rows that repeat so often are what fills a sheet up below its table


class Oddities(NamedTuple):
    """Marks of cells (row and column, from 0) that a reader gives as blank, and the number of hidden rows."""

    cells: dict[tuple[int, int], str]
    hidden: int


def oddities(content: bytes, sheet: str) -> Oddities:
    """Find the cells of a sheet that look blank and are not: errors, formulas without a value, merged cells.

    In an .ods also its times and durations, which the reader leaves out, and yes and no, which it gives as 1 and 0.
    Nothing is found in another kind of workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "content.xml" in archive.namelist():
                with archive.open("content.xml") as unpacked:
                    return _odd_of_ods(unpacked, sheet)
            part = part_of(archive, sheet)
            if part is None:
                return Oddities({}, 0)
            with archive.open(part) as unpacked:
                return _odd(unpacked)
    except (*DAMAGED, KeyError):
        return Oddities({}, 0)


def counts_from_1904(content: bytes) -> bool:
    """Tell whether an .xlsx counts its days from 1904, as those made on old Macs do."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            book = archive.read("xl/workbook.xml") if "xl/workbook.xml" in archive.namelist() else b""
    except DAMAGED:
        return False
    return re.search(rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*["'](?:1|true)["']""", book) is not None


def _odd(unpacked: IO[bytes]) -> Oddities:
    cells: dict[tuple[int, int], str] = {}
    hidden = row = column = 0
    for event, element in ET.iterparse(unpacked, ("start", "end")):  # noqa: S314 -- expat limits entities
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            if tag == "row":
                row, column = placed(element.get("r", ""))[1] or row + 1, 0
                hidden += element.get("hidden") in {"1", "true"}
            continue
        if tag == "c":
            column = placed(element.get("r", ""))[0] or column + 1
            parts = {child.tag.rpartition("}")[2]: child.text or "" for child in element}
            if element.get("t") == "e":
                cells[row - 1, column - 1] = parts.get("v") or "#ERROR!"
            elif "f" in parts and not parts.get("v") and element.get("t") != "str":
                cells[row - 1, column - 1] = FORMULA
        elif tag == "mergeCell":
            cells |= _covered(element.get("ref", ""), MOST_MERGED - len(cells))
        elif tag == "row":
            element.clear()
    return Oddities(cells, hidden)


def _odd_of_ods(unpacked: IO[bytes], sheet: str) -> Oddities:
    cells: dict[tuple[int, int], str] = {}
    row = column = repeated = hidden = 0
    here = False
    for event, element in ET.iterparse(unpacked, ("start", "end")):  # noqa: S314 -- expat limits entities
        tag, facts = element.tag.rpartition("}")[2], {key.rpartition("}")[2]: said for key, said in element.items()}
        if event == "start":
            if tag == "table":
                here, row, repeated = facts.get("name") == sheet, 0, 0
            elif tag == "table-row":
                row, column, repeated = row + repeated, 0, times(facts, "number-rows-repeated")
                hidden += (
                    repeated if here and repeated < FILL and facts.get("visibility", "visible") != "visible" else 0
                )
        elif tag == "table-row":
            element.clear()
        elif here and tag in {"table-cell", "covered-table-cell"}:  # at its end, when its text is known
            wide = times(facts, "number-columns-repeated")
            mark = _ods_mark(tag, facts, element)
            if mark and wide * repeated <= MOST_MERGED - len(cells):
                cells |= {(row + down, column + along): mark for down in range(repeated) for along in range(wide)}
            column += wide
    return Oddities(cells, hidden)


def _ods_mark(tag: str, facts: Mapping[str, str], cell: ET.Element) -> str | None:
    if tag == "covered-table-cell":
        return MERGED
    if time := DURATION.fullmatch(facts.get("time-value", "")):
        minutes = round(int(time[1]) * 60 + int(time[2]) + float(time[3].replace(",", ".")) / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if facts.get("value-type") == "error":
        return "".join(cell.itertext()).strip() or "#ERROR!"
    if yes := facts.get("boolean-value") or TRUTHS.get(facts.get("formula", "")):
        return yes
    return FORMULA if "formula" in facts and "value-type" not in facts else None


def _covered(reference: str, most: int) -> dict[tuple[int, int], str]:
    """Mark the cells that a merged one covers, but itself."""
    first, _, last = reference.partition(":")
    (left, top), (right, bottom) = placed(first), placed(last)
    if not left or (right - left + 1) * (bottom - top + 1) > most:
        return {}
    covered = [(row - 1, place - 1) for row in range(top, bottom + 1) for place in range(left, right + 1)]
    return dict.fromkeys(covered[1:], MERGED)


def part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Find the part that holds a sheet: by the relations, whatever it is called."""
    book = next((target for kind, target in _relations(archive, "").values() if kind.endswith("officeDocument")), None)
    if book is None:
        return None
    relations = _relations(archive, book)
    for element in ET.fromstring(archive.read(book)).iter():  # noqa: S314
        if element.tag.rpartition("}")[2] == "sheet" and element.get("name") == sheet:
            key = next((value for name, value in element.items() if name.rpartition("}")[2] == "id"), "")
            return relations[key][1] if key in relations else None
    return None


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(part)
    listed = ET.fromstring(archive.read(posixpath.join(folder, "_rels", f"{name}.rels")))  # noqa: S314
    return {
        relation.get("Id", ""): (
            relation.get("Type", ""), posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:],
        )
        for relation in listed
    }  # fmt: skip
