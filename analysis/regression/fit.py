"""`fit`: one door to every regression."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import numpy as np
from scipy.linalg import block_diag

from hypnic.analysis.regression.arguments import check_arguments, default_covariance, names_of, refuse_split_groups
from hypnic.analysis.regression.cautions import cautions
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.covariance import KINDS as ADJUSTED
from hypnic.analysis.regression.covariance import covariance as covariance_matrix
from hypnic.analysis.regression.covariance import degrees_of_freedom
from hypnic.analysis.regression.design import INTERCEPT, DesignMatrix, Part, design_matrix, joined, refuse_infinite
from hypnic.analysis.regression.families import Family, family_named
from hypnic.analysis.regression.fitted import Asked, Kept
from hypnic.analysis.regression.foreign import Frame
from hypnic.analysis.regression.frame import Sample, draw_sample
from hypnic.analysis.regression.hotelling import wishart_freedom
from hypnic.analysis.regression.problem import SCORE_TOLERANCE, Array, Problem
from hypnic.analysis.regression.roles import Roles


def fit(  # noqa: PLR0913, PLR0917
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
) -> Fit:
    """Regress an outcome on terms, with a covariance that does not trust the model.

    `frame`
        One row an observation, of polars (lazy too), pandas, pyarrow or whatever else hands out an Arrow stream; an
        index of pandas is no column. Null and NaN are missing: the row is dropped, counted in `info["n_dropped"]`.
    `outcome`
        A column; for binomial and cloglog also a `(k, n)` pair; for interval-nb2, truncated-nb2 and beta-binomial
        a `(lo, hi)` pair of whole numbers, both included, where a null `hi` is open; for ordered whole codes, or an
        enum.
    `terms`
        One column or several. Numbers enter as they are; text and enums as 0/1 columns `term[level]`, without the
        first level, to which the others are compared: an enum's (a category's of pandas) in its own order, else
        sorted.
    `family`
        poisson, quasipoisson; nb2 (variance mu + alpha mu^2); zip, zinb (zero-inflated), hurdle-poisson,
        hurdle-nb2; binomial (logit), cloglog; ordered (logit: thresholds `low|high` take the intercept's place,
        and terms are subtracted from them); interval-nb2; truncated-nb2, beta-binomial (cloglog; intervals of counts
        up to `maximum`); fe-poisson, fe-logit (conditional on `groups`);
        fe-linear (least squares within `groups`); gee-poisson (exchangeable correlation within `groups`).
    `exposure`
        A positive column whose logarithm is the offset: nights observed, hours in bed.
    `zero_terms`
        Terms of the zero part of zip, zinb and the hurdles: None for the same, `[]` for a constant. Its rows are
        prefixed `zero:`, on the log odds of a zero that no count explains (zip, zinb) or of any (hurdles).
        `exposure` does not enter it.
    `cluster`, `groups`
        The column that names the person: `cluster` (by default the groups) for the CR covariances, `groups` for
        fe-poisson, fe-logit and gee-poisson.
    `weights`
        Sampling or response weights, whose scale does not matter. They weight the likelihood, so errors must
        come from a sandwich (HC, CR) or from "design"; "model" is refused, as a weight is not a number of
        copies. `loglik` is then a pseudo-likelihood, and there is no `aic`.
    `strata`, `psu`, `domain`
        The survey design, and a 0/1 column of a subpopulation. PSU codes may repeat between strata. Under
        "design", rows outside the domain (or with a missing value) still count as part of the survey. A stratum
        with a single PSU is refused if any of its rows enters, as by R's default `survey.lonely.psu = "fail"`.
    `covariance`
        model, HC0, HC1, HC2, HC3; CR0, CR1S, CR2, CR3 (need `cluster`); design (needs `weights`). None takes design
        where there are weights (without `cluster` or `groups`, or with `strata` or `psu`), CR3 where there are
        `cluster` or `groups`, else HC3; CR1S or HC1 where the family has neither. A family without
        leverages (zero parts, ordered, the interval ones) has no HC2, HC3, CR2, CR3 and says so. Limits are
        normal; under "design" Student's t with as many degrees of freedom as the rows reach PSUs, minus strata;
        under CR2 and CR3 with Satterthwaite's. For nb2 "model" inverts the observed information of coefficients
        and log theta; the others hold theta at its estimate, to which the expected information is orthogonal, and
        have the leverages of R's `MASS::glm.nb`. For zinb and hurdle-nb2 every one covers log theta, which R's
        `sandwich` leaves out of theirs.
    `bias_reduced`
        For binomial and cloglog, Firth's mean bias reduction: finite where a level separates the outcome, and less
        biased in small samples. "model" errors suppose that rows are independent and k of n binomial; the sandwiches
        take the plain scores, and are refused where the plain fit has no finite estimate. Reads no weights.
        `info["bias_reduced"]` says so, and there is no `aic`.

    `df`
        For "design" limits: "design" counts PSUs less strata, as NCHS does; "residual" takes one fewer for each
        slope, as R's `confint.svyglm` does.
    `maximum`
        The largest count there can be, a number or a column: where NB2 is cut off (truncated-nb2, whose exp(x b) is
        the mean without the cut), or the trials (beta-binomial, whose 1 - exp(-exp(x b)) is the mean share). An open
        interval ends there.

    Raises HypnicError, naming the column and the remedy, for whatever cannot be fitted. A fit that did not
    reach its maximum is returned with `info["converged"]` false.

    >>> import polars as pl
    >>> nights = pl.DataFrame({"jerks": [0, 1, 2, 1, 4, 3], "alcohol_g": [0, 0, 10, 10, 20, 20]})
    >>> fitted = fit(nights, "jerks", ["alcohol_g"], family="poisson", covariance="HC0")
    >>> fitted.tidy()["estimate"].round(4).to_list()
    [-0.5964, 0.0932]
    """
    entry, terms = family_named(family), names_of("terms", terms)
    zero_terms = None if zero_terms is None else names_of("zero_terms", zero_terms)
    zero = (terms if zero_terms is None else zero_terms) if entry.zero else ()
    pair = names_of("outcome", outcome, 2)
    roles = Roles(pair, terms, zero, exposure, cluster, groups, weights, strata, psu, domain, maximum)
    covariance = default_covariance(entry, roles) if covariance is None else str(covariance)
    if covariance.startswith("CR") and cluster is None:
        roles = replace(roles, cluster=groups)
    check_arguments(entry, family, roles, zero_terms, covariance, bias_reduced=bias_reduced, df=df)
    if bias_reduced:
        entry = entry.bias_reduced(covariance)
    within = entry.groups == "conditioned"
    sample = draw_sample(frame, roles, entry.kind, design=covariance == "design", within=within)
    if entry.whole_groups:
        refuse_split_groups(sample, roles)
    return _fitted(_Model(family, entry, roles, covariance, df), sample)


class _Model(NamedTuple):
    """What is fitted to a sample."""

    family: str
    entry: Family
    roles: Roles
    covariance: str
    df: Literal["design", "residual"]


def _fitted(model: _Model, sample: Sample, start: Array | None = None) -> Fit:
    """Fit a model to the rows of a sample; `start` (p,) are coefficients, near which its maximum may be."""
    _, entry, roles, covariance, df = model
    columns, problem = _columns(sample, roles, entry)
    if start is not None:
        problem = replace(problem, start=np.asarray(np.linalg.solve(columns.back, start), dtype=np.float64))
    if entry.first is not None:
        refuse_infinite(columns, entry.first(problem), ", or use covariance='model'" if entry.bears_separation else "")
    estimation = entry.estimate(problem)
    if entry.kind != "number":  # least squares always has an end, in whatever unit the outcome is
        refuse_infinite(columns, estimation)
    vcov = covariance_matrix(covariance, estimation, cluster=sample.cluster, survey=sample.survey)
    kept = Kept(sample, columns, estimation, Asked(model.family, roles, covariance), partial(_fitted, model))
    fitted = _finish(kept, vcov)
    fitted = replace(fitted, info={**fitted.info, "warnings": cautions(covariance, sample, entry.covariances, roles)})
    if sample.survey is not None and df == "residual":
        return replace(fitted, df=float(sample.survey.residual(columns.slopes)))
    if covariance not in ADJUSTED or sample.cluster is None or np.isnan(vcov).any():
        return fitted
    freedom = partial(degrees_of_freedom, covariance, estimation, sample.cluster)
    joint = partial(wishart_freedom, covariance, estimation, sample.cluster)
    return replace(
        fitted,
        freedom=lambda combinations: freedom(combinations @ columns.back),
        joint=lambda combinations: joint(combinations @ columns.back),
    )


def _columns(sample: Sample, roles: Roles, entry: Family) -> tuple[DesignMatrix, Problem]:
    """Make the terms into columns, those of a zero part behind the others."""
    constants: tuple[str, ...] = () if entry.groups == "conditioned" else (INTERCEPT,)
    if entry.kind == "ordered":
        constants = tuple(f"{low}|{high}" for low, high in pairwise(sample.levels))
    hurdle = entry.zero == "hurdle"
    part: Part = "positive" if hurdle else "mixed" if entry.zero else entry.kind
    told = sample.outcome > 0 if hurdle else None
    columns = design_matrix(sample, roles.terms, part, constants, rows=told, separable=entry.bears_separation)
    problem = Problem(columns.matrix, sample.outcome, sample.offset, sample.weights, sample.groups, sample.ceiling)
    if entry.zero is None:
        return columns, problem
    zero = design_matrix(sample, roles.zero_terms, entry.zero, (f"zero:{INTERCEPT}",))
    return joined(columns, zero), replace(problem, zero=zero.matrix)


def _finish(kept: Kept, vcov: Array) -> Fit:
    sample, columns, estimation, asked, _ = kept
    weighted = asked.roles.weights is not None
    p, q = len(columns.names), len(estimation.params)
    back = block_diag(columns.back, np.eye(q - p))
    params, vcov = back @ estimation.params, back @ vcov @ back.T
    loglik = estimation.loglik
    persons = sample.groups if sample.groups is not None else sample.cluster
    log_theta = float(params[p]) if "log_theta" in estimation.extra else None
    info: dict[str, Any] = {
        "loglik": loglik,
        "aic": None if loglik is None or weighted or "bias_reduced" in estimation.info else 2 * q - 2 * loglik,
        "alpha": None if log_theta is None else float(np.exp(-log_theta)),
        "scale": estimation.scale,
        "n_rows": sample.frame.height,
        "n_groups": None if persons is None else len(np.unique(persons)),
        "n_dropped": sample.n_dropped,
        "converged": bool(estimation.score_max < SCORE_TOLERANCE and (np.diag(vcov) > 0).all()),
        "score_max": estimation.score_max,
        "optimizer": estimation.optimizer,
    }
    info |= estimation.info
    if log_theta is not None:
        info |= {"log_theta": log_theta, "log_theta_std_error": float(np.sqrt(vcov[p, p]))}
    df = float("inf") if sample.survey is None else float(sample.survey.degrees_of_freedom)
    return Fit(columns.names, params[:p], vcov[:p, :p], df, info, kept=kept, whole=(params, vcov))
