"""The Bayesian companion of the demo's diary, next to the primary ratios and the random slopes, exposure by exposure.

`python tests/benchmarks/companion.py [EXPOSURE ...]` needs the extra `bayes`; `nox -s bayes` installs it. Processor
seconds come last: a busy machine lengthens the others.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from time import process_time

import polars as pl

from hypnic.analysis import Question, estimate, study
from hypnic.analysis.programme.hierarchical import companion

ANALYSES = ("primary", "random slopes", "heterogeneity", "bayes")


def lines(question: Question) -> list[str]:
    """Draw for one question, and say what came of it."""
    start = process_time()
    data = replace(question.data, estimands=(question.estimand,))
    found = companion(data, question.estimand)
    rows = estimate(replace(study("demo"), sets=(data,)), only=ANALYSES)
    kept = rows.filter(pl.col("variant").is_in(["main", "typical-person", "typical-person-wider-priors"]))
    told = [f"{question.estimand.exposure}, {process_time() - start:.0f} s"]
    for row in kept.iter_rows(named=True):
        ratio = f"{row['estimate'] or 0:.3f} ({row['conf_low'] or 0:.3f} to {row['conf_high'] or 0:.3f})"
        told.append(f"  {row['analysis']}, {row['variant']}: {ratio}, {row['status']}")
    told.append(f"  largest R-hat {found.r_hat:.4f}; divergences {found.divergences}")
    told.append(f"  fewest effective draws {found.bulk:.0f}, in the tails of the ratio {found.tail:.0f}")
    for row in found.predictive.iter_rows(named=True):
        limits = f"{row['low']:.3f} to {row['high']:.3f}"
        told.append(f"  {row['check']}: {row['observed']:.3f}, predicted {limits}, p {row['p_value']:.2f}")
    return told


def main(*exposures: str) -> None:
    """Print the lines of each exposure, or of those named."""
    data = study("demo").sets[0]
    for estimand in data.estimands:
        if estimand.role == "primary" and (not exposures or estimand.exposure in exposures):
            print("\n".join(lines(Question(data, estimand))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
