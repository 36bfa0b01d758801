"""An empty table to fill in, and a filled one that breaks no rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.checking.files import check
from hypnic.schemas import Nights, Participants, columns
from hypnic.schemas.publish.template import TOKEN, template

if TYPE_CHECKING:
    from pathlib import Path

MODELS = {"participants": Participants, "nights": Nights}


@pytest.mark.parametrize("table", MODELS)
def test_a_template_is_the_header_in_table_order(table: str) -> None:
    assert template(table) == ",".join(columns(MODELS[table])) + "\n"


@pytest.mark.parametrize("table", MODELS)
def test_a_core_template_has_the_core_columns_only(table: str) -> None:
    core = [name for name, facts in columns(MODELS[table]).items() if facts.tier == "core"]
    assert template(table, core=True) == ",".join(core) + "\n"


@pytest.mark.parametrize("core", [False, True])
def test_the_examples_break_no_rule_alone_and_together(core: bool, tmp_path: Path) -> None:
    files = [tmp_path / f"{table}.csv" for table in MODELS]
    for file in files:
        file.write_text(template(file.stem, core=core, example=True), "utf-8")
        assert check(file).height == 0
    assert check(*files).height == 0


def test_the_example_shows_each_way_of_having_no_answer() -> None:
    rows = template("nights", example=True)
    assert all(cell in rows for cell in (",-7,", ",-8,", ",,"))
    assert TOKEN in rows
