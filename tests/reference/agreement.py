"""How closely hypnic agrees with R: `python tests/reference/agreement.py` prints one table.

Each row is one fit of the simulated data next to this file (or one thing that is no fit: weights, E-values); the two
last columns are the largest relative difference from R over the coefficients and over the standard errors.
"""

import json
import runpy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import chain
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.counts import estimate_zinb
from hypnic.analysis.regression.families import FAMILIES
from hypnic.analysis.regression.fit import _columns, fit
from hypnic.analysis.regression.frame import draw_sample
from hypnic.analysis.regression.problem import group_sums
from hypnic.analysis.regression.roles import Roles

Comparison = tuple[str, str, str, Callable[[], Fit], dict[str, float], dict[str, float]]
HERE = Path(__file__).parent
SURVEY_TERMS = ["caf", "alc", "stress", "debt", "age", "sex"]
# Our covariance, and the name under which R's file has it.
OFFSET_COVARIANCES = [
    ("HC0", "HC0"),
    ("HC1", "HC1"),
    ("HC2", "HC2"),
    ("HC3", "HC3"),
    ("CR0", "CL_HC0_noadj"),
    ("CR0", "clubSandwich_CR0"),
    ("design", "CL_HC0_cadj"),  # equal weights, persons as PSUs: CR0 times G / (G - 1)
    ("CR1S", "CL_HC1_cadj"),
    ("CR1S", "clubSandwich_CR1S"),
    ("CR2", "clubSandwich_CR2"),
    ("CR3", "clubSandwich_CR3"),
]


def truth(name: str) -> dict[str, Any]:
    """Return R's numbers, under our names for the levels of a category."""
    text = (HERE / f"{name}.json").read_text(encoding="utf-8")
    return dict(json.loads(text.replace('"sexM"', '"sex[M]"')))


def data(name: str) -> pl.DataFrame:
    """Return a simulated table."""
    return pl.read_csv(HERE / f"{name}.csv")


def comparisons() -> Iterator[Comparison]:
    """Yield file, family, covariance, what makes our fit, R's coefficients and R's standard errors."""
    diary, survey = data("simdiary").with_columns(weight=1.0), data("simsurvey")

    file, r = "simdiary_poisson_offset", truth("simdiary_poisson_offset")
    offset = partial(fit, diary, "y", ["caf", "alc", "stress"], "poisson", exposure="hours")
    yield file, "poisson", "model", partial(offset, covariance="model"), r["coef"], r["se"]
    for covariance, name in OFFSET_COVARIANCES:
        cluster = "pid" if covariance.startswith("CR") else None
        design = {"weights": "weight", "psu": "pid"} if covariance == "design" else {}
        fitted = partial(offset, covariance=covariance, cluster=cluster, **design)
        yield file, "poisson", f"{covariance} ({name})", fitted, r["coef"], r["robust"][name]

    for table, terms in (("simdiary", ["caf", "alc", "stress"]), ("constgroups", ["x"])):
        file, r = f"{table}_fepoisson", truth(f"{table}_fepoisson")
        within = partial(fit, data(table), "y", terms, "fe-poisson", groups="pid")
        for covariance, name in (("model", "se"), ("HC0", "se_HC0"), ("CR0", "se_cluster_HC0")):
            fitted = partial(within, covariance=covariance, cluster="pid" if covariance == "CR0" else None)
            yield file, "fe-poisson", covariance, fitted, r["coef"], r[name]

    r = truth("simsurvey_intcens")["nb2"]
    fitted = partial(fit, survey, ("lo", "hi"), SURVEY_TERMS, "interval-nb2", covariance="model")
    yield "simsurvey_intcens", "interval-nb2", "model", fitted, r["coef"], r["se"]

    yield from _count_models(diary, survey)
    yield from _other_outcomes(diary, survey)

    yield from _small_samples()
    yield from _under_a_design()

    # R's glm stopped one iteration early here; repeating its last one gives its errors to 1e-14.
    fitted = partial(fit, survey, "y", SURVEY_TERMS, "poisson", covariance="HC0")
    yield "simsurvey_ame", "poisson", "HC0", fitted, {}, truth("simsurvey_ame")["HC0_coef_se"]


