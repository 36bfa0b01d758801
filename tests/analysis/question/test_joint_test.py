"""Several coefficients tested together: with few persons in mind where they are the clusters."""

from __future__ import annotations

import logging

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.question.rows import line_row
from hypnic.analysis.question.tests import Wald, wald, wald_row
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.hotelling import Hotelling, joint_test
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.sets import AnalysisSet

TERMS = ["x", "z", "w"]
BLANK = {"design": "diary", "variant": "any-difference", "outcome": "jerk_count", "exposure": "x", "scale": "IRR"}


def diary(persons: int = 15) -> pl.DataFrame:
    rng = np.random.default_rng(3)
    person = np.repeat(np.arange(persons), 10)
    frame = pl.DataFrame({"pid": person, **dict(zip(TERMS, rng.normal(size=(3, len(person))), strict=True))})
    return frame.with_columns(jerk_count=rng.poisson(rng.gamma(2, 1, persons)[person]))


def fitted(covariance: str) -> Fit:
    return fit(diary(), "jerk_count", TERMS, "fe-poisson", groups="pid", covariance=covariance)


def analysis_set() -> AnalysisSet:
    return AnalysisSet(DIARY, diary(), "pid", "jerk_count", ())


def test_left_out_in_turn_persons_are_few_and_the_test_is_hotellings() -> None:
    found = wald(fitted("CR3"), TERMS)
    assert isinstance(found, Hotelling)
    assert found == joint_test(fitted("CR3"), TERMS)
    assert found.law.startswith("Hotelling, F, 3 and ")


def test_errors_for_many_clusters_are_held_against_chi_square() -> None:
    found = wald(fitted("CR0"), TERMS)
    assert isinstance(found, Wald)
    assert found.law == "chi2, 3 df"


def test_fifteen_persons_make_a_test_less_sure_than_chi_square_would_be() -> None:
    model = fitted("CR3")
    chi_square = float(model.params @ np.linalg.solve(model.vcov, model.params))
    found = wald(model, TERMS)
    assert found.statistic < chi_square / 3
    assert wald(model, TERMS).df_residual < 15


def test_a_row_of_a_test_says_how_many_coefficients_and_the_log_against_what() -> None:
    row = wald_row(BLANK, analysis_set(), fitted("CR3"), TERMS)
    assert (row["scale"], row["df"]) == ("test", 3.0)
    assert row["p_value"] == pytest.approx(joint_test(fitted("CR3"), TERMS).p_value, rel=1e-7)


def test_the_log_of_a_run_tells_of_errors_that_rest_on_few_persons(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="hypnic.analysis"):
        for covariance in ("CR3", "CR0"):
            model = fitted(covariance)
            line_row(BLANK, analysis_set(), model, model.contrast({"x": 1}))
    assert [record.getMessage().partition(": ")[2] for record in caplog.records] == [
        "CR0 errors are for many clusters and rest on 15: they are likely too small; use covariance='CR3'"
    ]
