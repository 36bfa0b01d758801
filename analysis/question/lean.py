"""The rule for small and lean studies: what leaves an adjustment set, what is pooled, which rows say nothing.

It was written before any outcome was seen. Its first three steps look at exposures, at the columns that are adjusted
for and at who answered, never at how often somebody jerked. The fourth drops rows that no ratio can learn from:

1. A column that fewer than ten people answered, or that is the same in all rows, leaves. Within persons, so does one
   that is the same in all rows of each person.
2. Levels of a choice that fewer than ten people have are pooled, in the order that the instrument has written down
   (`Instrument.pooling`). A choice that cannot be pooled to ten leaves, and so does a yes or no with fewer than ten
   people on one side. Within persons neither happens: there levels are compared within each of them.
3. A column, or a level of a choice, that the columns before it tell exactly has no coefficient of its own; the model is
   the same. It happens where two answers were withheld of the same people.
4. Where all people of one level have the same extreme answer (no night, or all of them), that level's own coefficient
   is infinite and fits them perfectly. Their rows are dropped and counted, as conditioning on persons does with people
   who never jerk: the limit of the likelihood without them is the same (Albert & Anderson 1984, Biometrika 71:1).

Where nothing is rare nothing changes. A study with sampling weights is left as it is: dropping rows or columns would
change which population it speaks of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.regression.families import Family, family_named
from hypnic.analysis.regression.frame import Sample, draw_sample
from hypnic.analysis.regression.roles import Roles
from hypnic.analysis.studies.rare import CONSTANT, TOLD, UNANSWERED, fate, levelled
from hypnic.analysis.studies.told import without_told
from hypnic.errors import HypnicError
from hypnic.schemas.disclosure import too_few

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from hypnic.analysis.studies.estimands import Estimand
    from hypnic.analysis.studies.instrument import Pools
    from hypnic.analysis.studies.sets import AnalysisSet


@dataclass(frozen=True, eq=False)
class Lean:
    """What the rule leaves of a question: its rows, its adjustment set, and what became of the rest.

    `frame` has as many rows as before: those that say nothing have no exposure any more. `left` are the columns that
    left, with why; `pooled` those of which some levels were pooled, `joined` those of which others tell some levels;
    `settled` counts the rows of the fourth step.
    """

    frame: pl.DataFrame
    adjustment: tuple[str, ...]
    left: dict[str, str]
    pooled: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    settled: int = 0

    @property
    def changed(self) -> bool:
        """Tell whether anything is other than it was written."""
        return bool(self.left or self.pooled or self.joined or self.settled)


def lean(data: AnalysisSet, estimand: Estimand, frame: pl.DataFrame, terms: Sequence[str]) -> Lean:
    """Apply the rule to a question whose exposure is in the columns `terms` of a frame.

    Raises HypnicError where nobody answered what is studied, or no row is complete.
    """
    if frame[estimand.column].is_null().all():
        message = f"nobody answered {estimand.column}"
        raise HypnicError(message, reason="unanswered")
    if estimand.weights is not None or not estimand.adjustment:
        return Lean(frame, estimand.adjustment, {})
    rows = _Rows(data, estimand, tuple(terms))
    kept, left, pooled, drawn = _reduced(rows, frame, data.instrument.pooling)
    ready = Lean(frame.with_columns(pooled.values()), kept, left, tuple(pooled))
    if rows.within:
        return ready
    drawn = rows.entering(ready.frame, kept) if pooled else drawn
    clear = _apart(ready, drawn[1])
    drawn = drawn if clear is ready else rows.entering(clear.frame, clear.adjustment)
    after, entered = _told(rows, clear, drawn)
    return _apart(after, entered) if after.settled else after


@dataclass(frozen=True)
class _Rows:
    """How the rows that enter a question's fit are found."""

    data: AnalysisSet
    estimand: Estimand
    terms: tuple[str, ...]

    @property
    def family(self) -> Family:
        return family_named(self.estimand.family)

    @property
    def within(self) -> bool:
        return self.family.groups == "conditioned"

    def entering(self, frame: pl.DataFrame, adjustment: Sequence[str]) -> tuple[Sample, pl.DataFrame]:
        """Draw the rows as `fit` does, with `person`, whose they are."""
        outcome = self.data.outcome_of(self.estimand)
        pair = (outcome,) if isinstance(outcome, str) else outcome
        roles = Roles(pair, (*self.terms, *adjustment), domain=self.estimand.domain, **self.data.keywords)
        sample = draw_sample(frame, roles, self.family.kind, within=self.within)
        return sample, sample.frame.with_columns(frame[self.data.person].gather(sample.places).alias("person"))


