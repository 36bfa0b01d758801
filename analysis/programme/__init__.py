"""The analyses: each module answers the questions of a set in one way; adding one is a module and a line here."""

from __future__ import annotations

from hypnic.analysis.programme import (
    aftermath,
    asked,
    carryover,
    combining,
    controls,
    differences,
    dynamic,
    evalues,
    halfpanel,
    heterogeneity,
    hierarchical,
    hybrid,
    interactions,
    leavingout,
    marginal,
    misreport,
    missing,
    noticing,
    primary,
    proportionality,
    raking,
    randomslopes,
    responding,
    shares,
    specifications,
    splines,
    trend,
    usualintake,
)
from hypnic.analysis.programme.analysis import Afterwards, Analysis, afterwards, analysis

__all__ = ["AFTERWARDS", "ON_REQUEST", "PROGRAMME", "Afterwards", "Analysis", "afterwards", "analysis"]

# In the order of the rows.
PROGRAMME: tuple[Analysis, ...] = (
    primary.rows,
    primary.further,
    differences.rows,
    hybrid.rows,
    carryover.rows,
    aftermath.rows,
    halfpanel.rows,
    dynamic.rows,
    trend.rows,
    responding.rows,
    marginal.rows,
    heterogeneity.rows,
    randomslopes.rows,
    specifications.rows,
    proportionality.rows,
    raking.rows,
    missing.rows,
    misreport.rows,
    noticing.rows,
    usualintake.rows,
    leavingout.rows,
    combining.rows,
    controls.rows,
    splines.rows,
    interactions.rows,
    asked.rows,
    shares.rows,
)
# Those that are run only where they are asked for by name: they take minutes, and need an extra of their own.
ON_REQUEST: tuple[Analysis, ...] = (hierarchical.rows,)
# What reads the rows of those, once they are all there.
AFTERWARDS: tuple[Afterwards, ...] = (evalues.rows,)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
