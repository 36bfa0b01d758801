"""Popular sayings as data, and the written rule that judges them."""

from __future__ import annotations

from math import exp

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given

from hypnic.analysis.claims import judged, sayings
from hypnic.analysis.claims.certainty import certainty
from hypnic.analysis.claims.saying import Evidence, Expectation
from hypnic.analysis.claims.verdict import RATIO, SMALLEST, together, verdict

FOUND = {"status": "estimated", "scale": "IRR", "outcome": "jerk_count", "p_value": 0.01}
MORE, LESS = Expectation.read("+"), Expectation.read("-")
logs = st.floats(-2, 2)


def ratio(low: float, high: float) -> dict[str, object]:
    return FOUND | {"conf_low": low, "conf_high": high}


def share(low: float, high: float) -> dict[str, object]:
    return FOUND | {"scale": "share", "conf_low": low, "conf_high": high, "p_value": None}


def test_there_are_154_sayings_and_each_has_a_test_or_a_reason_for_none() -> None:
    told = sayings()
    assert len({one.id for one in told}) == 154
    assert [one.id for one in told if bool(one.tests) == bool(one.why_none)] == []


def test_a_part_or_a_substitute_is_told_only_of_a_table_that_has_a_test_or_has_none() -> None:
    for one in sayings():
        tested = {test.table.name for test in one.tests}
        assert set(one.part) <= tested
        assert not set(one.instead) & tested


def test_a_saying_of_which_a_study_asks_one_part_says_which() -> None:
    row = {"study": "nhanes", "design": "survey", "analysis": "primary", "variant": "main", "exposure": "sleep_loss"}
    row |= {"outcome": "leg_jerks_order", "unit": "1 h", "scale": "OR", "role": "primary", "status": "estimated"}
    row |= {"estimate": 1.13, "conf_low": 1.06, "conf_high": 1.2, "std_error": 0.03, "p_value": 0.001, "n_persons": 90}
    told = judged(pl.DataFrame([row]), frozenset({"nhanes"}))
    room = "Enough sleep in a dark, quiet, comfortable room on a regular schedule lowers twitching"
    assert told.filter(claim=room).select("verdict", "asked_of").row(0) == ("supported", "hours of sleep")
    pills = told.filter(claim="More magnesium helps some people; ask a doctor first")
    assert pills["why"].item() == "this study asks about magnesium in food, not in pills"


def test_each_test_says_what_would_turn_its_own_verdict() -> None:
    row = {"study": "nhanes", "design": "survey", "analysis": "primary", "variant": "main", "exposure": "sleep_loss"}
    row |= {"outcome": "leg_jerks_order", "unit": "1 h", "scale": "OR", "role": "primary", "status": "estimated"}
    row |= {"estimate": 1.13, "conf_low": 1.06, "conf_high": 1.2, "std_error": 0.03, "p_value": 0.001, "n_persons": 90}
    told = judged(pl.DataFrame([row, row | {"exposure": "stress"}]), frozenset({"nhanes"}))
    turned = dict(told.filter(part=1).select("claim", "would_change").iter_rows())
    assert turned["Too little sleep provokes twitches"] == "new answers that bring the interval back to no difference"
    assert turned["Stress brings jerks"].startswith("answers about the thing itself")  # depressive symptoms were asked
    assert told["would_change"].null_count() == 0


def test_a_difference_has_a_smallest_one_that_matters_wherever_a_sign_is_expected() -> None:
    outcomes = {
        test.key["variant"]
        for one in sayings()
        for test in one.tests
        if test.key["analysis"] == "asked" and test.key["variant"] in SMALLEST
    }
    assert {"jerk_intensity_0_4", "log_sol", "sleep_quality_1_5"} <= outcomes


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1.05, 1.2, "supported"),
        (0.8, 0.95, "contradicted"),
        (0.95, 1.05, "no sizeable effect"),
        (1.01, 1.09, "no sizeable effect"),
        (0.9, 1.3, "unclear"),
        (0.85, 1.02, "unclear"),
    ],
)
def test_the_interval_of_a_ratio_decides(low: float, high: float, said: str) -> None:
    assert verdict(MORE, ratio(low, high)) == said


@pytest.mark.parametrize(
    ("expected", "low", "high", "said"),
    [
        (">50", 0.6, 0.7, "supported"),
        (">50", 0.3, 0.4, "contradicted"),
        (">50", 0.45, 0.55, "unclear"),
        ("60-80", 0.82, 0.87, "contradicted"),
        ("<10", 0.02, 0.05, "supported"),
    ],
)
def test_the_interval_of_a_share_decides(expected: str, low: float, high: float, said: str) -> None:
    assert verdict(Expectation.read(expected), share(low, high)) == said


@given(logs, logs)
def test_what_supports_a_saying_contradicts_it_once_the_sign_is_turned(one: float, other: float) -> None:
    low, high = sorted((one, other))
    straight, turned = (verdict(MORE, ratio(exp(a), exp(b))) for a, b in ((low, high), (-high, -low)))
    swapped = {"supported": "contradicted", "contradicted": "supported"}
    assert turned == swapped.get(straight, straight)
    assert verdict(LESS, ratio(exp(low), exp(high))) == turned


def test_a_stand_in_may_support_and_never_contradicts() -> None:
    assert verdict(MORE, ratio(1.05, 1.2), proxy=True) == "supported"
    assert verdict(MORE, ratio(0.8, 0.95), proxy=True) == "unclear"


def test_a_row_without_an_estimate_needs_data_and_is_never_unclear() -> None:
    assert verdict(MORE, {"status": "suppressed"}) == "needs data"
    assert together(["needs data", "needs data"]) == "needs data"


def test_tests_that_differ_make_a_saying_unclear() -> None:
    assert together(["supported", "contradicted"]) == "unclear"
    assert together(["contradicted", "contradicted", "needs data"]) == "contradicted"


def test_certainty_falls_for_a_stand_in_a_wide_interval_and_the_number_of_sayings() -> None:
    plain, proxy = (Evidence.read(f"{mark}+ D primary caffeine") for mark in ("", "~"))
    narrow = ratio(1.05, 1.2) | {"p_value": 0.001}
    assert certainty(plain, narrow, 0.01) == ("moderate", ())
    assert certainty(proxy, narrow, 0.01) == ("low", ("directness",))
    assert certainty(plain, narrow, 0.01, against=True) == ("low", ("inconsistency",))
    assert certainty(plain, ratio(1.05, 3) | {"p_value": 0.04}, 0.2) == ("very low", ("precision", "multiplicity"))


def test_what_a_saying_expects_must_be_known() -> None:
    with pytest.raises(ValueError, match="something unknown"):
        Evidence.read("? D primary caffeine")


def test_the_smallest_ratio_is_one_jerk_in_ten() -> None:
    assert RATIO == 1.1
