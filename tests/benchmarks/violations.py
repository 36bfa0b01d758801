"""What each correction of the diary buys: exposure x violation x estimator, bias and coverage.

`nox -s benchmarks -- violations 1000 --costly 200` draws 1,000 synthetic diary studies in which one thing goes
against the primary models (see `hypnic.datasets.cohort.process.Violations`), and as many in which nothing does, and
goes on where it was stopped: each study's estimates lie in a file of its own, in a folder named after the
specification, the processes and the code that made them. The lagged outcome, both kinds of weights and SIMEX take
most of the time, and can be had of the first studies alone; `--at-hand` prints the table of what is there. Everybody
has the same slope of alcohol, so that one ratio is true for all. The truth is the total ratio of jerks that occur,
for doses that were taken.
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

import polars as pl
from tqdm import tqdm

from hypnic.analysis.programme import dynamic, halfpanel, marginal, misreport, primary, responding, trend
from hypnic.analysis.studies.estimands import EXPOSURES
from hypnic.analysis.studies.simulated import simulated_set
from hypnic.analysis.studies.specification import specification_hash
from hypnic.datasets.cohort.process import Process, Violations
from hypnic.datasets.cohort.simulation import population
from hypnic.datasets.writing import write_whole
from hypnic.workers import spread

PERSONS = 400
VIOLATIONS = {
    "none": Violations(),
    "feedback": Violations(feedback=1.0, persistence=0.3),
    "slow cause": Violations(slow=0.4),
    "missing": Violations(missing=6.0),
    "noticing": Violations(noticing=2.0),
    "misreport": Violations(misreport=0.3),
}
CHEAP = (primary.rows, halfpanel.rows, trend.rows)
COSTLY = (dynamic.rows, responding.rows, marginal.rows, misreport.rows)
Study = tuple[str, int, bool]


def truth() -> dict[str, float]:
    """Give the total log ratio of each exposure, where everybody's slope of alcohol is the typical one."""
    told = {name: log(population()["diary"][name]["total"]) for name in EXPOSURES}
    return told | {"alcohol": log(Process().alcohol)}


def rows(study: Study) -> list[dict[str, object]]:
    """Give the estimates of the synthetic study of one violation and seed: all of them, or the cheap ones."""
    violation, seed, whole = study
    process = Process(alcohol_log_sd=0.0, violations=VIOLATIONS[violation])
    data = simulated_set("diary", PERSONS, seed, process=process)
    return [
        {"violation": violation, "seed": seed, "exposure": row["exposure"], "estimator": row["variant"]}
        | {name: log(row[name]) for name in ("estimate", "conf_low", "conf_high")}
        for analysis in CHEAP + (COSTLY if whole else ())
        for row in analysis(data)
        if row["status"] == "estimated" and row["scale"] == "IRR" and row["exposure"] in EXPOSURES
    ]


def summary(found: pl.DataFrame) -> pl.DataFrame:
    """Sum up each estimator of each exposure under each violation; the bias is one of the log ratio, in hundredths.

    `bias_error` and `coverage_error` are what the number of studies leaves open: Monte Carlo standard errors.
    """
    true = pl.col("exposure").replace_strict(truth(), return_dtype=pl.Float64)
    far = pl.col("estimate") - true
    covered = true.is_between(pl.col("conf_low"), pl.col("conf_high"))
    return found.group_by("exposure", "violation", "estimator", maintain_order=True).agg(
        studies=pl.len(),
        truth=true.first().exp(),
        mean=pl.col("estimate").mean().exp(),
        bias=100 * far.mean(),
        bias_error=100 * far.std() / pl.len().sqrt(),
        coverage=covered.mean(),
        coverage_error=(covered.mean() * (1 - covered.mean()) / pl.len()).sqrt(),
    )


def fingerprint() -> str:
    """Name what the estimates hang on: the specification, the processes, and the code that is loaded."""
    code = {name: getsource(module) for name, module in sys.modules.items() if name.partition(".")[0] == "hypnic"}
    against = {name: repr(one) for name, one in VIOLATIONS.items()}
    facts = [specification_hash(), Process().parameters(), against, PERSONS, Path(__file__).read_text("utf-8"), code]
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def file_of(study: Study) -> str:
    """Name the file of one study's estimates."""
    violation, seed, whole = study
    return f"{violation.replace(' ', '-')}-{seed:05d}-{'all' if whole else 'cheap'}.parquet"


def save(study: Study, folder: Path) -> Path:
    """Write one study's estimates to a file of its own, whole or not at all."""
    path = folder / file_of(study)
    write_whole(path, pl.DataFrame(rows(study)).write_parquet)
    return path


def run(studies: list[Study], cache: Path, jobs: int) -> pl.DataFrame:
    """Give the estimates of these studies, of which those at hand are not computed again."""
    folder = cache / fingerprint()
    todo = [study for study in studies if not (folder / file_of(study)).exists()]
    bar = tqdm(total=len(studies), initial=len(studies) - len(todo), unit="study", disable=None)
    for _ in spread(partial(save, folder=folder), todo, jobs):
        bar.update()
    bar.close()
    return pl.concat([pl.read_parquet(folder / file_of(study)) for study in studies])


def main() -> None:
    """Run the studies asked for and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("studies", nargs="?", type=int, default=30, help="how many of each violation")
    parser.add_argument("--costly", type=int, help="of how many the costly ones are made, too (default: all)")
    parser.add_argument("--at-hand", action="store_true", help="sum up the studies at hand, and run none")
    parser.add_argument("--out", type=Path, help="write the table to this CSV file, too")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes")
    parser.add_argument("--cache", type=Path, default=Path(".violations"), help="where estimates are kept")
    asked = parser.parse_args()
    # Violations in turn, so that a run that is stopped has as much of each.
    costly = asked.studies if asked.costly is None else asked.costly
    studies = [(violation, seed, seed < costly) for seed in range(asked.studies) for violation in VIOLATIONS]
    if asked.at_hand:
        studies = [study for study in studies if (asked.cache / fingerprint() / file_of(study)).exists()]
    table = summary(run(studies, asked.cache, asked.jobs)).sort("exposure", "violation", maintain_order=True)
    if asked.out:
        table.write_csv(asked.out, float_precision=4)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, tbl_hide_column_data_types=True, float_precision=3):
        print(table)


if __name__ == "__main__":
    main()
