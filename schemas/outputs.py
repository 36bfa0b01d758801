"""The tables that hypnic makes of contributed ones: findings, and the long tables of `hypnic load`; nobody types in."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl
from pandera.api.polars.model_config import BaseConfig

from hypnic.schemas.rules import LEVELS

PERSON = "token of the participant"
NIGHT = "number of the diary night; empty where the fact is of the participant"


class Findings(pa.DataFrameModel):
    """One row for each fault; `value` is null wherever it could identify somebody."""

    file: pl.String = pa.Field(description="name of the file, without its folders")
    table: pl.String = pa.Field(nullable=True, isin=["participants", "nights"], description="table the file holds")
    line: pl.Int64 = pa.Field(nullable=True, ge=1, description="physical line in the file; the header is line 1")
    row: pl.Int64 = pa.Field(nullable=True, ge=1, description="data record, counted from 1 below the header")
    column: pl.String = pa.Field(nullable=True, description="name of the column")
    cell: pl.String = pa.Field(nullable=True, description="address in a spreadsheet, such as C14")
    rule: pl.String = pa.Field(description="id of the rule that is broken")
    level: pl.Enum = pa.Field(dtype_kwargs={"categories": list(LEVELS)}, description="what follows from it")
    value: pl.String = pa.Field(nullable=True, description="the cell as typed, where it is a short plain number")
    message: pl.String = pa.Field(description="what is wrong, as one sentence")
    hint: pl.String = pa.Field(description="what to type instead")

    class Config(BaseConfig):
        """Exactly these columns, in this order."""

        strict = True
        ordered = True


class Missingness(pa.DataFrameModel):
    """Why each missing answer is missing: one row for each."""

    participant_id: pl.String = pa.Field(description=PERSON)
    night_index: pl.Int64 = pa.Field(nullable=True, description=NIGHT)
    column: pl.String = pa.Field(description="name of the column that has no answer")
    reason: pl.String = pa.Field(
        isin=["routing", "dont_know", "refused", "unknown", "undisclosed", "blank", "withheld"],
        description="routing: not asked; blank: left empty; withheld: taken away before it was published, since few people"
        " were alike; the others as the respondent said",
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
