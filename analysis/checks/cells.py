"""Observed against fitted answers: what share of people each coding expects of an answer, next to what was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.question.averages import stepped
from hypnic.analysis.question.rows import rounded
from hypnic.analysis.regression.betabinomial import log_share
from hypnic.analysis.regression.expected import expected_answer
from hypnic.analysis.regression.interval import LOG_DISPERSION_MAX, log_probability
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypnic.analysis.question.question import Question
    from hypnic.analysis.regression.problem import Array

# The families that say how likely each answer is.
CODED = frozenset({"ordered", "interval-nb2", "truncated-nb2", "beta-binomial"})
SCHEMA = {
    "exposure": pl.String, "coding": pl.String, "outcome": pl.String, "loglik": pl.Float64, "answer": pl.String,
    "observed": pl.Float64, "fitted": pl.Float64,
}  # fmt: skip


def cells(question: Question, bands: Mapping[str, tuple[int, int]]) -> pl.DataFrame:
    """Give the weighted shares of each answer, `observed` and `fitted`; `bands` are the counts an answer stands for.

    `loglik` is the weighted log-likelihood, with weights of mean 1. A law whose counts go beyond the last band expects
    less than one in all.

    Raises HypnicError for a fit that is not there, or did not reach its maximum.
    """
    fitted, estimand = question.fit(), question.estimand
    if not fitted.info["converged"]:
        message = f"the {estimand.family} of {estimand.exposure} did not reach its maximum"
        raise HypnicError(message, reason="no_maximum")
    at, outcome = stepped(question), fitted.sample.outcome
    codes = outcome if outcome.ndim == 1 else np.searchsorted([low for low, _ in bands.values()], outcome[:, 0])
    chances = _chances(question, at.observed, list(bands.values()))
    rows = [
        {"exposure": estimand.exposure, "coding": estimand.family, "outcome": estimand.outcome,
         "loglik": rounded(fitted.info["loglik"]), "answer": answer,
         "observed": rounded(float(at.weights @ (codes == code))), "fitted": rounded(float(at.weights @ chance))}
        for code, (answer, chance) in enumerate(zip(bands, chances, strict=True))
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


def _chances(question: Question, matrix: Array, bands: list[tuple[int, int]]) -> Iterator[Array]:
    """Give how likely each answer is for each person."""
    fitted, family, top = question.fit(), question.estimand.family, question.estimand.maximum
    if family == "ordered":
        yield from (expected_answer(fitted, matrix, row)[0] for row in np.eye(len(bands)).tolist())
        return
    eta, whole = matrix @ fitted.params, np.ones(len(matrix))
    open_end = bool(np.isinf(fitted.sample.outcome).any())  # the last answer, where the coding leaves it open
    for low, high in bands:
        last = np.inf if open_end and (low, high) == bands[-1] else high
        band = np.column_stack([low * whole, last * whole])
        if family == "beta-binomial":
            assert top is not None  # noqa: S101
            yield np.exp(log_share(band, top * whole, eta, float(fitted.info["log_precision"])).logp)
            continue
        log_theta = float(fitted.info.get("log_theta", LOG_DISPERSION_MAX))
        logp = log_probability(band, eta, log_theta).logp
        if top is not None:  # given that it is no more
            logp -= log_probability(np.column_stack([0 * whole, top * whole]), eta, log_theta).logp
        yield np.exp(logp)
