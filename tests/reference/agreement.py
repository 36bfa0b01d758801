"""How closely `fit` agrees with R: `python tests/reference/agreement.py` prints one table.

Each row is one fit of the simulated data beside this file; the two last columns are the largest relative
difference from R over the coefficients and over the standard errors.
"""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from hypnic.analysis.fitting import Fit, fit

Comparison = tuple[str, str, str, Fit, dict[str, float], dict[str, float]]
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
    """Yield file, family, covariance, our fit, R's coefficients and R's standard errors."""
    diary, survey = data("simdiary").with_columns(weight=1.0), data("simsurvey")

    file, r = "simdiary_poisson_offset", truth("simdiary_poisson_offset")
    offset = partial(fit, diary, "y", ["caf", "alc", "stress"], "poisson", exposure="hours")
    yield file, "poisson", "model", offset(covariance="model"), r["coef"], r["se"]
    for covariance, name in OFFSET_COVARIANCES:
        cluster = "pid" if covariance.startswith("CR") else None
        design = {"weights": "weight", "psu": "pid"} if covariance == "design" else {}
        fitted = offset(covariance=covariance, cluster=cluster, **design)
        yield file, "poisson", f"{covariance} ({name})", fitted, r["coef"], r["robust"][name]

    for table, terms in (("simdiary", ["caf", "alc", "stress"]), ("constgroups", ["x"])):
        file, r = f"{table}_fepoisson", truth(f"{table}_fepoisson")
        within = partial(fit, data(table), "y", terms, "fe-poisson", groups="pid")
        for covariance, name in (("model", "se"), ("HC0", "se_HC0"), ("CR0", "se_cluster_HC0")):
            fitted = within(covariance=covariance, cluster="pid" if covariance == "CR0" else None)
            yield file, "fe-poisson", covariance, fitted, r["coef"], r[name]

    r = truth("simsurvey_intcens")["nb2"]
    fitted = fit(survey, ("lo", "hi"), SURVEY_TERMS, "interval-nb2", covariance="model")
    yield "simsurvey_intcens", "interval-nb2", "model", fitted, r["coef"], r["se"]

    # R's glm stopped one iteration early here; repeating its last one gives its errors to 1e-14.
    fitted = fit(survey, "y", SURVEY_TERMS, "poisson", covariance="HC0")
    yield "simsurvey_ame", "poisson", "HC0", fitted, {}, truth("simsurvey_ame")["HC0_coef_se"]


def agreement() -> pl.DataFrame:
    """Return file, family, covariance and the largest relative differences (null where R's file has none)."""
    rows = []
    for file, family, covariance, fitted, coef, errors in comparisons():
        tidy = fitted.tidy()
        estimates = dict(zip(tidy["term"], tidy["estimate"], strict=True))
        std_errors = dict(zip(tidy["term"], tidy["std_error"], strict=True))
        if "log_theta" in fitted.info:
            estimates["log_theta"] = fitted.info["log_theta"]
            std_errors["log_theta"] = fitted.info["log_theta_std_error"]
        rows.append((file, family, covariance, _apart(estimates, coef), _apart(std_errors, errors)))
    return pl.DataFrame(rows, schema=["file", "family", "covariance", "coef", "std_error"], orient="row")


def _apart(ours: dict[str, float], theirs: dict[str, float]) -> float | None:
    if not theirs:
        return None
    if ours.keys() != theirs.keys():
        msg = f"terms differ: {sorted(ours.keys() ^ theirs.keys())}"
        raise ValueError(msg)
    return max(abs(ours[name] / value - 1) for name, value in theirs.items())


if __name__ == "__main__":
    pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True, fmt_str_lengths=40)
    print(agreement())
