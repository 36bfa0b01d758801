"""How far the cells of a packed workbook reach and how much text they hold, before a reader unpacks it into memory."""

from __future__ import annotations

import io
import zipfile
import zlib
from array import array
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.parsers import expat

from hypnic.datasets.reading.limits import MAX_TEXT, refuse_bytes, refuse_far, refuse_sheets, refuse_size, refuse_text
from hypnic.datasets.reading.references import placed, times
from hypnic.errors import HypnicError
from hypnic.schemas.filenames import named

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, ET.ParseError,
)  # fmt: skip
SHORT = 100  # characters that a cell of an .ods may hold, its kind and style among them, however often it comes
DEEPEST = 1_000  # elements in one another: a parser holds each of them
CELLS = b"sheetData"  # what no part without cells has in it
CHUNK = 1 << 20


class _Extent:
    """How far the cells of one part reach, how many there are, and how many characters they hold once they are read.

    `lengths` are those of the table of strings in this part, `strings` those that its cells point to.
    """

    def __init__(self, parser: expat.XMLParserType, strings: Sequence[int] = ()) -> None:
        parser.StartElementHandler, parser.EndElementHandler, parser.buffer_text = self.start, self.end, True
        self._parser = parser
        self.rows = self.columns = self.cells = self.text = self.shared = 0
        self.lengths = array("L")
        self._strings = strings
        self._depth = self._place = self._rows_above = self._repeated = self._held = 0
        self._wide = 1
        self._said = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            message = "elements lie in one another without end"
            raise ValueError(message)
        match tag.rpartition(":")[2]:
            case "row":
                _, row = placed(attributes.get("r", ""))
                self.rows, self._place = max(self.rows + 1, row), 0
            case "c":
                column, row = placed(attributes.get("r", ""))
                self._place = column or self._place + 1
                self.rows, self.columns = max(self.rows, row), max(self.columns, self._place)
                self.cells, self._held = self.cells + 1, 0
                self._said = "#" if attributes.get("t") == "s" else ""
                self.shared += bool(self._said)
            case "si":
                self._held, self._parser.CharacterDataHandler = 0, self.said
            case open_document:
                self._start_ods(open_document, attributes)

    def _start_ods(self, tag: str, attributes: dict[str, str]) -> None:
        match tag:
            case "table":  # whose sheets lie in one part, each filled up with empty rows
                self._rows_above, self._repeated = self.rows, 0
                self._parser.CharacterDataHandler = self.said
            case "table-row":  # where a row and a cell say how often they come
                self._rows_above, self._place = self._rows_above + self._repeated, 0
                self._repeated = times(attributes, "table:number-rows-repeated")
            case "table-cell" | "covered-table-cell":
                self._held = sum(map(len, attributes.values()))
                self._wide = times(attributes, "table:number-columns-repeated")
                self._place += self._wide
                if "office:value-type" in attributes:
                    self.rows = max(self.rows, self._rows_above + self._repeated)
                    self.columns, self.cells = max(self.columns, self._place), self.cells + 1
            case "s":  # as many spaces
                self._held += times(attributes, "text:c")

    def said(self, text: str) -> None:
        self._held += len(text)
        if self._said and len(self._said) < 20:
            self._said += text

    def end(self, tag: str) -> None:
        self._depth -= 1
        match tag.rpartition(":")[2]:
            case "si":
                self.lengths.append(self._held)
            case "c":
                number = self._said[1:].strip().removeprefix("+")
                pointed = number.isascii() and number.isdecimal() and int(number) < len(self._strings)
                self.text += self._strings[int(number)] if pointed else self._held
            case "table-cell" | "covered-table-cell" if self._held > SHORT:
                self.text += self._held * self._wide * self._repeated


def refuse_bombs(path: Path, content: bytes) -> None:
    """Raise HypnicError where a workbook is no workbook, or larger than can be held once it is unpacked.

    A reader holds the whole rectangle from the first cell to the last, so that two cells can fill the memory, and each
    cell's own copy of a text that lies in the file once. Every part is looked through with an XML parser, whatever it
    is called and however its references are written.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _refuse_other_kinds(path, {part.filename for part in parts})
            if any(part.filename.casefold().endswith(".csv") for part in parts):
                message = f"{named(path)}: this is a zip of CSV files; unpack it, and give all of them together"
                raise HypnicError(message)
            refuse_bytes(path, sum(part.file_size for part in parts))
            reached = {part: _extent(archive, part) for part in parts}
            for extent in reached.values():
                refuse_size(path, extent.rows, extent.columns)
                refuse_far(path, extent.rows, extent.columns, extent.cells)
            refuse_sheets(path, sum(extent.rows * extent.columns for extent in reached.values()))
            _refuse_much_text(path, archive, reached)
    except DAMAGED:
        message = f"{named(path)}: not a workbook that can be read; save it again as .xlsx, or as CSV in UTF-8"
        raise HypnicError(message) from None


def _refuse_much_text(path: Path, archive: zipfile.ZipFile, reached: dict[zipfile.ZipInfo, _Extent]) -> None:
    """Raise HypnicError where the cells of a part hold too much text; count it exactly only where it may be so."""
    tables = [extent.lengths for extent in reached.values() if extent.lengths]
    longest = max(map(max, tables), default=0)
    # Of two tables nobody knows which one is read.
    strings = tables[0] if len(tables) == 1 else [longest] * max(map(len, tables), default=0)
    for part, extent in reached.items():
        refuse_text(path, extent.text)
        if extent.cells and (longest * extent.shared > MAX_TEXT or part.file_size > MAX_TEXT):
            refuse_text(path, _extent(archive, part, strings).text)


def _refuse_other_kinds(path: Path, parts: set[str]) -> None:
    """Raise HypnicError for a file that is packed as a workbook is and whose cells are not XML."""
    if "xl/workbook.bin" in parts:
        message = f"{named(path)}: a binary workbook (.xlsb); save it as .xlsx, or as CSV in UTF-8"
        raise HypnicError(message)
    if any(part.endswith(".iwa") for part in parts) or "Index.zip" in parts:
        message = f"{named(path)}: a Numbers document; export it as CSV or as Excel (File, Export To), and name that"
        raise HypnicError(message)


def _extent(archive: zipfile.ZipFile, part: zipfile.ZipInfo, strings: Sequence[int] | None = None) -> _Extent:
    """Look through a part; its text too where it is an .ods, a table of strings, or `strings` are given."""
    parser = expat.ParserCreate()
    extent = _Extent(parser, strings or ())
    if strings is not None:
        parser.CharacterDataHandler = extent.said
    broken, sheet, before = False, part.filename.casefold().endswith(".xml"), b""
    with archive.open(part) as unpacked:  # a part that is larger than it says fails its checksum here
        while chunk := unpacked.read(CHUNK):
            sheet = sheet or CELLS in (before + chunk).replace(b"\0", b"")
            before = chunk[-2 * len(CELLS) :]
            if not broken:
                try:
                    parser.Parse(chunk, False)
                except (expat.ExpatError, LookupError):  # LookupError: of an encoding that nobody has heard of
                    broken = True
    if broken and sheet:
        message = "a part that is no XML"  # a reader may go on where a parser stops
        raise ValueError(message)
    return extent
