"""Counts with a level and a slope for every person, by draws from a posterior; nothing here knows of sleep either."""

from __future__ import annotations

from hypnic.analysis.bayes.counts import Counts
from hypnic.analysis.bayes.extra import absent, refuse_absent
from hypnic.analysis.bayes.sampler import Draws, draw

__all__ = ["Counts", "Draws", "absent", "draw", "refuse_absent"]


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
