"""Design-based errors next to a second implementation: plain loops over the full sample, written from the formula."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import loggamma

from hypnic.analysis.regression.fit import fit
from hypnic.errors import HypnicError

REFERENCE = Path(__file__).parents[2] / "reference"
LINKS = {  # mean, its slope and the variance, by linear predictor
    "poisson": (np.exp, np.exp, lambda mu: mu),
    "binomial": (
        lambda e: 1 / (1 + np.exp(-e)),
        lambda e: np.exp(-e) / (1 + np.exp(-e)) ** 2,
        lambda mu: mu * (1 - mu),
    ),
    "cloglog": (lambda e: 1 - np.exp(-np.exp(e)), lambda e: np.exp(e - np.exp(e)), lambda mu: mu * (1 - mu)),
}
LINKS["quasipoisson"] = LINKS["poisson"]
OUTCOME = {"poisson": "y", "quasipoisson": "y", "binomial": "any", "cloglog": "any"}


def simulated(seed=5):
    """800 persons in 8 strata of 2 or 3 PSUs, numbered 1, 2, 3 afresh in each."""
    rng = np.random.default_rng(seed)
    stratum = rng.integers(10, 18, 800)
    psu = rng.integers(1, np.where(stratum < 14, 3, 4))
    level = rng.gamma(2, 0.5, 72)[stratum * 4 + psu - 1]
    x = rng.normal(size=800) + 0.1 * stratum
    group = rng.choice(["a", "b", "c"], 800)
    y = rng.poisson(np.exp(0.3 * x - 1 + 0.2 * (group == "b")) * level)
    columns = {"stratum": stratum, "psu": psu, "x": x, "group": group, "y": y, "any": (y > 0).astype(int)}
    return pl.DataFrame(columns | {"w": rng.gamma(2, 5000, 800), "old": rng.integers(0, 2, 800)})


def by_hand(frame, family, *, strata="stratum", psu="psu"):
    """Give coefficients, covariance and degrees of freedom of `family` on 1 + x + group, in the rows with old = 1."""
    data = frame.to_dict(as_series=False)
    n = frame.height
    enters = [data["old"][i] == 1 and data["w"][i] > 0 and data["x"][i] is not None for i in range(n)]
    x = np.array([[1.0, data["x"][i] or 0, data["group"][i] == "b", data["group"][i] == "c"] for i in range(n)], float)
    y = np.array(data[OUTCOME[family]], float)
    w = np.where(enters, data["w"], 0.0)
    mean, slope, variance = LINKS[family]
    b = np.zeros(4)
    for _ in range(60):
        eta = x @ b
        mu, d = mean(eta), slope(eta)
        information = (x * (w * d**2 / variance(mu))[:, None]).T @ x
        influence = (w * (y - mu) * d / variance(mu))[:, None] * x
        b = b + np.linalg.solve(information, influence.sum(axis=0))
    z = influence @ np.linalg.inv(information)
    label = [(data[strata][i] if strata else 0, data[psu][i] if psu else i) for i in range(n)]
    total = dict.fromkeys(label, 0.0)
    for i in range(n):
        total[label[i]] = total[label[i]] + z[i]
    vcov = np.zeros((4, 4))
    for stratum in {h for h, _ in total}:
        parts = np.array([total[key] for key in total if key[0] == stratum])
        apart = parts - parts.mean(axis=0)
        vcov += len(parts) / max(len(parts) - 1, 1) * apart.T @ apart
    reached = {label[i] for i in range(n) if enters[i]}
    return b, vcov, len(reached) - len({h for h, _ in reached})


def assert_same(frame, family, strata="stratum", psu="psu"):
    fitted = fit(
        frame, OUTCOME[family], ["x", "group"], family, weights="w", strata=strata, psu=psu, domain="old",
        covariance="design",
    )  # fmt: skip
    b, vcov, df = by_hand(frame, family, strata=strata, psu=psu)
    np.testing.assert_allclose(fitted.params, b, rtol=1e-8)
    np.testing.assert_allclose(fitted.vcov, vcov, rtol=1e-7, atol=1e-12 * vcov.max())
    assert fitted.df == df


@pytest.mark.parametrize("family", LINKS)
def test_a_domain_of_a_stratified_cluster_sample(family):
    assert_same(simulated(), family)


@pytest.mark.parametrize(("strata", "psu"), [("stratum", None), (None, "psu"), (None, None)])
def test_a_design_may_have_no_strata_no_clusters_or_neither(strata, psu):
    assert_same(simulated(), "binomial", strata, psu)


def test_a_psu_that_the_domain_does_not_reach_counts_with_a_total_of_zero_and_not_as_a_degree_of_freedom():
    outside = (pl.col("stratum") == 15) & (pl.col("psu") == 2)
    frame = simulated().with_columns(old=pl.when(outside).then(0).otherwise("old"))
    assert_same(frame, "poisson")
    assert by_hand(frame, "poisson")[2] == by_hand(simulated(), "poisson")[2] - 1


def test_a_stratum_of_which_the_domain_reaches_one_psu_gives_variance_and_no_degree_of_freedom():
    outside = (pl.col("stratum") == 11) & (pl.col("psu") == 2)
    frame = simulated().with_columns(old=pl.when(outside).then(0).otherwise("old"))
    assert_same(frame, "poisson")


def test_a_stratum_without_anyone_of_the_domain_adds_nothing():
    assert_same(simulated().with_columns(old=pl.col("old") * (pl.col("stratum") != 12)), "cloglog")


def test_weights_of_zero_keep_their_psu():
    zero = pl.when((pl.col("stratum") == 13) & (pl.col("psu") == 1)).then(0.0).otherwise("w")
    assert_same(simulated().with_columns(w=zero), "poisson")


def test_missing_values_within_and_outside_the_domain_leave_the_design_whole():
    gone = pl.when(pl.int_range(pl.len()) % 7 == 0).then(None).otherwise("x")
    assert_same(simulated().with_columns(x=gone), "binomial")


def test_one_psu_in_a_stratum_is_an_error_in_the_domain_and_none_outside():
    frame = simulated().filter((pl.col("stratum") != 14) | (pl.col("psu") == 1))
    assert_same(frame.with_columns(old=pl.col("old") * (pl.col("stratum") != 14)), "poisson")
    with pytest.raises(HypnicError, match="stratum 14 of 'stratum' has a single PSU: merge"):
        assert_same(frame, "poisson")


def test_a_domain_in_one_psu_of_each_stratum_has_no_degree_of_freedom():
    with pytest.raises(HypnicError, match="no degree of freedom: widen the domain"):
        assert_same(simulated().with_columns(old=(pl.col("psu") == 1).cast(pl.Int8)), "poisson")


def test_the_scale_of_the_weights_changes_nothing():
    whole, halved = (
        fit(
            simulated().with_columns(pl.col("w") * factor), "any", ["x"], "binomial", weights="w", strata="stratum",
            psu="psu", covariance="design",
        )
        for factor in (1, 0.5)
    )  # fmt: skip
    np.testing.assert_allclose(halved.params, whole.params, rtol=1e-12)
    np.testing.assert_allclose(halved.vcov, whole.vcov, rtol=1e-10)


def interval_nb2(params, x, low, high):
    """Give log P(low <= Y <= high) of NB2 with log mean x b and log theta, in complex arithmetic."""
    mean, theta = np.exp(x @ params[:-1])[:, None], np.exp(params[-1])
    k = np.arange(high.max() + 1)[None, :]
    mass = loggamma(k + theta) - loggamma(theta) - loggamma(k + 1) - (k + theta) * np.log(1 + mean / theta)
    inside = (k >= low[:, None]) & (k <= high[:, None])
    return np.log(np.where(inside, np.exp(mass + k * np.log(mean / theta)), 0).sum(axis=1))


def ordered(params, x, code, levels):
    """Give the log of expit(cut above - x b) - expit(cut below - x b), in complex arithmetic."""
    cuts, slopes = params[: levels - 1], params[levels - 1 :]
    reached = 1 / (1 + np.exp(-(cuts[None, :] - (x @ slopes)[:, None])))
    padded = np.hstack([np.zeros((len(x), 1)), reached, np.ones((len(x), 1))])
    rows = np.arange(len(x))
    return np.log(padded[rows, code + 1] - padded[rows, code])


def linearised(loglik, params, frame):
    """Give score and design covariance at `params`: derivatives by complex steps, then loops over strata and PSUs."""
    weights = (frame["w"] * frame["old"]).to_numpy()

    def scores(at):
        steps = 1e-30j * np.eye(len(at))
        return np.column_stack([loglik(at + step).imag / 1e-30 for step in steps]) * weights[:, None]

    h = 1e-5 * np.eye(len(params))
    information = np.array([(scores(params - e) - scores(params + e)).sum(axis=0) / 2e-5 for e in h])
    z = scores(params) @ np.linalg.inv((information + information.T) / 2)
    labels = list(zip(frame["stratum"], frame["psu"], strict=True))
    vcov = np.zeros((len(params), len(params)))
    for stratum in {h for h, _ in labels}:
        units = sorted({unit for h, unit in labels if h == stratum})
        parts = np.array([z[[label == (stratum, unit) for label in labels]].sum(axis=0) for unit in units])
        vcov += len(units) / (len(units) - 1) * (parts - parts.mean(axis=0)).T @ (parts - parts.mean(axis=0))
    return scores(params).sum(axis=0) / np.abs(scores(params)).sum(axis=0), vcov


def test_the_likelihood_of_answers_in_bands_has_the_linearised_errors_of_svymle():
    band = np.digitize(simulated()["y"], [1, 2, 5])
    low, high = np.array([0, 1, 2, 5])[band], np.array([0, 1, 4, 30])[band]
    frame = simulated().with_columns(lo=low, hi=high)
    fitted = fit(
        frame, ("lo", "hi"), ["x"], "interval-nb2", weights="w", strata="stratum", psu="psu", domain="old",
        covariance="design",
    )  # fmt: skip
    x = np.column_stack([np.ones(frame.height), frame["x"]])
    params = np.append(fitted.params, fitted.info["log_theta"])
    score, vcov = linearised(lambda at: interval_nb2(at, x, low, high), params, frame)
    assert np.abs(score).max() < 1e-9
    np.testing.assert_allclose(fitted.vcov, vcov[:2, :2], rtol=1e-6)
    assert fitted.info["log_theta_std_error"] == pytest.approx(vcov[2, 2] ** 0.5, rel=1e-6)


def test_ordered_answers_have_the_linearised_errors_of_svyolr():
    frame = simulated().with_columns(code=pl.col("y").clip(0, 3))
    fitted = fit(
        frame, "code", ["x"], "ordered", weights="w", strata="stratum", psu="psu", domain="old", covariance="design"
    )
    tidy = dict(zip(fitted.names, fitted.params, strict=True))
    order = [*(name for name in tidy if name != "x"), "x"]
    params = np.array([tidy[name] for name in order])
    x = frame["x"].to_numpy()[:, None]
    score, vcov = linearised(lambda at: ordered(at, x, frame["code"].to_numpy(), 4), params, frame)
    assert np.abs(score).max() < 1e-9
    at = [fitted.names.index(name) for name in order]
    np.testing.assert_allclose(fitted.vcov[np.ix_(at, at)], vcov, rtol=1e-6)


def test_residual_degrees_of_freedom_give_the_limits_of_confint_svyglm():
    """R's `confint.svyglm` takes one degree fewer for each slope than NCHS: 15 - 3 here."""
    r = json.loads((REFERENCE / "simdesign_survey.json").read_text("utf-8"))["svyglm"]
    frame = pl.read_csv(REFERENCE / "simdesign.csv").with_columns(some=pl.col("answer") > 0)
    design = {"weights": "w", "strata": "stratum", "psu": "psu", "covariance": "design"}
    fitted = fit(frame, "some", ["x", "z", "age"], "binomial", df="residual", **design)
    table = fitted.tidy()
    assert fitted.df == r["df_residual"] == 12
    for column, key in {"conf_low": "low", "conf_high": "high", "p_value": "p"}.items():
        np.testing.assert_allclose(table[column], list(r[key].values()), rtol=1e-8)
    nchs = fit(frame, "some", ["x", "z", "age"], "binomial", **design)
    assert nchs.df == 15
    assert (nchs.tidy()["conf_low"] > table["conf_low"]).all()


