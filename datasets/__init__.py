"""Where rows come from: contributed files, CDC and the synthetic cohort; nothing is concluded from them here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.datasets.cleaning import clean, flags
    from hypnic.datasets.loading import data_folder
    from hypnic.datasets.source import Source
    from hypnic.datasets.sources import SOURCES, load
    from hypnic.datasets.writing import write_table, write_whole

__all__ = [
    "SOURCES",
    "Source",
    "clean",
    "data_folder",
    "flags",
    "load",
    "write_table",
    "write_whole",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "SOURCES": "sources",
        "Source": "source",
        "clean": "cleaning",
        "data_folder": "loading",
        "flags": "cleaning",
        "load": "sources",
        "write_table": "writing",
        "write_whole": "writing",
    },
)
