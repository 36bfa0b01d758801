"""Nights that are not there: the primary diary models weighted by the chance that a night was told.

A night may be missing, or lack an answer, the likelier the worse the one before; and who has bad nights may give the
diary up. A primary model needs a night and the one before: its person must still be writing, must have written last
night, and must tell tonight all that is needed. Each of the three chances is a logit on what was last told (jerks,
stress, sleep lost) and how far into the diary; Firth's, which is finite even where all who gave up did so on one night.
A night counts by the inverse of their product, times the same by the number of the night alone, which keeps the weights
near 1 (Robins, Hernan & Brumback 2000, Epidemiology 11:550; Seaman & White 2013, Stat Methods Med Res 22:278). Errors
take the weights as known.

The longest diary of the study is taken for the planned one: where some were planned shorter, their end looks like
giving up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from scipy.special import expit

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, line_row, rounded
from hypnic.analysis.regression.fit import fit
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.studies.sets import AnalysisSet

WEIGHT = "response_weight"
# Weights beyond these quantiles of those that enter a fit are brought to them (Cole & Hernan 2008, AJE 168:656).
TRUNCATED = (0.01, 0.99)
# What was told on the last night that was written, and how long ago that was.
LAST_TOLD = {"jerk_count": "last_jerks", "stress_0_10": "last_stress", "sleep_loss_h": "last_loss"}
NIGHT = "night"
PAST = ("last_jerks", "last_stress", "last_loss")


@analysis("responding", tables=("diary",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give each primary ratio weighted for nights that are missing or were never reached, and how much that costs.

    The share is Kish's effective number of rows over their number.
    """
    written = Written(data.frame, data.person)
    for question in questions(data):
        yield from attempt(_rows, question.blank(role="sensitivity", variant="response-weights"), question, written)


def _rows(blank: Row, question: Question, written: Written) -> Iterator[Row]:
    data, estimand = question.data, question.estimand
    weighted = question.on(weigh(question, written)).but(weights=WEIGHT)
    fitted = weighted.fit()
    yield line_row(blank, data, fitted, fitted.contrast({estimand.exposure: 1}))
    w = weighted.data.frame[WEIGHT].gather(fitted.sample.places).to_numpy()
    share = rounded(float(w.sum() ** 2 / (len(w) * (w**2).sum())))
    facts = {"scale": "share", "variant": "effective-rows", "n_rows": fitted.info["n_rows"]}
    told = {"n_persons": fitted.info["n_groups"], "n_dropped": data.frame.height - fitted.info["n_rows"]}
    yield blank | facts | told | {"estimate": share, "status": "estimated", "reason": None}


@dataclass(frozen=True, eq=False)
class Written:
    """Which of a diary's nights were written, and the chance of that; whatever is asked of them is the same."""

    nights: pl.DataFrame
    person: str

    @cached_property
    def grid(self) -> pl.DataFrame:
        """Give every planned night, as `planned`."""
        return planned(self.nights, self.person)

    @cached_property
    def ratios(self) -> pl.DataFrame:
        """Give what a night counts by, as far as its person was still writing, and had written the night before."""
        key = [self.person, "night_index"]
        before = self.grid.filter("reached").pipe(_with_ratio, "there", PAST)
        stayed = before.select(*key, stayed=pl.col("ratio").cum_prod().over(self.person, order_by="night_index"))
        there = self.grid.filter(pl.col("there") == 1).pipe(_with_ratio, "written", (*PAST, "gap"))
        wrote = there.select(self.person, pl.col("night_index") + 1, wrote="ratio")
        both = stayed.join(wrote, on=key, how="left")
        return both.with_columns(pl.col("wrote").fill_null(1.0))  # all write their first


