"""Whether one slope serves every threshold of an ordered logit: a Wald test over its binary logits.

An answer of K levels is cut in K - 1 ways into low and high; under proportional odds all cuts have the same
slopes (Brant 1990, Biometrics 46:1171). Their joint covariance is a sandwich over rows or clusters, so it is right
whether or not the proportional model is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.stats import chi2

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import ESTIMATED, Row, attempt, refuse_few, rounded
from hypnic.analysis.regression.design import INTERCEPT, design_matrix, expand_terms, refuse_infinite
from hypnic.analysis.regression.frame import Roles, Sample, draw_sample
from hypnic.analysis.regression.glm import estimate_binomial
from hypnic.analysis.regression.problem import Array, Codes, Problem, group_sums
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.studies.sets import AnalysisSet

LEAST = 0.1  # of the answers, in a level whose logit is asked for


@analysis("proportional odds", tables=("survey",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Test proportional odds in every unweighted ordered logit of a set: a row without an estimate for each."""
    for question in questions(data, role=None):
        if question.estimand.family == "ordered" and question.estimand.weights is None:
            yield from attempt(_tested, question.blank(scale="test", variant="all-thresholds"), question)


def _tested(blank: Row, question: Question) -> Iterator[Row]:
    data, estimand = question.data, question.estimand
    outcome = str(data.outcome_of(estimand))
    terms = [estimand.column, *estimand.adjustment]
    whole = data.frame.drop_nulls([outcome, *terms])
    line = proportional_odds(whole.with_columns(joined(whole[outcome])), outcome, terms).row(0, named=True)
    tested = {"statistic": rounded(line["statistic"]), "df": float(line["df"]), "p_value": rounded(line["p_value"])}
    refuse_few(whole.height)
    yield blank | ESTIMATED | tested | {
        "n_rows": whole.height, "n_persons": whole.height, "n_dropped": data.frame.height - whole.height
    }  # fmt: skip


def joined(codes: pl.Series, least: float = LEAST) -> pl.Series:
    """Join neighbouring levels until each holds a share of `least`: a rare one has no logit of its own.

    >>> joined(pl.Series([0] * 6 + [1] + [2] * 2 + [3]), 0.3).to_list()
    [0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
    """
    held, number, given = 0.0, 0, {}
    shares = codes.value_counts(normalize=True).sort(codes.name).rows()
    for place, (code, share) in enumerate(shares):
        rest = sum(later for _, later in shares[place:])
        if held >= least and rest >= least:
            held, number = 0.0, number + 1
        held += share
        given[code] = number
    return codes.replace_strict(given, return_dtype=pl.Int64)


def proportional_odds(
    frame: pl.DataFrame, outcome: str, terms: Sequence[str], cluster: str | None = None
) -> pl.DataFrame:
    """Return term, statistic (chi-square), df and p_value: a row a term, and one for all of them together.

    `outcome` holds ordered whole codes or an enum, of three levels or more. Raises HypnicError as `fit` does, also
    for a level too rare for a logit of its own.

    >>> x = [0.0, 1.0] * 30
    >>> y = [i % 3 for i in range(60)]
    >>> proportional_odds(pl.DataFrame({"x": x, "y": y}), "y", ["x"])["df"].to_list()
    [1, 1]
    """
    sample = draw_sample(frame, Roles((outcome,), tuple(terms), cluster=cluster), "ordered", within=False)
    if len(sample.levels) < 3:
        msg = f"outcome {outcome!r} has two levels: proportional odds are a question for three or more"
        raise HypnicError(msg)
    slopes, vcov = _slopes(sample, terms)
    widths = [len(expand_terms(sample.frame, [term])[1]) for term in terms]
    ends = np.cumsum(widths)
    members = [np.arange(end - width, end) for end, width in zip(ends, widths, strict=True)]
    rows = [_wald(label, slopes, vcov, which) for label, which in zip(terms, members, strict=True)]
    rows.append(_wald("all terms", slopes, vcov, np.arange(slopes.shape[1])))
    return pl.DataFrame(rows, schema=["term", "statistic", "df", "p_value"], orient="row")


def _slopes(sample: Sample, terms: Sequence[str]) -> tuple[Array, Array]:
    """Fit each cut by a logit: slopes (cuts, p), and the joint sandwich (cuts, p, cuts, p)."""
    influences, slopes = [], []
    for cut in range(1, len(sample.levels)):
        high = (sample.outcome >= cut).astype(np.float64)
        halves = replace(sample, outcome=np.column_stack([high, np.ones_like(high)]))
        try:
            columns = design_matrix(halves, terms, "share", (INTERCEPT,))
            estimation = estimate_binomial(Problem(columns.matrix, halves.outcome, sample.offset, sample.weights))
            refuse_infinite(columns, estimation)
        except HypnicError as error:
            low, up = sample.levels[cut - 1 : cut + 1]
            msg = f"between levels {low!r} and {up!r}, {error}"
            raise HypnicError(msg) from error
        influence = estimation.scores @ np.linalg.inv(estimation.information)
        if sample.cluster is not None:
            influence = group_sums(influence, sample.cluster, int(sample.cluster.max()) + 1)
        influences.append(influence[:, 1:])
        slopes.append(estimation.params[1:])
    joint = np.hstack(influences)
    shape = np.shape(slopes)
    return np.array(slopes), (joint.T @ joint).reshape(*shape, *shape)


def _wald(label: str, slopes: Array, vcov: Array, which: Codes) -> tuple[str, float, int, float]:
    """Test that these columns have the slopes of the first cut in all others."""
    apart = (slopes[1:, which] - slopes[0, which]).ravel()
    part = vcov[:, which][:, :, :, which]
    spread = part[1:, :, 1:] - part[:1, :, 1:] - part[1:, :, :1] + part[:1, :, :1]
    statistic = float(apart @ np.linalg.solve(spread.reshape(len(apart), len(apart)), apart))
    return label, statistic, len(apart), float(chi2.sf(statistic, len(apart)))
