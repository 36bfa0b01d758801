"""A small release: eighty people of the demo, the first of whom lives in Namibia."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import hypnic
from hypnic.datasets.release import assemble, write_release
from hypnic.schemas import PUBLISHED, columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hypnic.datasets.release import Contents

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


@pytest.fixture(scope="session")
def contents() -> Contents:
    """Give the small release before it is written."""
    return assemble("demo", "1", "2026 Q4", small(), k=5, inputs={"demo/nights.csv": "0" * 64})


@pytest.fixture(scope="session")
def release(contents: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the small release."""
    return write_release(contents, tmp_path_factory.mktemp("released"))


@pytest.fixture(scope="session")
def file(release: Path) -> Callable[[str, str], Path]:
    """Give the file of a table in a format."""

    def find(table: str, ending: str) -> Path:
        return release / "data" / f"study-demoSYNTHETIC_table-{table.replace('_', '')}_data.{ending}"

    return find
