"""The binary logits behind one question's weighted ordered logit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.analysis.regression.proportional import ThresholdLogits, threshold_logits

if TYPE_CHECKING:
    from hypnic.analysis.question.question import Question


def thresholds(question: Question) -> ThresholdLogits:
    """Cut a question's answers at each threshold, with the design's covariance; raises HypnicError as a fit does."""
    data, estimand = question.data, question.estimand
    return threshold_logits(
        question.exposed(), str(data.outcome_of(estimand)), [*question.terms, *estimand.adjustment],
        weights=estimand.weights, domain=estimand.domain, covariance="design", **data.keywords,
    )  # fmt: skip
