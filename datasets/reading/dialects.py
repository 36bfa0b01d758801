"""The dialect of a contributed file: encoding, separator, line ends; found out, said, and made plain."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.reading.headers import folded
from hypnic.datasets.reading.limits import MAX_LINE
from hypnic.errors import HypnicError
from hypnic.schemas import Nights, Participants
from hypnic.schemas.filenames import named

if TYPE_CHECKING:
    from pathlib import Path

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
SAID = re.compile(rb'"?sep=(.)"?[,;\t|]*\n', re.IGNORECASE)  # Excel's own first line
BLANK = re.compile(rb"[ \t,;|]*\n")
POLISH = re.compile(
    rb"[A-Za-z][\xb3\xb9\xbf][a-z]"
)  # \u0142, \u0105 or \u017c in a word; in Windows-1252 a raised 3 or 1, or a mark
JSON = re.compile(rb'\s*(?:\{\s*"[^"\n]{1,200}"\s*:|\[\s*\{\s*")')
MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|meta|table|style|\?xml|\?mso)", re.IGNORECASE)
LOOKED = 30  # lines in which a header is looked for
BOMS = {b"\xef\xbb\xbf": "UTF-8", b"\xff\xfe": "UTF-16-LE", b"\xfe\xff": "UTF-16-BE"}


@dataclass(frozen=True)
class Dialect:
    """How a table was saved; the default is what `hypnic` itself writes.

    `sheet` says in words which sheet of a workbook was read ('' for its first), `notes` what else to know.
    """

    encoding: str = "UTF-8"
    separator: str = ","
    ends: str = "LF"
    packed: bool = False
    zeros: bool = False
    sheet: str | None = None
    decimal_comma: bool = False
    notes: tuple[str, ...] = ()

    @property
    def plain(self) -> bool:
        """Whether there is nothing to tell: UTF-8 and commas, whatever the line ends."""
        return self == Dialect(ends=self.ends)

    def __str__(self) -> str:
        """Say it in words: `Windows-1252, semicolons, decimal commas, CRLF`."""
        if self.sheet is not None:
            return ", ".join(["an Excel workbook", self.sheet or "its first sheet", *self.notes])
        parts = [
            "gzip" if self.packed else "",
            self.encoding,
            SEPARATORS[self.separator],
            "decimal commas" if self.decimal_comma else "",
            self.ends if self.ends != "LF" else "",
            "NUL bytes left out" if self.zeros else "",
            *self.notes,
        ]
        return ", ".join(part for part in parts if part)


class Plain(NamedTuple):
    """A file's text as UTF-8 with LF line ends and without NUL bytes, and the dialect it was saved in.

    It starts on line `top` of the file: a line `sep=;` and blank lines in front are left out.
    """

    content: bytes
    dialect: Dialect
    top: int = 1


def plain(path: Path, content: bytes, *, packed: bool = False) -> Plain:
    """Find the dialect of a file out, and give its text as plain UTF-8; separators and quotes stay.

    Raises HypnicError where it is neither UTF-8, UTF-16 nor Windows-1252, or no table but JSON or a page with markup.
    """
    bom = next((mark for mark in BOMS if content.startswith(mark)), b"")
    content = content[len(bom) :]
    encoding = BOMS[bom] if BOMS.get(bom, "UTF-8") != "UTF-8" else _encoding(content)  # a mark alone proves no UTF-8
    if encoding != "UTF-8":
        try:
            content = content.decode(
                {"Windows-1252": "cp1252", "Windows-1250": "cp1250"}.get(encoding, encoding)
            ).encode()
        except UnicodeDecodeError:
            message = (
                f"{named(path)}: not UTF-8 text, nor UTF-16 or Windows-1252; save it as CSV in UTF-8 and try again"
            )
            raise HypnicError(message) from None
    if MARKUP.match(content[:MAX_LINE]):
        message = f"{named(path)}: a web page or XML, whatever its name says; open it, and save it as .xlsx or as CSV"
        raise HypnicError(message)
    if JSON.match(content):
        message = (
            f"{named(path)}: JSON, which is no table; ask the app that wrote it for CSV (Oura: cloud.ouraring.com,"
            " Trends, Download Data), or save its list of nights as CSV"
        )
        raise HypnicError(message)
    zeros = b"\0" in content
    if zeros:
        content = content.replace(b"\0", b"")
    ends = "LF"
    if b"\r" in content:
        ends = "CRLF" if b"\r\n" in content else "CR"
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    name = {"UTF-16-LE": "UTF-16", "UTF-16-BE": "UTF-16"}.get(encoding, encoding)
    start, separator = _opening(content)
    notes = (f"the column names on line {top}",) if (top := content.count(b"\n", 0, start) + 1) > 1 else ()
    content = content[start:]
    mark = separator or _separator(content)
    if _spaced(content, mark):
        content, notes = _unspaced(content, mark), (*notes, f"spaces after the {SEPARATORS[mark]} left out")
    return Plain(content, Dialect(name, mark, ends, packed, zeros, notes=notes), top)


def _spaced(content: bytes, separator: str) -> bool:
    """Tell whether every column name but the first has a space in front, as some programs write them."""
    header = first_record(content.partition(b"\n")[0], separator)
    return len(header) > 1 and all(name.startswith(" ") for name in header[1:])


def _unspaced(content: bytes, separator: str) -> bytes:
    """Take the spaces after the separators away, but none in a quoted cell; every line stays where it is."""
    if b'"' not in content:
        return re.sub(re.escape(separator.encode()) + rb" +", separator.encode(), content)
    written = io.StringIO()
    reader = csv.reader(io.StringIO(content.decode(), newline=""), delimiter=separator, skipinitialspace=True)
    try:
        csv.writer(written, delimiter=separator, lineterminator="\n").writerows(reader)
    except csv.Error:  # a cell of more than 128 KiB, which is told where the rows are read
        return content
    return written.getvalue().encode()


def first_record(content: bytes, separator: str) -> tuple[str, ...]:
    """Give the cells of the first record: the header."""
    opening = content[:MAX_LINE].decode("utf-8", errors="replace")
    try:
        return tuple(next(csv.reader(io.StringIO(opening, newline=""), delimiter=separator), ()))
    except csv.Error:  # a cell of more than 128 KiB
        return ()


def _opening(content: bytes) -> tuple[int, str | None]:
    """Tell where the first line with something on it starts, and the separator that a line `sep=;` says."""
    said = SAID.match(content)
    start = said.end() if said else 0
    while blank := BLANK.match(content, start):
        start = blank.end()
    separator = said[1].decode(errors="replace") if said else None
    holds = separator in SEPARATORS and separator.encode() in content[start : start + MAX_LINE].partition(b"\n")[0]
    return start, separator if holds else None


def _encoding(content: bytes) -> str:
    """Tell UTF-16 without a mark by the zero in every other byte; what is not UTF-8 is Windows-1252, or -1250."""
    sample = content[:64]
    if len(sample) >= 4 and sample.count(0) * 3 >= len(sample):
        return "UTF-16-LE" if sample[1::2].count(0) >= sample[::2].count(0) else "UTF-16-BE"
    try:
        if not content.isascii():
            content.decode()
    except UnicodeDecodeError:
        return "Windows-1250" if POLISH.search(content) else "Windows-1252"
    return "UTF-8"


def _separator(content: bytes) -> str:
    """Take the separator that finds the most known column names, then the most cells, in the header.

    Where the first line holds no name, the next ones are looked at: the header may be one of them.
    """
    known = Nights.names() | Participants.names()
    first = content[:MAX_LINE].split(b"\n", LOOKED)[:LOOKED]

    def score(separator: str) -> tuple[int, int, int]:
        records = [first_record(line, separator) for line in first]
        shared = [len(known & {folded(name) for name in cells}) for cells in records] or [0]
        return shared[0], max(shared), len(records[0]) if records else 0

    return max(SEPARATORS, key=score)
