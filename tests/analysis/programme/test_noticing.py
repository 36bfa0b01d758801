"""What noticing alone would have to do, against diaries in which it does just that."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from nights import Floats, Night, lived, only

from hypnic.analysis.programme.noticing import BELIEVERS, NEAR, SEEN, drawn, looked_out, oftener_near, rows

OFTENER = 0.3


def seen_by_another(rng: np.random.Generator, own: Floats, _before: Night) -> Night:
    """Let nothing act, but somebody be near more often after late exercise, who sees as many again."""
    late = rng.integers(0, 2, len(own))
    near = rng.random(len(own)) < NEAR + OFTENER * late
    noticed = np.exp(own + 0.5) * np.where(near, 1, 1 / SEEN)
    return {"late_vigorous_exercise": late.astype(float), "jerk_count": rng.poisson(noticed).astype(float)}


def test_the_tipping_point_is_what_was_done_to_the_diaries() -> None:
    found = list(rows(lived(seen_by_another, persons=1500)))
    row = only(found, exposure="exercise", variant="somebody-near")
    assert row["estimate"] == pytest.approx(OFTENER, abs=0.05)
    assert row["scale"] == "tipping-point"
    assert only(found, exposure="exercise", variant="somebody-near-limit")["estimate"] < row["estimate"]


def test_a_ratio_whose_limits_hold_one_has_no_limit_to_bring_there() -> None:
    variants = {row["variant"] for row in rows(lived(lambda *_: {}, seed=3)) if row["exposure"] == "stress"}
    assert variants == {"noticing-prior", "somebody-near", "believers"}


@pytest.mark.parametrize("ratio", [0.9, 1.02, 1.3])
def test_noticing_of_the_size_that_is_told_makes_the_ratio(ratio: float) -> None:
    near = NEAR + oftener_near(ratio)
    assert (1 + (SEEN - 1) * near) / (1 + (SEEN - 1) * NEAR) == pytest.approx(ratio)
    assert 1 - BELIEVERS + BELIEVERS * looked_out(ratio) == pytest.approx(ratio)


def test_more_than_every_night_is_out_of_reach() -> None:
    def strong(rng: np.random.Generator, own: Floats, _before: Night) -> Night:
        stress = rng.normal(size=len(own))
        return {"stress_0_10": 2 * stress, "jerk_count": rng.poisson(np.exp(own + 0.6 * stress)).astype(float)}

    row = only(list(rows(lived(strong))), exposure="stress", variant="somebody-near")
    assert (row["status"], row["reason"], row["estimate"]) == ("not_estimable", "out_of_reach", None)


def test_stated_guesses_widen_an_interval_and_move_it_down() -> None:
    low, middle, high = np.quantile(drawn(0.2, 0.05), (0.025, 0.5, 0.975))
    assert middle < exp(0.2)
    assert np.log(high / low) > 2 * 1.96 * 0.05
