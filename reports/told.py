"""A difference in plain words, counted in what the answer of a study is counted in: "6 more jerks in 100 nights"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.analysis.claims.against import unclear_when_frequent
from hypnic.analysis.claims.verdict import MOST_P

if TYPE_CHECKING:
    from hypnic.analysis.studies.instrument import Counted
    from hypnic.reports.ratios import Difference, Ratio


def told(r: Ratio) -> str:
    """Say what one step goes with; nothing where its average was not estimated.

    Where one ratio does not serve all answers, it is told by the odds of those alone that it is counted in.
    """
    return _said(r, r.alone if by_its_own_odds(r) else r.differences)


def told_by_one_ratio(r: Ratio) -> str:
    """Say what its number would be by the one ratio of all answers; nothing where it is told so anyway."""
    return _said(r, r.differences, things="") if by_its_own_odds(r) else ""


def by_its_own_odds(r: Ratio) -> bool:
    """Tell whether one ratio does not serve all answers, and that of the answers told of is known."""
    counted = _counted(r)
    known = counted is not None and counted.outcome in {one.outcome for one in r.alone}
    return known and r.cuts is not None and r.cuts.p_value < MOST_P


def not_when_frequent(r: Ratio) -> bool:
    """Tell whether a ratio that leaves no difference out does not so among the more frequent answers alone."""
    if r.found is None or r.cuts is None or r.found.low <= 1 <= r.found.high:
        return False
    return unclear_when_frequent((at.low, at.high) for _, at in r.cuts.ratios)


def _said(r: Ratio, differences: tuple[Difference, ...], things: str | None = None) -> str:
    counted = _counted(r)
    own = [one for one in differences if counted and one.outcome == counted.outcome]
    if not own or counted is None:
        return ""
    value, low, high = (counted.times * end for end in (own[0].value, own[0].low, own[0].high))
    of = counted.things if things is None else things
    return " ".join(filter(None, (f"about {_amount(value)} {_side(value)}", of, f"({_range(low, high)})")))


def _counted(r: Ratio) -> Counted | None:
    """Choose what a ratio is told in: not in frequent jerks, where these alone do not show it."""
    headline = r.instrument.headline
    if headline is None:
        return None
    return headline.instead if headline.instead and not_when_frequent(r) else headline.counted


def _range(low: float, high: float) -> str:
    if low >= 0 or high <= 0:
        near, far = (low, high) if low >= 0 else (high, low)
        return f"{_amount(near)} to {_amount(far)} {_side(far)}"
    return f"{_amount(low)} {_side(low)} to {_amount(high)} {_side(high)}"


def _amount(value: float) -> str:
    """Write an amount in whole numbers, and below one with a digit.

    >>> _amount(6.24), _amount(-0.52), _amount(0.01)
    ('6', '0.5', '0')
    """
    size = abs(value)
    return f"{size:.0f}" if size >= 0.95 or size < 0.05 else f"{size:.1f}"


def _side(value: float) -> str:
    return "more" if value >= 0 else "fewer"
