"""Jerks that are noticed more on some nights: how much more it would take, and what stated guesses make of the ratios.

A count is of noticed jerks. Whatever makes more of them be noticed on nights with an exposure multiplies its ratio by
as much (Greenland 2005, J R Stat Soc A 168:267). Two things may: somebody near, who sees jerks that a sleeper misses,
may be there more often on such nights; and who believes that coffee does it may look out for jerks after coffee.

Neither is measured from night to night. The tipping points say how large each would have to be to make all of a ratio,
or bring the nearer limit to 1, with everything else as declared. The row `noticing-prior` draws the sizes from the
ranges stated here, and the ratio from its own error (Lash, Fox & Fink 2009, Applying Quantitative Bias Analysis, 8):
it shows what somebody who holds these guesses should believe, and no more.
"""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

import numpy as np

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, attempt, fit_facts, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.regression.problem import Array
    from hypnic.analysis.studies.sets import AnalysisSet

# Somebody near: how often on nights without the exposure, and how many times as many jerks are then noticed.
NEAR, SEEN = 0.5, 2.0
# Believers: their share among people. How much more they notice on a night with a unit of the exposure is asked.
BELIEVERS = 0.3
# What the sizes are drawn from: uniform ranges, and normal about none for how much oftener somebody is near.
SEEN_RANGE, OFTENER_SD = (1.0, 3.0), 0.05
BELIEVERS_RANGE, LOOKED_OUT_RANGE = (0.1, 0.5), (1.0, 1.3)
DRAWS, SEED = 20_000, 2005
BEYOND: Row = {"status": "not_estimable", "reason": "out_of_reach"}


@analysis("noticing", tables=("diary",))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give, for each primary ratio, what noticing would have to do to make it, and the ratio under stated guesses."""
    for question in questions(data):
        facts = {"role": "sensitivity", "variant": "noticing-prior", "covariance": "stated priors"}
        yield from attempt(_rows, question.blank(**facts), question)


def _rows(blank: Row, question: Question) -> Iterator[Row]:
    fitted = question.fit()
    line = fitted.contrast({question.estimand.exposure: 1}).row(0, named=True)
    row = blank | fit_facts(question.data, fitted)
    if row["status"] != "estimated":
        yield row
        return
    low, middle, high = np.quantile(drawn(line["estimate"], line["std_error"]), (0.025, 0.5, 0.975)).tolist()
    names = ("estimate", "conf_low", "conf_high")
    yield row | dict(zip(names, map(rounded, (middle, low, high)), strict=True))
    limit = min(line["conf_low"], line["conf_high"], key=abs)
    ratios = {"": exp(line["estimate"])}
    if line["conf_low"] * line["conf_high"] > 0:
        ratios["-limit"] = exp(limit)
    tipped = row | {"scale": "tipping-point", "covariance": question.estimand.covariance}
    per = question.estimand.unit
    for which, ratio in ratios.items():
        near = {"variant": f"somebody-near{which}", "unit": f"share of nights with somebody near, per {per}"}
        yield tipped | near | _within(oftener_near(ratio), -NEAR, 1 - NEAR)
        looking = {"variant": f"believers{which}", "unit": f"times as many noticed by believers, per {per}"}
        yield tipped | looking | _within(looked_out(ratio), 0, np.inf)


def _within(value: float, low: float, high: float) -> Row:
    return {"estimate": rounded(value)} if low <= value <= high else BEYOND


def oftener_near(ratio: float, near: float = NEAR, seen: float = SEEN) -> float:
    """Say by what share of nights somebody would have to be near more often to make a ratio by being noticed alone.

    Noticing goes as 1 + (seen - 1) x the share of nights with somebody near (Bross 1966, J Chronic Dis 19:637).

    >>> oftener_near(1.2)
    0.3
    """
    return round((ratio - 1) * (1 + (seen - 1) * near) / (seen - 1), 12)


def looked_out(ratio: float, believers: float = BELIEVERS) -> float:
    """Say how many times as many jerks believers would have to notice to make a ratio among all.

    >>> looked_out(1.15)
    1.5
    """
    return round(1 + (ratio - 1) / believers, 12)


def drawn(log_ratio: float, std_error: float, draws: int = DRAWS) -> Array:
    """Draw ratios (draws,) from an estimate's own error, each divided by what noticing may have multiplied it with.

    >>> bool(np.median(drawn(0.0, 0.1)) < 1)
    True
    """
    rng = np.random.default_rng(SEED)
    seen, believers, looked = (rng.uniform(*ends, draws) for ends in (SEEN_RANGE, BELIEVERS_RANGE, LOOKED_OUT_RANGE))
    near = np.clip(NEAR + OFTENER_SD * rng.standard_normal(draws), 0, 1)
    bias = (1 + (seen - 1) * near) / (1 + (seen - 1) * NEAR) * (1 + believers * (looked - 1))
    return np.asarray(np.exp(log_ratio + std_error * rng.standard_normal(draws)) / bias)
