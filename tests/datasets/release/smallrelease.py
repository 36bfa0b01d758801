"""A small release: eighty people of the demo, the first of whom lives in Namibia."""

from __future__ import annotations

import polars as pl

import hypnic
from hypnic.schemas import PUBLISHED, columns

TABLES = ("participants", "nights", "missingness", "participant_choices", "flags")


def small(people: int = 80, *, without: int = 0) -> dict[str, pl.DataFrame]:
    """Give the clean tables of some people with diaries, the first `without` of them left out."""
    tables = {name: hypnic.load(name, study="demo") for name in TABLES}
    tokens = tables["nights"]["participant_id"].unique().sort()[without:people].to_list()
    kept = {name: frame.filter(pl.col("participant_id").is_in(tokens)) for name, frame in tables.items()}
    countries = columns(PUBLISHED["participants"])["country_code"].clean_dtype
    first = pl.col("participant_id") == tokens[0]
    home = pl.when(first).then(pl.lit("NA")).otherwise(pl.lit("155")).cast(countries)
    kept["participants"] = kept["participants"].with_columns(country_code=home)
    night = {"participant_id": tokens[:1], "night_index": [1], "rule": ["N15"]}
    kept["flags"] = pl.DataFrame(night, schema=kept["flags"].schema)
    return kept
