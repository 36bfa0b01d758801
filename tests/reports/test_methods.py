"""The methods in words: what was adjusted for, and what that leaves open."""

from __future__ import annotations

import pytest

from hypnic.analysis.studies.estimands import estimands
from hypnic.reports.methods import _adjustment, _supposition


@pytest.mark.parametrize("row", estimands("diary"), ids=lambda row: row.exposure)
def test_a_diary_row_blocks_every_other_path(row) -> None:
    assert _adjustment(row)[1].endswith(
        "By the graph of what is supposed to lead to what, this blocks every other path to jerks."
    )


def test_a_survey_row_names_the_path_that_stays_open() -> None:
    assert "under “sleep loss first”, caffeine ← sleep loss → jerks" in _adjustment(estimands("survey")[0])[1]


def test_a_medicine_is_said_to_lead_to_what_is_adjusted_for() -> None:
    row = next(row for row in estimands("nhanes") if row.exposure == "ssri_snri")
    assert _adjustment(row)[1].endswith(
        "By the graph of what is supposed to lead to what, this is no total effect: medicines → stress, which is held"
        " still."
    )


def test_what_nobody_was_asked_is_named() -> None:
    assert _supposition("survey").endswith("by way of: chronotype, circumstances, twitchiness.")
    assert not _supposition("diary")
