"""What `fit` is asked for: refused where something would be ignored or misread."""

from collections.abc import Iterable, Sequence

import numpy as np

from hypnic.analysis.regression.covariance import COVARIANCES
from hypnic.analysis.regression.families import Family
from hypnic.analysis.regression.frame import Sample
from hypnic.analysis.regression.roles import Roles
from hypnic.errors import HypnicError

OWN = ("(Intercept)", "zero:", "sd:")  # how coefficients that are no term's are called


def default_covariance(entry: Family, roles: Roles) -> str:
    """Name the errors that are taken where none were asked for: those that trust the model least.

    Within persons or clusters CR3, with weights those of the design, else HC3. Where a family has no leverages, the
    sandwich that counts its coefficients: CR1S or HC1.
    """
    if roles.weights and (roles.strata or roles.psu or not (roles.cluster or roles.groups)):
        return "design"
    best, next_best = ("CR3", "CR1S") if roles.cluster or roles.groups else ("HC3", "HC1")
    return best if best in entry.covariances else next_best


def names_of(what: str, given: object, most: int | None = None) -> tuple[str, ...]:
    """Give the columns that were named for a part of a fit; one name is one column.

    Raises HypnicError for what is no name, and for more than `most` of them.
    """
    found = (given,) if isinstance(given, str) else tuple(given) if isinstance(given, Iterable) else (given,)
    if strange := [one for one in found if not isinstance(one, str)]:
        message = f"{what} holds a {type(strange[0]).__name__}: give names of columns, as text"
        raise HypnicError(message)
    if most is not None and not 1 <= len(found) <= most:
        message = f"{what} names {len(found)} columns: give one, or a pair"
        raise HypnicError(message)
    for name in found:
        if what.endswith("terms") and name.startswith(OWN):
            message = f"term {name!r} has a name like those of fit's own coefficients: rename it"
            raise HypnicError(message)
    return found


def check_arguments(  # noqa: PLR0913
    entry: Family,
    family: str,
    roles: Roles,
    zero_terms: Sequence[str] | None,
    covariance: str,
    *,
    bias_reduced: bool,
    df: str,
) -> None:
    """Refuse whatever would be ignored or misread; the first fault found is the one told."""
    clustered, design = covariance.startswith("CR"), covariance == "design"
    pair = len(roles.outcome) == 2
    lists = (roles.terms, roles.zero_terms)
    repeated = next((t for terms in lists for t in terms if terms.count(t) > 1 or t in roles.outcome), "")
    faults = {
        f"no covariance {covariance!r}: choose from {', '.join(COVARIANCES)}": covariance not in COVARIANCES,
        f"family {family} needs groups, the column that names the person": (
            entry.groups is not None and not roles.groups
        ),
        f"covariance {covariance} is not available for {family}: use one of {', '.join(entry.covariances)}": (
            covariance not in entry.covariances
        ),
        f"family {family} takes one outcome column": (
            pair and (entry.kind not in ("share", "interval") or entry.groups is not None)
        ),
        f"family {family} takes a pair of outcome columns, (lo, hi)": (not pair and entry.kind == "interval"),
        f"term {repeated!r} is given twice or is the outcome: leave it out": bool(repeated),
        f"family {family} reads no groups: leave them out, or use family='fe-poisson'": (
            bool(roles.groups) and entry.groups is None
        ),
        f"family {family} has no intercept: give at least one term": (
            entry.groups == "conditioned" and not roles.terms
        ),
        f"family {family} has no zero part: leave zero_terms out": zero_terms is not None and not entry.zero,
        f"exposure {roles.exposure!r} has no meaning with a logit: use family='cloglog'": (
            roles.exposure is not None and not entry.rate
        ),
        f"covariance {covariance} needs cluster, the column that names the person": clustered and not roles.cluster,
        f"cluster {roles.cluster!r} is not read by covariance {covariance}: say covariance='CR1S'": (
            bool(roles.cluster) and not clustered
        ),
        "strata and psu are read by covariance='design' only, with weights": (
            bool(roles.strata or roles.psu) and not (design and roles.weights)
        ),
        "covariance design needs weights, the column of sampling weights": design and not roles.weights,
        f"weights {roles.weights!r} need a robust covariance: HC0, CR1S or design, not model": (
            bool(roles.weights) and covariance == "model"
        ),
        f"family {family} needs maximum, the largest count there can be: a number or a column": (
            entry.ceiling and roles.maximum is None
        ),
        f"family {family} reads no maximum: leave it out, or use 'truncated-nb2' or 'beta-binomial'": (
            roles.maximum is not None and not entry.ceiling
        ),
        f"no df {df!r}: choose from design, residual": df not in ("design", "residual"),
        f"df={df!r} is read by covariance='design' only: leave it out": df == "residual" and not design,
        f"family {family} has no bias-reduced fit: leave bias_reduced out, or use 'binomial' or 'cloglog'": (
            bias_reduced and entry.reduced is None
        ),
        f"bias_reduced reads no weights, as the bias it corrects is another: leave {roles.weights!r} out": (
            bias_reduced and roles.weights is not None
        ),
    }
    for message, wrong in faults.items():
        if wrong:
            raise HypnicError(message)


def refuse_split_groups(sample: Sample, roles: Roles) -> None:
    """Where a group has one score for all its rows, they must have one weight and lie in one cluster or PSU."""
    assert sample.groups is not None  # noqa: S101
    first = np.unique(sample.groups, return_index=True)[1][sample.groups]
    shared = {
        roles.weights: sample.weights,
        roles.cluster: sample.cluster,
        roles.psu: None if sample.survey is None else sample.survey.psu,
    }
    for name, values in shared.items():
        if values is not None and (values != values[first]).any():
            msg = f"{name or 'psu'!r} varies within {roles.groups!r}: each group must be whole in it"
            raise HypnicError(msg)
