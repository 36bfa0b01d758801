"""How fast and how surely each family is fitted: `python tests/benchmarks/families.py [data sets]`.

The first table is a synthetic diary of 400 persons x 14 nights: CPU milliseconds a fit (median of 9), the largest
scaled score. The second is synthetic counts with heavy tails, many zeros, rare levels and few rows: how many fits
reached their maximum, were refused by name, or ended short of it, the largest scaled score, and how many times a
random start climbed higher than the fit had.
"""

import sys
from collections import Counter
from time import process_time

import numpy as np
import polars as pl

from hypnic.analysis.regression import counts as countmodels
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.likelihood import maximise
from hypnic.errors import HypnicError

TERMS = ["caffeine", "alcohol", "stress"]
COUNTS = ["nb2", "zip", "zinb", "hurdle-poisson", "hurdle-nb2"]
CALLS = {
    "poisson": {"outcome": "jerks", "covariance": "HC3"},
    "cloglog": {"outcome": "any", "covariance": "HC3"},
    "nb2": {"outcome": "jerks", "covariance": "HC3"},
    **{family: {"outcome": "jerks", "covariance": "HC0"} for family in COUNTS[1:]},
    "ordered": {"outcome": "some", "covariance": "HC0"},
    "interval-nb2": {"outcome": ("jerks", "jerks"), "covariance": "HC0"},
    "truncated-nb2": {"outcome": ("jerks", "jerks"), "maximum": 60, "covariance": "HC0"},
    "beta-binomial": {"outcome": ("jerks", "jerks"), "maximum": 60, "covariance": "HC0"},
    "gee-poisson": {"outcome": "jerks", "groups": "pid", "covariance": "CR0"},
    "fe-logit": {"outcome": "any", "groups": "pid", "covariance": "CR0"},
    "fe-poisson": {"outcome": "jerks", "groups": "pid", "covariance": "CR1S"},
}


def diary(persons: int = 400, seed: int = 1) -> pl.DataFrame:
    """Draw counts with a level a person, over-dispersed, 30 % of nights with no chance of any."""
    rng = np.random.default_rng(seed)
    person = np.repeat(np.arange(persons), 14)
    caffeine, alcohol, stress = rng.gamma(2, 1, (3, len(person)))
    rate = rng.gamma(1.5, 1.0, persons)[person] * np.exp(0.1 * caffeine + 0.05 * alcohol + 0.08 * stress)
    jerks = rng.poisson(rate * rng.gamma(2, 0.5, len(person))) * (rng.random(len(person)) < 0.7)
    frame = pl.DataFrame({"pid": person, "caffeine": caffeine, "alcohol": alcohol, "stress": stress, "jerks": jerks})
    return frame.with_columns(any=pl.col("jerks") > 0, some=pl.col("jerks").clip(0, 4))


def speed() -> pl.DataFrame:
    """Time every family on the diary."""
    frame, rows = diary(), []
    for family, call in CALLS.items():
        took = []
        for _ in range(9):
            start = process_time()
            fitted = fit(frame, terms=TERMS, family=family, **call)
            took.append(1000 * (process_time() - start))
        rows.append((family, round(float(np.median(took)), 1), fitted.info["score_max"]))
    return pl.DataFrame(rows, schema=["family", "cpu_ms", "score_max"], orient="row")


def hard_counts(rng: np.random.Generator) -> pl.DataFrame:
    """Draw counts of any size and spread, from few rows to many, with a level that few have."""
    n, spread = int(rng.choice([60, 150, 659, 2000])), float(rng.choice([0.05, 0.5, 1.5, 4]))
    quality, cost = rng.integers(0, 6, n), rng.gamma(1.5, 40, n)
    mean = float(rng.choice([0.3, 1, 5, 200])) * np.exp(0.2 * quality - 0.005 * cost) * rng.gamma(1 / spread, spread, n)
    never = rng.random(n) < 1 / (1 + np.exp(quality - 3 * float(rng.choice([0, 0.3, 0.7]))))
    columns = {"quality": quality, "cost": cost, "level": rng.choice(["a", "b", "c"], n, p=[0.8, 0.17, 0.03])}
    return pl.DataFrame({"y": rng.poisson(mean) * ~never, **columns, "weeks": rng.integers(1, 9, n)})


def sureness(sets: int) -> pl.DataFrame:
    """Fit hard counts, and try two random starts for each fit."""
    rng, counts, worst, higher = (
        np.random.default_rng(7),
        Counter[tuple[str, str]](),
        dict.fromkeys(COUNTS, 0.0),
        Counter[str](),
    )
    highest = countmodels._highest

    def watched(likelihood, starts, kernel):  # type: ignore[no-untyped-def]
        found = highest(likelihood, starts, kernel)
        searches.append((likelihood, found[0]))
        return found

    countmodels._highest = watched
    for _ in range(sets):
        frame = hard_counts(rng)
        for family in COUNTS:
            searches: list = []
            zero = {} if family == "nb2" else {"zero_terms": [None, [], ["quality"]][rng.integers(3)]}
            call = {"outcome": "y", "terms": ["quality", "cost", "level"], "exposure": "weeks", "covariance": "model"}
            try:
                fitted = fit(frame, family=family, **call, **zero)
            except HypnicError:
                counts[family, "refused"] += 1
                continue
            counts[family, "reached" if fitted.info["converged"] else "short"] += 1
            worst[family] = max(worst[family], fitted.info["score_max"])
            likelihood, best = searches[-1]
            for _ in range(2):
                other = maximise(likelihood, best.params + rng.normal(size=len(best.params)))
                higher[family] += other.loglik > fitted.info["loglik"] + 1e-6
    countmodels._highest = highest
    rows = [(f, *(counts[f, w] for w in ("reached", "refused", "short")), worst[f], higher[f]) for f in COUNTS]
    return pl.DataFrame(
        rows, schema=["family", "reached", "refused", "short", "score_max", "a random start higher"], orient="row"
    )


if __name__ == "__main__":
    pl.Config(tbl_rows=-1, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True)
    print(speed())
    print(sureness(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
