"""What a workbook holds outside its cells: its author, its comments, and the names of its sheets."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple
from xml.parsers import expat

from hypnic.datasets.reading.extents import DAMAGED
from hypnic.datasets.reading.limits import OLD_WORKBOOK
from hypnic.datasets.reading.oldbooks import OldBook
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator

PEOPLE = frozenset({"creator", "lastModifiedBy", "initial-creator", "Manager", "Company"})
# What programs write in an author's place.
PROGRAMS = frozenset(
    {"", "openpyxl", "xlsxwriter", "libreoffice", "calc", "apache poi", "microsoft office user", "user", "admin"}
)
TEMPLATE = "hypnic template"  # what a workbook that `hypnic template` made says of itself
TEMPLATE_OLD = re.compile(rb"\x1e\0{3}.\0{3}hypnic,? template\0", re.DOTALL)  # the same among an old one's properties
MOST, LONGEST = 1_000, 100_000  # of comments and authors that are looked at, and characters of each


class Property(NamedTuple):
    """Something outside the cells: what it is, where, and its text, which is never printed."""

    kind: str
    text: str


def properties(content: bytes) -> list[Property]:
    """Give the authors, comments and names of sheets of a workbook; none where it cannot be looked into."""
    if content.startswith(OLD_WORKBOOK):
        return list(_old(content))
    found: dict[Property, None] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                if part.endswith(".xml") and _tells(part):
                    with archive.open(part) as unpacked:
                        found |= _Teller(part).told(unpacked)
    except (*DAMAGED, KeyError, expat.ExpatError, LookupError):
        return []
    return list(found)[:MOST]


def _old(content: bytes) -> Iterator[Property]:
    """Give what an old workbook says: of the many places only who saved it, and the names of its sheets."""
    try:
        book = OldBook(Path("old.xls"), content)
    except HypnicError:
        return
    if book.owner.casefold() not in PROGRAMS:
        yield Property("an author or a company in its properties", book.owner)
    if TEMPLATE_OLD.search(content):
        yield Property(TEMPLATE, "")
    yield from (Property("the name of a sheet", name) for name in book.names)


def _tells(part: str) -> bool:
    return part.startswith(("docProps/", "xl/comments", "xl/threadedComments", "xl/persons")) or part in {
        "meta.xml", "content.xml", "xl/workbook.xml",
    }  # fmt: skip


class _Teller:
    """What one part says, without holding the part."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._found: dict[Property, None] = {}
        self._words: list[str] = []  # an .ods has each word of the keywords apart
        self._open: list[str] = []  # what is being read, from the element whose text is wanted inwards
        self._facts: dict[str, str] = {}
        self._text: list[str] = []
        self._length = 0

    def told(self, unpacked: IO[bytes]) -> dict[Property, None]:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler, parser.buffer_text = self._said, True
        while (chunk := unpacked.read(1 << 20)) and len(self._found) < MOST:
            parser.Parse(chunk, False)
        if " ".join(self._words) == TEMPLATE:
            self._found[Property(TEMPLATE, "")] = None
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag, facts = name.rpartition(":")[2], {key.rpartition(":")[2]: said for key, said in attributes.items()}
        if self._open:
            self._open.append(tag)
        elif self._wanted(tag):
            self._open, self._facts, self._text, self._length = [tag], facts, [], 0
        elif (tag, self._part) in {("sheet", "xl/workbook.xml"), ("table", "content.xml")}:
            self._keep("the name of a sheet", facts.get("name", ""))

    def _said(self, text: str) -> None:
        if self._open and self._length < LONGEST:
            self._text.append(text)
            self._length += len(text)

    def _end(self, name: str) -> None:
        if not self._open:
            return
        self._open.pop()
        if self._open:
            return
        tag, text = name.rpartition(":")[2], "".join(self._text)
        if tag in PEOPLE:
            if text.strip().casefold() not in PROGRAMS:
                self._keep("an author or a company in its properties", text)
        elif tag in {"keywords", "keyword"}:
            self._words = [*self._words[:MOST], text]
        elif tag in {"author", "person"}:
            self._keep("the author of a comment", text or self._facts.get("displayName", ""))
        else:
            at = f" at {self._facts['ref']}" if "ref" in self._facts else ""
            self._keep(f"a comment{at}", " ".join(text.split()))

    def _wanted(self, tag: str) -> bool:
        part = self._part
        if part in {"docProps/core.xml", "docProps/app.xml", "meta.xml"} and tag in PEOPLE:
            return True
        if (tag, part) in {("keywords", "docProps/core.xml"), ("keyword", "meta.xml")}:
            return True
        return (tag in {"author", "person"} and part.startswith("xl/")) or tag in {
            "comment", "threadedComment", "annotation",
        }  # fmt: skip

    def _keep(self, kind: str, text: str) -> None:
        if len(self._found) < MOST:
            self._found[Property(kind, text)] = None
