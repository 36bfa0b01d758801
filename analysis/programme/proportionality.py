"""Whether one slope serves every threshold of an ordered logit: a Wald test over its binary logits.

The computation is `regression.proportional`'s; here it is asked of each ordered logit of a set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import ESTIMATED, Row, attempt, fit_facts, refuse_few, rounded
from hypnic.analysis.question.thresholds import thresholds
from hypnic.analysis.regression.proportional import threshold_logits
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.studies.sets import AnalysisSet

LEAST = 0.1  # of the answers, in a level whose logit is asked for


@analysis("proportional odds", tables=("survey",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Test proportional odds in every unweighted ordered logit of a set, and in every primary one of a survey design.

    Each gives a row without an estimate. A primary one also gives the odds ratio at each threshold of its answers, as
    sensitivity rows: always, as rows that come only after a test has failed would be chosen by the data.
    """
    for question in questions(data, role=None):
        estimand = question.estimand
        blank = question.blank(scale="test", variant="all-thresholds")
        if estimand.family == "ordered" and estimand.weights is None:
            yield from attempt(_tested, blank, question)
        elif estimand.family == "ordered" and estimand.role == "primary":
            yield from attempt(_in_a_design, blank | {"role": "sensitivity"}, question)


def _in_a_design(blank: Row, question: Question) -> Iterator[Row]:
    """Test the exposure's slopes by Korn and Graubard's F, then give them; the levels of `by` are taken as their mean.

    Rows and persons are those of the question's own fit, which has the same complete rows.
    """
    data, estimand, fitted = question.data, question.estimand, question.fit()
    cuts = thresholds(question)
    facts = blank | fit_facts(data, fitted)
    test = cuts.together(question.terms).row(0, named=True)
    if test["p_value"] is None:
        message = f"a design with {cuts.df:g} degrees of freedom can't carry a test of {test['df']} coefficients"
        raise HypnicError(message, reason="design")
    yield facts | {
        "statistic": rounded(test["statistic"]), "df": float(test["df"]), "p_value": rounded(test["p_value"])
    }  # fmt: skip
    mean = dict.fromkeys(question.terms, 1 / len(question.terms))
    for line in cuts.combination(mean).iter_rows(named=True):
        ratio = {"estimate": rounded(line["ratio"])} | {
            key: rounded(line[key]) for key in ("conf_low", "conf_high", "std_error", "statistic", "p_value")
        }
        answer = line["threshold"].partition("|")[2]
        yield facts | ratio | {"scale": estimand.scale, "variant": f"from-answer-{answer}", "df": rounded(cuts.df)}


def _tested(blank: Row, question: Question) -> Iterator[Row]:
    kept = question.kept()
    data, estimand, blank = kept.data, kept.estimand, blank | kept.adjusted()
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
    kind: Literal["HC0", "CR0"] = "CR0" if cluster else "HC0"
    tested = threshold_logits(frame, outcome, terms, cluster=cluster, covariance=kind).test()
    return tested.drop("df_residual")
