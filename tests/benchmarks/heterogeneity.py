"""How often intervals about alcohol include what is true of the typical person, over simulated cohorts.

`python tests/benchmarks/heterogeneity.py` draws 60 synthetic cohorts of 400 diaries, and prints one line for each
estimate: the truth of the process, the mean estimate, the share of 95 % intervals that include the truth, the mean
standard error over the spread of estimates. Fixed-effects Poisson is compared with the typical person too, which is not
what it estimates; the random slope of the distance from the person's mean shows why ours is one of the dose itself.
"""

from __future__ import annotations

import sys
from math import log

import numpy as np
import polars as pl
from rich.progress import track
from scipy.stats import norm

from hypnic.analysis.mixed.fit import fit_mixed
from hypnic.analysis.programme.heterogeneity import heterogeneity, split
from hypnic.analysis.question.question import Question
from hypnic.analysis.studies.simulated import simulated_set
from hypnic.analysis.studies.specification import estimands
from hypnic.datasets.cohort.process import Process

ALCOHOL = next(row for row in estimands("diary") if row.exposure == "alcohol")
MEAN, SPREAD = log(Process().alcohol), Process().alcohol_log_sd
TRUTH = {
    "typical person": MEAN,
    "typical person, model errors": MEAN,
    "mean of persons' ratios": MEAN + SPREAD**2 / 2,
    "sd of log ratios": SPREAD,
    "share below 1": float(norm.cdf(-MEAN / SPREAD)),
    "slope of distance from mean": MEAN,
    "fe-poisson": MEAN,
}


def rows(seed: int) -> list[dict[str, object]]:
    """Give the estimates of one cohort; logarithms where they are ratios."""
    question = Question(simulated_set("diary", 400, seed), ALCOHOL)
    found = heterogeneity(question)
    at = found.fitted.names.index("alcohol")
    parts = found.fitted.maximum.information
    error = float(np.sqrt(np.linalg.inv(parts)[at, at]) * found.fitted.design.back[at, at])
    centre = found.typical["estimate"][0]
    frame, terms = split(question)
    frame = frame.with_columns(pl.col("alcohol") - pl.col("alcohol_mean"))
    centred = fit_mixed(frame, "jerk_count", terms, "nb2", "participant_id", slope="alcohol")
    lines = {
        "typical person": found.typical,
        "mean of persons' ratios": found.average,
        "slope of distance from mean": centred.contrast({"alcohol": 1}),
        "fe-poisson": question.fit().contrast({"alcohol": 1}),
    }
    numbers = {name: line.row(0, named=True) for name, line in lines.items()}
    numbers["typical person, model errors"] = {
        "estimate": centre, "std_error": error, "conf_low": centre - 1.96 * error, "conf_high": centre + 1.96 * error,
    }  # fmt: skip
    for name, interval in (("sd of log ratios", found.spread), ("share below 1", found.helped)):
        numbers[name] = dict(zip(("estimate", "conf_low", "conf_high"), interval, strict=True))
    numbers["sd of log ratios"]["p_value"] = found.p_value
    keys = ("estimate", "std_error", "conf_low", "conf_high", "p_value")
    return [{"what": name, **{key: numbers[name].get(key) for key in keys}} for name in TRUTH]


def summary(found: pl.DataFrame) -> pl.DataFrame:
    """Sum up by estimate."""
    truth = pl.col("what").replace_strict(TRUTH, return_dtype=pl.Float64)
    return found.group_by("what", maintain_order=True).agg(
        truth=truth.first().round(4),
        mean=pl.col("estimate").mean().round(4),
        include=truth.is_between(pl.col("conf_low"), pl.col("conf_high")).mean().round(3),
        width=(pl.col("conf_high") - pl.col("conf_low")).mean().round(3),
        se_sd=(pl.col("std_error").mean() / pl.col("estimate").std()).round(2),
        p_below_05=(pl.col("p_value") < 0.05).mean().round(3),
    )


if __name__ == "__main__":
    cohorts = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    seeds = track(range(cohorts), "synthetic cohorts")
    table = pl.DataFrame([row for seed in seeds for row in rows(seed)], infer_schema_length=None)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=120, tbl_hide_column_data_types=True, fmt_str_lengths=40):
        print(summary(table))
