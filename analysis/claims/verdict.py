"""The written rule: from an interval, what was expected and the smallest difference that matters, to a verdict.

The smallest differences were set before any answer of a volunteer came. A ratio matters from 1.1 on (or its inverse):
one jerk more in ten. Differences matter from the steps of `SMALLEST` on, in the outcome's own unit.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypnic.analysis.claims.saying import Expectation

Verdict = Literal[
    "supported", "contradicted", "no sizeable effect", "unclear", "needs data", "not testable here"
]  # fmt: skip
VERDICTS: Final[Mapping[Verdict, str]] = {
    "supported": "the interval lies on the side that is claimed, and reaches a difference that matters",
    "contradicted": "the interval lies on the other side, and reaches a difference that matters",
    "no sizeable effect": "the interval holds no difference that matters",
    "unclear": "the interval holds differences that matter, and none; or the tests of a saying say different things; or"
    " what only stands in for the thing speaks against it, which contradicts nothing",
    "needs data": "too few people answered, or nobody was asked here",
    "not testable here": "no question of this study is about it",
}
DECIDED: Final[tuple[Verdict, ...]] = ("supported", "contradicted", "no sizeable effect")
BACK: Final = "new answers that bring the interval back to no difference"
OUT: Final = "new answers with a share out of what was expected"
# What would turn a verdict into another, apart from what each test says for itself.
CHANGES: Final[Mapping[Verdict, str]] = {
    "supported": f"{BACK}; or {OUT}",
    "contradicted": f"{BACK}; or {OUT}",
    "no sizeable effect": "new answers that take the interval to a difference that matters",
    "unclear": "more people, about as many as each test says; or a question about the thing itself",
    "needs data": "ten people or more who answer it",
    "not testable here": "another study, with a question or a measurement of it",
}
RATIO: Final = 1.1
SMALLEST: Final = {
    "jerk_intensity_0_4": 0.1,
    "log_sol": log(RATIO),
    "sleep_quality_1_5": 0.1,
    "awakenings_n": 0.1,
    "stress_0_10": 0.2,
    "anxiety_next_evening": 0.2,
    "anxiety_bedtime_0_10": 0.2,
}
MOST_P: Final = 0.05
RATIOS: Final = frozenset({"IRR", "OR"})


def verdict(expects: Expectation, row: Mapping[str, Any], *, proxy: bool = False) -> Verdict:
    """Judge one row of results; `row` is named as in the table of estimates.

    A row that is a `proxy`, which only stands in for what is claimed, may support a saying and never contradicts it.

    >>> from hypnic.analysis.claims.saying import Expectation
    >>> row = {"status": "estimated", "scale": "IRR", "outcome": "jerk_count", "conf_low": 1.05, "conf_high": 1.2}
    >>> verdict(Expectation.read("+"), row), verdict(Expectation.read("-"), row)
    ('supported', 'contradicted')
    """
    if row["status"] != "estimated":
        return "needs data"
    found = _verdict(expects, row)
    return "unclear" if proxy and found == "contradicted" else found


def turning(one: Verdict, scale: str = "") -> str:
    """Say what would turn a verdict into another, on the scale of its row.

    >>> turning("supported", "share"), turning("supported", "IRR")
    ('new answers with a share out of what was expected', 'new answers that bring the interval back to no difference')
    """
    if one in {"supported", "contradicted"}:
        return OUT if scale == "share" else BACK
    return CHANGES[one]


def _verdict(expects: Expectation, row: Mapping[str, Any]) -> Verdict:
    if expects.kind == "any":
        found = row["p_value"] < MOST_P if row["scale"] == "test" else (row["conf_low"] or 0) > 0
        return "supported" if found else "unclear"
    low, high = row["conf_low"], row["conf_high"]
    if expects.kind == "share":
        return _share(expects, low, high)
    smallest = log(RATIO) if row["scale"] in RATIOS else SMALLEST[row["outcome"]]
    if row["scale"] in RATIOS:
        low, high = log(low), log(high)
    return _side(low, high, smallest) if expects.sign > 0 else _side(-high, -low, smallest)


def _side(low: float, high: float, smallest: float) -> Verdict:
    """Judge an interval of what is claimed to lie above zero."""
    if -smallest < low and high < smallest:
        return "no sizeable effect"
    if low > 0:
        return "supported"
    return "contradicted" if high < 0 else "unclear"


def _share(expects: Expectation, low: float, high: float) -> Verdict:
    if expects.low <= low and high <= expects.high:
        return "supported"
    return "contradicted" if high < expects.low or low > expects.high else "unclear"


def together(parts: Sequence[Verdict]) -> Verdict:
    """Judge a saying by the verdicts of its tests; those that need data say nothing where others speak.

    >>> together(["supported", "needs data"]), together(["supported", "unclear"]), together(["supported", "supported"])
    ('supported', 'unclear', 'supported')
    """
    spoken = [part for part in parts if part != "needs data"]
    if not spoken:
        return "needs data"
    return spoken[0] if len(set(spoken)) == 1 else "unclear"
