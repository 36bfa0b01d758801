"""Submissions that asked differently: grouped by what they asked, each group fitted with the fullest set it can carry.

A row without an answer to anything that a model adjusts for leaves the model. Where one submission never asked for
shifts, one model for all would lose its people, or lose shifts for everybody. So submissions that asked for the same
columns of a model are fitted as one, with all of these as far as the rule for small studies (`question.lean`) lets
them stay, and the groups are combined by random effects (`combining.combine`). What was asked is known before any
outcome is seen, and the rule (`studies.grouping`) is part of the frozen specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.programme.combining import APART, Combined, combine
from hypnic.analysis.question.rows import ESTIMATED, Row, attempt, line_row, rounded
from hypnic.analysis.studies.grouping import GROUPING
from hypnic.errors import HypnicError
from hypnic.schemas import dtypes
from hypnic.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.question.question import Question

COMBINED = "random effects"


def groups(question: Question) -> tuple[Question, ...]:
    """Ask a question of each group of submissions that asked for the same of its columns; the fullest group first.

    One question, of all rows, where there is but one group, or none that asked for the exposure.
    """
    data, estimand = question.data, question.estimand
    part = GROUPING.part
    if data.parts != part or estimand.by:
        return (question,)
    columns = GROUPING.columns(estimand, GROUPING.alike)
    asked = data.frame.group_by(part).agg(pl.col(columns).is_not_null().any())
    asked = asked.filter(pl.all_horizontal(GROUPING.columns(estimand, GROUPING.needed)))
    kinds = [rows for _, rows in asked.group_by(columns)]
    if len(kinds) < 2:
        return (question,)
    kinds.sort(key=lambda rows: (-sum(rows.row(0)[1:]), rows.row(0)[1:]))
    inside = (data.frame[part].is_in(rows[part].to_list()) for rows in kinds)
    return tuple(question.on(data.frame.filter(rows)) for rows in inside)


def combined(question: Question, blank: Row) -> Iterator[Row]:
    """Give a question's row over all groups of submissions, then each group's own, as sensitivity rows.

    Where one group alone has an estimate, that is the row. The combined one says the adjustment sets of all.
    """
    parts = groups(question)
    if len(parts) == 1:
        yield from attempt(_line, blank, question)
        return
    own = [
        row
        for number, one in enumerate(parts, 1)
        for row in attempt(
            _line, blank | one.adjusted() | {"role": "sensitivity", "variant": f"asked-alike-{number}"}, one
        )
    ]
    yield _over(blank, question, own)
    yield from own


def _line(blank: Row, question: Question) -> Iterator[Row]:
    fitted = question.fit()
    yield line_row(blank, question.data, fitted, fitted.contrast({question.estimand.exposure: 1}))


def _over(blank: Row, question: Question, own: Sequence[Row]) -> Row:
    found = [row for row in own if row["estimate"] is not None]
    told = {key: blank[key] for key in ("role", "variant")}
    if len(found) < 2:
        one = (found or own)[0]
        return one | told | {"n_dropped": question.data.frame.height - one["n_rows"]}
    try:
        over = combine(pl.DataFrame(found, schema=dtypes(Estimates), orient="row"))
    except HypnicError as error:
        return blank | {"reason": error.reason}
    used = sum(row["n_rows"] for row in found)
    facts = {
        "adjustment": APART.join(dict.fromkeys(row["adjustment"] for row in found)),
        "covariance": f"{found[0]['covariance']}, {COMBINED}", "n_rows": used,
        "n_persons": sum(row["n_persons"] for row in found), "n_dropped": question.data.frame.height - used,
        "score_max": max(row["score_max"] for row in found),
    }  # fmt: skip
    numbers = {key: rounded(getattr(over, key)) for key in Combined._fields[:6]}
    return blank | ESTIMATED | facts | numbers | {"df": None if over.df == float("inf") else rounded(over.df)}
