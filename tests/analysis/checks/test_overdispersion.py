"""Score tests: equal to statsmodels where it is right, and right where it is not."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.stats import norm
from statsmodels.discrete.discrete_model import Poisson, PoissonResults

from hypnic.analysis.checks.overdispersion import (
    cameron_trivedi,
    dean,
    dean_binomial,
    extra_variance,
    half_chi_square,
    zero_count,
    zero_score,
)

N = 600


def counts(seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(N), rng.normal(size=N)])
    return rng.poisson(np.exp(0.2 + 0.4 * x[:, 1]) * rng.gamma(2, 0.5, N)), x


@pytest.fixture(scope="module")
def fitted() -> PoissonResults:
    return Poisson(*counts()).fit(method="newton", disp=0)


def extra_of(fitted: PoissonResults) -> tuple[np.ndarray, np.ndarray]:
    mean = fitted.predict()
    return extra_variance(fitted.model.endog - mean, mean, np.ones(N), np.zeros(N)), mean


def rows_of(fitted: PoissonResults) -> dict[str, float]:
    table = fitted.get_diagnostic().test_dispersion().summary_frame()
    return dict(zip(table["method"], table["statistic"], strict=True))


def test_dean_and_the_second_form_equal_statsmodels(fitted: PoissonResults) -> None:
    extra, mean = extra_of(fitted)
    table = rows_of(fitted)
    assert dean(extra, mean).statistic == pytest.approx(table["Dean A"], rel=1e-9)
    assert cameron_trivedi(extra, mean, 2).statistic == pytest.approx(table["CT nb2"], rel=1e-9)


def test_the_first_form_is_the_regression_on_a_constant(fitted: PoissonResults) -> None:
    extra, mean = extra_of(fitted)
    assert cameron_trivedi(extra, mean, 1).statistic == pytest.approx(sm.OLS(extra / mean, np.ones(N)).fit().tvalues[0])


def test_statsmodels_still_gives_the_second_form_in_the_row_of_the_first(fitted: PoissonResults) -> None:
    """Fails when statsmodels fixes it: its row may then stand next to ours."""
    table = rows_of(fitted)
    assert table["CT nb1"] == table["CT nb2"]


def test_both_tests_of_zeros_equal_statsmodels(fitted: PoissonResults) -> None:
    y, x = counts()
    mean, none = fitted.predict(), np.exp(-fitted.predict())
    for ours, values, method in ((zero_score, mean, "broek"), (zero_count, none * mean, "prob")):
        shared = x.T @ values
        explained = float(shared @ np.linalg.solve(x.T @ (x * mean[:, None]), shared))
        theirs = fitted.get_diagnostic().test_poisson_zeroinflation(method).statistic
        assert ours(y == 0, none, explained).statistic == pytest.approx(theirs, rel=1e-6)


def test_leverage_makes_up_for_means_that_were_fitted_to_each_person() -> None:
    """Poisson nights, four for each of 100 persons: about their own means they spread by a quarter too little."""
    rng = np.random.default_rng(5)
    person = np.repeat(np.arange(100), 4)
    found: dict[float, list[float]] = {0.0: [], 0.25: []}
    for _ in range(60):
        y = rng.poisson(rng.gamma(5, 1, 100)[person]).astype(float)
        mean = np.maximum(np.bincount(person, y) / 4, 1e-9)[person]
        for leverage, values in found.items():
            values.append(dean(extra_variance(y - mean, mean, np.ones(400), np.full(400, leverage)), mean).statistic)
    assert np.mean(found[0.0]) < -2
    assert np.mean(found[0.25]) == pytest.approx(0, abs=0.4)


def test_shares_that_vary_are_told_from_shares_that_do_not() -> None:
    rng = np.random.default_rng(6)
    trials = np.full(N, 30.0)

    def statistic(share: np.ndarray) -> float:
        k = rng.binomial(30, share)
        fitted = np.full(N, k.mean() / 30)
        extra = extra_variance(k - 30 * fitted, 30 * fitted * (1 - fitted), 1 - 2 * fitted, np.full(N, 1 / N))
        return dean_binomial(extra, fitted, trials).statistic

    assert abs(np.mean([statistic(np.full(N, 0.2)) for _ in range(50)])) < 0.4
    assert statistic(rng.beta(2, 8, N)) > 20


def test_a_ratio_on_its_bound_has_half_the_p_of_a_chi_square() -> None:
    assert half_chi_square(-50, -50 + norm.ppf(0.95) ** 2 / 2).p_value == pytest.approx(0.05)
    assert half_chi_square(-50, -51) == (0, 1)
