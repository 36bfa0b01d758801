"""The long tables that `hypnic load` makes of participants and nights: one row for each fact, nothing typed in."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

PERSON = "token of the participant"
NIGHT = "number of the diary night; empty where the fact is of the participant"


class Missingness(pa.DataFrameModel):
    """Why each missing answer is missing: one row for each."""

    participant_id: pl.String = pa.Field(description=PERSON)
    night_index: pl.Int64 = pa.Field(nullable=True, description=NIGHT)
    column: pl.String = pa.Field(description="name of the column that has no answer")
    reason: pl.String = pa.Field(
        isin=["routing", "dont_know", "refused", "unknown", "undisclosed", "blank"],
        description="routing: not asked; blank: left empty; the others as the respondent said",
    )


class ParticipantChoices(pa.DataFrameModel):
    """The words of columns that hold several: one row for each participant, column and word."""

    participant_id: pl.String = pa.Field(description=PERSON)
    column: pl.String = pa.Field(description="name of the column")
    token: pl.String = pa.Field(description="one of the words that the cell holds")


class Flags(pa.DataFrameModel):
    """The rows that the primary analysis leaves out: one row for each, and each rule that says so."""

    participant_id: pl.String = pa.Field(description=PERSON)
    night_index: pl.Int64 = pa.Field(nullable=True, description=NIGHT)
    rule: pl.String = pa.Field(description="id of the rule")
