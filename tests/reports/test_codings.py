"""Codings of one answer, who was left out, and sentences about answers in order, on small made-up tables."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from hypnic.analysis.checks.cells import SCHEMA as CELLS
from hypnic.analysis.checks.flow import SCHEMA as FLOW
from hypnic.analysis.studies import STUDIES
from hypnic.analysis.studies.interview import NHANES_INTERVIEW
from hypnic.reports.codings import cell_rows, cell_table, flow_table, ranges
from hypnic.reports.ratios import Cuts, Difference, Found, Ratio
from hypnic.reports.sentences import finding


def made(**facts: Any) -> Any:
    """Give as much of a study's results as these tables and figures read."""
    data = SimpleNamespace(study=STUDIES["nhanes"], sets=[SimpleNamespace(instrument=NHANES_INTERVIEW, table="nhanes")])
    return SimpleNamespace(**({"data": data, "cells": None, "flow": None} | facts))


def row(outcome: str, family: str, estimate: float, scale: str, **facts: str) -> dict[str, object]:
    given = {"analysis": "further", "role": "sensitivity", "variant": family}
    return {"outcome": outcome, "family": family, "estimate": estimate, "scale": scale, "exposure": "stress",
            "design": "survey"} | given | facts  # fmt: skip


def test_the_figure_tells_every_coding_and_leaves_out_what_is_none() -> None:
    rows = [
        row("leg_jerks_order", "ordered", 1.75, "OR", analysis="primary", role="primary", variant="main"),
        row("leg_jerks", "interval-nb2", 1.85, "IRR"),
        row("leg_jerks_often", "binomial", 1.95, "OR"),
        row("leg_jerks_order", "ordered", 9.0, "OR", variant="in-2005-2006"),
        row("snoring", "binomial", 8.0, "OR"),
    ]
    (sketch,) = ranges(made(estimates=pl.DataFrame(rows)))
    drawing = sketch()
    assert drawing.name == "codings-nhanes"
    assert (
        "Depressive symptoms: ordered logit, the answers in order 1.75; negative binomial, 0 to 30 1.85" in drawing.svg
    )
    assert "9.00" not in drawing.svg
    assert "8.00" not in drawing.svg


def test_what_was_seen_stands_once_above_what_each_coding_expects() -> None:
    cells = pl.DataFrame(
        [
            ("stress", coding, outcome, -70.5, answer, 0.5, fitted)
            for coding, outcome, fitted in (("ordered", "leg_jerks_order", 0.5), ("interval-nb2", "leg_jerks", 0.48))
            for answer in ("never", "almost_always")
        ],
        schema=CELLS,
        orient="row",
    )
    table = cell_table(made(cells=cells))
    assert table is not None
    assert table.header == ("Model", "never", "almost always", "Log-likelihood")
    assert table.rows == (
        ("Depressive symptoms: seen", "50.00", "50.00", "–"),
        ("Depressive symptoms: ordered logit, the answers in order", "50.00", "50.00", "−70.5"),
        ("Depressive symptoms: negative binomial, 0 to 30", "48.00", "48.00", "−70.5"),
    )
    rows = cell_rows("nhanes", cells)
    assert rows.height == 2 * cells.height
    assert rows.columns == ["table", "exposure", "check", "statistic", "p_value", "reading"]
    assert rows["check"][-1] == "cells, interval-nb2 of leg_jerks: almost_always, fitted"


def test_a_small_count_of_those_left_out_is_hidden_and_what_is_not_needed_is_a_dash() -> None:
    flow = pl.DataFrame(
        [
            ("caffeine", "answered", None, 100), ("caffeine", "missing", "caffeine_mg", 20),
            ("caffeine", "missing", "bmi", None), ("caffeine", "entered", None, 75),
            ("stress", "answered", None, 100), ("stress", "entered", None, 95),
        ],
        schema=FLOW,
        orient="row",
    )  # fmt: skip
    table = flow_table(made(flow=flow))
    assert table is not None
    assert table.header == ("People", "Caffeine", "Depressive symptoms")
    assert table.rows == (
        ("answered", "100", "100"), ("of these without: caffeine", "20", "–"),
        ("of these without: body mass index", "<10", "–"), ("in the model", "75", "95"),
    )  # fmt: skip


def test_a_study_without_bands_or_stages_has_neither_table() -> None:
    assert cell_table(made()) is None
    assert flow_table(made()) is None


@pytest.mark.parametrize(("p", "said"), [(0.3, False), (0.001, True)])
def test_the_ratio_at_each_answer_is_said_where_one_does_not_serve_all(p: float, said: bool) -> None:
    stress = NHANES_INTERVIEW.primary[2]
    cuts = Cuts(p, (("rarely", Found(1.7, 1.5, 1.9)), ("often", Found(2.5, 2.1, 3.0))))
    found = Ratio(
        NHANES_INTERVIEW, stress, Found(2.2, 2.1, 2.4), 0.001, None, None,
        (Difference("often", "percentage points", 4.2, -0.05, 8.4),), cuts,
    )  # fmt: skip
    sentence = finding(found, 5)
    assert "2.1 to 2.4 times as high, and hardly no difference" in sentence
    assert "that is +4.2 (−0.05 to +8.4) percentage points." in sentence
    assert ("“rarely” 1.70 (1.50 to 1.90); “often” 2.50 (2.10 to 3.00)." in sentence) is said
