"""An empty table to fill in, and a filled one that breaks no rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.checking.files import check
from hypnic.schemas import TABLES, columns
from hypnic.schemas.publish.template import TOKEN, as_template

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("table", TABLES)
def test_a_template_is_the_header_in_table_order(table: str) -> None:
    assert as_template(table) == ",".join(columns(TABLES[table])) + "\n"


@pytest.mark.parametrize("table", TABLES)
def test_a_core_template_has_the_core_columns_only(table: str) -> None:
    core = [name for name, facts in columns(TABLES[table]).items() if facts.tier == "core"]
    assert as_template(table, core=True) == ",".join(core) + "\n"


@pytest.mark.parametrize("core", [False, True])
def test_the_examples_break_no_rule_alone_and_together(core: bool, tmp_path: Path) -> None:
    files = [tmp_path / f"{table}.csv" for table in TABLES]
    for file in files:
        file.write_text(as_template(file.stem, core=core, example=True), "utf-8")
        assert check(file).height == 0
    assert check(*files).height == 0


def test_the_example_shows_each_way_of_having_no_answer() -> None:
    rows = as_template("nights", example=True)
    assert all(cell in rows for cell in (",-7,", ",-8,", ",,"))
    assert TOKEN in rows
