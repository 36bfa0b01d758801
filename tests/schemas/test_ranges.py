"""The values at either end that the models of persons, findings and results take, and those beyond that they refuse."""

from __future__ import annotations

import polars as pl
import pytest
from pandera.errors import SchemaErrors

from hypnic.schemas.cdc import SOURCES
from hypnic.schemas.estimates import Estimates
from hypnic.schemas.nhanes import NhanesPerson
from hypnic.schemas.outputs import Findings
from hypnic.schemas.submission import FACTS

# The least and the most; None where there is no end.
NHANES = {
    "seqn": (1, None), "age": (0, 80), "income_ratio": (0, 5), "weight_exam": (0, None), "weight_diet1": (0, None),
    "weight_diet2": (0, None), "stratum": (1, None), "psu": (1, None), "leg_jerks_lo": (0, 30),
    "leg_jerks_hi": (0, 30), "leg_cramps_lo": (0, 30), "leg_cramps_hi": (0, 30), "caffeine_mg": (0, None),
    "caffeine_after_14_mg": (0, None), "energy_kcal": (0, None), "magnesium_mg": (0, None), "potassium_mg": (0, None),
    "calcium_mg": (0, None), "alcohol_g_day": (0, None), "distress": (0, 24), "poor_mental_days": (0, 30),
    "anxious_days": (0, 30), "sleep_h": (1, 12),
}  # fmt: skip
FINDINGS = {"line": (1, None), "row": (1, None)}
ESTIMATES = {
    "std_error": (0, None), "p_value": (0, 1), "p_adjusted": (0, 1), "n_rows": (0, None), "n_persons": (0, None),
    "n_dropped": (0, None), "score_max": (0, None),
}  # fmt: skip
ENDS = [
    (model, name, *ends)
    for model, several in ((NhanesPerson, NHANES), (Findings, FINDINGS), (Estimates, ESTIMATES))
    for name, ends in several.items()
]
each_end = pytest.mark.parametrize(("model", "name", "low", "high"), ENDS, ids=[row[1] for row in ENDS])


def faults(model, name: str, values: list[float]) -> int:
    """Count the values that a column's own checks refuse; the rest of the row is null."""
    schema = {column: facts.dtype.type for column, facts in model.to_schema().columns.items()}
    frame = pl.DataFrame({name: values}).cast({name: schema[name]})
    others = [pl.lit(None, dtype).alias(column) for column, dtype in schema.items() if column != name]
    try:
        model.validate(frame.with_columns(others).select(list(schema)), lazy=True)
    except SchemaErrors as error:
        found = error.failure_cases.filter(column=name)
        return found.filter(pl.col("check").str.contains("greater|less")).height
    return 0


@each_end
def test_both_ends_are_taken(model, name: str, low: float, high: float | None) -> None:
    assert faults(model, name, [low, *([] if high is None else [high])]) == 0


@each_end
def test_what_lies_beyond_an_end_is_refused(model, name: str, low: float, high: float | None) -> None:
    beyond = [low - 1, *([] if high is None else [high + 1])]
    assert faults(model, name, beyond) == len(beyond)


@pytest.mark.parametrize("name", ["weight_interview", "bmi"])
def test_a_weight_of_nothing_is_refused(name: str) -> None:
    assert faults(NhanesPerson, name, [0]) == 1
    assert faults(NhanesPerson, name, [0.5]) == 0


def test_refused_and_not_known_are_sevens_and_nines_of_as_many_digits_as_the_answers_have() -> None:
    of = {"DEMO", "BMX", "DR1TOT", "DR2TOT", "DR1IFF", "DR2IFF"}
    measured = {v for v, item in SOURCES.items() if item.table in of}
    digits = {"SLD010H": 2, "HSQ480": 2, "HSQ496": 2, "ALQ120Q": 3, "ALQ130": 3, "ALQ140Q": 4}
    asked = {name: digits.get(name, 1) for name in SOURCES if name not in measured - {"DMDEDUC2"} | {"RXDDRGID"}}
    assert {name: item.missing for name, item in SOURCES.items() if item.missing} == {
        name: (int("7" * width), int("9" * width)) for name, width in asked.items()
    }


def test_a_sentence_of_250_characters_is_short_enough() -> None:
    assert FACTS["title"].fault("a" * 250) is None
    assert FACTS["title"].fault("a" * 251) == "type one line of at most 250 characters"


def test_a_period_may_end_in_the_quarter_it_starts_in_and_no_earlier() -> None:
    assert FACTS["period"].fault("2026 Q3 to 2026 Q3") is None
    assert FACTS["period"].fault("2026 Q3 to 2026 Q2")
    assert FACTS["period"].fault("2026 Q3 to 2027 Q1") is None
