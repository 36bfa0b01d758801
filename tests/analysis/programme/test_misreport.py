"""Doses told with an error: the ratio without it, against diaries whose true doses are known."""

from __future__ import annotations

import numpy as np
import pytest
from nights import Floats, Night, asked, lived, only

from hypnic.analysis.programme.misreport import DECLARED, rows, simex

SLOPE, ERROR = 0.3, 0.4


def poured(rng: np.random.Generator, own: Floats, _before: Night) -> Night:
    """Let the true dose act, and tell another; half the evenings are dry."""
    n = len(own)
    true = np.where(rng.random(n) < 0.5, rng.gamma(4, 0.5, n), 0)
    told = true * np.exp(ERROR * rng.normal(size=n) - ERROR**2 / 2)
    return {"alcohol_g": 10 * told, "jerk_count": rng.poisson(np.exp(own - 0.2 + SLOPE * true)).astype(float)}


@pytest.fixture(scope="module")
def drinks() -> object:
    return asked(lived(poured, persons=500), "alcohol")


def test_a_ratio_pulled_to_one_by_the_error_comes_most_of_the_way_back(drinks) -> None:
    plain, (estimate, error) = drinks.fit().params[0], simex(drinks, ERROR)
    assert plain < 0.85 * SLOPE
    assert abs(estimate - SLOPE) < abs(plain - SLOPE) / 2
    assert error > drinks.but(covariance="CR1S").fit().contrast({"alcohol": 1})["std_error"][0]


def test_no_error_changes_nothing(drinks) -> None:
    plain = drinks.but(covariance="CR1S").fit().contrast({"alcohol": 1})
    estimate, error = simex(drinks, 0.0, draws=2)
    assert estimate == pytest.approx(plain["estimate"][0], rel=1e-8)
    assert error == pytest.approx(plain["std_error"][0], rel=1e-8)


def test_drinks_alone_have_a_row_and_it_tells_the_declared_error() -> None:
    found = list(rows(lived(poured, persons=60)))
    assert [row["exposure"] for row in found] == list(DECLARED)
    assert only(found, exposure="alcohol")["unit"] == "10 g ethanol, told with an error of 25%"
    assert only(found, exposure="alcohol")["df"] is None
