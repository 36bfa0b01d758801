"""Findings become text, JSON Lines, SARIF, a page or a marked workbook; nothing is checked here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.datasets.findings.render import Format
    from hypnic.datasets.findings.text import summary

__all__ = ["Format", "summary"]

__getattr__, __dir__ = attach(
    __name__,
    {"Format": "render", "summary": "text"},
)
