"""The half-panel jackknife against its definition: three fits, combined."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.programme.halfpanel import half_panel
from hypnic.analysis.regression.fit import fit

TERMS = ["loss_h", "free"]


@pytest.fixture(scope="module")
def nights() -> pl.DataFrame:
    """Simulate 80 persons x 9 nights with their own level, a gap here and there."""
    rng = np.random.default_rng(11)
    person = np.repeat(np.arange(80), 9)
    loss, free = rng.normal(size=720), rng.integers(0, 2, 720)
    jerks = rng.poisson(rng.gamma(2, 0.5, 80)[person] * np.exp(0.1 * loss))
    frame = pl.DataFrame({"person": person, "night": np.tile(np.arange(9), 80), "jerks": jerks, "free": free})
    return frame.with_columns(loss_h=pl.when(pl.Series(rng.random(720) > 0.1)).then(pl.Series(loss)))


def alone(nights: pl.DataFrame, covariance: str = "CR3") -> np.ndarray:
    return fit(nights, "jerks", TERMS, "fe-poisson", groups="person", cluster="person", covariance=covariance).params


def test_it_is_twice_the_whole_minus_the_mean_of_the_halves(nights) -> None:
    complete = nights.drop_nulls()
    place, size = pl.int_range(pl.len()).over("person"), pl.len().over("person")
    early, late = complete.filter(2 * place < size), complete.filter(2 * place >= size)
    expected = 2 * alone(nights) - (alone(early) + alone(late)) / 2
    np.testing.assert_allclose(half_panel(nights, "jerks", TERMS, "person", "night").params, expected, rtol=1e-7)


def test_halves_that_are_alike_leave_the_estimate_and_its_error_as_they_are(nights) -> None:
    again = pl.concat([nights, nights.with_columns(pl.col("night") + 9)])
    whole = fit(again, "jerks", TERMS, "fe-poisson", groups="person", cluster="person", covariance="CR0")
    halves = half_panel(again, "jerks", TERMS, "person", "night", covariance="CR0")
    np.testing.assert_allclose(halves.params, whole.params, rtol=1e-7)
    np.testing.assert_allclose(halves.vcov, whole.vcov, rtol=1e-6)


def test_the_order_of_rows_changes_nothing(nights) -> None:
    shuffled = nights.sample(fraction=1, shuffle=True, seed=3)
    plain, other = (half_panel(frame, "jerks", TERMS, "person", "night").tidy() for frame in (nights, shuffled))
    np.testing.assert_allclose(other["std_error"], plain["std_error"], rtol=1e-9)


def test_it_tells_of_the_persons_and_nights_of_the_whole(nights) -> None:
    whole = fit(nights, "jerks", TERMS, "fe-poisson", groups="person", cluster="person", covariance="CR3").info
    halves = half_panel(nights, "jerks", TERMS, "person", "night").info
    assert [halves[key] for key in ("n_rows", "n_groups", "n_dropped")] == [
        whole[key] for key in ("n_rows", "n_groups", "n_dropped")
    ]
    assert halves["converged"]
    assert halves["loglik"] is None
