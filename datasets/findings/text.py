"""Findings as people read them: grouped by rule, the first cells of each, what to type instead; and as JSON Lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.schemas.filenames import named
from hypnic.schemas.privacy import PRIVATE
from hypnic.schemas.rules import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

SAID = ("file", "level", "rule", "message")
KEYS = (*SAID, "hint")
CELLS = 5  # cells named of those that hold the same, and how many different ones; the page and the JSON give all
KINDS = 28  # a diary has no more nights
GROUPS = 25  # paragraphs printed
COLOURS = {"error": "red", "flag": "magenta", "warning": "yellow", "suggestion": "cyan"}


class Group(NamedTuple):
    """Findings that say the same of several cells of one file."""

    file: str
    level: str
    rule: str
    message: str
    hint: str
    cells: pl.DataFrame


def groups(found: pl.DataFrame) -> Iterator[Group]:
    """Yield the findings in groups: errors, flags, warnings, suggestions, each in the order of the files."""
    ordered = found.sort("level", maintain_order=True)
    for key, cells in ordered.group_by(KEYS, maintain_order=True):
        file, level, rule, message, hint = map(str, key)
        yield Group(file, level, rule, message, hint, cells)


def as_json(
    found: pl.DataFrame,
    paths: Sequence[Path],  # noqa: ARG001 -- every maker gets them
    rest: pl.DataFrame | None = None,
) -> str:
    """Give the findings as JSON Lines: one object for each, with the columns of the findings table.

    `rest` says how many are not listed, in an object for each file, rule and level: its key `more` no finding has.
    """
    return found.write_ndjson() + ("" if rest is None else rest.write_ndjson())


def as_text(
    found: pl.DataFrame, paths: Sequence[Path], rest: pl.DataFrame | None = None, *, colour: bool = False
) -> str:
    """Give the findings as text: one paragraph for all that say the same, then one line that sums up.

    What differs within a paragraph, the value that was typed or what to type instead, is told apart. `paths` are the
    files that were checked, `rest` says how many findings of a rule are not listed. `colour` adds colour to words that
    say the same without it.
    """
    if found.is_empty():
        return f"{', '.join(map(named, paths))}: {summary(found)}\n"
    ordered = found.sort("level", maintain_order=True)
    several = [cells for _, cells in ordered.group_by(*SAID, maintain_order=True)]
    paragraphs = [_paragraph(cells, colour=colour) for cells in several[:GROUPS]]
    if len(several) > GROUPS:
        unsaid = sum(cells.height for cells in several[GROUPS:])
        paragraphs.append(f"{_count(unsaid, 'more finding')}; see all with --format html --out findings.html\n")
    left_out = [] if rest is None or rest.is_empty() else [f"{line}\n" for line in not_listed(rest)]
    return "\n".join([*privacy_notice(found), *paragraphs, *left_out, f"{summary(found, rest)}\n"])


def not_listed(rest: pl.DataFrame) -> list[str]:
    """Say of each rule of which some findings are not listed how many there are.

    >>> not_listed(pl.DataFrame({"file": ["nights.csv"], "rule": ["type"], "level": ["error"], "more": [1200]}))
    ['nights.csv: error type: 1,200 more are not listed; --most 0 lists them']
    """
    return [
        f"{file}: {level} {rule}: {more:,} more {'is' if more == 1 else 'are'} not listed; --most 0 lists them"
        for file, rule, level, more in rest.iter_rows()
    ]


def privacy_notice(found: pl.DataFrame) -> list[str]:
    """Say, in a line if in any, which files of a table of findings must not be sent."""
    hits = found.filter(pl.col("rule").is_in(PRIVATE))
    if hits.is_empty():
        return []
    files = ", ".join(hits["file"].unique(maintain_order=True))
    things = f"{hits.height} private thing{'s' if hits.height > 1 else ''}"
    return [f"Do not send {files} to anybody: {things} must be taken out first\n"]


def summary(found: pl.DataFrame, rest: pl.DataFrame | None = None) -> str:
    """Sum up in a few words; `rest` says how many findings of a rule are not listed.

    >>> import hypnic
    >>> from hypnic.datasets.loading import data_folder
    >>> summary(hypnic.check(data_folder() / "demo" / "nights.csv"))
    'no findings'
    """
    if found.is_empty():
        return "no findings"
    counts: Counter[str] = Counter(dict(found["level"].value_counts().iter_rows()))
    if rest is not None:
        counts.update(dict(rest.group_by("level").agg(pl.col("more").sum()).iter_rows()))
    parts = [_count(counts[level], level) for level in LEVELS if level in counts]
    return f"{', '.join(parts)} in {_count(found['file'].n_unique(), 'file')}"


def _paragraph(cells: pl.DataFrame, *, colour: bool) -> str:
    file, level, rule, message = cells.select(SAID).row(0)
    head = f"{level} {rule}"
    if colour:
        import typer

        head = typer.style(head, fg=COLOURS[level], bold=True)
    count = f" {cells.height:,} places" if cells.height > 1 else ""
    alike = [(hint, same) for (hint,), same in cells.group_by("hint", maintain_order=True)]
    if len(alike) == 1:
        where = [f"  at{count and count + ':'} {_places(cells)}", f"  {alike[0][0]}"]
    else:
        where = [f"  at{count}:", *(f"    {_places(same)}: {hint}" for hint, same in alike[:KINDS])]
        where += _rest(sum(same.height for _, same in alike[KINDS:]), "    ")
    return "\n".join([f"{file}: {head}: {message}", *where, ""])


def _places(cells: pl.DataFrame) -> str:
    """Name the first cells that hold each value, and the value where it may be shown: `C2, C3 and 9 more (11)`."""
    said = []
    alike = list(cells.group_by("value", maintain_order=True))
    for (value,), same in alike[:KINDS]:
        named = ", ".join(place(cell, line) for cell, line in same.select("cell", "line").head(CELLS).iter_rows())
        more = "".join(_rest(same.height - CELLS, " "))
        said.append(f"{named}{more}{f' ({value})' if value else ''}")
    return "; ".join([*said, *_rest(sum(same.height for _, same in alike[KINDS:]))])


def _rest(count: int, before: str = "") -> list[str]:
    """Say how many places are left out, if any are."""
    return [f"{before}and {count:,} more"] if count > 0 else []


def place(cell: str | None, line: int | None) -> str:
    """Name where a finding is: its cell, or its line where the file has no such cell."""
    return cell or ("the header" if line in {None, 1} else f"line {line}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
