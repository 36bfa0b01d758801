"""The Bayesian companion on the page: where it was asked for, and how to get it where it was not."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from hypnic.analysis import questions
from hypnic.analysis.programme.hierarchical import Companion
from hypnic.reports import report as reporting
from hypnic.reports.companion import companion_text
from hypnic.reports.files import report_files
from hypnic.reports.page import pages
from hypnic.reports.report import report

pytestmark = pytest.mark.xdist_group("built")  # half a minute to make: once, in one process


def drawn(question) -> Companion:
    """Make up what was drawn of one question."""
    rng = np.random.default_rng(2)
    groups = np.linspace(-1, 1, 6)
    names = ("share of nights without one", "variance of the counts")
    return Companion(
        estimand=question.estimand, rows=900, persons=90, typical=rng.normal(0.2, 0.05, 400),
        average=rng.normal(0.2, 0.05, 400), spread=np.full(400, 0.1), weights=np.ones(400), r_hat=1.0024, bulk=901.0,
        tail=1204.0, divergences=0,
        predictive=pl.DataFrame({
            "check": names, "observed": [0.72, 1.7], "low": [0.69, 1.5], "high": [0.75, 9.0], "p_value": [0.9, 0.02],
        }),
        shrinkage=pl.DataFrame({"alone": groups, "drawn": 0.2 + groups / 10, "persons": [15] * 6}),
    )  # fmt: skip


@pytest.fixture(scope="module")
def asked(found):
    """Make the demo's report with a companion, though its libraries may be absent."""
    diary, survey = found.data.sets
    companions = {diary.table: tuple(map(drawn, questions(diary))), survey.table: ()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reporting, "LIBRARIES", ())
        return report(replace(found, doses={}, checks=dict.fromkeys(found.checks, ()), companions=companions))


def test_a_report_without_it_says_in_one_place_how_to_get_it_and_shows_nothing_of_it(made):
    files = pages(made)
    assert files["methods.html"].count("hypnic report --bayes") == 1
    for page in (files["index.html"], files["diagnostics.html"]):
        assert "The Bayesian companion of the diary" not in page
        assert "shrinkage" not in page


def test_a_study_without_diaries_does_not_speak_of_it(found):
    survey = replace(found.data, sets=found.data.sets[1:])
    assert companion_text(replace(found, data=survey)) is None


def test_with_it_the_page_has_its_figure_its_table_and_its_priors(asked):
    files = report_files(asked)
    page = files["diagnostics.html"].decode()
    assert "hypnic report --bayes" not in files["methods.html"].decode()
    assert page.count("<caption>The Bayesian companion of the diary") == 1
    assert "sd 0.5 (95 of 100 ratios between 0.38 and 2.66" in files["methods.html"].decode()
    figure = files["figures/shrinkage-caffeine.svg"].decode()
    assert "Caffeine: the group with the lowest log ratio alone, -1.00, is drawn at 0.10" in figure
    assert "(synthetic data)</title>" in figure
    assert "figures/shrinkage-caffeine.svg" in json.loads(files["provenance.json"])["outputs"]


def test_each_exposure_has_a_line_with_the_worst_of_its_draws(asked):
    table = asked.companion
    assert [row[0] for row in table.rows] == ["Caffeine", "Alcohol", "Stress", "Vigorous exercise", "Sleep loss"]
    line = dict(zip(table.header, table.rows[2], strict=True))
    assert (line["R-hat"], line["Fewest effective draws"], line["Divergences"]) == ("1.002", "901", "0")
    assert line["Predicted: share of nights without one"] == "0.72 (0.69 to 0.75)"
    assert line["Primary"].startswith("1.")
    assert line["Bayesian"] == "–"


def test_its_checks_are_rows_of_the_diagnostics(asked):
    checks = asked.check_rows.filter(table="diary", exposure="stress")
    said = dict(checks.select("check", "reading").iter_rows())
    assert said["draws: largest R-hat"] == "the chains came together"
    assert said["predicted: share of nights without one"] == "as in the sets drawn"
    assert said["predicted: variance of the counts"] == "unlike the sets drawn"