def weigh(question: Question, written: Written | None = None) -> pl.DataFrame:
    """Add to a diary's nights the weight of each night that the question's model uses.

    `written` is what all questions of one diary share. A weight is 1 where nobody had told anything before: the same
    nights are used as without weights.

    Nobody gives up right after a gap, as who never writes again gave up at its start: `gap` tells of telling alone.
    Raises HypnicError where the chances cannot be fitted.

    >>> from hypnic.analysis import study
    >>> caffeine = questions(study("demo").sets[0])[0]
    >>> weigh(caffeine)["response_weight"].mean().__round__(2)
    1.0
    """
    data, estimand = question.data, question.estimand
    needed, key = [str(data.outcome), estimand.column, *estimand.adjustment], [data.person, "night_index"]
    written = written or Written(data.frame, data.person)
    used = data.frame.select(*key, used=pl.all_horizontal(pl.col(needed).is_not_null()))
    grid = written.grid.join(used, on=key, how="left", maintain_order="left")
    grid = grid.with_columns(pl.col("used").fill_null(value=False).cast(pl.Int8))
    if grid.filter(used=1, gap=0).is_empty():
        message = f"no two nights in a row tell {', '.join(needed)}"
        raise HypnicError(message, reason="unanswered")
    told = grid.filter(there=1, gap=0).pipe(_with_ratio, "used", PAST).filter(used=1).join(written.ratios, on=key)
    found = told.select(*key, (pl.col("stayed") * pl.col("wrote") * pl.col("ratio")).alias(WEIGHT))
    low, high = (float(np.quantile(found[WEIGHT].to_numpy(), q)) for q in TRUNCATED)
    found = data.frame.join(found, on=key, how="left", maintain_order="left")
    return found.with_columns(pl.col(WEIGHT).clip(low, high).fill_null(1.0))


def planned(nights: pl.DataFrame, person: str) -> pl.DataFrame:
    """Lay out every planned night after each person's first, with what was last told before it.

    `reached` says that the person wrote on the night before or later, `there` that they did on this night or later,
    `written` that they did on this night, `gap` that they did not on the one before.
    """
    last = pl.col("night_index").max()
    if nights.is_empty():
        message = "there is no night"
        raise HypnicError(message, reason="unanswered")
    people = nights.group_by(person, maintain_order=True).agg(first=pl.col("night_index").min(), last=last)
    every = pl.DataFrame({"night_index": range(1, int(nights.select(last).item()) + 1)})
    every = every.cast({"night_index": nights.schema["night_index"]})
    grid = people.join(every, how="cross").filter(pl.col("night_index") >= pl.col("first"))
    grid = grid.join(
        nights.select(person, "night_index", *LAST_TOLD, own=pl.col("night_index")),
        on=[person, "night_index"], how="left",
    ).sort(person, "night_index")  # fmt: skip
    before = {new: pl.col(old).forward_fill().shift(1).over(person) for old, new in LAST_TOLD.items()}
    grid = grid.with_columns(
        **before,
        gap=(pl.col("night_index") - pl.col("own").forward_fill().shift(1).over(person) > 1).cast(pl.Int8),
        written=pl.col("own").is_not_null().cast(pl.Int8),
        there=(pl.col("night_index") <= pl.col("last")).cast(pl.Int8),
        reached=pl.col("night_index") - 1 <= pl.col("last"),
        night=pl.col("night_index") / 7,
    )
    grid = grid.with_columns(pl.col("last_jerks").cast(pl.Float64).log1p())
    return grid.filter(pl.col("night_index") > pl.col("first")).drop_nulls(PAST)


def _with_ratio(nights: pl.DataFrame, outcome: str, past: tuple[str, ...]) -> pl.DataFrame:
    """Add the chance of `outcome` by the night alone over that by the past as well; 1 where it never fails."""
    if nights[outcome].n_unique() < 2:
        return nights.with_columns(ratio=1.0)
    ratio = _chance(nights, outcome, (NIGHT,)) / _chance(nights, outcome, (NIGHT, *past))
    return nights.with_columns(ratio=pl.Series(ratio))


def _chance(nights: pl.DataFrame, outcome: str, terms: tuple[str, ...]) -> Array:
    varying = [term for term in terms if nights[term].n_unique() > 1]
    if not varying:
        return np.full(nights.height, float(nights[outcome].cast(pl.Float64).to_numpy().mean()))
    fitted = fit(nights, outcome, varying, "binomial", covariance="model", bias_reduced=True)
    if not fitted.info["converged"]:
        message = "the chance that a night was told could not be fitted"
        raise HypnicError(message, reason="no_maximum")
    return np.asarray(expit(fitted.params[0] + nights.select(varying).to_numpy() @ fitted.params[1:]))
