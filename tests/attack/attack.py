"""What a reader can work out about fewer than ten people from the finished files of a report, and from nothing else.

The reader knows how the files are made: that counts are rounded down, and to what, where the page says so. Each number
found is an interval. What a file tells outright, what a difference tells, and what limits tell by their degrees of
freedom is counted alike: a group that is known to have somebody in it, and fewer than ten people.
"""

from __future__ import annotations

import csv
import io
import re
from functools import cache
from html.parser import HTMLParser
from itertools import combinations
from math import inf, log
from typing import TYPE_CHECKING, NamedTuple

from scipy.stats import t as student

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TEN = 10
EACH = {"survey": 1, "diary": 28}  # rows that one person has at most
ROUNDED = "rounded down to tens"  # what a page says that does so
PEOPLE, FLOW = "tables/people-by-", "tables/{}-from-received-to-analysed.csv"
FROM_PERSONS = "marginal structural"  # its degrees of freedom are people less one


class Span(NamedTuple):
    """What a count may be: from `low` to `high`."""

    low: float
    high: float

    def less(self, other: Span) -> Span:
        """Give how many more there may be than in a part."""
        return Span(max(0, self.low - other.high), self.high - other.low)

    def and_(self, other: Span) -> Span:
        """Give what both allow."""
        return Span(max(self.low, other.low), min(self.high, other.high))

    def tells_of_few(self, each: int = 1) -> bool:
        """Tell whether somebody is in it for certain, and fewer than ten people are."""
        return self.low >= 1 and self.high < TEN * each


class Told(NamedTuple):
    """How many groups of fewer than ten people each kind of attack finds."""

    outright: int
    by_subtraction: int
    by_totals: int
    by_freedom: int
    by_checks: int
    one_person: int

    @property
    def in_all(self) -> int:
        """Add them up."""
        return sum(self)


class Tables(HTMLParser):
    """The tables of a page: caption, and rows of cells."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self._rows: list[list[str]] = []
        self._text: list[str] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Begin a table, a row or a cell."""
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in {"caption", "th", "td"}:
            self._text = []

    def handle_data(self, data: str) -> None:
        """Take the text of a cell."""
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in {"caption", "th", "td"} and self._text is not None:
            text = "".join(self._text).strip()
            if tag == "caption":
                self.tables[text] = self._rows
            else:
                self._rows[-1].append(text)
            self._text = None


def attack(files: Mapping[str, bytes]) -> Told:
    """Attack the files of one report."""
    page = "".join(content.decode() for name, content in sorted(files.items()) if name.endswith(".html"))
    rounded = ROUNDED in page
    rows = list(csv.DictReader(io.StringIO(files["estimates.csv"].decode())))
    counts = {design: _counts(rows, files, design, rounded=rounded) for design in EACH}
    tables = Tables(page).tables
    alone = [
        span for design, kinds in counts.items() for kind, spans in kinds.items() for span in spans
        if span.tells_of_few(EACH[design] if kind == "rows" else 1)
    ]  # fmt: skip
    checks = list(csv.DictReader(io.StringIO(files.get("diagnostics.csv", b"check\n").decode())))
    return Told(
        outright=len(set(alone))
        + sum(
            span.tells_of_few()
            for span in [*_page_counts(tables, rounded=rounded), *_drawn_counts(files, rounded=rounded)]
        ),
        by_subtraction=sum(_subtracted(counts[design], EACH[design]) for design in EACH),
        by_totals=sum(_cells(_table(files, name), rounded=rounded) for name in files if PEOPLE in name),
        by_freedom=_freedom(rows, counts["diary"]["persons"], rounded=rounded),
        by_checks=_checked(checks, rounded=rounded),
        one_person=_one_person(rows) + _changes(checks),
    )


def _span(count: int, each: int = 1, *, rounded: bool) -> Span:
    return Span(count, count + TEN * each - 1) if rounded else Span(count, count)


def _table(files: Mapping[str, bytes], name: str) -> list[list[str]]:
    """Read the file of a table; one that is not there has no rows."""
    return list(csv.reader(io.StringIO(files.get(name, b"").decode())))


def _steps(files: Mapping[str, bytes], design: str, *, rounded: bool) -> Iterator[tuple[str, Span]]:
    """Give the counts of a table from received to analysed, each with its kind."""
    for step, *cells in _table(files, FLOW.format(design))[1:]:
        kind, each = ("persons", 1) if step.startswith("people") or design == "survey" else ("rows", EACH[design])
        for cell in cells:
            few = cell.startswith("<")
            count = 0 if few else int(cell.replace(",", ""))
            yield kind, Span(0, TEN * each - 1) if few else _span(count, each, rounded=rounded)


def _counts(
    rows: Iterable[Mapping[str, str]], files: Mapping[str, bytes], design: str, *, rounded: bool
) -> dict[str, list[Span]]:
    """Give the different counts of a design: people, and rows with what was left out of them, and why."""
    own = [row for row in rows if row["design"] == design]
    persons = {_span(int(row["n_persons"]), rounded=rounded) for row in own}
    each = EACH[design]
    entered = {_span(int(row["n_rows"]), each, rounded=rounded) for row in own}
    # Of two rounded numbers the rest is known no better than they are.
    out = {Span(max(0, int(row["n_dropped"]) - TEN * each + 1), int(row["n_dropped"]) + TEN * each - 1) if rounded
           else _span(int(row["n_dropped"]), rounded=False) for row in own}  # fmt: skip
    steps = list(_steps(files, design, rounded=rounded))
    people, left = ({span for kind, span in steps if kind == one} for one in ("persons", "rows"))
    return {"persons": sorted(persons | people), "rows": sorted(entered | out | left)}


