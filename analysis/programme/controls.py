"""Is it about jerks? The ratio of an exposure for jerks over its ratio for a control, from one stacked model.

Two ratios from the same people are not independent: that one differs from 1 and the other does not says little (Gelman
& Stern 2006, Am Stat 60:328). Each person enters twice, once with each outcome; every coefficient is estimated for
either, and the errors, by sampling unit or person, know that both copies are one person's (as in seemingly unrelated
regressions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row, refuse_few
from hypnic.analysis.regression import expand_terms
from hypnic.analysis.regression.fit import fit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.regression import Fit
    from hypnic.analysis.studies import AnalysisSet
    from hypnic.analysis.studies.instrument import Control

FAMILY = "binomial"
OWN, OTHER = "own", "control"


@analysis("controls", tables=("survey",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give each primary exposure's odds ratio over that for each control of the instrument, as sensitivity rows."""
    for question in questions(data):
        for control in data.instrument.controls:
            facts = {"role": "sensitivity", "family": FAMILY, "scale": "OR", "effect": "association"}
            blank = question.blank(**facts, outcome=control.outcome, variant=f"over-{control.name}")
            yield from attempt(_row, blank, question, control)


def _row(blank: Row, question: Question, control: Control) -> Iterator[Row]:
    fitted = fit_stacked(question, control)
    share = 1 / len(question.terms)
    weights = {f"{term}, {part}": sign * share for term in question.terms for part, sign in ((OWN, 1), (OTHER, -1))}
    row = line_row(blank, question.data, fitted, fitted.contrast(weights))
    persons = row["n_rows"] // 2  # each is two rows of the stacked model, and one of the study
    refuse_few(persons)
    yield row | {"n_rows": persons, "n_persons": persons, "n_dropped": question.data.frame.height - persons}


def fit_stacked(question: Question, control: Control) -> Fit:
    """Fit the logits of an outcome and of its control as one model, on the people who answered about both.

    The terms of the first are called `term, own`, those of the second `term, control`. Raises HypnicError as `fit`.
    """
    estimand, data = question.estimand, question.data
    frame, terms = expand_terms(question.exposed(), [*question.terms, *estimand.adjustment])
    both = pl.all_horizontal(pl.col(control.outcome).is_not_null(), pl.col(control.control).is_not_null())
    parts = ((OWN, control.outcome), (OTHER, control.control))
    copies = pl.concat(
        frame.with_columns(
            pl.when(both).then(pl.col(outcome).cast(pl.Int8)).alias("y"),
            pl.lit(int(part == OTHER)).alias("copy"),
            *((pl.col(term) * int(part == one)).alias(f"{term}, {one}") for term in terms for one, _ in parts),
        )
        for part, outcome in parts
    )
    own = [f"{term}, {part}" for part, _ in parts for term in terms]
    # A sampling unit has both copies of its persons; without a survey's design, a person is the cluster.
    errors: dict[str, Any] = {"covariance": "CR1S", "cluster": data.person}
    if estimand.weights:
        errors = {"covariance": "design", "weights": estimand.weights, **data.keywords}
    return fit(copies, "y", [*own, "copy"], FAMILY, domain=estimand.domain, **errors)
