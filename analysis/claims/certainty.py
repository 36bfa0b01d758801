"""How certain a verdict is: a grade in the manner of GRADE, by written steps.

Source: Guyatt et al. 2008, "GRADE: an emerging consensus on rating quality of evidence", BMJ 336:924. There,
observational studies start low; nights of one person start a step higher here, since whatever stays the same in a
person is held by design.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Any, Final

from hypnic.analysis.claims.verdict import MOST_P, RATIO, RATIOS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.analysis.claims.saying import Evidence

GRADES: Final = ("very low", "low", "moderate", "high")
STARTS: Final = {"diary": 2, "survey": 1}  # by design
WIDE: Final = 2 * log(RATIO) * 2  # twice as wide as the range in which nothing matters
WIDE_SHARE: Final = 0.2
STEPS: Final = {
    "design": "nights of one person start at moderate, different people at low",
    "directness": "leg jerks for sleep starts, or something that only stands in for what is claimed",
    "inconsistency": "the same comparison says something else in parts of the study, among frequent answers alone or"
    " with gaps filled: what follows “but”",
    "precision": "an interval that is wide",
    "multiplicity": "a difference that does not outlast the number of sayings (Benjamini-Hochberg)",
}


def certainty(
    test: Evidence, row: Mapping[str, Any], p_adjusted: float | None, *, against: bool = False
) -> tuple[str, tuple[str, ...]]:
    """Grade what one row of results can say, and name the steps that took it down.

    `p_adjusted` is its p value adjusted over all sayings, None for a share; `against` says that the study itself has
    something against it: see `hypnic.analysis.claims.against`.
    """
    down = []
    if test.proxy or not test.table.direct:
        down.append("directness")
    if against:
        down.append("inconsistency")
    if _wide(row):
        down.append("precision")
    if p_adjusted is not None and row["p_value"] < MOST_P <= p_adjusted:
        down.append("multiplicity")
    return GRADES[max(0, STARTS[test.table.design] - len(down))], tuple(down)


def _wide(row: Mapping[str, Any]) -> bool:
    low, high = row["conf_low"], row["conf_high"]
    if low is None or high is None:
        return True
    if row["scale"] in RATIOS:
        return log(high / low) > WIDE
    return bool(row["scale"] == "share" and high - low > WIDE_SHARE)
