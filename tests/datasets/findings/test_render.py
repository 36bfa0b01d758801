"""Every format of findings, whatever it is: one set of checks, which a new one passes too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

import hypnic
from hypnic.datasets.findings import Format
from hypnic.schemas import Findings, dtypes

if TYPE_CHECKING:
    from collections.abc import Callable

FORMATS = pytest.mark.parametrize("form", Format)
PATHS = [Path("nights.csv")]
EMPTY = pl.DataFrame(schema=dtypes(Findings))


@pytest.fixture
def found(diary: list[dict[str, str]], save: Callable[..., Path]) -> pl.DataFrame:
    """Give findings of three rules, with and without a value that may be shown."""
    diary[1]["stress_0_10"] = "11"
    diary[3]["evening_on_time"] = "perhaps"
    diary[6]["wake_clock_h"] = "19.0"
    return hypnic.check(save("nights", diary))


@FORMATS
def test_no_findings_make_a_text_too(form: Format) -> None:
    assert isinstance(form.render(EMPTY, PATHS), str)


@FORMATS
def test_one_finding_is_told_with_its_rule_its_message_and_its_hint(form: Format, found: pl.DataFrame) -> None:
    one = found.head(1)
    text = form.render(one, PATHS)
    assert all(one[name].item() in text for name in ("rule", "message", "hint"))


@FORMATS
def test_every_finding_is_told_whatever_order_they_come_in(form: Format, found: pl.DataFrame) -> None:
    forwards, backwards = (form.render(rows, PATHS) for rows in (found, found.reverse()))
    assert sorted(forwards) == sorted(backwards)
    assert all(message in forwards for message in found["message"])


@FORMATS
def test_the_same_findings_make_the_same_text(form: Format, found: pl.DataFrame) -> None:
    assert form.render(found, PATHS) == form.render(found, PATHS)


@FORMATS
def test_a_text_ends_with_a_line_end(form: Format, found: pl.DataFrame) -> None:
    assert form.render(found, PATHS).endswith("\n")


@FORMATS
def test_a_word_that_was_typed_is_in_no_format(form: Format, found: pl.DataFrame) -> None:
    assert "perhaps" not in form.render(found, PATHS)


def test_json_lines_hold_exactly_the_columns_of_the_findings_table(found: pl.DataFrame) -> None:
    lines = [json.loads(line) for line in Format.json.render(found, PATHS).splitlines()]
    assert {tuple(line) for line in lines} == {tuple(dtypes(Findings))}


def test_colour_changes_the_text_alone(found: pl.DataFrame) -> None:
    changed = {form for form in Format if form.render(found, PATHS, colour=True) != form.render(found, PATHS)}
    assert changed == {Format.text}
