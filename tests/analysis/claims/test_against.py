"""What a study itself has against a verdict, on rows made for it."""

from __future__ import annotations

import polars as pl
import pytest

from hypnic.analysis.claims import judged
from hypnic.analysis.claims.against import against
from hypnic.analysis.claims.saying import Evidence

MORE = Evidence.read("+ N primary caffeine")
ROW = {
    "study": "nhanes", "design": "survey", "analysis": "primary", "variant": "main", "exposure": "caffeine",
    "outcome": "leg_jerks_order", "unit": "100 mg", "scale": "OR", "role": "primary", "status": "estimated",
    "estimate": 1.07, "conf_low": 1.03, "conf_high": 1.11, "std_error": 0.02, "p_value": 0.001, "n_persons": 900,
}  # fmt: skip
CYCLES = ROW | {"analysis": "combining", "variant": "heterogeneity", "unit": "cycles", "scale": "test"}
FILLED = ROW | {"analysis": "missing data", "variant": "imputed"}


def answers(*limits: tuple[float, float]) -> list[dict[str, object]]:
    return [
        ROW | {"analysis": "proportional odds", "variant": f"from-answer-{n}", "conf_low": low, "conf_high": high}
        for n, (low, high) in enumerate(limits, start=1)
    ]


def table(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame([ROW, *rows])


@pytest.mark.parametrize(
    ("rows", "but"),
    [
        ([], ()),
        ([CYCLES | {"p_value": 0.01}], ("differs between survey cycles",)),
        ([CYCLES | {"p_value": 0.4}], ()),
        (answers((1.03, 1.11), (0.97, 1.06)), ("not seen in frequent jerks alone",)),
        (answers((0.97, 1.11), (1.03, 1.16)), ()),
        ([FILLED | {"conf_low": 1.01, "conf_high": 1.09}], ("no sizeable effect with gaps filled",)),
        ([FILLED | {"conf_low": 1.02, "conf_high": 1.12}], ()),
        ([CYCLES | {"p_value": 0.01, "exposure": "alcohol"}], ()),
    ],
)
def test_what_contradicts_a_verdict_is_the_same_comparison_done_otherwise(
    rows: list[dict[str, object]], but: tuple[str, ...]
) -> None:
    assert against(MORE, ROW, table(*rows)) == but


def test_nothing_is_held_against_what_is_unclear_anyway() -> None:
    row = ROW | {"conf_low": 0.9, "conf_high": 1.2}
    assert against(MORE, row, table(CYCLES | {"p_value": 0.01})) == ()


def test_what_is_against_a_verdict_stands_in_the_table_of_claims_and_takes_its_certainty_down() -> None:
    told = judged(table(CYCLES | {"p_value": 0.01}), frozenset({"nhanes"})).filter(claim="Caffeine brings jerks")
    assert told.select("verdict", "but", "why").row(0) == (
        "supported", "differs between survey cycles", "directness, inconsistency",
    )  # fmt: skip


def test_what_stress_is_said_to_do_rests_on_a_stand_in_where_nobody_was_asked_about_stress() -> None:
    stress = ROW | {"exposure": "stress", "unit": "5 points"}
    told = judged(pl.DataFrame([stress]), frozenset({"nhanes"})).filter(exposure="stress")
    assert told.height == 7
    assert told["stands_in"].all()
    assert told["why"].str.contains("directness").all()
