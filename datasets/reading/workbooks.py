"""The parts of a workbook as they are packed: how far its cells reach, and why some of them look blank."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET
from xml.parsers import expat

from hypnic.datasets.reading.limits import refuse_bytes, refuse_far, refuse_size
from hypnic.errors import HypnicError
from hypnic.schemas.filenames import named

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, ET.ParseError,
)  # fmt: skip
REFERENCE = re.compile(r"\s*\$?([A-Za-z]{0,3})\$?(\d*)\s*")
DURATION = re.compile(r"PT(\d{1,4})H(\d{1,2})M(\d{1,2}(?:[.,]\d+)?)S")
MERGED, FORMULA = "#MERGED!", "#FORMULA!"
MOST_MERGED = 100_000
TRUTHS = {"of:=TRUE()": "true", "of:=FALSE()": "false"}  # as LibreOffice writes yes and no of another workbook
FILL = 10_000  # rows that repeat so often are what fills a sheet up below its table


class Oddities(NamedTuple):
    """Marks of cells (row and column, from 0) that a reader gives as blank, and the number of hidden rows."""

    cells: dict[tuple[int, int], str]
    hidden: int


class _Reach:
    """How far the cells of one part reach, and how many there are."""

    def __init__(self) -> None:
        self.rows = self.columns = self.cells = self.place = self.rows_above = self.repeated = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        match tag.rpartition(":")[2]:
            case "row":
                _, row = _place(attributes.get("r", ""))
                self.rows, self.place = max(self.rows + 1, row), 0
            case "c":
                column, row = _place(attributes.get("r", ""))
                self.place = column or self.place + 1
                self.rows, self.columns = max(self.rows, row), max(self.columns, self.place)
                self.cells += 1
            case "table":  # of an .ods, whose sheets lie in one part, each filled up with empty rows
                self.rows_above, self.repeated = self.rows, 0
            case "table-row":  # where a row and a cell say how often they come
                self.rows_above, self.place = self.rows_above + self.repeated, 0
                self.repeated = _times(attributes, "table:number-rows-repeated")
            case "table-cell":
                self.place += _times(attributes, "table:number-columns-repeated")
                if "office:value-type" in attributes:
                    self.rows = max(self.rows, self.rows_above + self.repeated)
                    self.columns, self.cells = max(self.columns, self.place), self.cells + 1


def refuse_bombs(path: Path, content: bytes) -> None:
    """Raise HypnicError where a workbook is no workbook, or larger than can be held once it is unpacked.

    A reader holds the whole rectangle from the first cell to the last, so that two cells can fill the memory. Every
    part is looked through with an XML parser, whatever it is called and however its references are written.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _refuse_other_kinds(path, {part.filename for part in parts})
            refuse_bytes(path, sum(part.file_size for part in parts))
            for part in parts:
                reach = _reach(archive, part)
                refuse_size(path, reach.rows, reach.columns)
                refuse_far(path, reach.rows, reach.columns, reach.cells)
    except DAMAGED:
        message = f"{named(path)}: not a workbook that can be read; save it again as .xlsx, or as CSV in UTF-8"
        raise HypnicError(message) from None


def _refuse_other_kinds(path: Path, parts: set[str]) -> None:
    """Raise HypnicError for a file that is packed as a workbook is and whose cells are not XML."""
    if "xl/workbook.bin" in parts:
        message = f"{named(path)}: a binary workbook (.xlsb); save it as .xlsx, or as CSV in UTF-8"
        raise HypnicError(message)
    if any(part.endswith(".iwa") for part in parts) or "Index.zip" in parts:
        message = f"{named(path)}: a Numbers document; export it as CSV or as Excel (File, Export To), and name that"
        raise HypnicError(message)


def _reach(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Reach:
    reach, parser, sheet = _Reach(), expat.ParserCreate(), False
    parser.StartElementHandler = reach.start
    broken = False
    with archive.open(part) as unpacked:  # a part that is larger than it says fails its checksum here
        while chunk := unpacked.read(1 << 20):
            sheet = sheet or b"sheetData" in chunk.replace(b"\0", b"")
            if not broken:
                try:
                    parser.Parse(chunk, False)
                except expat.ExpatError:
                    broken = True
    if broken and sheet:
        message = "a sheet that is no XML"
        raise ValueError(message)
    return reach


def _place(reference: str) -> tuple[int, int]:
    """Give the column and the row of `AB12`, from 1; 0 for what it does not say."""
    match = REFERENCE.fullmatch(reference)
    if not match:
        return 0, 0
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return column, int(match[2][:9] or 0)


def _times(attributes: Mapping[str, str], name: str) -> int:
    said = attributes.get(name, "1").strip()
    return int(said[:9]) if said.isdecimal() else 1


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
            part = _part(archive, sheet)
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
                row, column = _place(element.get("r", ""))[1] or row + 1, 0
                hidden += element.get("hidden") in {"1", "true"}
            continue
        if tag == "c":
            column = _place(element.get("r", ""))[0] or column + 1
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
                row, column, repeated = row + repeated, 0, _times(facts, "number-rows-repeated")
                hidden += (
                    repeated if here and repeated < FILL and facts.get("visibility", "visible") != "visible" else 0
                )
        elif tag == "table-row":
            element.clear()
        elif here and tag in {"table-cell", "covered-table-cell"}:  # at its end, when its text is known
            wide = _times(facts, "number-columns-repeated")
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
    (left, top), (right, bottom) = _place(first), _place(last)
    if not left or (right - left + 1) * (bottom - top + 1) > most:
        return {}
    covered = [(row - 1, place - 1) for row in range(top, bottom + 1) for place in range(left, right + 1)]
    return dict.fromkeys(covered[1:], MERGED)


def _part(archive: zipfile.ZipFile, sheet: str) -> str | None:
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
