"""Products of an exposure and what may change its ratio."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from hypnic.analysis import Question, estimands, fit, study
from hypnic.analysis.programme import interactions
from hypnic.analysis.programme.interactions import excess, fit_interaction
from hypnic.analysis.studies import instruments
from hypnic.analysis.studies.instrument import Interaction
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.survey import SURVEY
from hypnic.errors import HypnicError

STRESS = replace(estimands("survey")[2], adjustment=("sex_at_birth",))
BY_COFFEE = Interaction("stress", "caffeine_usual_mg", "100 mg of caffeine a day", 100)
BY_SEX = Interaction("stress", "sex_at_birth", "male sex", level="male")


def people(n: int = 4000, *asked: Interaction) -> AnalysisSet:
    """Synthetic people: 1.1 for two points of stress without coffee, and 1.05 times that for each 100 mg."""
    rng = np.random.default_rng(11)
    stress, coffee = rng.integers(0, 9, n), 100.0 * rng.integers(0, 5, n)
    ratio = 1.1 ** (stress / 2) * 1.03 ** (coffee / 100) * 1.05 ** (stress / 2 * coffee / 100)
    frame = pl.DataFrame(
        {
            "id": range(n),
            "stress_usual_0_10": stress,
            "caffeine_usual_mg": coffee,
            "sex_at_birth": rng.choice(["female", "male"], n),
            "nights": rng.binomial(30, 1 - np.exp(-0.1 * ratio)),
            "of": [30] * n,
        }
    )
    instrument = replace(SURVEY, interactions=asked, claimed=())
    return AnalysisSet(instrument, frame, "id", ("nights", "of"), (STRESS,))


def test_the_product_is_the_ratio_of_ratios_that_the_data_were_drawn_with() -> None:
    line = fit_interaction(Question(people(), STRESS), BY_COFFEE).contrast({"product": 1}).row(0, named=True)
    assert line["conf_low"] < np.log(1.05) < line["conf_high"]
    assert line["std_error"] < 0.02


def test_a_product_with_a_yes_or_no_is_the_ratio_of_two_groups_fitted_apart() -> None:
    data = people()
    together = fit_interaction(Question(data, replace(STRESS, adjustment=())), BY_SEX)
    slopes = []
    for sex in ("male", "female"):
        frame = data.frame.filter(sex_at_birth=sex).with_columns(pl.col("stress_usual_0_10") / 2)
        slopes.append(fit(frame, data.outcome, ["stress_usual_0_10"], "cloglog").params[1])
    assert together.contrast({"product": 1})["estimate"].item() == pytest.approx(slopes[0] - slopes[1], rel=1e-6)


def test_the_excess_is_counted_from_the_four_rates_of_two_yes_or_no_questions() -> None:
    counts = {(0, 0): 40, (1, 0): 60, (0, 1): 80, (1, 1): 160}
    cells = pl.DataFrame([(a, b, a * b, events, 100.0) for (a, b), events in counts.items() for _ in range(3)],
                         schema=["a", "b", "ab", "y", "nights"], orient="row")  # fmt: skip
    fitted = fit(cells, "y", ["a", "b", "ab"], "poisson", exposure="nights", covariance="model")
    line = excess(fitted, "a", "b", "ab").row(0, named=True)
    assert line["estimate"] == pytest.approx(160 / 40 - 60 / 40 - 80 / 40 + 1)
    # With a parameter for each cell the delta method is one of four independent counts.
    n00, n10, n01, n11 = (3 * counts[cell] for cell in counts)
    variance = (n11**2 / n11 + n10 + n01 + (n11 - n10 - n01) ** 2 / n00) / n00**2
    assert line["std_error"] == pytest.approx(variance**0.5, rel=1e-6)


def test_rates_that_add_up_have_no_excess() -> None:
    cells = pl.DataFrame([(a, b, a * b, 40 + 20 * a + 40 * b) for a in (0, 1) for b in (0, 1) for _ in range(3)],
                         schema=["a", "b", "ab", "y"], orient="row")  # fmt: skip
    fitted = fit(cells, "y", ["a", "b", "ab"], "poisson", covariance="model")
    line = excess(fitted, "a", "b", "ab").row(0, named=True)
    assert line["estimate"] == pytest.approx(0, abs=1e-9)
    assert fitted.contrast({"ab": 1})["estimate"].item() < 0  # and still they do not multiply


def test_each_interaction_has_a_row_on_each_scale_that_has_a_meaning() -> None:
    data = people(4000, BY_COFFEE, replace(BY_SEX, joint=False))
    table = pl.DataFrame(list(interactions.rows(data)), infer_schema_length=None)
    assert table["scale"].to_list() == ["IRR", "difference", "IRR"]
    assert table["unit"].to_list()[0] == "2 points of 0-10, by 100 mg of caffeine a day"
    assert set(table["role"]) == {"exploratory"}
    assert set(table["status"]) == {"estimated"}


def test_a_modifier_that_nobody_has_is_said_in_the_row(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "hypnic.analysis")
    data = people(4000, BY_COFFEE)
    empty = replace(data, frame=data.frame.with_columns(caffeine_usual_mg=pl.lit(None, pl.Float64)))
    (row,) = interactions.rows(empty)
    assert (row["status"], row["reason"]) == ("not_estimable", "unanswered")
    assert "nobody answered caffeine_usual_mg" in caplog.text


def test_every_modifier_is_a_column_of_its_table() -> None:
    for data in study("demo").sets:
        for asked in data.instrument.interactions:
            assert asked.modifier in data.frame.columns
            assert asked.level is None or asked.level in data.frame[asked.modifier]


def test_a_pair_that_fewer_than_ten_persons_have_is_not_published() -> None:
    few = people(60)
    rare = few.frame.with_columns(sex_at_birth=pl.Series(["male"] * 5 + ["female"] * 55))
    with pytest.raises(HypnicError, match="fewer than 10 persons have both stress and male sex"):
        fit_interaction(Question(replace(few, frame=rare), STRESS), BY_SEX)


def test_what_the_claims_name_beside_the_five_is_asked_too() -> None:
    for instrument in instruments().values():
        assert {row.exposure for row in instrument.claimed} <= {row.exposure for row in instrument.interactions}
