"""What became of the 154 popular sayings: on the synthetic demo, and on NHANES where its files are at hand.

`nox -s benchmarks -- claims` counts verdicts, and on the demo sets those about the five triggers next to the process
that drew it: there each ratio lies above 1, so that a saying which expects that must not be contradicted.
"""

from __future__ import annotations

import os

import polars as pl

from hypnic.analysis.claims import judged
from hypnic.analysis.estimates import estimate
from hypnic.analysis.studies import study
from hypnic.analysis.studies.estimands import EXPOSURES

SILENT = ("needs data", "not testable here")


def judge(name: str) -> pl.DataFrame:
    """Judge the sayings on one study."""
    data = study(name)
    return judged(estimate(data), frozenset(one.table for one in data.sets))


def agreement(claims: pl.DataFrame) -> pl.DataFrame:
    """Count the tests on primary rows by verdict; the process has every ratio above 1."""
    primary = claims.filter(pl.col("exposure").is_in(list(EXPOSURES)), analysis="primary")
    distinct = primary.unique(["design", "exposure"], maintain_order=True)
    return distinct.select("design", "exposure", "estimate", "conf_low", "conf_high", "part_verdict")


def main() -> None:
    """Print the tables."""
    names = ["demo", *(["nhanes"] if os.environ.get("HYPNIC_NHANES") else [])]
    with pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        for name in names:
            claims = judge(name)
            whole = claims.filter(part=1)
            spoken = whole.filter(~pl.col("verdict").is_in(SILENT)).height
            print(f"{name}: {spoken} of {whole.height} sayings have a verdict")
            print(whole.group_by("verdict").len().sort("verdict"))
            silent = whole.filter(pl.col("verdict").is_in(SILENT))
            print(silent.group_by("why").len().sort("len", descending=True))
            if name == "demo":
                print(agreement(claims))


if __name__ == "__main__":
    main()
