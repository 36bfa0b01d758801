"""The report on CDC's own tables: needs them in the folder HYPNIC_NHANES."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hypnic.analysis import study
from hypnic.datasets.nhanes_files import FOLDER_VARIABLE
from hypnic.reports.report import Report, report


@pytest.fixture(scope="module")
def nhanes() -> Report:
    if not os.environ.get(FOLDER_VARIABLE):
        pytest.skip(f"{FOLDER_VARIABLE} does not name a folder of NHANES tables")
    return report(study("nhanes", Path(os.environ[FOLDER_VARIABLE])), lambda _: None)


def test_leg_jerks_are_counted_as_in_the_codebook(nhanes: Report) -> None:
    _, table = nhanes.outcomes[0]
    assert [row[1] for row in table.rows] == ["4,867", "431", "487", "192", "118", "44"]
    assert [row[3] for row in table.rows] == ["5,100", "482", "511", "243", "191", "19"]


def test_leg_cramps_come_out_as_published(nhanes: Report) -> None:
    _, table = nhanes.outcomes[1]
    assert [row[1].partition("\N{NO-BREAK SPACE}")[0] for row in table.rows] == ["24.4", "25.5", "5.8", "6.1"]


def test_the_negative_controls_stand_beside_the_estimates(nhanes: Report) -> None:
    controls = nhanes.estimates.filter(outcome="leg_cramps")
    assert controls["exposure"].to_list() == ["caffeine", "alcohol", "stress", "exercise", "sleep_loss"]
    assert set(controls["role"]) == {"sensitivity"}
    assert nhanes.beside is not None
    assert len(nhanes.beside.rows) == 5


def test_a_real_study_has_no_word_of_synthetic_data(nhanes: Report) -> None:
    assert "ynthetic" not in "".join(drawing.svg for drawing in nhanes.drawings)
    assert nhanes.notices[0].startswith("NHANES asks about leg jerks")