def _count_models(diary: pl.DataFrame, survey: pl.DataFrame) -> Iterator[Comparison]:
    file, r = "simsurvey_nb2", truth("simsurvey_nb2")
    nb2 = partial(fit, survey, "y", SURVEY_TERMS, "nb2")
    theta = {"log_theta": log(r["theta"])}
    # glmmTMB differentiates numerically: its errors hold four digits.
    joint = r["glmmTMB"]["se_joint"] | {"log_theta": r["glmmTMB"]["se_logtheta"]}
    yield file, "nb2", "model (glmmTMB)", partial(nb2, covariance="model"), r["coef"] | theta, joint
    yield file, "nb2", "HC0 (sandwich of glm.nb)", partial(nb2, covariance="HC0"), r["coef"] | theta, r["HC0"]

    terms = ["caf", "alc", "stress"]
    file, r = "simdiary_zip_offset_cluster", truth("simdiary_zip_offset_cluster")
    inflated = partial(fit, diary, "y", terms, "zip", exposure="hours", zero_terms=[])
    coef = r["count"] | _prefixed(r["zero"], "", "zero:")
    for covariance, name in (("model", "se"), ("HC0", "sandwich"), ("CR0", "cluster")):
        cluster = "pid" if covariance == "CR0" else None
        fitted = partial(inflated, covariance=covariance, cluster=cluster)
        yield file, "zip", covariance, fitted, coef, _pscl(r[name])

    file, r = "simdiary_zinb_cluster", truth("simdiary_zinb_cluster")
    inflated = partial(fit, diary, "y", terms, "zinb", zero_terms=["caf"])
    coef = r["count"] | _prefixed(r["zero"], "", "zero:") | {"log_theta": log(r["theta"])}
    errors = _pscl(r["se"]) | {"log_theta": r["se_logtheta"]}
    yield file, "zinb", "model", partial(inflated, covariance="model"), coef, errors
    for covariance, name in (("HC0", "sandwich"), ("CR0", "cluster")):
        fitted = partial(inflated, covariance=covariance, cluster="pid" if covariance == "CR0" else None)
        held = partial(_theta_held, fitted, diary, terms, ["caf"], clustered=covariance == "CR0")
        yield file, "zinb", f"{covariance}, theta held", held, coef, _pscl(r[name])


def _other_outcomes(diary: pl.DataFrame, survey: pl.DataFrame) -> Iterator[Comparison]:
    file, r = "simdiary_gee_poisson_exchangeable", truth("simdiary_gee_poisson_exchangeable")
    gee = partial(fit, diary, "y", list(r["coef"])[1:], "gee-poisson", groups="pid")
    for covariance, name in (("model", "se_naive"), ("CR0", "se")):
        errors = dict(zip(r["coef"], r[name], strict=True))
        yield file, "gee-poisson", covariance, partial(gee, covariance=covariance), r["coef"], errors
    file, r = "simdiary_gee_nb_exchangeable_own", truth("simdiary_gee_nb_exchangeable_own")["poisson_nodf"]
    yield file, "gee-poisson", "CR0", partial(gee, covariance="CR0"), r["coef"], r["se"]

    r = truth("simsurvey_clm")
    fitted = partial(fit, survey, "cat", SURVEY_TERMS, "ordered", covariance="model")
    yield "simsurvey_clm", "ordered", "model", fitted, r["coef"], r["se"]

    r = truth("simdiary_clogit")
    some = diary.with_columns(any=pl.col("y") > 0)
    fitted = partial(fit, some, "any", list(r["coef"]), "fe-logit", groups="pid", covariance="model")
    yield "simdiary_clogit", "fe-logit", "model", fitted, r["coef"], r["se"]


def _small_samples() -> Iterator[Comparison]:
    people, r = data("survey60").with_columns(n=30), truth("survey60_brglm2_as_mean")
    terms = ["caf", "alc", "stress", "age", "sex", "rare"]
    fits = {"logit": ("binomial", "any"), "cloglog": ("cloglog", "any"), "cloglog_30": ("cloglog", ("k", "n"))}
    for name, (family, outcome) in fits.items():
        fitted = partial(fit, people, outcome, terms, family, covariance="model", bias_reduced=True)
        reduced = f"{family}, bias-reduced"
        yield "survey60_brglm2_as_mean", reduced, f"model ({name})", fitted, r[name]["coef"], r[name]["se"]
    # VGAM inverts the expected information, so its errors are others.
    fitted = partial(fit, people, ("k", "k"), terms[:-1], "beta-binomial", maximum=30, covariance="model")
    yield "survey60_betabinomial", "beta-binomial", "model", fitted, truth("survey60_betabinomial")["coef"], {}


def _under_a_design() -> Iterator[Comparison]:
    file, r = "simdesign_survey", truth("simdesign_survey")
    answers = data("simdesign").with_columns(some=pl.col("answer") > 0)
    under = partial(
        fit, answers, terms=["x", "z", "age"], covariance="design", weights="w", strata="stratum", psu="psu"
    )
    ordered = partial(under, "answer", family="ordered")
    logit = partial(under, "some", family="binomial", df="residual")
    yield file, "ordered", "design (svyolr)", ordered, r["svyolr"]["coef"], r["svyolr"]["se"]
    yield file, "binomial", "design (svyglm)", logit, r["svyglm"]["coef"], r["svyglm"]["se"]


