"""From received to analysed: each drop with its reason, and nothing that rounding would make up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.reports.flow import flow_tables, missing_sentence
from hypnic.schemas.disclosure import told_exactly

if TYPE_CHECKING:
    from hypnic.analysis.results import Results

pytestmark = pytest.mark.xdist_group("built")


def test_what_is_received_less_each_drop_is_what_enters_the_model(found: Results) -> None:
    for table in flow_tables(found, told_exactly):
        steps = {step: [int(cell.replace(",", "")) for cell in cells] for step, *cells in table.rows}
        received, entered = (
            next(n for step, n in steps.items() if step.endswith(end)) for end in ("received", "the model")
        )
        dropped = [counts for step, counts in steps.items() if step.startswith("left out")]
        assert [sum(column) for column in zip(entered, *dropped, strict=True)] == received


def test_a_diary_tells_who_lacks_an_answer_from_who_has_nothing_to_compare(found: Results) -> None:
    diary, survey = flow_tables(found, told_exactly)
    assert [step for step, *_ in diary.rows] == [
        "nights received", "left out: an answer is missing",
        "left out: nothing to compare with (no jerk on any night, or one night alone)", "nights in the model",
        "people in the model",
    ]  # fmt: skip
    assert [step for step, *_ in survey.rows] == [
        "people received", "left out: an answer is missing", "people in the model",
    ]  # fmt: skip


def test_who_has_nothing_to_compare_is_not_called_missing(found: Results) -> None:
    said = missing_sentence(found).replace("\N{NO-BREAK SPACE}", " ")
    assert said == (
        "An answer is missing, by exposure: Diary: 16 % to 18 % of the rows; Survey: 10 % to 15 % of the rows."
    )
