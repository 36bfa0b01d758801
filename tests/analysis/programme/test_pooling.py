"""Rubin's rules against numbers worked out by hand."""

from __future__ import annotations

from fractions import Fraction
from math import inf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, t

from hypnic.analysis.programme.pooling import pool


def test_three_sets_pool_to_the_fractions_of_the_formulas() -> None:
    """Estimates 1, 2, 3 with variances 1: within 1, between 1, so 1 + 4/3, and 20 degrees of freedom are cut."""
    pooled = pool(np.array([1.0, 2.0, 3.0]), np.ones(3), df=20)
    total, share = Fraction(7, 3), Fraction(4, 7)
    of_sets, of_rows = 2 / share**2, Fraction(21, 23) * 20 * (1 - share)
    df = of_sets * of_rows / (of_sets + of_rows)
    assert pooled.estimate == 2
    assert pooled.std_error**2 == pytest.approx(float(total))
    assert pooled.df == pytest.approx(float(df))
    assert pooled.missing_information == pytest.approx(float((Fraction(4, 3) + 2 / (df + 3)) / total))


def test_limits_and_p_are_students() -> None:
    pooled = pool(np.array([1.0, 2.0, 3.0]), np.ones(3), df=20)
    assert pooled.limits == pytest.approx(t.interval(0.95, pooled.df, 2, pooled.std_error))
    assert pooled.p_value == pytest.approx(2 * t.sf(2 / pooled.std_error, pooled.df))


def test_an_endless_sample_keeps_the_degrees_of_freedom_of_rubin() -> None:
    assert pool(np.array([1.0, 2.0, 3.0]), np.ones(3)).df == pytest.approx(2 / (4 / 7) ** 2)


def test_sets_that_agree_lose_nothing() -> None:
    pooled = pool(np.full(20, 0.5), np.full(20, 0.04))
    assert (pooled.std_error, pooled.df, pooled.missing_information) == (pytest.approx(0.2), inf, 0)
    assert pooled.limits == pytest.approx(norm.interval(0.95, 0.5, 0.2))


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=30), st.floats(0.01, 4), st.integers(2, 10_000))
def test_gaps_never_add_information(estimates: list[float], variance: float, df: int) -> None:
    pooled = pool(np.array(estimates), np.full(len(estimates), variance), df)
    assert pooled.std_error >= variance**0.5 * (1 - 1e-12)
    assert 0 < pooled.df <= df
    assert 0 <= pooled.missing_information < 1 + 1e-12
