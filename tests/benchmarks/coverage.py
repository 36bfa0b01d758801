"""How often the diary's intervals hold the truth, over simulated cohorts, and what a pooled fit gets wrong.

`nox -s coverage` draws 100 synthetic cohorts; `-- 20` draws 20. `total` is the causal ratio of the process, `target`
what fixed-effects Poisson converges to: they differ where persons differ (alcohol) or jerks feed back (sleep loss).
"""

from __future__ import annotations

import sys
from math import log

import polars as pl
from rich.progress import track

from hypnic.analysis.estimands import Estimand
from hypnic.analysis.fitting import fit
from hypnic.analysis.primary import fit_estimand
from hypnic.analysis.studies import AnalysisSet, diary_set
from hypnic.datasets.casting import typed
from hypnic.datasets.cleaning import clean, flags
from hypnic.datasets.cohort import simulate
from hypnic.schemas import Nights, Participants


def cohort_set(seed: int) -> tuple[AnalysisSet, dict[str, dict[str, float]]]:
    """Draw a synthetic cohort of 400 diaries and make its diary ready; with it, the truth."""
    cohort = simulate(1200, 400, 14, seed=seed, nights_only=True)
    nights, people = typed(cohort.nights, Nights), typed(cohort.participants, Participants)
    return diary_set(clean(nights, Nights), clean(people, Participants), flags(nights, Nights)), cohort.truth["diary"]


def pooled(data: AnalysisSet, estimand: Estimand) -> pl.DataFrame:
    """Fit the same terms without the persons' own levels, errors clustered all the same."""
    frame = data.frame.with_columns((pl.col(estimand.column) / estimand.step).alias(estimand.exposure))
    terms = [estimand.exposure, *estimand.adjustment]
    fitted = fit(frame, "jerk_count", terms, "poisson", cluster="participant_id", covariance="CR1S")
    return fitted.contrast({estimand.exposure: 1})


def rows(seed: int) -> list[dict[str, object]]:
    """Give, for one cohort, each estimate of both fits beside the truth."""
    data, truth = cohort_set(seed)
    found = []
    for estimand in data.estimands:
        lines = {
            "within person": fit_estimand(data, estimand).contrast({estimand.exposure: 1}),
            "pooled": pooled(data, estimand),
        }
        known = {name: log(truth[estimand.exposure][name]) for name in ("total", "target")}
        found += [
            {"exposure": estimand.exposure, "fit": name, **known, **line.row(0, named=True)}
            for name, line in lines.items()
        ]
    return found


def summary(found: pl.DataFrame) -> pl.DataFrame:
    """Sum up: mean ratio, share of intervals that hold each truth, mean standard error over the spread."""
    holds = {name: pl.col(name).is_between(pl.col("conf_low"), pl.col("conf_high")) for name in ("total", "target")}
    return found.group_by("fit", "exposure", maintain_order=True).agg(
        pl.col("total", "target").first().exp().round(3),
        mean=pl.col("estimate").mean().exp().round(3),
        hold_total=holds["total"].mean().round(3),
        hold_target=holds["target"].mean().round(3),
        se_sd=(pl.col("std_error").mean() / pl.col("estimate").std()).round(2),
    )


if __name__ == "__main__":
    cohorts = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    table = pl.DataFrame([row for seed in track(range(cohorts), "synthetic cohorts") for row in rows(seed)])
    lines = summary(table).sort("fit", descending=True, maintain_order=True)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=120, tbl_hide_column_data_types=True):
        print(lines)
    for fit_name, part in lines.group_by("fit", maintain_order=True):
        total, target = (5 * part[f"hold_{name}"].mean() for name in ("total", "target"))
        print(f"{fit_name[0]}: of five intervals, {total:.2f} hold the total and {target:.2f} the target, on average")
