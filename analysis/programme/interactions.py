"""Does one thing change what another goes with? Product terms in the models of the estimands, as the claims ask."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row
from hypnic.analysis.regression.contrasts import delta_line
from hypnic.errors import HypnicError
from hypnic.schemas.disclosure import FEWEST_PERSONS, too_few

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.studies.instrument import Interaction
    from hypnic.analysis.studies.sets import AnalysisSet

MODIFIER, PRODUCT = "modifier", "product"


@analysis("interactions", tables=("diary", "survey"))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give each interaction's ratio of rate ratios and, where both have a zero, its excess on the additive scale."""
    known = {row.exposure: Question(data, row) for row in data.instrument.claimed}
    known |= {question.estimand.exposure: question for question in questions(data)}
    for asked in data.instrument.interactions:
        if asked.exposure in known:
            question = known[asked.exposure].but(by=None)
            question = question.but(weights=asked.weights or question.estimand.weights)
            unit = f"{question.estimand.unit}, by {asked.unit}"
            blank = question.blank(role="exploratory", unit=unit, variant=f"by-{asked.modifier}")
            yield from attempt(_rows, blank, question, asked)


def fit_interaction(question: Question, asked: Interaction) -> Fit:
    """Fit an estimand's model with a modifier and its product with the exposure.

    The terms are the exposure in its unit, `modifier` in steps and `product`. A modifier that the model adjusts for
    moves out of the adjustment set, but for a choice of which one level is asked: then its other levels stay together.
    """
    data, estimand = question.data, question.estimand
    if asked.modifier not in data.frame.columns or data.frame[asked.modifier].is_null().all():
        message = f"nobody answered {asked.modifier}"
        raise HypnicError(message, reason="unanswered")
    own = estimand.exposure
    modifier = pl.col(asked.modifier) / asked.step if asked.level is None else pl.col(asked.modifier) == asked.level
    modifier = modifier.cast(pl.Float64)
    frame = question.exposed().with_columns(modifier.alias(MODIFIER), (modifier * pl.col(own)).alias(PRODUCT))
    if too_few(frame.filter(pl.col(PRODUCT) != 0)[data.person].n_unique()):
        message = f"fewer than {FEWEST_PERSONS} persons have both {own} and {asked.unit}"
        raise HypnicError(message, reason="few_persons")
    left = tuple(column for column in estimand.adjustment if column != asked.modifier)
    return question.on(frame).but(adjustment=left).fit([own, MODIFIER, PRODUCT])


def excess(fitted: Fit, one: str, other: str, both: str) -> pl.DataFrame:
    """Give the relative excess risk due to interaction: RR11 - RR10 - RR01 + 1, as one row of `Fit.contrast`'s columns.

    Source: Rothman 1986; limits by the delta method, Hosmer & Lemeshow 1992 (Epidemiology 3:452). It is 0 where the
    two add up. Of a logit it is an excess of odds, and one of risks only where the outcome is rare.
    """
    at = [fitted.names.index(term) for term in (one, other, both)]
    b = fitted.params[at]
    r10, r01, r11 = exp(b[0]), exp(b[1]), exp(b.sum())
    gradient = np.zeros(len(fitted.names))
    gradient[at] = r11 - r10, r11 - r01, r11
    return delta_line(fitted, r11 - r10 - r01 + 1, gradient)


def _rows(blank: Row, question: Question, asked: Interaction) -> Iterator[Row]:
    fitted = fit_interaction(question, asked)
    yield line_row(blank, question.data, fitted, fitted.contrast({PRODUCT: 1}))
    if asked.joint:
        yield from attempt(_excess, blank | {"scale": "difference"}, question, fitted)


def _excess(blank: Row, question: Question, fitted: Fit) -> Iterator[Row]:
    yield line_row(blank, question.data, fitted, excess(fitted, question.estimand.exposure, MODIFIER, PRODUCT))
