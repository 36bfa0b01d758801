"""How closely weights by the chance of a dose, and SIMEX, agree with R: `python tests/reference/agreement_diary.py`.

No package of R in Debian 12 has either, so `own_diary.R` has them in base R, by other ways: one intercept
a person in `glm`, rows x rows hat matrices, derivatives by differences. The last column is the largest relative
difference. Both need the same random numbers for SIMEX: multiples of the golden ratio, less whole numbers, made normal.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
from scipy.special import ndtri

from hypnic.analysis.programme.dynamic import BEFORE, with_jerks_before
from hypnic.analysis.programme.marginal import complete, dose_weights, marginal_structural
from hypnic.analysis.programme.misreport import simex
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.regression.problem import Array
from hypnic.analysis.studies.simulated import simulated_set

HERE = Path(__file__).parent
NAMES = {"pid": "participant_id", "night": "night_index", "y": "jerk_count", "stress": "stress_0_10"}
SIZE, DRAWS = 0.3, 5


def asked(file: str, column: str, *adjustment: str) -> Question:
    """Ask a reference's diary about a column of it."""
    diary = pl.read_csv(HERE / f"{file}.csv").rename(NAMES)
    question = questions(simulated_set("diary", persons=12, seed=1))[0].on(diary)
    return question.but(exposure="dose", column=column, step=1.0, adjustment=adjustment)


def golden() -> Callable[[int], Array]:
    """Give normal numbers that every language draws alike, n after n."""
    drawn = 0

    def draw(n: int) -> Array:
        nonlocal drawn
        drawn += n
        return np.asarray(ndtri(np.arange(drawn - n + 1, drawn + 1) * (np.sqrt(5) - 1) / 2 % 1))

    return draw


def comparisons() -> Iterator[tuple[str, str, float]]:
    """Yield file, what was compared, and the largest relative difference."""
    r = json.loads((HERE / "simdiary_msm_own.json").read_text("utf-8"))
    question = asked("simdiary", "caf", "stress_0_10", "alc")
    question = question.on(with_jerks_before(question.data))
    w = dose_weights(question, complete(question)).values
    ours = [w.mean(), w.std(ddof=1), w.min(), w.max()]
    yield "simdiary_msm_own", "weights", _apart(ours, list(r["weights"].values()))
    fits = marginal_structural(question, (), ("stress_0_10", "alc", BEFORE))
    for name, fitted in zip(("alone", "both"), fits, strict=True):
        (line,) = fitted.contrast({"dose": 1}).iter_rows(named=True)
        yield "simdiary_msm_own", f"ratio, {name}", _apart([line["estimate"]], [r[name]["coef"]])
        yield "simdiary_msm_own", f"errors, {name}", _apart([line["std_error"]], [r[name]["se"]])

    r = json.loads((HERE / "diary40_simex_own.json").read_text("utf-8"))
    question = asked("diary40", "alc", "stress_0_10")
    found = simex(question, SIZE, DRAWS, golden())
    told = question.but(covariance="CR1S").fit().contrast({"dose": 1})
    yield "diary40_simex_own", "as told", _apart([told["estimate"][0]], [r["naive"]])
    yield "diary40_simex_own", "errors as told", _apart([told["std_error"][0]], [r["naive_se"]])
    yield "diary40_simex_own", "without the error", _apart([found.estimate], [r["estimate"]])
    yield "diary40_simex_own", "errors without it", _apart([found.std_error], [r["se"]])


def _apart(ours: list[float], theirs: list[float]) -> float:
    return float(np.abs(np.asarray(ours) / np.asarray(theirs) - 1).max())


if __name__ == "__main__":
    pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True)
    print(pl.DataFrame(list(comparisons()), schema=["file", "what", "apart"], orient="row"))
