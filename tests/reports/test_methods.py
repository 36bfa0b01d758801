"""The methods in words: what was adjusted for, and what that leaves open."""

from __future__ import annotations

import pytest

from hypnic.analysis import estimands
from hypnic.analysis.studies.registry import named
from hypnic.reports.checklists import checklists
from hypnic.reports.methods import _adjustment, _supposition


@pytest.mark.parametrize("row", estimands("diary"), ids=lambda row: row.exposure)
def test_a_diary_row_says_that_last_nights_jerks_stay_open(row) -> None:
    found = _adjustment(row)[1]
    assert "By the graph of what leads to what, this is not the total effect alone: " in found
    assert "← jerks before → jerks" in found


def test_a_row_for_which_nothing_is_open_says_so_in_plain_words() -> None:
    row = next(row for row in estimands("nhanes") if row.exposure == "poor_mental_days")
    assert _adjustment(row)[1].endswith(
        "By the graph of what leads to what, nothing else that was drawn leads to both."
    )


def test_a_survey_row_names_the_path_that_stays_open() -> None:
    assert "under “sleep loss first”, caffeine ← sleep loss → jerks" in _adjustment(estimands("survey")[0])[1]


def test_a_medicine_is_said_to_lead_to_what_is_adjusted_for() -> None:
    row = next(row for row in estimands("nhanes") if row.exposure == "ssri_snri")
    assert _adjustment(row)[1].endswith(
        "By the graph of what leads to what, this is not the total effect alone: medicines → stress,"
        " which is held still."
    )


def test_what_nobody_was_asked_is_named() -> None:
    assert _supposition("survey").endswith("by way of: chronotype, circumstances, twitchiness.")
    assert _supposition("diary").endswith("by way of: spell.")


@pytest.mark.parametrize("name", ["demo", "open", "nhanes"])
def test_the_summary_of_each_study_names_its_design_as_strobe_asks(name: str) -> None:
    assert "cross-sectional survey" in named(name).what
    (strobe, *_) = checklists(named(name))
    assert (strobe.items[0].asks, strobe.items[0].href) == (
        "Design in the title or the summary; what was done and found", "index.html#main",
    )  # fmt: skip
