"""Any file becomes a table of text; no cell is judged, and no rule is known here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.datasets.reading.dialects import Dialect
    from hypnic.datasets.reading.text import TextTable, read_text

__all__ = ["Dialect", "TextTable", "read_text"]

__getattr__, __dir__ = attach(
    __name__,
    {"Dialect": "dialects", "TextTable": "text", "read_text": "text"},
)
