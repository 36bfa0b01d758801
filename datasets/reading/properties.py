"""What a workbook holds outside its cells: its author, its comments, and the names of its sheets."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from hypnic.datasets.reading.limits import OLD_WORKBOOK
from hypnic.datasets.reading.oldbooks import OldBook
from hypnic.datasets.reading.workbooks import DAMAGED
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
MOST = 1000  # of comments and authors that are looked at


class Property(NamedTuple):
    """Something outside the cells: what it is, where, and its text, which is never printed."""

    kind: str
    text: str


def properties(content: bytes) -> list[Property]:
    """Give the authors, comments and names of sheets of a workbook; none where it cannot be looked into."""
    if content.startswith(OLD_WORKBOOK):
        return list(_old(content))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [name for name in archive.namelist() if name.endswith(".xml")]
            found = [one for part in parts if _tells(part) for one in _read(archive.read(part), part)]
    except (*DAMAGED, KeyError):
        return []
    return list(dict.fromkeys(found))[:MOST]


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


def _read(content: bytes, part: str) -> Iterator[Property]:
    words = []  # an .ods has each word of the keywords apart
    for element in ET.fromstring(content).iter():  # noqa: S314 -- expat limits entities
        tag, facts = element.tag.rpartition("}")[2], {key.rpartition("}")[2]: said for key, said in element.items()}
        if tag in PEOPLE and part in {"docProps/core.xml", "docProps/app.xml", "meta.xml"}:
            if (element.text or "").strip().casefold() not in PROGRAMS:
                yield Property("an author or a company in its properties", element.text or "")
        elif (tag == "keywords" and part == "docProps/core.xml") or (tag == "keyword" and part == "meta.xml"):
            words.append(element.text or "")
        elif tag in {"author", "person"} and part.startswith("xl/"):
            yield Property("the author of a comment", element.text or facts.get("displayName", ""))
        elif tag in {"comment", "threadedComment", "annotation"}:
            at = f" at {facts['ref']}" if "ref" in facts else ""
            yield Property(f"a comment{at}", " ".join(" ".join(element.itertext()).split()))
        elif (tag == "sheet" and part == "xl/workbook.xml") or (tag == "table" and part == "content.xml"):
            yield Property("the name of a sheet", facts.get("name", ""))
    if " ".join(words) == TEMPLATE:
        yield Property(TEMPLATE, "")
