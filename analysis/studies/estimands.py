"""Estimands: for each instrument and exposure, what is compared and what is adjusted for.

Each exposure has a model of its own: five coefficients of one regression would be five different estimands
(Westreich & Greenland 2013, "The table 2 fallacy"). The adjustment sets follow from the directed graph in which
stress leads to caffeine, alcohol and short sleep, short sleep to caffeine, and all of them to jerks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

Design = Literal["diary", "survey"]
Role = Literal["primary", "secondary", "sensitivity", "exploratory"]
# The five, in the order of every report, and what they are called there.
EXPOSURES = {
    "caffeine": "Caffeine",
    "alcohol": "Alcohol",
    "stress": "Stress",
    "exercise": "Vigorous exercise",
    "sleep_loss": "Sleep loss",
}
MAIN = "main"
# Families whose coefficients are logarithms of odds ratios.
ODDS = frozenset({"binomial", "ordered", "fe-logit"})


@dataclass(frozen=True)
class Estimand:
    """One effect: `exposure` in steps of `step`, in the column `column`, over the window `window`.

    `table` names the instrument. `effect` is total unless the row says otherwise; `adjustment` are columns of the tidy
    table; `by` names a 0/1 split within which the exposure has its own coefficient; `across` says what the row makes of
    them: the mean of their logs, or the last over the first (a ratio of ratios). `domain` is a 0/1 column of a
    subpopulation. `maximum` is the largest count there can be, where a family needs it. `variant` is a short word that
    tells the row from others with the same outcome, exposure and unit.
    """

    table: str
    exposure: str
    column: str
    step: float
    unit: str
    window: str
    adjustment: tuple[str, ...]
    outcome: str
    family: str
    covariance: str
    role: Role = "primary"
    effect: Literal["total", "direct", "association"] = "total"
    by: str | None = None
    across: Literal["mean", "ratio"] = "mean"
    weights: str | None = None
    domain: str | None = None
    maximum: int | None = None
    variant: str = MAIN

    @property
    def scale(self) -> Literal["IRR", "OR", "difference"]:
        """What the exponential of a coefficient is: an odds ratio, or a ratio of rates; hours differ as they are."""
        if self.family == "fe-linear":
            return "difference"
        return "OR" if self.family in ODDS else "IRR"


def without(row: Estimand, *columns: str, **facts: Any) -> Estimand:
    """Give a row that is adjusted for less; a sensitivity row unless `facts` say otherwise."""
    left = tuple(column for column in row.adjustment if column not in columns)
    return replace(row, adjustment=left, **({"role": "sensitivity"} | facts))
