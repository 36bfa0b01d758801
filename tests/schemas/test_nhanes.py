"""The NHANES model describes itself completely, and refuses what it must."""

import re

import polars as pl
import pytest
from pandera.errors import SchemaErrors

from hypnic.schemas.cdc import SOURCES
from hypnic.schemas.nhanes import LEG_NIGHTS, NhanesPerson

COLUMNS = NhanesPerson.to_schema().columns


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    column = COLUMNS[name]
    assert column.title
    assert column.description
    assert {"unit", "source", "missing_codes"} == set(column.metadata)
    assert set(column.metadata["source"]) <= {"SEQN", *SOURCES}


def test_missing_codes_reach_the_metadata() -> None:
    assert COLUMNS["alcohol_g_day"].metadata["missing_codes"] == {
        "ALQ110": [7, 9],
        "ALQ120Q": [777, 999],
        "ALQ120U": [7, 9],
        "ALQ130": [777, 999],
    }


def test_every_variable_read_serves_a_column() -> None:
    used = {variable for column in COLUMNS.values() for variable in column.metadata["source"]}
    assert {v for v in SOURCES if v not in used} == {"DR1DRSTZ", "DR2DRSTZ"}  # the recalls' status


def test_the_answers_nights_leave_no_gap_and_fill_the_month() -> None:
    nights = [night for low, high in LEG_NIGHTS.values() for night in range(low, high + 1)]
    assert nights == list(range(31))


def test_the_sleep_item_is_not_part_of_distress() -> None:
    assert "DPQ030" not in COLUMNS["distress"].metadata["source"]
    assert len(COLUMNS["distress"].metadata["source"]) == 8


def test_an_unknown_column_is_refused() -> None:
    frame = pl.DataFrame(schema={name: column.dtype.type for name, column in COLUMNS.items()})
    NhanesPerson.validate(frame, lazy=True)
    with pytest.raises(SchemaErrors, match=re.escape("COLUMN_NOT_IN_SCHEMA")):
        NhanesPerson.validate(frame.with_columns(jerks=pl.lit(1)), lazy=True)
