"""How closely what is made of fits agrees with R: `python tests/reference/agreement_rest.py` prints one table.

The last column is the largest relative difference from R's numbers. R's `glm` stopped its spline fit one iteration
early; tests/analysis/test_splines.py shows that its errors, gone to the end, are ours to 1e-8.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from statsmodels.stats.multitest import multipletests

from hypnic.analysis import fit
from hypnic.analysis.checks.envelopes import nb2_limits
from hypnic.analysis.programme.differences import average_difference
from hypnic.analysis.programme.evalues import e_value
from hypnic.analysis.programme.raking import rake
from hypnic.analysis.programme.splines import restricted_cubic
from hypnic.analysis.question.tests import wald
from hypnic.analysis.regression.contrasts import delta_line

HERE = Path(__file__).parent
TERMS = ["caf", "alc", "stress", "debt", "age", "sex"]
METHODS = {"holm": "holm", "BH": "fdr_bh"}  # R's name, statsmodels': those in use


def truth(name: str) -> dict[str, Any]:
    """Return R's numbers."""
    return dict(json.loads((HERE / f"{name}.json").read_text("utf-8")))


def apart(ours: ArrayLike, theirs: ArrayLike) -> float:
    """Return the largest relative difference."""
    return float(np.abs(np.asarray(ours) / np.asarray(theirs) - 1).max())


def comparisons() -> Iterator[tuple[str, str, float]]:
    """Yield file, what was compared, and the largest relative difference."""
    age = pl.when(pl.col("age") < 35).then(pl.lit("18-34")).when(pl.col("age") < 55).then(pl.lit("35-54"))
    survey = pl.read_csv(HERE / "simsurvey.csv").with_columns(ageg=age.otherwise(pl.lit("55+")))

    r = truth("simsurvey_spline")
    basis = restricted_cubic(survey["caf"].to_numpy(), r["knots"])
    bends = ["s1", "s2", "s3"]
    curved = survey.with_columns(pl.Series(name, column) for name, column in zip(bends, basis.T, strict=True))
    fitted = fit(curved, "y", [*bends, *TERMS[1:]], "poisson", covariance="HC0")
    grid = restricted_cubic(np.array(r["grid"], dtype=float), r["knots"])
    yield "simsurvey_spline", "coefficients", apart(fitted.params, list(r["rcs"]["coef"].values()))
    yield "simsurvey_spline", "HC0 errors", apart(fitted.tidy()["std_error"], list(r["rcs"]["HC0"].values()))
    yield "simsurvey_spline", "curve", apart(((grid - grid[0]) @ fitted.params[1:4])[1:], r["rcs"]["log_irr_vs_0"][1:])
    for test, terms in {"overall": bends, "nonlinear": bends[1:]}.items():
        expected = r["rcs"][f"wald_{test}_HC0"]["chi2"]
        yield "simsurvey_spline", f"Wald chi2, {test}", apart(wald(fitted, terms).statistic, expected)

    r = truth("simsurvey_rake")
    weights = rake(survey, r["margins"])
    raked = survey.with_columns(w=pl.Series(weights))
    fitted = fit(raked, "y", TERMS, "poisson", weights="w", covariance="design")
    yield "simsurvey_rake", "weights", apart(weights, r["weights"])
    yield "simsurvey_rake", "svyglm coefficients", apart(fitted.params, list(r["svyglm"]["coef"].values()))

    r = truth("simsurvey_ame")["plus1"]
    fitted = fit(survey, "y", TERMS, "poisson", covariance="HC0")
    sex = (pl.col("sex") == "M").cast(pl.Float64)
    before = survey.select(pl.lit(1.0), *TERMS[:-1], sex).to_numpy()
    lines = [
        delta_line(
            fitted,
            *average_difference(fitted.params, before, before + (np.arange(7) == place), np.ones(survey.height)),
        ).row(0, named=True)
        for place, _ in enumerate(r, 1)
    ]
    yield "simsurvey_ame", "one step more", apart([x["estimate"] for x in lines], [x["diff"] for x in r.values()])
    yield "simsurvey_ame", "its HC0 errors", apart([x["std_error"] for x in lines], [x["se_HC0"] for x in r.values()])

    r = truth("simsurvey_nb_rqr")
    male = (pl.col("sex") == "M").cast(pl.Float64)
    matrix = survey.select(pl.lit(1.0), *TERMS[:-1], male).to_numpy()
    fitted = fit(survey, "y", TERMS, "nb2", covariance="HC0")
    limits = nb2_limits(survey["y"].to_numpy(), np.exp(matrix @ fitted.params), np.exp(fitted.info["log_theta"]))
    for found, key in zip(limits, ("u_lo", "u_hi"), strict=True):
        above = np.array(r[key]) > 0
        yield "simsurvey_nb_rqr", f"quantile limits, {key}", apart(found[:50][above], np.array(r[key])[above])

    r = truth("evalue")
    yield "evalue", "E-values", apart([e_value(ratio) for ratio in r["rr"]], r["evalue"])
    r = truth("p_adjust")
    for name, method in METHODS.items():
        yield "p_adjust", name, apart(multipletests(r["p"], method=method)[1], r[name])


if __name__ == "__main__":
    pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True)
    print(pl.DataFrame(list(comparisons()), schema=["file", "what", "apart"], orient="row"))
