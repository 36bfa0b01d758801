"""The answer of a study on one screen: a line an exposure, how sure it is by a written rule, and what it cannot say."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, NamedTuple

from hypnic.analysis.claims.saying import TABLES
from hypnic.analysis.claims.verdict import MOST_P, RATIO
from hypnic.reports.numbers import interval, ratio
from hypnic.reports.sentences import heterogeneity, non_linearity
from hypnic.reports.told import not_when_frequent, told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import polars as pl

    from hypnic.analysis.studies import Study
    from hypnic.reports.ratios import Ratio

CLEAR, WEAK, NONE, UNSURE, NOTHING = "Clear", "Weak sign", "No difference that matters", "Unsure", "No answer yet"
RULE = (
    (
        "Clear",
        "the 95 % interval leaves no difference out, also once all looks are allowed for; it may still be small",
    ),
    ("Weak sign", "the interval does, but not once all looks are allowed for"),
    ("Unsure", "the interval holds no difference as well as ones that matter"),
    (
        "No difference that matters",
        f"the whole interval lies within a ratio of {RATIO:g} or its inverse; a longer step may matter",
    ),
)


class Caution(NamedTuple):
    """What a later section says against a line, and where."""

    words: str
    href: str


class Plot(NamedTuple):
    """A bar with its mark and the line of no difference, in per cent of the width from the left: it fits any width."""

    low: float
    mark: float
    high: float
    none: float


class Line(NamedTuple):
    """One exposure: what is compared, what was found, how sure that is, and what speaks against it."""

    exposure: str
    href: str
    words: str
    sure: str
    cautions: tuple[Caution, ...]
    plot: Plot | None


class Answer(NamedTuple):
    """The first screen."""

    what: str
    lines: tuple[Line, ...]
    cannot: str


def answer(study: Study, ratios: Sequence[Ratio], estimates: pl.DataFrame, usual: Mapping[str, float]) -> Answer:
    """Put each exposure's answer in a line: of the diary where there is one, which compares people with themselves.

    `usual` has the average of each outcome that an answer is counted in: see `hypnic.analysis.checks.answered`.
    """
    led = _leading(ratios)
    ends = [abs(log(end)) for r in led if r.found for end in (r.found.low, r.found.high)]
    reach = max([0.3, *ends])
    lines = tuple(_line(r, ratios, estimates, reach) for r in led)
    what = " ".join(filter(None, (study.what, _usual(led, usual))))
    return Answer(what, lines if ends else _none(led) or lines, study.cannot)


def _usual(led: Sequence[Ratio], usual: Mapping[str, float]) -> str:
    """Say how common it is, in what the answers are counted in."""
    headline = next((r.instrument.headline for r in led if r.found), None)
    if headline is None or not set(headline.outcomes) <= set(usual):
        return ""
    counted = (one for one in (headline.counted, headline.instead) if one)
    return headline.usual.format(*(f"{one.times * usual[one.outcome]:.0f}" for one in counted))


def _none(led: Sequence[Ratio]) -> tuple[Line, ...]:
    """Say once that there is no estimate, where that is so of every exposure for the same reason."""
    if len(led) < 2 or len({r.why_not for r in led}) > 1:
        return ()
    named = ", ".join(r.exposure.lower() for r in led)
    words = f"There is no estimate of any exposure ({named}): {led[0].why_not}. Answers of more people may give one."
    return (Line("", "#exposures", words, NOTHING, (), None),)


def _leading(ratios: Sequence[Ratio]) -> list[Ratio]:
    """Choose a ratio an exposure: the first that could be estimated."""
    led: dict[str, Ratio] = {}
    for r in ratios:
        kept = led.setdefault(r.estimand.exposure, r)
        if kept.found is None and r.found is not None:
            led[r.estimand.exposure] = r
    return list(led.values())


def _line(r: Ratio, ratios: Sequence[Ratio], estimates: pl.DataFrame, reach: float) -> Line:
    headline = r.instrument.headline
    change = headline.changes.get(r.estimand.exposure, r.subject) if headline else r.subject
    return Line(
        r.exposure, f"#exposure-{r.estimand.exposure}", f"{change}: {_found(r)}.", sure(r),
        cautions(r, ratios, estimates), _plot(r, reach),
    )  # fmt: skip


def _found(r: Ratio) -> str:
    if r.found is None:
        return f"there is no estimate ({r.why_not})"
    return told(r) or f"{ratio(r.found.ratio)} times {r.instrument.times} ({interval(r.found.low, r.found.high)})"


def sure(r: Ratio) -> str:
    """Say how sure a ratio is, by the rule of `RULE`."""
    if r.found is None:
        return NOTHING
    _, low, high = r.found
    if low <= 1 <= high:
        return NONE if low > 1 / RATIO and high < RATIO else UNSURE
    return CLEAR if r.p_adjusted is not None and r.p_adjusted < MOST_P else WEAK


def cautions(r: Ratio, ratios: Sequence[Ratio], estimates: pl.DataFrame) -> tuple[Caution, ...]:
    """Say what a later section says against the one number of a ratio."""
    return (*_against(r, ratios, estimates), *_parts_differ(r, estimates))


def _against(r: Ratio, ratios: Sequence[Ratio], estimates: pl.DataFrame) -> Iterator[Caution]:
    if r.found is None:
        return
    own = f"#exposure-{r.estimand.exposure}"
    against = [one for one in ratios if one.estimand.exposure == r.estimand.exposure and _opposite(r, one)]
    for one in against:
        yield Caution(f"the {one.instrument.title.lower()} says the opposite", own)
    p = non_linearity(r, estimates)
    if p is not None and p < MOST_P:
        yield Caution("not alike at every dose", own)
    if r.cuts and r.cuts.p_value < MOST_P:
        yield Caution(_at_frequent_answers(r), own)
    elif not_when_frequent(r):
        yield Caution("not seen in frequent jerks alone", own)


def _at_frequent_answers(r: Ratio) -> str:
    """Say whether the ratios of frequent answers lie further from 1 than that of all, or some do and some do not."""
    assert r.found is not None  # noqa: S101
    assert r.cuts is not None  # noqa: S101
    sign, alone = log(r.found.ratio), r.cuts.ratios[1:] or r.cuts.ratios
    further = {(log(at.ratio) - log(r.found.ratio)) * sign > 0 for _, at in alone}
    if len(further) > 1:
        return "differs with how often jerks come"
    return f"{'stronger' if True in further else 'weaker'} for frequent than for rare jerks"


def _parts_differ(r: Ratio, estimates: pl.DataFrame) -> Iterator[Caution]:
    """Say so where the parts of a study, each taken alone, differ by more than chance (Cochran's Q)."""
    p = heterogeneity(r, estimates)
    if r.found and p is not None and p < MOST_P:
        parts = next(table.parts for table in TABLES.values() if table.name == r.table)
        yield Caution(f"differs between {parts}", f"#exposure-{r.estimand.exposure}")


def _opposite(one: Ratio, other: Ratio) -> bool:
    if one.found is None or other.found is None:
        return False
    return (one.found.ratio - 1) * (other.found.ratio - 1) < 0 and not other.found.low <= 1 <= other.found.high


def _plot(r: Ratio, reach: float) -> Plot | None:
    if r.found is None:
        return None
    found = r.found

    def place(value: float) -> float:
        return round(50 * (1 + 0.94 * log(value) / reach), 1)

    return Plot(place(found.low), place(found.ratio), place(found.high), place(1))
