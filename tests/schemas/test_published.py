"""A published table has its own words, and a table as typed may not have them."""

from __future__ import annotations

import polars as pl
import pytest

import hypnic
from hypnic.schemas import PUBLISHED, TABLES, columns
from hypnic.schemas.countries import COUNTRIES
from hypnic.schemas.published import coarse, policy
from hypnic.schemas.regions import region_of, regions
from hypnic.schemas.released import Released

PEOPLE, NIGHTS = (columns(PUBLISHED[name]) for name in ("participants", "nights"))


def test_every_country_but_antarctica_has_one_sub_region() -> None:
    assert set(COUNTRIES) - set(region_of()) == {"AQ", "ZZ"}
    assert sum(len(region.countries) for region in regions()) == len(region_of())
    assert all(len(region.code) == 3 and region.code.isdigit() for region in regions())


def test_what_is_never_published_has_no_column_and_what_is_computed_of_it_has() -> None:
    gone = {name for name in columns(TABLES["participants"]) if name not in PEOPLE}
    assert gone == {"recruitment_source", "red_flags", "audit_c_q1", "audit_c_q2", "audit_c_q3"}
    assert {"red_flag_any", "audit_c_total"} <= set(PEOPLE)
    assert set(columns(TABLES["nights"])) - set(NIGHTS) == {"other_stimulant"}


def test_published_words_are_those_of_the_form_with_the_coarser_ones() -> None:
    assert PEOPLE["age_band"].options[-3:] == ("65+", "18-34", "35-64")
    assert coarse(PEOPLE["shift_pattern"]) == {"any", "withheld"}
    assert coarse(PEOPLE["sex_at_birth"]) == {"withheld"}
    assert "neurological" in PEOPLE["dx_conditions"].options
    assert not {"als_mnd", "epilepsy", "kidney_or_thyroid"} & set(PEOPLE["dx_conditions"].options)
    assert (NIGHTS["jerk_count"].high, NIGHTS["bed_clock_h"].step, NIGHTS["caffeine_mg"].high) == (30, 0.5, 1000)


@pytest.mark.parametrize(
    ("column", "cell"),
    [("age_band", "65+"), ("shift_pattern", "any"), ("country_code", "155"), ("age_band", "withheld"),
     ("dx_conditions", "neurological"), ("med_classes", "other"), ("stress_usual_0_10", "-6")],
)  # fmt: skip
def test_a_table_as_typed_refuses_the_words_of_a_published_one(column: str, cell: str, person, save) -> None:
    found = hypnic.check(save("participants", [person | {column: cell}]))
    assert column in set(found.filter(pl.col("level") == "error")["column"])


def test_a_key_and_a_consent_are_never_withheld() -> None:
    kept = {name for name, column in {**PEOPLE, **NIGHTS}.items() if not column.withheld}
    assert kept == {"participant_id", "night_index", "schema_version", "consent_open_data", "attention_ok"}


def test_the_policy_has_one_hash_which_knows_how_people_are_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    before = policy()
    assert (before, len(before)) == (policy(), 64)
    monkeypatch.setattr("hypnic.schemas.published.FEWEST_ALIKE", 4)
    assert policy() != before


@pytest.mark.parametrize(
    ("rule", "said"),
    [(Released(), "as typed"), (Released(kept=False), "never"), (Released(step=0.5), "in steps of 0.5"),
     (Released(rare="other"), "what fewer than ten people have as other"),
     (Released(place=1), "coarser where few people are alike")],
)  # fmt: skip
def test_a_rule_says_itself_in_the_dictionary(rule: Released, said: str) -> None:
    assert str(rule) == said
