"""The report on CDC's own tables: needs them in the folder HYPNIC_NHANES."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl
import pytest

from hypnic.analysis import estimands, study
from hypnic.analysis.results import results
from hypnic.datasets.nhanes.files import FOLDER_VARIABLE
from hypnic.reports.report import Report, report
from hypnic.schemas.estimates import ROLES
from hypnic.schemas.nhanes import CYCLES

pytestmark = pytest.mark.xdist_group("nhanes")  # half a minute to make: once, in one process


@pytest.fixture(scope="module")
def nhanes() -> Report:
    if not os.environ.get(FOLDER_VARIABLE):
        pytest.skip(f"{FOLDER_VARIABLE} does not name a folder of NHANES tables")
    return report(results(study("nhanes", Path(os.environ[FOLDER_VARIABLE]))))


def test_leg_jerks_are_counted_as_in_the_codebook(nhanes: Report) -> None:
    table = nhanes.answers[0]
    assert [row[1] for row in table.rows] == ["4,867", "431", "487", "192", "118", "44"]
    assert [row[3] for row in table.rows] == ["5,100", "482", "511", "243", "191", "19"]


def test_leg_cramps_come_out_as_published(nhanes: Report) -> None:
    table = nhanes.answers[1]
    assert [row[1].partition("\N{NO-BREAK SPACE}")[0] for row in table.rows] == ["24.4", "25.5", "5.8", "6.1"]


def test_the_negative_controls_stand_next_to_the_estimates(nhanes: Report) -> None:
    for outcome in ("leg_cramps", "snoring"):
        controls = nhanes.estimates.filter(outcome=outcome)
        assert controls["exposure"].to_list() == ["caffeine", "alcohol", "stress", "exercise", "sleep_loss"]
        assert set(controls["role"]) == {"sensitivity"}
    assert nhanes.compared is not None
    assert [len(row) for row in nhanes.compared.rows] == [4] * 5
    assert "Leg cramps: different from 1 for stress, sleep loss." in nhanes.compared.note


def test_answers_are_shown_with_the_times_a_month_they_stand_for(nhanes: Report) -> None:
    table = nhanes.answers[0]
    bands = ["never (0)", "rarely (1)", "sometimes (2–4)", "often (5–15)", "almost always (16–30)"]
    assert [row[0] for row in table.rows] == [*bands, "refused or don't know"]


def test_every_weighted_column_names_its_weight(nhanes: Report) -> None:
    tables = [*nhanes.people, *nhanes.answers]
    weighted = [word for table in tables for word in table.header if "eight" in word]
    assert len(weighted) == len(nhanes.people) + 3
    assert all("nterview weight" in word for word in weighted)


def test_sleep_loss_and_the_weights_are_defined(nhanes: Report) -> None:
    assert "Sleep loss is 7.5 h minus the usual sleep on weekdays" in nhanes.methods[0].text
    assert all("Weight:" in words for _, words in nhanes.methods[0].adjustments)


def test_every_planned_row_is_in_the_table_with_its_estimate(nhanes: Report) -> None:
    key = ("role", "variant", "outcome", "exposure", "unit", "scale", "family", "adjustment")
    planned = nhanes.estimates.filter(pl.col("analysis").is_in(["primary", "further"]))
    found = {tuple(row[name] for name in key): row for row in planned.iter_rows(named=True)}
    for row in estimands("nhanes"):
        facts = (row.role, row.variant, row.outcome, row.exposure, row.unit, row.scale, row.family)
        told = (*facts, "+".join(row.adjustment))
        assert found[told]["status"] == "estimated"
        assert found[told]["estimate"] > 0


def test_the_page_shows_every_row_under_its_role(nhanes: Report) -> None:
    counts = dict(nhanes.estimates["role"].value_counts().iter_rows())
    assert [len(table.rows) for table in nhanes.estimates_tables] == [counts[role] for role in ROLES]


def test_ratios_by_level_and_by_clock_time_agree_with_their_ratio(nhanes: Report) -> None:
    found = {(row["exposure"], row["unit"]): row["estimate"] for row in nhanes.estimates.iter_rows(named=True)
             if row["outcome"] == "leg_jerks" and row["scale"] == "IRR"}  # fmt: skip
    step = "any vigorous activity vs none"
    first, second, ratio = (
        found["exercise", f"{step}, {when}"] for when in (*CYCLES.values(), "2007-2008 over 2005-2006")
    )
    assert second / first == pytest.approx(ratio, rel=1e-6)
    step = "100 mg a day"
    late, early = (
        found["caffeine_after_14", f"{step} from 14:00 on"],
        found["caffeine_before_14", f"{step} before 14:00"],
    )
    assert late / early == pytest.approx(found["caffeine_later", f"{step} from 14:00 on instead of before"], rel=1e-6)


def test_a_real_study_has_no_word_of_synthetic_data(nhanes: Report) -> None:
    assert "ynthetic" not in "".join(drawing.svg for drawing in nhanes.drawings)
    assert nhanes.notices[0].startswith("NHANES asks about leg jerks")