def _reduced(
    rows: _Rows, frame: pl.DataFrame, pooling: Mapping[str, Pools]
) -> tuple[tuple[str, ...], dict[str, str], dict[str, pl.Expr], tuple[Sample, pl.DataFrame]]:
    """Give the columns that stay, those that leave with why, the pooled ones as expressions, and the rows that enter.

    A column that leaves takes no row with it: more rows are complete then, and the others are looked at again. So one
    leaves at a time, in the order of the adjustment set.
    """
    whole = rows.estimand.adjustment
    drawn = None
    if any(frame[column].null_count() for column in whole):
        some = frame[rows.entering(frame, ())[0].places]
        who = pl.col(rows.data.person)
        answered = {c: who.filter(pl.col(c).is_not_null()).n_unique().alias(c) for c in whole}
        people = some.select(**answered).row(0, named=True)
    else:  # as in an imputed set: the same rows enter with and without these columns
        drawn = rows.entering(frame, whole)
        people = dict.fromkeys(whole, drawn[1]["person"].n_unique())
    left = {column: UNANSWERED for column, count in people.items() if too_few(count)}
    groups = str(rows.data.keywords["groups"]) if rows.within else None
    while True:
        kept = tuple(column for column in rows.estimand.adjustment if column not in left)
        if drawn is None or kept != whole:
            drawn = rows.entering(frame, kept)
        entered = drawn[1]
        alike = _alike(entered, kept, groups) if groups else set()  # without groups `fate` tells
        pooled: dict[str, pl.Expr] = {}
        for column in kept:
            found: str | pl.Expr | None = CONSTANT if column in alike else None
            if found is None and not rows.within:
                found = fate(entered, column, None, pooling.get(column, {}))
            if isinstance(found, str):
                left[column] = found
                break
            if found is not None:
                pooled[column] = found
        else:
            return kept, left, pooled, drawn


def _alike(entered: pl.DataFrame, columns: Sequence[str], groups: str) -> set[str]:
    """Name the columns that are the same in all rows of each group."""
    same = (pl.col(column).eq_missing(pl.col(column).first().over(groups)).all() for column in columns)
    return {column for column, alike in entered.select(same).row(0, named=True).items() if alike} if columns else set()


def _apart(ready: Lean, entered: pl.DataFrame) -> Lean:
    """Take out what the columns before tell exactly in the rows that enter."""
    told = without_told(entered, ready.adjustment)
    if not told:
        return ready
    gone = {column: TOLD for column, rest in told.items() if rest is None}
    return replace(
        ready,
        frame=ready.frame.with_columns(rest for rest in told.values() if rest is not None),
        adjustment=tuple(column for column in ready.adjustment if column not in gone),
        left=ready.left | gone,
        joined=tuple(dict.fromkeys([*ready.joined, *(column for column in told if column not in gone)])),
    )


def _told(rows: _Rows, ready: Lean, drawn: tuple[Sample, pl.DataFrame]) -> tuple[Lean, pl.DataFrame]:
    """Take the rows out that a level alone determines, and the columns that are constant without them.

    `drawn` are the rows that enter; those that are left are given, too.
    """
    frame, kept, left = ready.frame, ready.adjustment, dict(ready.left)
    sample, entered = drawn
    whole = entered.height
    places = sample.places
    while (settled := _settled(sample, entered, kept, rows.family)).any() and not settled.all():
        places = places[~settled]
        inside = pl.Series(np.isin(np.arange(frame.height), places))
        studied = dict.fromkeys((rows.estimand.column, *rows.terms))
        frame = frame.with_columns(pl.when(inside).then(pl.col(column)).alias(column) for column in studied)
        left |= {column: CONSTANT for column in kept if entered.filter(~pl.Series(settled))[column].n_unique() == 1}
        kept = tuple(column for column in kept if column not in left)
        sample, entered = rows.entering(frame, kept)
    return replace(ready, frame=frame, adjustment=kept, left=left, settled=whole - len(places)), entered


def _settled(sample: Sample, entered: pl.DataFrame, kept: Sequence[str], family: Family) -> NDArray[np.bool_]:
    """Mark the rows in whose level of some column the outcome is one extreme throughout."""
    marked = np.zeros(entered.height, dtype=np.bool_)
    choices = [column for column in kept if levelled(entered[column])]
    masks = {name: [(entered[name] == level).to_numpy() for level in entered[name].unique()] for name in choices}
    for extreme in _extremes(sample, family) if choices else ():
        if not extreme.any():
            continue
        for column in choices:
            for level in masks[column]:
                if extreme[level].all():
                    marked |= level
    return marked


def _extremes(sample: Sample, family: Family) -> list[NDArray[np.bool_]]:
    """Mark the rows that a coefficient without end would fit perfectly: at the bottom, and at the top of a share."""
    first, last = (sample.outcome.T[[0, -1]]) if sample.outcome.ndim == 2 else (sample.outcome, sample.outcome)
    if family.kind == "share":
        return [first == 0, first == last if sample.outcome.ndim == 2 else first == 1]
    if family.kind == "ordered":
        return [first == 0, first == first.max()]
    return [last == 0]
