"""How a number looks on the page: formatted once, here."""

from __future__ import annotations


def ratio(value: float | None) -> str:
    """Format a rate ratio.

    >>> ratio(1.139324), ratio(None)
    ('1.14', '–')
    """
    return "–" if value is None else f"{value:.2f}"


def interval(low: float | None, high: float | None) -> str:
    """Format 95 % limits of a ratio.

    >>> interval(1.0586757, 1.226116)
    '1.06 to 1.23'
    """
    return "–" if low is None or high is None else f"{low:.2f} to {high:.2f}"


def percent(share: float | None, digits: int = 1) -> str:
    r"""Format a share of one.

    >>> percent(0.244116)
    '24.4\xa0%'
    """
    return "–" if share is None else f"{100 * share:.{digits}f}\N{NO-BREAK SPACE}%"


def change(value: float) -> str:
    r"""Say a ratio as a change.

    >>> change(1.06), change(0.874505), change(2.1)
    ('6\xa0% more', '13\xa0% less', '2.1 times as many')
    """
    if value >= 2:
        return f"{value:.1f} times as many"
    points = round(100 * abs(value - 1))
    return f"{points}\N{NO-BREAK SPACE}% {'more' if value >= 1 else 'less'}"


def p_value(value: float | None) -> str:
    """Format a p value.

    >>> p_value(0.105527), p_value(0.000058), p_value(None)
    ('0.11', '< 0.0001', '–')
    """
    if value is None:
        return "–"
    return "< 0.0001" if value < 0.0001 else f"{value:.2g}" if value < 0.995 else "1.0"


def count(value: float) -> str:
    """Format a whole number.

    >>> count(12622)
    '12,622'
    """
    return f"{value:,.0f}"


def dose(value: float) -> str:
    """Format a limit of a bin of doses.

    >>> [dose(value) for value in (155.0, 0.0667, 1.5, -0.5, 0)]
    ['155', '0.07', '1.5', '−0.5', '0']
    """
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")
