"""What imputing recovers when answers are left open more often on nights with jerks.

`python tests/benchmarks/imputing.py 20` draws that many synthetic cohorts of 400 diaries, blanks 40 % of the stress
answers of nights with a jerk and 20 % of the others, and prints the mean log ratio of stress (2 points, within person):
with every answer, of complete nights, imputed with the outcome, and imputed without it.
"""

from __future__ import annotations

import sys

import numpy as np
import polars as pl
from rich.progress import track

from hypnic.analysis.programme import missing as missingdata
from hypnic.analysis.programme.imputation import impute
from hypnic.analysis.programme.pooling import pool
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.studies.simulated import simulated_set

SETS = 5


def slope(question: Question, frames: list[pl.DataFrame]) -> float:
    """Pool the log ratio over some completed frames."""
    lines = [question.on(one).fit().contrast({question.estimand.exposure: 1}) for one in frames]
    both = pl.concat(lines)
    if len(frames) == 1:
        return float(both["estimate"].item())
    return pool(both["estimate"].to_numpy(), both["std_error"].to_numpy() ** 2).estimate


def rows(seed: int, diaries: int = 400) -> dict[str, float]:
    """Give the four log ratios of one cohort."""
    question = questions(simulated_set("diary", diaries, seed))[2]
    data, estimand = question.data, question.estimand
    columns = [estimand.column, *estimand.adjustment]
    frame = data.frame.drop_nulls(["jerk_count", *columns]).sort("participant_id", "night_index")
    rng = np.random.default_rng(seed)
    open_ = rng.random(frame.height) < np.where(frame["jerk_count"].to_numpy() > 0, 0.4, 0.2)
    gappy = frame.with_columns(pl.when(~pl.Series(open_)).then(estimand.column).alias(estimand.column))
    around = missingdata.nights_of(gappy, data.person)
    outcome = missingdata.outcome_terms(gappy, ["jerk_count"])

    def imputed(fixed: np.ndarray) -> list[pl.DataFrame]:
        draws = (np.random.default_rng([seed, number]) for number in range(SETS))
        return [impute(gappy, columns, fixed, draw, nights=around).frame for draw in draws]

    return {
        "every answer": slope(question, [frame]),
        "complete nights": slope(question, [gappy]),
        "imputed with the outcome": slope(question, imputed(outcome)),
        "imputed without it": slope(question, imputed(np.zeros((gappy.height, 1)))),
    }


def table(cohorts: int) -> pl.DataFrame:
    """Sum up: the mean log ratio, and its difference from every answer with the standard error of that."""
    found = pl.DataFrame([rows(seed) for seed in track(range(cohorts), disable=not sys.stdout.isatty())])
    apart = found.select(pl.all() - pl.col("every answer"))
    return pl.DataFrame(
        {
            "fit": found.columns,
            "mean": found.mean().row(0),
            "difference": apart.mean().row(0),
            "error": [value / cohorts**0.5 for value in apart.std().row(0)],
        }
    )


if __name__ == "__main__":
    with pl.Config(tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True, float_precision=4):
        print(table(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
