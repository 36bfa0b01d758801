"""The open dataset of sleep starts (hypnic jerks), and the statistics that go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from hypnic.analysis.estimates import estimate
    from hypnic.datasets.checking.files import check
    from hypnic.datasets.loading import load

__all__ = ["HypnicError", "check", "estimate", "load"]

# Where each name lives; it is imported when it is first used, so that `hypnic --help` starts at once.
_HOMES = {
    "check": "hypnic.datasets.checking.files",
    "estimate": "hypnic.analysis.estimates",
    "load": "hypnic.datasets.loading",
}


def __getattr__(name: str) -> object:
    """Import a front-door name on first use."""
    from importlib import import_module

    if name not in _HOMES:
        message = f"module 'hypnic' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
