"""How closely what is made of fits agrees with R: `python tests/reference/agreement_rest.py` prints one table.

The last column is the largest relative difference from R's numbers. R's `glm` stopped its spline fit one iteration
early; tests/analysis/programme/test_splines.py shows that its errors, gone to the end, are ours to 1e-8.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from scipy.special import stdtrit
from statsmodels.stats.multitest import multipletests

from hypnic.analysis import Fit, fit
from hypnic.analysis.checks.envelopes import nb2_limits
from hypnic.analysis.programme.combining import paule_mandel, random_effects
from hypnic.analysis.programme.differences import average_difference
from hypnic.analysis.programme.evalues import e_value
from hypnic.analysis.programme.raking import rake
from hypnic.analysis.programme.splines import restricted_cubic
from hypnic.analysis.question.tests import wald
from hypnic.analysis.regression.contrasts import delta_line
from hypnic.analysis.regression.hotelling import joint_test
from hypnic.analysis.regression.proportional import threshold_logits

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

    yield from _few_clusters()
    yield from _thresholds()
    yield from _combined()

    r = truth("evalue")
    yield "evalue", "E-values", apart([e_value(ratio) for ratio in r["rr"]], r["evalue"])
    r = truth("p_adjust")
    for name, method in METHODS.items():
        yield "p_adjust", name, apart(multipletests(r["p"], method=method)[1], r[name])


def _few_clusters() -> Iterator[tuple[str, str, float]]:
    """Compare joint tests: F, both degrees of freedom, p and the factor delta."""
    keys, terms = ("Fstat", "df_num", "df_denom", "p_val", "delta"), ["caf", "alc", "stress"]

    def against(r: dict[str, float], fitted: Fit, *tested: list[str]) -> float:
        return apart(joint_test(fitted, *tested), [r[key] for key in keys])

    r = truth("diary40_htz")
    forty = pl.read_csv(HERE / "diary40.csv")
    fitted = fit(forty, "y", terms, "poisson", exposure="hours", cluster="pid", covariance="CR2")
    for name, tested in {"all": terms, "caf_alc": terms[:2]}.items():
        yield "diary40_htz", f"HTZ of {name}, poisson CR2", against(r[name][1], fitted, tested)
    r = truth("simdiary25_htz")
    few = pl.read_csv(HERE / "simdiary.csv").filter(pl.col("pid") <= 25).with_columns(any=pl.col("y") > 0)
    for covariance in ("CR2", "CR3"):
        fitted = fit(few, "any", terms, "binomial", cluster="pid", covariance=covariance)
        yield "simdiary25_htz", f"HTZ, binomial {covariance}", against(r["logit"][covariance]["all"], fitted, terms)
    fitted = fit(few, "y", terms, "fe-poisson", groups="pid", covariance="CR3")
    yield "simdiary25_htz", "HTZ, fe-poisson CR3", against(r["within"]["CR3"]["all"], fitted, terms)
    errors = fitted.tidy()["std_error"]
    yield "simdiary25_htz", "fe-poisson CR3 errors", apart(errors, list(r["within"]["se"].values()))


def _combined() -> Iterator[tuple[str, str, float]]:
    """Compare means, errors and t limits at R's own variance between parts, whose search stops within 1.2e-4."""
    six, r = pl.read_csv(HERE / "combine6.csv"), truth("combine6_metafor_knha")
    effects, variances = six["yi"].to_numpy(), six["vi"].to_numpy()
    for method, theirs in r.items():
        mean, error, df = random_effects(effects, variances, theirs["tau2"], np.full(len(six), np.inf))
        reach = stdtrit(df, 0.975) * error
        ours = [mean, error, mean - reach, mean + reach]
        yield "combine6_metafor_knha", f"knha, {method}", apart(ours, [theirs["est"], theirs["se"], *theirs["ci"]])
    found = paule_mandel(effects, variances)
    yield "combine6_metafor_knha", "Paule-Mandel variance", apart(found, r["PM"]["tau2"])


def _thresholds() -> Iterator[tuple[str, str, float]]:
    terms, r = ["x", "z", "age"], truth("simdesign_survey")
    answers = pl.read_csv(HERE / "simdesign.csv")
    design = {"weights": "w", "strata": "stratum", "psu": "psu"}
    logits = threshold_logits(answers, "answer", terms, covariance="design", **design)
    keys = [f"cut{cut}:{term}" for cut in (1, 2, 3) for term in terms]
    ratios, tests = logits.ratios(), logits.test()[: len(terms)]
    yield (
        "simdesign_survey",
        "thresholds' log ratios",
        apart(ratios["ratio"].log(), [r["stacked"]["coef"][k] for k in keys]),
    )
    yield "simdesign_survey", "thresholds' errors", apart(ratios["std_error"], [r["stacked"]["se"][k] for k in keys])
    for column, key in {"statistic": "F", "p_value": "p"}.items():
        found = apart(tests[column], [r["test"][term][key] for term in terms])
        yield "simdesign_survey", f"proportional odds, {key}", found


if __name__ == "__main__":
    pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True)
    print(pl.DataFrame(list(comparisons()), schema=["file", "what", "apart"], orient="row"))
