"""Results as they may be published: one pass, before a word or a line is made of them.

What a study's people told this project is theirs (`Study.protected`); a report of answers that are public anyway, of
synthetic ones or of one's own folder stays as it is. The remedies are few and the same everywhere:

- every count is rounded down to tens of people (`hypnic.schemas.disclosure.in_tens`), nights to the tens of people that
  can give them, and a class of fewer is suppressed together with what would give it away;
- a number that is about one person, an extreme or a residual, gives way to one about ten: points are means of ten
  people, and what one person can change is told as a whole number that it does not exceed;
- a ratio that fewer than ten people carry is suppressed with all that was made of it (`hypnic.reports.withholding`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.checks.answered import Answers
from hypnic.analysis.checks.describe import WEIGHTED, wilson
from hypnic.analysis.checks.diagnostics import INFLUENCE, Diagnosis
from hypnic.analysis.claims import judged
from hypnic.analysis.results import Curve, Doses, Results
from hypnic.reports.withholding import (
    hanging_on_few,
    in_three_digits,
    publishable_estimates,
    rounded_down,
    rows_each,
    three_digits,
)
from hypnic.schemas.disclosure import FEWEST_PERSONS, in_tens, protected_in_tens, told_in_tens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.analysis.checks.answers import AnswerDiagnosis
    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.studies.sets import AnalysisSet
    from hypnic.analysis.studies.study import Spread

    Checked = Diagnosis | AnswerDiagnosis

FEW_DIGITS = 2  # of a mean: who holds all answers but one can't work that one back from so few, of ten people or more
ZEROS = "residuals: zeros"  # a check that is a count of rows
AT_MOST = "influence: change without any one person, at most so many standard errors"


def published(found: Results) -> Results:
    """Give results from which no answer of fewer than ten people can be read.

    Those of a study that need not be protected are given as they are.

    >>> from hypnic.analysis import study
    >>> study("demo").study.protected
    False
    """
    if not found.data.study.protected:
        return found
    sets = {one.table: one for one in found.data.sets}
    few = hanging_on_few(found.data, found.rules)
    hidden = {(one.table, exposure) for one in found.data.sets for d, exposure in few if d == one.instrument.design}
    estimates = publishable_estimates(found.estimates, found.data, found.rules)
    return replace(
        found,
        data=replace(found.data, sets=tuple(map(_flagged, found.data.sets))),
        estimates=estimates,
        claims=judged(estimates, frozenset(sets)),
        doses={key: _doses(one, sets[key[0]]) for key, one in found.doses.items() if key not in hidden},
        checks={
            table: tuple(_checked(one, sets[table]) for one in checks if (table, one.estimand.exposure) not in hidden)
            for table, checks in found.checks.items()
        },
        answers=_answers(found.answers, sets),
    )


def _flagged(one: AnalysisSet) -> AnalysisSet:
    """Round how many rows a check left out, all reasons together."""
    number = rounded_down(sum(one.left_out.values()), one.instrument.design)
    return replace(one, left_out={"a check": number} if number else {})


def _doses(found: Doses, one: AnalysisSet) -> Doses:
    """Round the rows of each bin, and take those of fewer than ten people away."""
    base = _base(one)
    bins = found.bins.filter(pl.col("n_persons") >= FEWEST_PERSONS).with_columns(
        in_three_digits(pl.col("estimate", "conf_low", "conf_high")),
        told=_told(one),
        n_rows=pl.col("n_rows") // base * base,
        n_persons=_tens("n_persons"),
    )
    if found.curve is None:
        return Doses(bins, None)
    bars = found.curve.spread.with_columns(_tens("n_rows"))
    return Doses(bins, Curve(found.curve.curve.with_columns(in_three_digits(pl.exclude("dose"))), bars))


def _checked(found: Checked, one: AnalysisSet) -> Checked:
    """Make what a check tells of one person tell of ten."""
    check, value, base = pl.col("check"), pl.col("statistic"), _base(one)
    coarse = pl.when(check == INFLUENCE).then(value.abs().ceil()).when(check == ZEROS).then(value // base * base)
    checks = found.checks.with_columns(
        statistic=coarse.otherwise(in_three_digits(value)),
        p_value=in_three_digits(pl.col("p_value")),
        check=check.replace(INFLUENCE, AT_MOST),
    )
    if not isinstance(found, Diagnosis):
        return replace(found, checks=checks)
    drawn = pl.col("expected") / pl.col("observed").sum()
    bars = found.rootogram.with_columns(observed=100 * _shares("observed"), expected=100 * drawn.round(2))
    return replace(
        found, checks=checks, rootogram=bars, quantiles=_thinned(found.quantiles, len(found.changes)),
        changes=means_of_ten(found.changes), each=min(FEWEST_PERSONS, len(found.changes)),
    )  # fmt: skip


def _thinned(quantiles: pl.DataFrame, persons: int) -> pl.DataFrame:
    """Keep quantiles so far apart that ten people lie between two of them, and beyond the outer ones."""
    step = FEWEST_PERSONS / persons
    kept, last = [], 0.0
    for at in quantiles["at"]:
        if at - last >= step and at <= 1 - step:
            kept.append(at)
            last = at
    return quantiles.filter(pl.col("at").is_in(kept))


def means_of_ten(changes: Array) -> Array:
    """Average the changes of ten people and more at a time, ordered by size; the means, the largest first.

    >>> import numpy as np
    >>> means_of_ten(np.arange(20.0)).tolist()
    [14.5, 4.5]
    """
    groups = np.array_split(np.sort(changes), max(1, len(changes) // FEWEST_PERSONS))
    means = np.array([three_digits(float(group.mean())) for group in groups])
    return np.asarray(means[np.argsort(-np.abs(means), kind="stable")])


def _answers(found: Answers, sets: Mapping[str, AnalysisSet]) -> Answers:
    return replace(
        found,
        people={column: rounded_tally(counted) for column, counted in found.people.items()},
        spreads=tuple((spread, _spread(spread, classes, sets)) for spread, classes in found.spreads),
        exposed=found.exposed.with_columns(
            pl.col("mean", "sd", "within").round_sig_figs(FEW_DIGITS), _tens("n_persons")
        ),
        rates=None if found.rates is None else rounded_rates(found.rates),
        usual={outcome: float(f"{mean:.{FEW_DIGITS}g}") for outcome, mean in found.usual.items()},
    )


def rounded_rates(found: pl.DataFrame) -> pl.DataFrame:
    """Make the shares of groups anew from counts in tens of people, in whole per cent; a group with none is left out.

    >>> one = {"by": "sex", "group": "f", "n_hit": 14, "n_persons": 47, "estimate": 0.3, "conf_low": 0.2}
    >>> rounded_rates(pl.DataFrame([one | {"conf_high": 0.4}])).row(0)
    ('sex', 'f', 10, 40, 0.25, 0.14, 0.4)
    """
    tens = found.with_columns(_tens("n_hit"), _tens("n_persons"))
    told = tens.filter((pl.col("n_hit") > 0) & (pl.col("n_hit") < pl.col("n_persons")))
    limits = [wilson(hit, persons) for hit, persons in told.select("n_hit", "n_persons").iter_rows()]
    rounded = [pl.Series(name, [round(one[name], 2) for one in limits], dtype=pl.Float64)
               for name in ("estimate", "conf_low", "conf_high")]  # fmt: skip
    return told.with_columns(rounded)


def rounded_tally(counted: pl.DataFrame) -> pl.DataFrame:
    """Round the counts of each part with its total; `mark` says what stands in place of one."""
    parts = []
    for (part,), rows in counted.group_by("part", maintain_order=True):
        if part == WEIGHTED:
            parts.append(rows.with_columns(mark=pl.lit(None, pl.String)))
            continue
        cells = protected_in_tens(rows["n_persons"].to_list())
        numbers = [cell if isinstance(cell, int) else None for cell in cells]
        marks = [cell if isinstance(cell, str) else None for cell in cells]
        total = in_tens(int(rows["total"][0]))
        parts.append(
            rows.with_columns(
                n_persons=pl.Series(numbers, dtype=pl.Int64), total=pl.lit(total, pl.Int64),
                mark=pl.Series(marks, dtype=pl.String),
            )
        )  # fmt: skip
    return pl.concat(parts) if parts else counted.with_columns(mark=pl.lit(None, pl.String))


def _spread(spread: Spread, classes: pl.DataFrame, sets: Mapping[str, AnalysisSet]) -> pl.DataFrame:
    """Round how many rows each class has; its `share` comes from rounded numbers too, in whole per cent."""
    one = sets[spread.table]
    base = _base(one)
    return classes.with_columns(share=_shares("n_rows"), told=_told(one), n_rows=pl.col("n_rows") // base * base)


def _base(one: AnalysisSet) -> int:
    """Give the most rows that ten people have."""
    return FEWEST_PERSONS * rows_each(one.instrument.design)


def _told(one: AnalysisSet) -> pl.Expr:
    """Write how many rows there are, as it may be read."""
    each = rows_each(one.instrument.design)
    return pl.col("n_rows").map_elements(lambda count: told_in_tens(count, each), return_dtype=pl.String)


def _tens(count: str) -> pl.Expr:
    return pl.col(count) // FEWEST_PERSONS * FEWEST_PERSONS


def _shares(count: str) -> pl.Expr:
    """Give shares of rounded counts, in whole per cent: exact ones would tell of how many they are."""
    return (_tens(count) / _tens(count).sum()).round(2)
