"""E-values, against R."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypnic.analysis.programme import evalues
from hypnic.analysis.programme.evalues import e_value, nearer_limit

R = json.loads((Path(__file__).parents[2] / "reference" / "evalue.json").read_text("utf-8"))


@pytest.mark.parametrize(("ratio", "expected"), list(zip(R["rr"], R["evalue"], strict=True)))
def test_e_values_are_those_of_r(ratio: float, expected: float) -> None:
    assert e_value(ratio) == pytest.approx(expected, rel=1e-14)


@given(st.floats(1, 50))
def test_a_cause_as_strong_as_the_e_value_can_make_just_that_ratio_of_nothing(ratio: float) -> None:
    strong = e_value(ratio)
    assert strong * strong / (2 * strong - 1) == pytest.approx(ratio)


@given(st.floats(0.02, 50))
def test_a_ratio_and_its_inverse_have_one_e_value(ratio: float) -> None:
    assert e_value(ratio) == pytest.approx(e_value(1 / ratio))


def test_only_primary_ratios_that_were_found_get_a_row() -> None:
    table = pl.DataFrame(
        {
            "role": ["primary", "primary", "sensitivity", "primary"],
            "scale": "IRR",
            "estimate": [1.5, None, 2.0, 0.8],
            "conf_low": [1.2, None, 1.5, 0.6],
            "conf_high": [1.9, None, 2.5, 1.1],
            "variant": "main",
        }
    )
    above, below = evalues.rows(table)
    assert (above["estimate"], above["conf_low"]) == pytest.approx((e_value(1.5), e_value(1.2)), rel=1e-7)
    assert (below["conf_low"], below["conf_high"]) == (1.0, None)
    assert (above["role"], above["scale"], above["variant"]) == ("sensitivity", "e-value", "e-value")


def test_an_interval_that_includes_1_needs_no_unmeasured_cause() -> None:
    assert e_value(nearer_limit(0.9, 1.3)) == 1
