"""The test that one slope serves every threshold."""

import numpy as np
import polars as pl
import pytest
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from hypnic.analysis.programme.proportionality import proportional_odds
from hypnic.errors import HypnicError


def answers(seed=1, n=800, twist=0.0):
    """Simulate answers 0 to 3; `twist` adds a slope that grows with the threshold."""
    rng = np.random.default_rng(seed)
    x, shift = rng.normal(size=n), rng.choice(["early", "late", "none"], n)
    latent = rng.logistic(size=n)
    cuts = np.array([-1.0, 0.5, 2.0])[None, :] - x[:, None] * (0.5 + twist * np.arange(3))[None, :]
    answer = (latent[:, None] > cuts).sum(axis=1)
    return pl.DataFrame({"x": x, "shift": shift, "answer": answer, "pid": np.arange(n) // 4})


def test_it_is_the_wald_test_of_the_stacked_binary_logits():
    """Stack the cuts, one row a person and cut, with their own slopes, and cluster by person."""
    frame = answers()
    x, y = frame["x"].to_numpy(), frame["answer"].to_numpy()
    stacked = np.zeros((3 * len(x), 6))
    for cut in range(3):
        stacked[cut * len(x) : (cut + 1) * len(x), 2 * cut : 2 * cut + 2] = np.column_stack([np.ones(len(x)), x])
    outcome = np.concatenate([(y > cut).astype(float) for cut in range(3)])
    fitted = GLM(outcome, stacked, family=Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": np.tile(np.arange(len(x)), 3), "use_correction": False}
    )
    wald = fitted.wald_test(np.array([[0, -1, 0, 1, 0, 0], [0, -1, 0, 0, 0, 1]]), use_f=False, scalar=True)
    row = proportional_odds(frame, "answer", ["x"]).row(0, named=True)
    assert (row["statistic"], row["p_value"]) == pytest.approx((wald.statistic, wald.pvalue), rel=1e-6)


def test_there_is_a_row_a_term_and_one_for_all():
    table = proportional_odds(answers(), "answer", ["x", "shift"])
    assert table["term"].to_list() == ["x", "shift", "all terms"]
    assert table["df"].to_list() == [2, 4, 6]


def test_a_slope_that_grows_with_the_threshold_is_found_and_another_is_not():
    assert proportional_odds(answers(twist=0.5), "answer", ["x"])["p_value"][0] < 1e-6
    even = [proportional_odds(answers(seed), "answer", ["x"])["p_value"][0] for seed in range(20)]
    assert 0.2 < np.mean(even) < 0.8


def test_clusters_widen_the_comparison():
    frame = answers()
    copies = pl.concat([frame.with_columns(person=pl.int_range(pl.len()))] * 3)
    one, tripled = proportional_odds(frame, "answer", ["x"]), proportional_odds(copies, "answer", ["x"], "person")
    np.testing.assert_allclose(tripled["statistic"], one["statistic"], rtol=1e-8)


def test_two_levels_are_refused():
    with pytest.raises(HypnicError, match="'two' has two levels"):
        proportional_odds(answers().with_columns(two=pl.col("answer").clip(0, 1)), "two", ["x"])


def test_a_level_too_rare_for_a_logit_of_its_own_is_named():
    rare = answers().with_columns(
        rare=pl.when(pl.int_range(pl.len()) == 0).then(4).otherwise("answer"), half=pl.int_range(pl.len()) % 2
    )
    with pytest.raises(HypnicError, match="between levels '3' and '4', the outcome is zero in every row with 'half'"):
        proportional_odds(rare, "rare", ["half"])
