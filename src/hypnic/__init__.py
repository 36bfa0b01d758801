"""The open dataset of sleep starts (hypnic jerks), and the statistics that go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.analysis.estimates import estimate
    from hypnic.datasets.checking.files import check
    from hypnic.datasets.sources import load
    from hypnic.errors import HypnicError

__all__ = ["HypnicError", "check", "estimate", "load"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "HypnicError": "errors",
        "check": "datasets.checking.files",
        "estimate": "analysis.estimates",
        "load": "datasets.sources",
    },
)
