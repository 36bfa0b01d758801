"""Who is left for a model, stage by stage, and which answers the others lack."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.schemas.disclosure import too_few

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.question.question import Question

SCHEMA = {"exposure": pl.String, "stage": pl.String, "column": pl.String, "n_persons": pl.Int64}
MISSING, ENTERED = "missing", "entered"


def flow(question: Question, stages: Sequence[tuple[str, str]]) -> pl.DataFrame:
    """Count the persons at each stage, those of the last who lack an answer that the model needs, and who entered it.

    Parameters
    ----------
    question
        Whose model it is; where a row is a person.
    stages
        What a stage is called, and the 0/1 column that marks it; each is within those before.

    Returns
    -------
    polars.DataFrame
        `exposure`, `stage`, `column` (what is `missing`), `n_persons`: null for fewer than ten. Who lacks two answers
        is counted under both, so that no count follows from others by subtraction.

    """
    estimand = question.estimand
    rows: list[tuple[str, str | None, int]] = []
    at = question.data.frame
    for name, column in stages:
        at = at.filter(pl.col(column) == 1)
        rows.append((name, None, at.height))
    needed = [estimand.column, *estimand.adjustment]
    absent = {column: int(at[column].is_null().sum()) for column in dict.fromkeys(needed)}
    if estimand.weights:
        absent[estimand.weights] = int((at[estimand.weights].fill_null(0) == 0).sum())
    most = sorted(((n, column) for column, n in absent.items() if n), key=lambda pair: -pair[0])
    rows += [(MISSING, column, n) for n, column in most]
    rows.append((ENTERED, None, int(question.fit().info["n_rows"])))
    told = [(estimand.exposure, stage, column, None if too_few(n) else n) for stage, column, n in rows]
    return pl.DataFrame(told, schema=SCHEMA, orient="row")