def test_thresholds_are_one_intercept_to_the_residual_degrees_of_freedom():
    r = json.loads((REFERENCE / "simdesign_survey.json").read_text("utf-8"))["svyolr"]
    frame = pl.read_csv(REFERENCE / "simdesign.csv")
    design = {"weights": "w", "strata": "stratum", "psu": "psu", "covariance": "design"}
    assert fit(frame, "answer", ["x", "z", "age"], "ordered", df="residual", **design).df == r["df_residual"]


def test_residual_degrees_of_freedom_are_refused_where_none_is_left_or_none_is_read():
    frame = pl.read_csv(REFERENCE / "simdesign.csv").filter(pl.col("psu") <= 2)
    design = {"weights": "w", "strata": "stratum", "psu": "psu", "covariance": "design"}
    with pytest.raises(HypnicError, match="3 slopes leave none of 3 degrees of freedom: use df='design'"):
        fit(frame, "answer", ["x", "z", "age"], "ordered", df="residual", **design)
    with pytest.raises(HypnicError, match="df='residual' is read by covariance='design' only"):
        fit(frame, "answer", ["x"], "poisson", df="residual")
    with pytest.raises(HypnicError, match="no df 'R': choose from design, residual"):
        fit(frame, "answer", ["x"], "poisson", df="R")
