"""`fit` for rows that need not be in memory: the shortest way to the same digits, and which one it took."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from hypnic.analysis.regression import fit as fit_rows
from hypnic.analysis.regression.arguments import check_arguments, default_covariance, names_of
from hypnic.analysis.regression.families import family_named
from hypnic.analysis.regression.foreign import Frame, as_polars
from hypnic.analysis.regression.roles import Roles
from hypnic.analysis.scale import blocks, persons
from hypnic.analysis.scale.cells import cells, grouped
from hypnic.analysis.scale.engine import Here
from hypnic.analysis.scale.links import LINKS
from hypnic.analysis.scale.patterns import fit_cells
from hypnic.analysis.scale.source import BATCH, batches, columns_of, few, reading, scan
from hypnic.analysis.scale.spool import whole_persons
from hypnic.analysis.scale.wanted import Wanted
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from hypnic.analysis.regression.coefficients import Fit

Route = Literal["auto", "rows", "patterns", "blocks", "persons"]
ROUTES = ("auto", "rows", "patterns", "blocks", "persons")
# So few rows are fitted as they are: nothing is gained by joining them.
_FEW = 50_000
# Where more of the first rows than this share are like no other of them, joining rows alike gains nothing.
_UNLIKE = 0.8
# So many rows of whole persons are kept as numbers between passes; more are read anew in each.
_KEPT = 5_000_000


def fit(  # noqa: PLR0913, PLR0917 -- the arguments of `regression.fit`
    frame: Frame,
    outcome: str | tuple[str, str],
    terms: Sequence[str] | str,
    family: str,
    exposure: str | None = None,
    zero_terms: Sequence[str] | None = None,
    cluster: str | None = None,
    groups: str | None = None,
    weights: str | None = None,
    strata: str | None = None,
    psu: str | None = None,
    domain: str | None = None,
    covariance: str | None = None,
    *,
    bias_reduced: bool = False,
    df: Literal["design", "residual"] = "design",
    maximum: int | str | None = None,
    route: Route = "auto",
) -> Fit:
    """Regress an outcome on terms, with a covariance that does not trust the model.

    The arguments are those of `hypnic.analysis.regression.fit`, which fits frames that are in memory. A lazy frame,
    and a path of a Parquet or CSV file or of a folder of Parquet parts, is read in passes, never as a whole:

    `frame`
        As there, or a `pathlib.Path`.
    `route`
        How the rows are read. Every route gives the same digits; `info["route"]` says which one was taken.

        rows: all of them, in memory.
        patterns: one streaming pass counts rows that are alike in everything the fit reads, and the estimator sees
        the distinct ones; errors by cluster take one more pass. Not for weights, survey designs, `bias_reduced` and
        families within `groups`.
        blocks: passes over blocks of rows, for terms that hardly repeat. For poisson, quasipoisson, binomial and
        cloglog, with model, HC0, HC1, CR0, CR1S or CR3 errors.
        persons: fe-poisson, person by person, with model, HC0, CR0, CR1S or CR3 errors.
        auto: rows for frames in memory and for a few; else persons, patterns or blocks, whichever fits.

    Raises HypnicError as `regression.fit` does, and for a route on which the answer would not be exact.

    >>> nights = pl.LazyFrame({"jerks": [0, 1, 2, 1, 4, 3] * 3, "alcohol_g": [0, 0, 10, 10, 20, 20] * 3})
    >>> fitted = fit(nights, "jerks", ["alcohol_g"], "poisson", covariance="HC0", route="patterns")
    >>> fitted.params.round(4).tolist(), fitted.info["route"], fitted.info["patterns"]
    ([-0.5964, 0.0932], 'patterns', 3)
    """
    given = {
        "exposure": exposure, "zero_terms": zero_terms, "cluster": cluster, "groups": groups, "weights": weights,
        "strata": strata, "psu": psu, "domain": domain, "covariance": covariance, "bias_reduced": bias_reduced,
        "df": df, "maximum": maximum,
    }  # fmt: skip
    if route not in ROUTES:
        message = f"no route {route!r}: choose from {', '.join(ROUTES)}"
        raise HypnicError(message)
    lazy = scan(frame) if isinstance(frame, pl.LazyFrame | Path) else None
    if route == "rows" or (lazy is None and route == "auto"):
        return _by_rows(frame if lazy is None else lazy, outcome, terms, family, given)
    wanted = _wanted(outcome, terms, family, given)
    whole = as_polars(frame, wanted.roles.every()).lazy() if lazy is None else columns_of(lazy, wanted.roles.every())
    refusals = _refusals(wanted, given)
    if route == "auto":
        if (head := few(whole, _FEW)) is not None:
            return _by_rows(head, outcome, terms, family, given)
        route = _chosen(wanted, whole, refusals)
    if why := refusals[route]:
        message = f"route {route} would not be exact here, as {why}: use route='rows'"
        raise HypnicError(message)
    return _BY[route](wanted, whole, given)


def _by_rows(frame: Frame, outcome: Any, terms: Any, family: str, given: dict[str, Any]) -> Fit:
    fitted: Fit = fit_rows(frame, outcome, terms, family, **given)
    return replace(fitted, info={**fitted.info, "route": "rows", "exact": True})


def _wanted(outcome: Any, terms: Any, family: str, given: dict[str, Any]) -> Wanted:
    """Read the arguments as `regression.fit` does, and refuse what it refuses."""
    entry, terms, zero_terms = family_named(family), names_of("terms", terms), given["zero_terms"]
    zero_terms = None if zero_terms is None else names_of("zero_terms", zero_terms)
    zero = (terms if zero_terms is None else zero_terms) if entry.zero else ()
    names = {name: given[name] for name in ("exposure", "cluster", "groups", "weights", "strata", "psu", "domain")}
    roles = Roles(names_of("outcome", outcome, 2), terms, zero, **names, maximum=given["maximum"])
    covariance = default_covariance(entry, roles) if given["covariance"] is None else str(given["covariance"])
    if covariance.startswith("CR") and roles.cluster is None:
        roles = replace(roles, cluster=roles.groups)
    check_arguments(
        entry, family, roles, zero_terms, covariance, bias_reduced=given["bias_reduced"], df=given["df"]
    )  # fmt: skip
    return Wanted(family, entry, roles, covariance)


def _refusals(wanted: Wanted, given: dict[str, Any]) -> dict[str, str]:
    """Say of each route why it would not be exact; nothing where it is."""
    roles, kind = wanted.roles, wanted.covariance
    weighted = next((name for name in ("weights", "strata", "psu", "domain") if given[name]), "")
    common = f"rows differ by their {weighted}" if weighted else "bias reduction reads leverages" * bool(
        given["bias_reduced"]
    )  # fmt: skip
    linear = "" if wanted.linear else f"{wanted.family} is no sum over blocks"
    within = "" if wanted.family == "fe-poisson" else f"{wanted.family} is no sum over persons"
    split = "a cluster must hold whole groups" if roles.cluster not in (None, roles.groups) else ""
    return {
        "rows": "",
        "patterns": common or (f"{wanted.family} needs to know whose each row is" if roles.groups else ""),
        "blocks": common or linear or ("" if kind in blocks.HANDLED else f"{kind} errors need leverages of rows"),
        "persons": common or within or split or ("" if kind in persons.HANDLED else f"{kind} errors need single rows"),
    }


def _chosen(wanted: Wanted, whole: pl.LazyFrame, why: Mapping[str, str]) -> Route:
    """Choose a route for many rows; that of all rows in memory where no other is exact."""
    if not why["persons"]:
        return "persons"
    if not why["blocks"] and _unlike(wanted, whole):
        return "blocks"
    return "rows" if why["patterns"] else "patterns"


def _unlike(wanted: Wanted, whole: pl.LazyFrame) -> bool:
    """Tell whether most of the first rows have terms that no other of them has."""
    keys = [*wanted.roles.terms, *wanted.roles.outcome[1:], *filter(None, [wanted.roles.exposure])]
    with reading():
        head = whole.select(keys).head(_FEW).collect(engine="streaming")
    return bool(keys) and int(head.is_unique().sum()) > _UNLIKE * head.height


def _by_patterns(wanted: Wanted, whole: pl.LazyFrame, _: dict[str, Any]) -> Fit:
    counted = [grouped(whole, wanted.roles, clusters=wanted.in_grouping)]  # `cells` holds them alone, and lets go
    found = cells(counted.pop(), wanted.roles, wanted.entry, folded=wanted.family in LINKS)
    return fit_cells(wanted, found, lambda: batches(whole))


def _by_blocks(wanted: Wanted, whole: pl.LazyFrame, _: dict[str, Any]) -> Fit:
    with reading():
        head = whole.head(BATCH).collect(engine="streaming")
    return blocks.fit_blocks(wanted, head, lambda: batches(whole))


def _by_persons(wanted: Wanted, whole: pl.LazyFrame, _: dict[str, Any]) -> Fit:
    group = str(wanted.roles.groups)
    with reading():
        rows, ordered = whole.select(pl.len(), pl.col(group).is_sorted()).collect(engine="streaming").row(0)
    if rows <= _KEPT:
        with reading():
            everything = whole.collect()  # a frame in memory is given as it is
        return persons.fit_persons(wanted, Here(lambda: [everything], kept=True))
    ordered_rows = whole if ordered else whole.sort(group)
    return persons.fit_persons(wanted, Here(lambda: whole_persons(batches(ordered_rows), group), kept=False))


_BY: dict[str, Callable[[Wanted, pl.LazyFrame, dict[str, Any]], Fit]] = {
    "patterns": _by_patterns,
    "blocks": _by_blocks,
    "persons": _by_persons,
    "rows": lambda wanted, whole, given: _by_rows(
        whole, wanted.roles.outcome if len(wanted.roles.outcome) > 1 else wanted.roles.outcome[0],
        list(wanted.roles.terms), wanted.family, given,
    ),
}  # fmt: skip
