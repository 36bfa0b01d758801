"""How many primary rows a small study has, and how often their limits hold what the estimator aims at.

`nox -s benchmarks -- small` draws 100 synthetic surveys of each size from 40 to 250 persons from the process of the
demo, once with all columns and once with the core ones alone, and 100 diaries of 12 and of 40 persons (`-- small 8`: 8
of each). `before` is the share of rows that a plain fit of the full adjustment set gives, `now` the share that the rule
of `hypnic.analysis.question.lean` gives; `reduced` counts the rows whose fit was bias-reduced. `held` is against
`target` in the demo's truth, which is what the full adjustment set converges to: where columns leave, the aim moves a
little with them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from math import log, sqrt
from typing import Any, Literal, NamedTuple

import polars as pl
from tqdm import tqdm

from hypnic.analysis.question import Question, questions
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.studies.estimands import Design
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.simulated import simulated_set
from hypnic.analysis.studies.survey import survey_set
from hypnic.datasets.checking.types import typed
from hypnic.datasets.cleaning import clean, flags
from hypnic.datasets.cohort.simulation import population, simulate
from hypnic.errors import HypnicError
from hypnic.schemas import Participants, columns
from hypnic.schemas.disclosure import too_few
from hypnic.workers import spread

DRAWS = 100
Columns = Literal["all", "core"]


class Plan(NamedTuple):
    """What is drawn: a diary or a survey of so many persons, with all its columns or the core ones alone."""

    design: Design
    columns: Columns
    persons: int


PLANS = (
    *(Plan("survey", asked, persons) for asked in ("all", "core") for persons in (40, 60, 100, 150, 250)),
    *(Plan("diary", "all", persons) for persons in (12, 40)),
)


def drawn(plan: Plan, seed: int) -> AnalysisSet:
    """Draw one study, as a file with the columns asked for would give it."""
    if plan.columns == "all":
        return simulated_set(plan.design, plan.persons, seed)
    people = typed(simulate(plan.persons, 1, 2, seed).participants, Participants)
    people = people.select(name for name in people.columns if columns(Participants)[name].tier == "core")
    return survey_set(clean(people, Participants), flags(people, Participants))


def rows(plan: Plan, seed: int) -> list[dict[str, Any]]:
    """Say of each primary row whether it was there before, whether it is now, and where its limits lie."""
    return [plan._asdict() | {"seed": seed} | _row(question) for question in questions(drawn(plan, seed))]


def _row(question: Question) -> dict[str, Any]:
    exposure, design = question.estimand.exposure, question.data.instrument.design
    row: dict[str, Any] = {"exposure": exposure, "before": _plain(question), "now": False, "reduced": False}
    try:
        fitted = question.fit()
    except HypnicError:
        return row
    if not fitted.info["converged"] or too_few(int(fitted.info["n_groups"] or fitted.info["n_rows"])):
        return row
    line = fitted.contrast({exposure: 1}).row(0, named=True)
    target = log(population()[design][exposure]["target"])
    held = line["conf_low"] <= target <= line["conf_high"]
    return row | {"now": True, "reduced": "bias_reduced" in fitted.info, "held": held}


def _plain(question: Question) -> bool:
    """Tell whether the full adjustment set can be fitted as it is."""
    data, estimand = question.data, question.estimand
    terms = [*question.terms, *estimand.adjustment]
    try:
        fitted = fit(question.exposed(), data.outcome_of(estimand), terms, estimand.family,
                     covariance=estimand.covariance, **data.keywords)  # fmt: skip
    except HypnicError:
        return False
    return bool(fitted.info["converged"]) and not too_few(int(fitted.info["n_groups"] or fitted.info["n_rows"]))


def summary(found: pl.DataFrame) -> pl.DataFrame:
    """Sum up each plan; `held` is of the rows that are there now, with its Monte Carlo error."""
    keys = list(Plan._fields)
    return found.group_by(keys, maintain_order=True).agg(
        draws=pl.col("seed").n_unique(),
        before=pl.col("before").mean(),
        now=pl.col("now").mean(),
        reduced=pl.col("reduced").sum(),
        held=pl.col("held").mean(),
        held_error=sqrt(0.95 * 0.05) / pl.col("held").count().sqrt(),
    )


def studies(draws: int) -> Iterator[tuple[Plan, int]]:
    """Give every plan with every seed."""
    return ((plan, seed) for plan in PLANS for seed in range(draws))


def _rows(study: tuple[Plan, int]) -> list[dict[str, Any]]:
    return rows(*study)


def main() -> None:
    """Draw the studies and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("draws", nargs="?", type=int, default=DRAWS, help="how many of each size")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    asked = parser.parse_args()
    tasks = list(studies(asked.draws))
    drawn_rows = tqdm(spread(_rows, tasks, asked.jobs), total=len(tasks), unit="study", disable=None)
    found = pl.DataFrame([row for some in drawn_rows for row in some], infer_schema_length=None)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, tbl_hide_column_data_types=True, float_precision=3):
        print(summary(found))
        by_exposure = found.group_by("design", "columns", "exposure", maintain_order=True)
        print(by_exposure.agg(now=pl.col("now").mean(), held=pl.col("held").mean()))


if __name__ == "__main__":
    main()
