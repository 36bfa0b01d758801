"""How often intervals include the truth, how far estimates lie from it, and how often nothing is taken for something.

`nox -s coverage` draws 1,000 synthetic diary studies and 1,000 surveys (`-- 60`: 60 of each) and goes on where it was
stopped: each study's estimates lie in a file of its own, in a folder named after the specification, the process and
the code that made them.

Each study is drawn anew from the process of the demo ("planted"), and once more for each exposure from a process in
which nothing comes of that exposure. `total` is the causal ratio of the process, `target` what the primary estimator
converges to: they differ where persons differ (alcohol), where jerks act on later exposures (sleep loss) and where a
survey cannot see what it would have to (caffeine).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from functools import partial
from hashlib import sha256
from inspect import getsource
from math import log
from pathlib import Path
from typing import Any

import polars as pl
from tqdm import tqdm

from hypnic.analysis.programme.halfpanel import half_panel
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.studies.estimands import EXPOSURES, Design
from hypnic.analysis.studies.simulated import simulated_set
from hypnic.analysis.studies.specification import specification_hash
from hypnic.datasets.cohort.process import Process, with_total
from hypnic.datasets.cohort.simulation import population
from hypnic.datasets.writing import write_whole
from hypnic.workers import spread

PERSONS = {"diary": 400, "survey": 1200}  # as in the demo
PLANTED, PRIMARY = "planted", "primary"
Study = tuple[Design, int]


def laws(design: Design) -> dict[str, Process]:
    """Give the demo's process, and for each exposure one in which nothing comes of it."""
    return {PLANTED: Process()} | {name: with_total(Process(), design, name, 1) for name in EXPOSURES}


def rows(study: Study, *, without_effect: bool = True) -> list[dict[str, Any]]:
    """Give, for the synthetic study of one seed, each estimate: those of every fit, planted and without effect."""
    design, seed = study
    found = []
    for law, process in laws(design).items() if without_effect else [(PLANTED, Process())]:
        data = simulated_set(design, PERSONS[design], seed, process=process)
        wanted = [q for q in questions(data) if law in (PLANTED, q.estimand.exposure)]
        found += [
            {"design": design, "seed": seed, "law": law, "exposure": question.estimand.exposure, "fit": name, **line}
            for question in wanted
            for name, line in lines(question, planted=law == PLANTED).items()
        ]
    return found


def lines(question: Question, *, planted: bool) -> dict[str, dict[str, float]]:
    """Give the primary estimate and, in a diary, what it is compared with; none where a fit did not converge."""
    estimand, fits = question.estimand, {PRIMARY: question.fit()}
    if question.data.table == "diary":
        frame = question.exposed()
        terms, person = [estimand.exposure, *estimand.adjustment], "participant_id"
        if estimand.exposure == "sleep_loss":
            fits["half-panel"] = half_panel(frame, "jerk_count", terms, person, "night_index")
        if planted:
            fits["pooled"] = fit(frame, "jerk_count", terms, "poisson", cluster=person, covariance="CR1S")
    return {
        name: fitted.contrast({estimand.exposure: 1}).drop("term").row(0, named=True)
        for name, fitted in fits.items()
        if fitted.info["converged"]
    }


def summary(found: pl.DataFrame) -> pl.DataFrame:
    """Sum up each fit of each exposure; biases in per cent of the log ratio, shares with their Monte Carlo error."""
    truth = population()
    known = pl.DataFrame(
        [(design, name, *(log(truth[design][name][part]) for part in ("total", "target")))
         for design in PERSONS for name in EXPOSURES],
        schema=["design", "exposure", "total", "target"], orient="row",
    )  # fmt: skip
    keys, planted = ["design", "fit", "exposure"], pl.col("law") == PLANTED
    mean, (total, target) = pl.col("estimate").mean(), (pl.col(name).first() for name in ("total", "target"))
    inside = {name: pl.col(name).is_between(pl.col("conf_low"), pl.col("conf_high")) for name in ("total", "target")}
    with_truth = found.filter(planted).join(known, on=["design", "exposure"], maintain_order="left")
    table = with_truth.group_by(keys, maintain_order=True).agg(
        studies=pl.len(),
        total=total.exp(),
        target=target.exp(),
        mean=mean.exp(),
        bias_total=100 * (mean / total - 1),
        bias_target=100 * (mean / target - 1),
        bias_error=100 * pl.col("estimate").std() / pl.len().sqrt() / total,
        include_total=inside["total"].mean(),
        include_target=inside["target"].mean(),
        se_sd=pl.col("std_error").mean() / pl.col("estimate").std(),
    )
    false_alarms = found.filter(~planted).group_by(keys).agg(type_1=(pl.col("p_value") < 0.05).mean())
    return table.join(false_alarms, on=keys, how="left", maintain_order="left").with_columns(
        share_error=(0.95 * 0.05 / pl.col("studies")).sqrt()
    )


def fingerprint() -> str:
    """Name what the estimates hang on: the specification, the process, and the code that is loaded."""
    code = {name: getsource(module) for name, module in sys.modules.items() if name.partition(".")[0] == "hypnic"}
    facts = [specification_hash(), Process().parameters(), PERSONS, Path(__file__).read_text("utf-8"), code]
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def save(study: Study, folder: Path) -> Path:
    """Write one study's estimates to a file of its own, whole or not at all."""
    design, seed = study
    path = folder / f"{design}-{seed:05d}.parquet"
    write_whole(path, pl.DataFrame(rows(study)).write_parquet)
    return path


def run(studies: list[Study], cache: Path, jobs: int) -> pl.DataFrame:
    """Give the estimates of these studies, of which those at hand are not computed again."""
    folder = cache / fingerprint()
    there = {path.name for path in folder.glob("*.parquet")}
    todo = [study for study in studies if f"{study[0]}-{study[1]:05d}.parquet" not in there]
    bar = tqdm(total=len(studies), initial=len(studies) - len(todo), unit="study", disable=None)
    for _ in spread(partial(save, folder=folder), todo, jobs):
        bar.update()
    bar.close()
    return pl.concat([pl.read_parquet(folder / f"{design}-{seed:05d}.parquet") for design, seed in studies])


def main() -> None:
    """Run the studies asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("studies", nargs="?", type=int, default=1000, help="how many of each design")
    parser.add_argument("--design", choices=list(PERSONS), action="append", help="only this design")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--cache", type=Path, default=Path(".coverage"), help="where estimates are kept")
    asked = parser.parse_args()
    # Designs in turn, so that a run that is stopped has as much of both.
    studies = [(design, seed) for seed in range(asked.studies) for design in asked.design or PERSONS]
    table = summary(run(studies, asked.cache, asked.jobs)).sort("design", "fit", maintain_order=True)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, tbl_hide_column_data_types=True, float_precision=3):
        print(table)


if __name__ == "__main__":
    main()
