"""The same sums over Parquet, blocks and workers: fits of rows that need not be in memory, to the same digits."""

from __future__ import annotations

from hypnic.analysis.scale.typed import fit

__all__ = ["fit"]


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
