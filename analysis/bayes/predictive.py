"""What people like these would have answered by the model: sets drawn from the posterior, next to the answers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from hypnic.analysis.bayes.arrays import Array
from hypnic.analysis.bayes.counts import Counts
from hypnic.analysis.bayes.sampler import Draws

SETS = 400
SEED = 20


def predicted(counts: Counts, draws: Draws, fewest: int) -> pl.DataFrame:
    """Give what was `observed`, and 95 % limits (`low`, `high`) and a two-sided `p_value` of the sets drawn.

    The sets are of new persons with the same occasions and doses: their levels and slopes come from the distribution of
    persons' and not from the persons' own counts (Gelman, Meng & Stern 1996, Statistica Sinica 6:733), which could hide
    that the distribution has another shape. No row tells of fewer than `fewest` persons.
    """
    sets = _sets(counts, draws)
    checks = _checks(counts, fewest)
    found = []
    for name, check in checks.items():
        observed, drawn = check(counts.count), np.array([check(one) for one in sets])
        below, above = ((drawn <= observed).sum() + 1) / (SETS + 1), ((drawn >= observed).sum() + 1) / (SETS + 1)
        low, high = np.quantile(drawn, [0.025, 0.975])
        found.append((name, observed, float(low), float(high), float(min(1.0, 2 * below, 2 * above))))
    names = ("check", "observed", "low", "high", "p_value")
    return pl.DataFrame(found, schema=dict.fromkeys(names, pl.Float64) | {"check": pl.String}, orient="row")


def _checks(counts: Counts, fewest: int) -> dict[str, Callable[[Array], float]]:
    present = counts.present > 0
    none = int((counts.count.sum(axis=1) == 0).sum())
    checks: dict[str, Callable[[Array], float]] = {
        "share of nights without one": lambda count: float((count[present] == 0).mean()),
        "variance of the counts": lambda count: float(count[present].var()),
        # The largest count of all would be one person's.
        f"count that {fewest} persons reach in a night": lambda count: float(np.sort(count.max(axis=1))[-fewest]),
    }
    if fewest <= none <= len(counts.count) - fewest:
        checks["share of persons without any"] = lambda count: float((count.sum(axis=1) == 0).mean())
    return checks


def _sets(counts: Counts, draws: Draws) -> list[Array]:
    """Draw the sets, each from one draw of the posterior: draws lie at even distances."""
    rng = np.random.default_rng(SEED)
    shared = {name: values.reshape(-1, *values.shape[2:]) for name, values in draws.shared.items()}
    persons = len(counts.count)
    sets = []
    for at in np.linspace(0, len(shared["slope"]) - 1, SETS).astype(int):
        one = {name: values[at] for name, values in shared.items()}
        slope = one["slope"] + one["spread_slope"] * rng.normal(size=persons)
        about = one["level"] + slope * counts.mean_dose
        if len(counts.between):
            about = about + one["between"] @ counts.between
        level = about + one["spread_level"] * rng.normal(size=persons)
        line = level[:, None] + slope[:, None] * counts.dose
        if len(counts.within):
            line = line + np.tensordot(one["within"], counts.within, 1)
        size = one["noise"] ** -2
        mean = np.exp(np.minimum(line, 20.0)) * rng.gamma(size, 1 / size, counts.count.shape)
        sets.append(rng.poisson(mean) * counts.present)
    return sets
