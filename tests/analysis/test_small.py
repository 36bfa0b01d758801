"""Small studies have their primary rows: eight draws of the benchmark `small`."""

from __future__ import annotations

import runpy
from pathlib import Path

import polars as pl
import pytest

SMALL = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "small.py"))
DRAWS = 8


def table(design: str, columns: str, persons: int) -> dict[str, float]:
    plan = SMALL["Plan"](design, columns, persons)
    found = pl.DataFrame([row for seed in range(DRAWS) for row in SMALL["rows"](plan, seed)], infer_schema_length=None)
    return dict(SMALL["summary"](found).row(0, named=True))


@pytest.mark.slow
@pytest.mark.parametrize("columns", ["all", "core"])
def test_sixty_respondents_have_every_primary_row_and_limits_that_hold(columns: str) -> None:
    row = table("survey", columns, 60)
    assert row["before"] < 0.2
    assert row["now"] == 1
    assert row["held"] > 0.8


@pytest.mark.slow
def test_forty_diaries_have_every_primary_row() -> None:
    assert table("diary", "all", 40)["now"] == 1


@pytest.mark.slow
def test_of_twelve_diaries_a_row_is_given_where_ten_persons_say_something() -> None:
    found = [row for seed in range(DRAWS) for row in SMALL["rows"](SMALL["Plan"]("diary", "all", 12), seed)]
    given = [row["now"] for row in found]
    assert 0 < sum(given) < len(given)
