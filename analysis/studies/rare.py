"""What leaves an adjustment set because it is rare: the steps of the rule for small studies that see no outcome.

The rule is told in `hypnic.analysis.question.lean`; here is what becomes of one column among the rows that enter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.schemas.disclosure import too_few

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.analysis.studies.instrument import Pools

UNANSWERED, CONSTANT, RARE = "too few answered", "the same in all rows", "too few on one side"
TOLD = "told by the others"


def pooled_levels(counts: Mapping[str, int], pools: Pools) -> dict[str, str] | None:
    """Pool the levels of a choice until ten people have each; None where that cannot be done, or leaves one level.

    `counts` says how many people have each level, `pools` where each goes, first choice first; the levels are tried in
    the order of `pools`. A level that is not in there cannot be pooled.

    >>> pooled_levels({"none": 40, "early": 12, "night": 2}, {"night": ("late", "early"), "none": ()})
    {'none': 'none', 'early': 'early or night', 'night': 'early or night'}
    """
    group = {level: [level] for level in counts}

    def people(level: str) -> int:
        return sum(counts[one] for one in group[level])

    order = [*(level for level in pools if level in counts), *sorted(set(counts) - set(pools))]
    while rare := next((level for level in order if too_few(people(level))), None):
        into = next((to for to in pools.get(rare, ()) if to in counts and to not in group[rare]), None)
        if into is None:
            return None
        joined = group[rare] + group[into]
        group |= dict.fromkeys(joined, joined)
    if len({id(members) for members in group.values()}) == 1:
        return None
    return {level: " or ".join(sorted(members)) for level, members in group.items()}


def fate(entered: pl.DataFrame, column: str, groups: str | None, pools: Pools) -> str | pl.Expr | None:
    """Say why a column leaves, or how its levels are pooled; None where it stays as it is."""
    values = entered[column]
    if groups is not None:
        same = (pl.col(column).n_unique().over(groups) == 1).all()
        return CONSTANT if entered.select(same).item() else None
    if values.n_unique() == 1:
        return CONSTANT
    if not levelled(values):
        return None
    person = entered["person"]
    # Level by level: a query that groups takes longer, and this is asked of hundreds of imputed sets.
    counts = {level: person.filter(values == level).n_unique() for level in values.unique().sort()}
    if not any(too_few(count) for count in counts.values()):
        return None
    if entered.schema[column].is_numeric():
        return RARE
    pooled = pooled_levels(counts, pools)
    # A level that no complete row has stays what it is.
    return RARE if pooled is None else pl.col(column).replace(pooled)


def levelled(values: pl.Series) -> bool:
    """Tell choices and yes or no from numbers."""
    return values.dtype == pl.String or bool(((values == 0) | (values == 1)).all())