def _pscl(errors: dict[str, float]) -> dict[str, float]:
    return _prefixed(_prefixed(errors, "count_", ""), "zero_", "zero:")


def _prefixed(values: dict[str, float], old: str, new: str) -> dict[str, float]:
    return {new + k.removeprefix(old) if k.startswith(old) else k: v for k, v in values.items()}


def _theta_held(
    fitted: Callable[[], Fit], frame: pl.DataFrame, terms: list[str], zero_terms: list[str], *, clustered: bool
) -> Fit:
    """Return the fit with the sandwich of R's `sandwich` for a `zeroinfl` with theta, without theta's score.

    `fit` keeps it in, as theta and the zero part are not orthogonal; on these data that alone moves errors of the
    zero part by a quarter. The scores and the bread are the same, which is what this compares.
    """
    roles = Roles(("y",), tuple(terms), tuple(zero_terms), cluster="pid")
    sample = draw_sample(frame, roles, "whole", within=False)
    columns, problem = _columns(sample, roles, FAMILIES["zinb"])
    estimation, p = estimate_zinb(problem), len(columns.names)
    scores = estimation.scores[:, :p]
    if clustered:
        scores = group_sums(scores, sample.cluster, int(sample.cluster.max()) + 1)
    half = columns.back @ np.linalg.inv(estimation.information)[:p, :p] @ scores.T
    return replace(fitted(), vcov=half @ half.T)


def agreement() -> pl.DataFrame:
    """Return file, family, covariance and the largest relative differences (null where R's file has none)."""
    rows = []
    for file, family, covariance, make, coef, errors in comparisons():
        fitted = make()
        ours = numbers(fitted, "estimate", coef), numbers(fitted, "std_error", errors)
        rows.append((file, family, covariance, _apart(ours[0], coef), _apart(ours[1], errors)))
    return pl.DataFrame(rows, schema=["file", "family", "covariance", "coef", "std_error"], orient="row")


def numbers(fitted: Fit, column: str, theirs: dict[str, float]) -> dict[str, float]:
    """Return a column of `tidy` by term, with log_theta, which is in `info`, where R's file has it."""
    tidy = fitted.tidy()
    ours = dict(zip(tidy["term"], tidy[column], strict=True))
    if "log_theta" in theirs:
        ours["log_theta"] = fitted.info["log_theta" if column == "estimate" else "log_theta_std_error"]
    return ours


def _apart(ours: dict[str, float], theirs: dict[str, float]) -> float | None:
    if not theirs:
        return None
    if ours.keys() != theirs.keys():
        msg = f"terms differ: {sorted(ours.keys() ^ theirs.keys())}"
        raise ValueError(msg)
    return max(abs(ours[name] / value - 1) for name, value in theirs.items())


def sources(files: Iterable[str]) -> dict[str, str]:
    """Return how R made each file, as README.md says it."""
    told = {}
    for line in (HERE / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            name, what = line.strip("| ").replace("\\|", "|").split(" | ", 1)
            whole = "simdiary_glmmTMB" if "glmmTMB" in name else None  # one line tells of three files by their ends
            told |= {file: what for file in files if f"`{file}.json`" in name or (whole and file.startswith(whole))}
    return told


def everything() -> pl.DataFrame:
    """Return the same table with the fits of the other scripts: mixed models, and all that is no `fit`."""
    mixed = runpy.run_path(str(HERE / "agreement_mixed.py"))["mixed_rows"]()
    others = (runpy.run_path(str(HERE / f"agreement_{name}.py"))["comparisons"]() for name in ("rest", "diary"))
    split = (
        (file, what, "", *((None, apart) if "errors" in what else (apart, None)))
        for file, what, apart in chain.from_iterable(others)
    )
    made = agreement()
    return pl.concat([made, *(pl.DataFrame(list(rows), schema=made.schema, orient="row") for rows in (mixed, split))])


if __name__ == "__main__":
    pl.Config(
        tbl_rows=-1,
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
        fmt_str_lengths=40,
        tbl_width_chars=120,
    )
    table = everything()
    print(table.sort("file", maintain_order=True))
    print(f"{table['file'].n_unique()} files of R; the largest differences in each are:")
    print(table.group_by("file").agg(pl.col("coef", "std_error").max()).sort("file"))
    print("made in R by:")
    for file, what in sorted(sources(table["file"].unique()).items()):
        print(f"  {file}: {what}")
