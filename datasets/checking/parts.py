"""A table in one file or in several, and whether it is so large that it is read block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.checking.blocks import layout
from hypnic.datasets.reading.columnar import COLUMNAR

if TYPE_CHECKING:
    from pathlib import Path

LARGE = 16 << 20  # bytes, of some 100,000 nights: below, a table is read whole at once


def parts_of(path: Path) -> tuple[Path, ...]:
    """List the files of a table: itself, those that lie in a folder, or those that a pattern such as `nights-*` fits."""
    if path.is_dir():
        return tuple(sorted(one for one in path.iterdir() if one.suffix in {".csv", *COLUMNAR} and one.is_file()))
    if "*" in path.name and not path.exists():
        return tuple(sorted(path.parent.glob(path.name)))
    return (path,)


def large(path: Path, table: str | None = None) -> bool:
    """Whether a table is large, or in several files, all of them as `hypnic` itself would write them."""
    parts = parts_of(path)
    if not parts or not all(part.is_file() for part in parts):
        return False
    size = sum(part.stat().st_size for part in parts)
    if size < LARGE and len(parts) == 1:
        return False
    laid = layout(parts)
    return laid is not None and table in {None, laid.model.table_name()}
