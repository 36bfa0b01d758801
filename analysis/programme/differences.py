"""Rate differences: what one step of an exposure changes in the outcome's own unit, on average over those at hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.averages import average_answer, average_chance, stepped
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row
from hypnic.analysis.regression.contrasts import delta_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.regression.problem import Array, Codes
    from hypnic.analysis.studies.sets import AnalysisSet

ALONE: Final = "average-alone"


@analysis("differences", tables=("diary", "survey"))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give each primary estimand's average difference for one step more (a yes for a no), as a secondary row.

    It is in the outcome's own unit: see `Instrument.difference_units`. Answers in order have no unit of their own: what
    they stand for (`Instrument.averages`) gives a row each. Where the frozen estimands have a logit of the same yes or
    no alone, its difference is the row `ALONE`: always, so that what is told does not hang on a test.
    """
    logits = [one for one in questions(data, role="sensitivity") if one.estimand.family == "binomial"]
    for question in questions(data):
        blank = question.blank(role="secondary", scale="difference", variant="average")
        if question.estimand.family == "ordered":
            for average in data.instrument.averages:
                unit = f"{question.estimand.unit}, in {data.instrument.difference_units[average.outcome]}"
                facts = {"outcome": average.outcome, "variant": average.variant, "unit": unit}
                yield from attempt(_of_answers, blank | facts, question, average.values)
                for own in (one for one in logits if _same(one, question, average.outcome)):
                    alone = own.blank(role="sensitivity", scale="difference", variant=ALONE, unit=unit)
                    yield from attempt(_of_chance, alone, own, max(average.values))
        else:
            yield from attempt(_rows, blank, question)


def _same(logit: Question, question: Question, outcome: str) -> bool:
    """Tell whether a logit is a question asked again of one outcome, with nothing else changed."""
    again, own = question.estimand, logit.estimand
    return own == replace(again, outcome=outcome, family=own.family, role=own.role, variant=own.variant)


def _of_chance(blank: Row, question: Question, times: float) -> Iterator[Row]:
    yield line_row(blank, question.data, question.fit(), average_chance(question, times))


def _of_answers(blank: Row, question: Question, values: tuple[float, ...]) -> Iterator[Row]:
    yield line_row(blank, question.data, question.fit(), average_answer(question, values))


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    data, estimand, fitted, at = question.data, question.kept().estimand, question.fit(), stepped(question)
    if estimand.family == "fe-poisson":
        persons = np.unique(at.entered["person"].to_numpy(), return_inverse=True)[1].astype(np.intp)
        value, gradient = within_difference(
            fitted.params, at.observed, at.before, at.after, at.entered[estimand.outcome].to_numpy(), persons
        )
    else:
        trials = None if estimand.family != "cloglog" else at.entered[data.outcome[1]].to_numpy()
        value, gradient = average_difference(fitted.params, at.before, at.after, at.weights, trials)
    yield line_row(blank, data, fitted, delta_line(fitted, value, gradient))


def average_difference(
    params: Array, before: Array, after: Array, weights: Array, trials: Array | None = None
) -> tuple[float, Array]:
    """Average the change of the expected outcome over rows (g-computation), with its gradient by the coefficients.

    Parameters
    ----------
    params
        (p,) coefficients of a log link; with `trials`, of a complementary log-log link.
    before, after
        (n, p) design matrices, as the exposure was and as it is set. An offset is a column of coefficient 1.
    weights
        (n,) of the rows.
    trials
        (n,) nights that an expected share is of.

    Returns
    -------
    tuple
        The average, and (p,) its derivatives. Covariates are taken as they are: the delta method of R's `margins`.

    """

    def expected(matrix: Array) -> tuple[Array, Array]:
        rate = np.exp(matrix @ params)
        if trials is None:
            return rate, rate
        return -trials * np.expm1(-rate), trials * rate * np.exp(-rate)

    (low, low_slope), (high, high_slope) = expected(before), expected(after)
    share = weights / weights.sum()
    gradient = (share * high_slope) @ after - (share * low_slope) @ before
    return float(share @ (high - low)), np.asarray(gradient)


def within_difference(  # noqa: PLR0913, PLR0917 -- three matrices and whose they are
    params: Array, observed: Array, before: Array, after: Array, events: Array, persons: Codes
) -> tuple[float, Array]:
    """Average the change of the expected count where each person has a level of their own, given their totals.

    A person's level is what makes the expected total the `events` (n,) they had under the `observed` (n, p) exposures;
    it moves with the coefficients, and its part is in the gradient. `persons` (n,) are 0-based codes.
    """
    rate = np.exp(observed @ params)
    totals, rates = np.bincount(persons, events), np.bincount(persons, rate)
    centre = np.column_stack([np.bincount(persons, rate * column) for column in observed.T]) / rates[:, None]
    level = (totals / rates)[persons]
    low, high = (level * np.exp(matrix @ params) for matrix in (before, after))
    gradient = high @ (after - centre[persons]) - low @ (before - centre[persons])
    return float((high - low).mean()), np.asarray(gradient / len(events))
