"""What a printed report tells that no other file of the report does.

The other files are attacked by themselves (`attack`): a number that stands in one of them is told already.
"""

from __future__ import annotations

import io
import re
from html import unescape
from typing import TYPE_CHECKING

from pypdf import PdfReader

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE = "report.pdf"
# What the layout counts: headings, figures, tables and pages.
COUNTED = re.compile(r"^S?\d+(\.\d+)* (?=[A-Z])|(?<=^Figure )S?\d+:|(?<=^Table )S?\d+:|\d+ of \d+$|S\d+$", re.MULTILINE)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
TAG = re.compile(r"<[^>]*>")


def text_of(pdf: bytes) -> list[str]:
    """Give the text of each page."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def told_in_print_alone(files: Mapping[str, bytes]) -> set[str]:
    """Give the numbers of the printed report that stand in no page and no table of the same report."""
    told = set(NUMBER.findall(COUNTED.sub("", "\n".join(text_of(files[FILE])))))
    known: set[str] = set()
    for name, content in files.items():
        if name.endswith((".html", ".csv", ".json")):
            text = content.decode()
            known |= set(NUMBER.findall(unescape(TAG.sub(" ", text)) if name.endswith(".html") else text))
    return told - known
