"""A table of text becomes findings and typed rows; nothing is printed here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.datasets.checking.changes import Change, Fixed, fix, listed
    from hypnic.datasets.checking.files import check, check_opened, tables_of
    from hypnic.datasets.checking.headings import private_name
    from hypnic.datasets.checking.opened import Opened, open_table
    from hypnic.datasets.checking.privacy import private_value
    from hypnic.datasets.checking.sentences import private_sentence
    from hypnic.datasets.checking.types import typed

__all__ = [
    "Change",
    "Fixed",
    "Opened",
    "check",
    "check_opened",
    "fix",
    "listed",
    "open_table",
    "private_name",
    "private_sentence",
    "private_value",
    "tables_of",
    "typed",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Change": "changes",
        "Fixed": "changes",
        "Opened": "opened",
        "check": "files",
        "check_opened": "files",
        "fix": "changes",
        "listed": "changes",
        "open_table": "opened",
        "private_name": "headings",
        "private_sentence": "sentences",
        "private_value": "privacy",
        "tables_of": "files",
        "typed": "types",
    },
)
