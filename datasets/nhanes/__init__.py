"""CDC's files become one checked row for each person; nothing is estimated here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.datasets.nhanes.files import read_table
    from hypnic.datasets.nhanes.persons import NOTICE, load_persons, person_files

__all__ = ["NOTICE", "load_persons", "person_files", "read_table"]

__getattr__, __dir__ = attach(
    __name__,
    {"NOTICE": "persons", "load_persons": "persons", "person_files": "persons", "read_table": "files"},
)
