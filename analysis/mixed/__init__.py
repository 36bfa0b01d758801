"""Counts with random intercepts and slopes of persons; nothing here knows of sleep either."""

from __future__ import annotations

from hypnic.analysis.mixed.fit import MixedFit, fit_mixed

__all__ = ["MixedFit", "fit_mixed"]


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
