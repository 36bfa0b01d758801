"""The table of findings: one row for each fault in a contributed file."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl
from pandera.api.polars.model_config import BaseConfig

from hypnic.schemas.rules import LEVELS


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
