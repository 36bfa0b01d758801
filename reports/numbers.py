"""How a number looks on the page: formatted once, here."""

from __future__ import annotations

WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def ratio(value: float | None) -> str:
    """Format a ratio, with as many digits as show on which side of 1 it lies.

    >>> ratio(1.139324), ratio(0.997612), ratio(1), ratio(None)
    ('1.14', '0.998', '1.00', '–')
    """
    if value is None:
        return "–"
    shown = (f"{value:.{digits}f}" for digits in range(2, 8))
    return next((text for text in shown if float(text) != 1), f"{value:.2f}")


def interval(low: float | None, high: float | None) -> str:
    """Format 95 % limits of a ratio.

    >>> interval(1.0586757, 1.226116)
    '1.06 to 1.23'
    """
    return "–" if low is None or high is None else f"{ratio(low)} to {ratio(high)}"


def percent(share: float | None, digits: int = 1) -> str:
    r"""Format a share of one.

    >>> percent(0.244116)
    '24.4\xa0%'
    """
    return "–" if share is None else f"{100 * share:.{digits}f}\N{NO-BREAK SPACE}%"


def changes(near: float, far: float, times: str = "times as many") -> str:
    r"""Say two ratios as changes, both in the same words.

    >>> changes(0.874505, 1.06), changes(0.9982, 1.13), changes(1.6, 2.1)
    ('13\xa0% less to 6\xa0% more', '0.2\xa0% less to 13\xa0% more', '1.6 to 2.1 times as many')
    """
    if max(near, far) >= 2:
        return f"{near:.1f} to {far:.1f} {times}"
    return f"{_change(near)} to {_change(far)}"


def _change(value: float) -> str:
    points = 100 * abs(value - 1)
    return f"{points:.{0 if points >= 0.95 else 1}f}\N{NO-BREAK SPACE}% {'more' if value >= 1 else 'less'}"


def difference(value: float) -> str:
    """Format a difference with its sign.

    >>> difference(0.396), difference(-0.0671), difference(4.17)
    ('+0.40', '−0.07', '+4.2')
    """
    return f"{value:+.{1 if abs(value) >= 1 else 2}f}".replace("-", "−")


def amount(value: float) -> str:
    """Format a mean or a spread, in about three digits.

    >>> amount(134.21), amount(13.42), amount(1.3421), amount(-0.5)
    ('134', '13.4', '1.34', '−0.50')
    """
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".replace("-", "−")


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


def span(low: str, high: str) -> str:
    """Name the ends of a range as they are shown; one number where they look the same.

    >>> span("30", "50"), span("30", "30")
    ('30 to 50', '30')
    """
    return low if low == high else f"{low} to {high}"


def in_words(number: int) -> str:
    """Write a small number as a word.

    >>> in_words(5), in_words(12)
    ('five', '12')
    """
    return WORDS[number] if number < len(WORDS) else f"{number}"


def counted(number: int, thing: str) -> str:
    """Say how many there are of a thing.

    >>> counted(1, "rate ratio"), counted(5, "exposure")
    ('one rate ratio', 'five exposures')
    """
    return f"{in_words(number)} {thing}{'' if number == 1 else 's'}"


def dose(value: float) -> str:
    """Format a limit of a bin of doses.

    >>> [dose(value) for value in (155.0, 0.0667, 1.5, -0.5, 0, 12.5)]
    ['155', '0.07', '1.5', '−0.5', '0', '12.5']
    """
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def dosed(value: float, unit: str) -> str:
    """Format a dose with its unit, which is one thing or several.

    >>> dosed(1, "points of stress"), dosed(2.5, "points of stress"), dosed(155.0, "mg")
    ('1 point of stress', '2.5 points of stress', '155 mg')
    """
    said = dose(value)
    return f"{said} {unit.replace('points', 'point', 1) if said == '1' else unit}"
