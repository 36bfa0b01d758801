"""Whether answers spread more than their model has it, and hold more zeros: one battery for counts, one for shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import poisson

from hypnic.analysis.checks.overdispersion import (
    cameron_trivedi,
    dean,
    dean_binomial,
    extra_variance,
    half_chi_square,
    zero_count,
    zero_score,
)
from hypnic.analysis.regression.interval import estimate_interval_nb2
from hypnic.analysis.regression.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.checks.leverage import Leverage

Finding = tuple[str, float, float | None]


def spread_of_counts(model: Leverage) -> Iterator[Finding]:
    """Check a Poisson model with a level for each person."""
    y, mean = model.fitted.sample.outcome, model.fitted.estimation.fitted
    extra = extra_variance(y - mean, mean, np.ones_like(mean), model.hat)
    yield "overdispersion: Dean", *dean(extra, mean)
    for form in (1, 2):
        yield f"overdispersion: Cameron-Trivedi NB{form}", *cameron_trivedi(extra, mean, form)
    constant = Problem(np.ones((len(y), 1)), np.column_stack([y, y]), np.log(mean), np.ones(len(y)))
    nb2 = estimate_interval_nb2(constant).loglik
    assert nb2 is not None  # noqa: S101
    likelihood = float(np.sum(poisson.logpmf(y, mean)))
    yield "overdispersion: likelihood ratio, NB2 over Poisson", *half_chi_square(likelihood, nb2)
    none = np.exp(-mean)
    yield "zeros: van den Broek", *zero_score(y == 0, none, model.explained(mean))
    yield "zeros: He-Zhang", *zero_count(y == 0, none, model.explained(none * mean))


def spread_of_shares(model: Leverage) -> Iterator[Finding]:
    """Check a binomial model with a complementary log-log link."""
    (k, n), share = model.fitted.sample.outcome.T, model.fitted.estimation.fitted
    extra = extra_variance(k - n * share, n * share * (1 - share), 1 - 2 * share, model.hat)
    yield "overdispersion: Dean", *dean_binomial(extra, share, n)
    rate = -n * np.log1p(-share)
    none = np.exp(-rate)
    yield "zeros: He-Zhang", *zero_count(k == 0, none, model.explained(none * rate))
