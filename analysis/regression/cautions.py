"""What a reader of a fit must be told, in plain sentences: they stand in `Fit.info["warnings"]` and in its repr.

They are data, not Python warnings: a report can print them, a table of many fits can count them, and a test suite that
turns warnings into errors need not know them.
"""

import polars as pl

from hypnic.analysis.regression.frame import Sample
from hypnic.analysis.regression.roles import Roles

# Below this many clusters large-sample errors are too small more often than not (Cameron & Miller 2015, J Hum Resour
# 50:317, section VI).
ENOUGH = 40
# Errors that are right for many clusters, or rows, and corrected for none of what few of them cost.
LARGE_SAMPLE = ("model", "HC0", "HC1", "CR0", "CR1S")


def cautions(covariance: str, sample: Sample, better: tuple[str, ...], roles: Roles) -> tuple[str, ...]:
    """Return sentences on errors that rest on few clusters, and on levels that others cannot be compared with.

    `better` are the family's covariances. Where no column names clusters, each row is one; "model" errors of such a fit
    are told nothing of.
    """
    return _few(covariance, sample, better) + _replaced(sample, roles)


def _replaced(sample: Sample, roles: Roles) -> tuple[str, ...]:
    """Say where the first level of an enum has no rows, so that another one is the reference."""
    found = []
    for term in dict.fromkeys((*roles.terms, *roles.zero_terms)):
        dtype = sample.frame.schema[term]
        if isinstance(dtype, pl.Enum) and (first := dtype.categories[0]) != (lowest := sample.frame[term].min()):
            found.append(f"no row that enters has {term} {first!r}: its levels are compared with {lowest!r}")
    return tuple(found)


def _few(covariance: str, sample: Sample, better: tuple[str, ...]) -> tuple[str, ...]:
    codes = sample.cluster if sample.cluster is not None else sample.groups
    if covariance not in LARGE_SAMPLE or (codes is None and covariance == "model"):
        return ()
    number, units = (sample.frame.height, "rows") if codes is None else (len(set(codes.tolist())), "clusters")
    if number >= ENOUGH:
        return ()
    remedy = next((kind for kind in (("HC3",) if codes is None else ("CR2", "CR3")) if kind in better), None)
    use = f"use covariance='{remedy}'" if remedy else "the family has no small-sample ones: take limits as too narrow"
    return (f"{covariance} errors are for many {units} and rest on {number}: they are likely too small; {use}",)
