"""The table of results: its key, its scales, its words for what is missing, and how often its files are read."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pandera.errors
import polars as pl
import pytest

import hypnic.analysis
from hypnic.analysis import StudyData, estimate, study
from hypnic.analysis.programme import AFTERWARDS, PROGRAMME
from hypnic.analysis.studies.simulated import simulated_set
from hypnic.datasets import loading
from hypnic.schemas.estimates import KEY, REASONS, Estimates

pytestmark = pytest.mark.xdist_group("key")  # what its tests share is made once, in one process
QUICK = [one.name for one in (*PROGRAMME, *AFTERWARDS) if one.name not in {"specifications", "missing data"}]


@pytest.fixture(scope="module")
def demo() -> StudyData:
    """Give the study `demo` with few persons: some rows can be had, and some cannot."""
    diary = simulated_set("diary", 60, seed=4, nights=8)
    survey = simulated_set("survey", 120, seed=4)
    rows = (replace(row, adjustment=row.adjustment[:1]) for row in survey.estimands)
    return replace(study("demo"), sets=(diary, replace(survey, estimands=tuple(rows))))


@pytest.fixture(scope="module")
def table(demo: StudyData) -> pl.DataFrame:
    return estimate(demo, only=QUICK)


def test_no_two_rows_have_one_key(table: pl.DataFrame) -> None:
    assert table.height > 150
    assert table.select(KEY).is_unique().all()


def test_the_model_refuses_a_row_that_is_there_twice(table: pl.DataFrame) -> None:
    with pytest.raises((pandera.errors.SchemaError, pandera.errors.SchemaErrors)):
        Estimates.validate(pl.concat([table, table.head(1)]), lazy=True)


@pytest.mark.parametrize("part", [part for part in KEY if part not in {"design", "scale"}])
def test_rows_that_differ_in_one_part_of_the_key_are_two(table: pl.DataFrame, part: str) -> None:
    other = table.head(1).with_columns(pl.lit("another").alias(part))
    assert Estimates.validate(pl.concat([table, other]), lazy=True).height == table.height + 1


def test_a_row_has_an_estimate_or_a_reason_and_never_both(table: pl.DataFrame) -> None:
    assert set(table["status"]) == {"estimated", "suppressed", "not_estimable"}
    assert ((table["status"] == "estimated") == table["reason"].is_null()).all()
    assert ((table["status"] == "suppressed") == (table["reason"] == "few_persons").fill_null(value=False)).all()
    without = table.filter(pl.col("status") != "estimated")
    assert without.select("estimate", "conf_low", "conf_high", "statistic", "p_value", "df").null_count().row(0) == (
        (without.height,) * 6
    )
    assert table.filter(pl.col("status") == "estimated", ~pl.col("scale").is_in(["test"]))["estimate"].null_count() == 0


def test_a_filter_on_rate_ratios_gives_rate_ratios_and_nothing_else(table: pl.DataFrame) -> None:
    ratios = table.filter(scale="IRR")
    assert not set(ratios["analysis"]) & {"E-values", "proportional odds", "differences"}
    others = {"e-value", "tipping-point", "median", "non-linearity", "any-difference", "within-equals-between", "i2"}
    assert not set(ratios["variant"]) & others
    found = ratios.filter(status="estimated")
    assert found["estimate"].null_count() == 0
    # The ends of a range of persons have no limits of their own, and a ratio under a prior has no error.
    ends = found.filter(pl.col("conf_low").is_null())
    assert set(ends["variant"]) == {"range-of-persons-low", "range-of-persons-high"}
    assert set(found.filter(pl.col("std_error").is_null())["analysis"]) == {
        "random slopes", "heterogeneity", "noticing",
    }  # fmt: skip
    reach = (found["conf_high"].log() - found["conf_low"].log()) / found["std_error"] / 2
    assert reach.min() > 1.95  # type: ignore[operator]


def test_reasons_are_words_from_the_list_which_tell_no_value_level_or_count() -> None:
    assert all(word.replace("_", "").isalpha() for word in REASONS)
    assert not [digit for words in REASONS.items() for digit in "".join(words) if digit.isdigit()]


def test_every_reason_that_is_given_is_in_the_list() -> None:
    given = set()
    for path in Path(hypnic.analysis.__file__).parent.rglob("*.py"):
        given |= {part.split('"')[0] for part in path.read_text("utf-8").split('reason="')[1:]}
    assert given
    assert given <= set(REASONS)


def test_what_is_the_matter_is_told_in_the_log_and_not_in_the_table(
    demo: StudyData, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "hypnic.analysis")
    diary = demo.sets[0]
    frame = diary.frame.with_columns(late_vigorous_exercise=pl.lit(None, pl.Int8))
    made = estimate(replace(demo, sets=(replace(diary, frame=frame),)), only=["primary"])
    assert {record.name for record in caplog.records} == {"hypnic.analysis"}
    assert [message for message in caplog.messages if "late_vigorous_exercise" in message]
    assert made.filter(exposure="exercise")["reason"].to_list() == ["unanswered"]
    assert not [row for row in made.drop("adjustment").rows() if "late_vigorous_exercise" in str(row)]


def test_a_study_opens_each_of_its_files_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, real = Counter[str](), loading.open_table

    def counted(path, *rest, **more):
        opened[Path(path).name] += 1
        return real(path, *rest, **more)

    monkeypatch.setattr(loading, "open_table", counted)
    study("demo")
    assert set(opened.values()) == {1}
    assert set(opened) == {"participants.csv", "nights.csv"}
