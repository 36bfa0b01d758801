"""Findings as people read them: grouped by rule, the first cells of each, and what to type instead."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import polars as pl

from hypnic.datasets.privacy import privacy_notice
from hypnic.schemas.rules import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Form = Literal["text", "json", "html", "sarif"]

KEYS = ("file", "level", "rule", "message", "hint")
CELLS = 5  # cells named in a group, and groups printed; the page and the JSON give all
GROUPS = 25
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


def render(found: pl.DataFrame, paths: Sequence[Path], form: Form, *, colour: bool = False) -> str:
    """Give the findings in one of the forms: for people as text or a page, for programs as JSON Lines or SARIF."""
    match form:
        case "json":
            return found.write_ndjson()
        case "html":
            from hypnic.datasets.findingspage import as_page

            return as_page(found, [path.name for path in paths])
        case "sarif":
            from hypnic.datasets.sarif import as_sarif

            return as_sarif(found, paths)
        case "text":
            return as_text(found, [path.name for path in paths], colour=colour)


def as_text(found: pl.DataFrame, names: Sequence[str], *, colour: bool = False) -> str:
    """Give the findings as text: one paragraph for each group, then one line that sums up.

    `colour` adds colour to words that say the same without it.
    """
    if found.is_empty():
        return f"{', '.join(names)}: {total(found)}\n"
    several = list(groups(found))
    paragraphs = [_paragraph(group, colour=colour) for group in several[:GROUPS]]
    if len(several) > GROUPS:
        rest = sum(group.cells.height for group in several[GROUPS:])
        paragraphs.append(f"{_count(rest, 'more finding')}; see all with --format html --out findings.html\n")
    return "\n".join([*privacy_notice(found), *paragraphs, f"{total(found)}\n"])


def total(found: pl.DataFrame) -> str:
    """Sum up in a few words.

    >>> import hypnic
    >>> from hypnic.datasets.loading import data_folder
    >>> total(hypnic.check(data_folder() / "demo" / "nights.csv"))
    'no findings'
    """
    if found.is_empty():
        return "no findings"
    counts = dict(found["level"].value_counts().iter_rows())
    parts = [_count(counts[level], level) for level in LEVELS if level in counts]
    return f"{', '.join(parts)} in {_count(found['file'].n_unique(), 'file')}"


def _paragraph(group: Group, *, colour: bool) -> str:
    head = f"{group.level} {group.rule}"
    if colour:
        import typer

        head = typer.style(head, fg=COLOURS[group.level], bold=True)
    rows = group.cells.select("cell", "line", "value").rows()
    places = ", ".join(f"{place(cell, line)}{f' ({value})' if value else ''}" for cell, line, value in rows[:CELLS])
    more = f" and {len(rows) - CELLS:,} more" if len(rows) > CELLS else ""
    count = f"{len(rows):,} places: " if len(rows) > 1 else ""
    return f"{group.file}: {head}: {group.message}\n  at {count}{places}{more}\n  {group.hint}\n"


def place(cell: str | None, line: int | None) -> str:
    """Name where a finding is: its cell, or its line where the file has no such cell."""
    return cell or ("the header" if line in {None, 1} else f"line {line}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
