"""Regressions of polars frames; nothing here knows of sleep, studies or questions."""

from __future__ import annotations

from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.design import expand_terms
from hypnic.analysis.regression.families import FAMILIES
from hypnic.analysis.regression.fit import fit

__all__ = ["FAMILIES", "Fit", "expand_terms", "fit"]


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
