"""The open dataset of sleep starts (hypnic jerks), and the statistics that go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.about import __version__
    from hypnic.analysis.estimates import estimate
    from hypnic.datasets.checking.files import check
    from hypnic.datasets.release.locating import cite
    from hypnic.datasets.sources import catalog, load, scan
    from hypnic.errors import HypnicError
    from hypnic.schemas.publish.frames import dictionary

__all__ = [
    "HypnicError",
    "__version__",
    "catalog",
    "check",
    "cite",
    "dictionary",
    "estimate",
    "load",
    "scan",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "HypnicError": "errors",
        "__version__": "about",
        "catalog": "datasets.sources",
        "check": "datasets.checking.files",
        "cite": "datasets.release.locating",
        "dictionary": "schemas.publish.frames",
        "estimate": "analysis.estimates",
        "load": "datasets.sources",
        "scan": "datasets.sources",
    },
)
