"""What a report says of its controls."""

from __future__ import annotations

from types import SimpleNamespace

import polars as pl

from hypnic.analysis.studies import EXPOSURES
from hypnic.analysis.studies.interview import NHANES_INTERVIEW
from hypnic.reports.controls import contrast_tables, specificity


def results(**different: tuple[float, float]) -> SimpleNamespace:
    """Results whose exposures all go with jerks and cramps equally, but for those named, with their limits."""
    limits = dict.fromkeys(EXPOSURES, (0.9, 1.1)) | different
    rows = [
        {
            "study": "nhanes", "analysis": "controls", "status": "estimated", "design": "survey", "exposure": exposure,
            "variant": f"over-{control.name}", "estimate": (low * high) ** 0.5, "conf_low": low, "conf_high": high,
        }
        for exposure, (low, high) in limits.items()
        for control in NHANES_INTERVIEW.controls
    ]  # fmt: skip
    sets = (SimpleNamespace(instrument=NHANES_INTERVIEW),)
    return SimpleNamespace(estimates=pl.DataFrame(rows), data=SimpleNamespace(sets=sets))


def test_where_no_contrast_differs_from_1_the_report_says_that_nothing_is_specific() -> None:
    assert str(specificity(results())).startswith("Leg cramps show much the same")


def test_an_exposure_that_differs_is_named_as_the_study_calls_it() -> None:
    said = str(specificity(results(stress=(1.05, 1.4))))
    assert "only depressive symptoms goes with leg jerks differently" in said


def test_a_study_without_controls_says_nothing_of_them() -> None:
    empty = results()
    empty.estimates = empty.estimates.clear()
    assert specificity(empty) is None
    assert contrast_tables(empty) == ()


def test_each_contrast_stands_next_to_what_the_control_can_tell() -> None:
    contrasts, standing = contrast_tables(results(caffeine=(0.9, 1.2)))
    assert contrasts.rows[0] == ("Caffeine", "1.04 (0.90 to 1.20)", "1.04 (0.90 to 1.20)")
    assert [row[2] for row in standing.rows if row[:2] == ("Alcohol", standing.rows[6][1])] == ["positive"]
    assert len(standing.rows) == len(NHANES_INTERVIEW.standings)


def test_the_source_of_each_standing_is_told_and_that_no_control_is_a_clean_one() -> None:
    _, standing = contrast_tables(results(caffeine=(0.9, 1.2)))
    told = {row[:2]: row[2:] for row in standing.rows}
    assert told["Caffeine", standing.rows[6][1]][0] == "unclear"
    assert told["Caffeine", standing.rows[6][1]][2].startswith("Aurora et al. 2012")
    assert told["Caffeine", standing.rows[0][1]][2] == "our judgement; no source"
    assert "No control is a clean negative one" in str(standing.note)
