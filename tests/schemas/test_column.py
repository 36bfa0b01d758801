"""The pandera models hold every fact of every column, once."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl
import pycountry
import pytest

from hypnic.datasets.checking.types import typed
from hypnic.datasets.loading import data_folder
from hypnic.schemas import Nights, Participants, catalogue, columns, conditions
from hypnic.schemas.countries import COUNTRIES

MODELS = pytest.mark.parametrize("model", [Participants, Nights])
EVERY = [facts for model in (Participants, Nights) for facts in columns(model).values()]


@pytest.mark.parametrize(("model", "n_columns", "n_core"), [(Participants, 45, 14), (Nights, 40, 13)])
def test_the_instrument_has_its_columns(model, n_columns: int, n_core: int) -> None:
    facts = columns(model).values()
    assert (len(facts), sum(column.tier == "core" for column in facts)) == (n_columns, n_core)


@pytest.mark.parametrize("facts", EVERY, ids=lambda facts: facts.name)
def test_a_column_says_what_to_ask_and_what_to_type(facts) -> None:
    assert facts.title
    assert facts.question
    assert facts.hint.startswith("type ")
    assert facts.kind not in {"integer", "number"} or (facts.unit and facts.low is not None)
    assert facts.kind not in {"choice", "tokens"} or facts.options


@MODELS
def test_the_metadata_of_a_field_can_be_read_by_pandera_alone(model) -> None:
    metadata = model.get_metadata()[model.Config.name]["columns"]
    assert {name: facts["tier"] for name, facts in metadata.items()} == {
        name: facts.tier for name, facts in columns(model).items()
    }


@MODELS
def test_every_numbered_rule_has_an_example_of_each_kind_and_a_condition(model) -> None:
    checked = {condition.rule for condition in conditions(model)}
    for rule in catalogue(model).values():
        assert rule.bad, rule.id
        assert rule.good, rule.id
        assert rule.id in checked or not rule.id[1:].isdigit()


def test_the_rules_are_numbered_as_the_instrument_numbers_them() -> None:
    assert [rule.id for rule in Participants.rules() if rule.id[1:].isdigit()] == [f"P{n:02}" for n in range(1, 12)]
    assert [rule.id for rule in Nights.rules() if rule.id[1:].isdigit()] == [f"N{n:02}" for n in range(1, 21)]


@pytest.mark.parametrize(("model", "name"), [(Participants, "participants"), (Nights, "nights")])
def test_pandera_itself_accepts_the_demo_and_refuses_an_unknown_column(model, name: str) -> None:
    text = pl.read_csv(data_folder() / "demo" / f"{name}.csv", infer_schema=False)
    frame = typed(text, model)
    assert model.validate(frame, lazy=True).height == text.height
    with pytest.raises(pa.errors.SchemaErrors, match="coffee"):
        model.validate(frame.with_columns(coffee=1), lazy=True)


def test_the_countries_are_those_of_iso_3166() -> None:
    assert set(COUNTRIES) == {country.alpha_2 for country in pycountry.countries} | {"ZZ"}