def _subtracted(counts: Mapping[str, list[Span]], each: int) -> int:
    """Count the differences of two counts, one within the other, that few people make."""
    few = {
        many.less(part)
        for kind, spans in counts.items()
        for part, many in combinations(spans, 2)
        if many.less(part).tells_of_few(each if kind == "rows" else 1)
    }
    return len(few)


def _page_counts(tables: Mapping[str, list[list[str]]], *, rounded: bool) -> Iterator[Span]:
    """Give the counts of people on the page itself."""
    for rows in tables.values():
        places = [n for n, word in enumerate(rows[0]) if word in {"Persons", "People"}] if rows else []
        for row in rows[1:]:
            for place in places:
                if place < len(row) and (found := re.match(r"([\d,]+)(\s\(|$)", row[place])):
                    yield _span(int(found[1].replace(",", "")), rounded=rounded)


def _drawn_counts(files: Mapping[str, bytes], *, rounded: bool) -> Iterator[Span]:
    """Give the counts of people in the data of the figures."""
    for name, content in files.items():
        if name.startswith("figures/") and name.endswith(".csv"):
            for row in csv.DictReader(io.StringIO(content.decode())):
                for column in ("n_persons", "persons"):
                    if row.get(column):
                        yield _span(int(row[column]), rounded=rounded)


def _cells(rows: list[list[str]], *, rounded: bool) -> int:
    """Count the suppressed cells of which a table tells more than that there are fewer than ten people."""
    shown = [row[1] for row in rows[1:]]
    known = [_cell(cell, rounded=rounded) for cell in shown]
    shares = [(int(n.replace(",", "")), float(p)) for c in shown for n, p in re.findall(r"^([\d,]+) \(([\d.]+)", c)]
    if not shares:
        return 0
    # What a count is of its share: the total that the page rounds, or has exactly.
    total = max((_span(round(n / p * 100 / TEN) * TEN, rounded=True) if rounded else Span(n / (p + 0.05) * 100,
                 n / (p - 0.05) * 100) for n, p in shares if p > 0), default=Span(0, inf))  # fmt: skip
    told = 0
    for place, span in enumerate(known):
        others = [other for at, other in enumerate(known) if at != place]
        rest = Span(total.low - sum(o.high for o in others), total.high - sum(o.low for o in others))
        told += span.tells_of_few() or (span == Span(0, TEN - 1) and span.and_(rest) != span)
    return told


def _cell(text: str, *, rounded: bool) -> Span:
    if text == "<10":
        return Span(0, TEN - 1)
    if text == "withheld":
        return Span(TEN, inf)
    return _span(int(text.partition(" ")[0].replace(",", "")), rounded=rounded)


def _freedom(rows: Iterable[Mapping[str, str]], persons: Iterable[Span], *, rounded: bool) -> int:
    """Count the groups that are told once limits give back how many people there were."""
    found = set()
    for row in rows:
        if row["analysis"] == FROM_PERSONS and row["std_error"] and row["scale"] in {"IRR", "OR"}:
            people = _people_by_limits(row, rounded=rounded)
            found |= {many.less(people) for many in persons if many.less(people).tells_of_few()}
            found |= {people.less(part) for part in persons if people.less(part).tells_of_few()}
    return len(found)


@cache
def _quantiles() -> list[float]:
    """Give the quantiles of Student's t for 1, 2, 3 ... degrees of freedom."""
    return student.ppf(0.975, range(1, 2000)).tolist()


def _people_by_limits(row: Mapping[str, str], *, rounded: bool) -> Span:
    """Give how many people have the quantile of Student's t that limits are made with, as exact as they are written."""
    half = 0.5 * 10.0 ** (-2 if rounded else -7)
    low, high, error = (float(row[key]) for key in ("conf_low", "conf_high", "std_error"))
    steps = [half * 10 ** _order(value) for value in (low, high, error)]
    least = (log(high - steps[1]) - log(low + steps[0])) / 2 / (error + steps[2])
    most = (log(high + steps[1]) - log(low - steps[0])) / 2 / (error - steps[2])
    able = [df + 1 for df, quantile in enumerate(_quantiles(), 1) if least <= quantile <= most]
    given = _span(int(row["n_persons"]), rounded=rounded)
    return Span(min(able), max(able)).and_(given) if able else given


def _order(value: float) -> int:
    return int(f"{value:e}".partition("e")[2])


def _checked(checks: Iterable[Mapping[str, str]], *, rounded: bool) -> int:
    """Count the differences between how many rows had no jerk, from one model to the next."""
    told = 0
    for design, each in EACH.items():
        zeros = sorted(
            {
                _span(int(float(row["statistic"])), each, rounded=rounded)
                for row in checks
                if row["check"] == "residuals: zeros" and row["table"] == design
            }
        )
        told += sum(many.less(part).tells_of_few(each) for part, many in combinations(zeros, 2))
    return told


def _one_person(rows: Iterable[Mapping[str, str]]) -> int:
    """Count the ratios that are told both with and without one person."""
    return sum("without-person" in row["variant"] and row["estimate"] != "" for row in rows)


def _changes(checks: Iterable[Mapping[str, str]]) -> int:
    """Count the models of which it is told exactly what one person changes."""
    told = [row["statistic"] for row in checks if row["check"].startswith("influence")]
    return sum(float(change) != round(float(change)) for change in told)
