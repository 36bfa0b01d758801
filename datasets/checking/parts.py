"""A table in one file or in several, and whether it is so large that it is read block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.checking.blocks import layout
from hypnic.datasets.reading.columnar import COLUMNAR

if TYPE_CHECKING:
    from pathlib import Path

LARGE = 16 << 20  # bytes, of some 100,000 nights: below, a table is read whole at once


def parts_of(path: Path) -> tuple[Path, ...]:
    """List the files of a table: itself, those in a folder, or those that a pattern such as `nights-*` fits."""
    if path.is_dir():
        return tuple(sorted(one for one in path.iterdir() if one.suffix in {".csv", *COLUMNAR} and one.is_file()))
    if "*" in path.name and not path.exists():
        return tuple(sorted(path.parent.glob(path.name)))
    return (path,)


def table_in(folder: Path, name: str) -> Path | None:
    """Find a table in a folder: `nights.csv`, `nights.parquet`, a folder `nights`, or `nights-1.csv` and so on."""
    for ending in (".csv", *sorted(COLUMNAR)):
        if (folder / f"{name}{ending}").is_file():
            return folder / f"{name}{ending}"
    patterns = [f"{name}{mark}*{ending}" for ending in (".csv", *sorted(COLUMNAR)) for mark in "-_"]
    places = [folder / name, *(folder / pattern for pattern in patterns)]
    return next((place for place in places if (place.is_dir() or "*" in place.name) and parts_of(place)), None)


def large(path: Path, table: str | None = None) -> bool:
    """Whether a table is large, or in several files, all of them as `hypnic` itself would write them."""
    parts = parts_of(path)
    if not parts or not all(part.is_file() for part in parts):
        return False
    if len(parts) == 1 and path.is_file() and path.stat().st_size < LARGE:
        return False
    laid = layout(parts)
    return laid is not None and table in {None, laid.model.table_name()}
