"""The codebook of a release: each column with its question, levels, counts, reasons for gaps, and a small picture."""

from __future__ import annotations

from html import escape
from math import ceil
from typing import TYPE_CHECKING

import polars as pl

from hypnic.palette import style_sheet
from hypnic.schemas.disclosure import FEWEST_PERSONS, SMALL, WITHHELD, protected
from hypnic.schemas.publish.labels import REASONS, level_labels, number_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.release.contents import Contents
    from hypnic.schemas import Column

BINS = 10  # of an amount
MOST = 40  # levels that are listed one by one
BAR, GAP, TALL = 14, 2, 48  # pixels of the pictures
STYLE = """
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto;
  max-width: 62rem; padding: 0 1rem; overflow-wrap: break-word; }
table { border-collapse: collapse; margin: .5rem 0; } caption { text-align: left; color: var(--quiet); }
td, th { border-bottom: 1px solid var(--line); padding: .15rem .6rem; text-align: left; vertical-align: top; }
td:first-child { overflow-wrap: anywhere; }
td.n { text-align: right; font-variant-numeric: tabular-nums; } .q { color: var(--quiet); } a { color: var(--link); }
svg rect { fill: var(--first); } .warn { background: var(--warn); padding: .5rem 1rem; }
section { border-top: 2px solid var(--line); margin-top: 1.5rem; }
"""


def codebook(contents: Contents) -> str:
    """Give the page: no count of it tells of fewer than ten people, alone or by subtraction."""
    parts = []
    for name, table in contents.described.items():
        frame = contents.tables[name]
        heading = f"<h2 id='{name}'>{name}</h2>\n<p>{escape(table.description)} {frame.height:,} rows.</p>\n"
        parts.append(heading + "".join(_section(contents, name, column) for column in table.columns))
    warning = "<p class='warn'>Synthetic data: nobody gave these answers.</p>\n" if contents.synthetic else ""
    links = " · ".join(f"<a href='#{name}'>{name}</a>" for name in contents.described)
    return (
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        "<meta name='viewport' content='width=device-width'>\n"
        f"<title>Codebook: {escape(contents.title)}</title>\n<style>\n{style_sheet()}{STYLE}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>Codebook</h1>\n<p>{escape(contents.title)}, version {contents.version}.</p>\n{warning}"
        "<p>Counts are of people in <code>participants</code>, and of nights in <code>nights</code>. A count that tells"
        f" of fewer than {FEWEST_PERSONS} people is shown as &lt;{FEWEST_PERSONS}; where it could be told by"
        " subtraction, others are withheld too.</p>\n"
        f"<nav>{links}</nav>\n</header>\n<main>\n{''.join(parts)}</main>\n</body>\n</html>\n"
    )


def _section(contents: Contents, table: str, column: Column) -> str:
    """Give the part of one column."""
    asked = f"<p class='q'>{escape(column.question)}</p>\n" if column.question else ""
    facts = [
        ("Source", column.source if column.question else ""), ("Unit", column.unit),
        ("Range", f"{column.low:g} to {column.high:g}" if column.low is not None and column.high is not None else ""),
        ("Asked", f"if {column.routing}" if column.routing else ""), ("Description", column.description),
    ]  # fmt: skip
    listed = "".join(f"{name}: {escape(text)}. " for name, text in facts if text and text != column.title)
    counted = _counted(contents, table, column)
    return (
        f"<section id='{table}-{column.name}'>\n<h3><code>{column.name}</code> {escape(column.title)}</h3>\n{asked}"
        f"<p>{listed}</p>\n{counted}</section>\n"
    )


def _counted(contents: Contents, table: str, column: Column) -> str:
    """Give the picture and the counts of a column; nothing of tokens that tell people apart."""
    frame = contents.tables[table]
    if column.name in {"participant_id", "night_index"} or table not in {"participants", "nights"}:
        return ""
    labels, groups = _groups(frame[column.name], column)
    reasons = contents.tables["missingness"].filter(
        (pl.col("column") == column.name)
        & (pl.col("night_index").is_null() if table == "participants" else pl.col("night_index").is_not_null())
    )
    gaps = sorted(reasons["reason"].unique())
    rows = pl.DataFrame({"group": groups, "participant_id": frame["participant_id"]})
    if column.kind == "tokens":
        return _several(rows, labels)
    members = [rows.filter(pl.col("group") == place) for place in range(len(labels))]
    empty = [reasons.filter(pl.col("reason") == reason) for reason in gaps]
    shown = shielded([(part.height, part["participant_id"].n_unique()) for part in (*members, *empty)])
    levels = list(zip(labels, shown, strict=False))
    if len(levels) > MOST:  # nearly all of them are small
        levels = [(label, count) for label, count in levels if isinstance(count, int)]
        labels = [*(label for label, _ in levels), f"each of {len(labels) - len(levels)} others"]
        shown = [*(count for _, count in levels), f"{SMALL} or {WITHHELD}", *shown[len(members) :]]
    words = [*labels, *(f"no answer: {_reason(reason)}" for reason in gaps)]
    return _picture(shown[: len(labels)]) + _table(words, shown)


def _several(rows: pl.DataFrame, labels: Sequence[str]) -> str:
    """Count a column of which people ticked several words: each count is of its own total."""
    ticked = rows.explode("group", empty_as_null=True, keep_nulls=True)
    counts = [ticked.filter(pl.col("group") == place)["participant_id"].n_unique() for place in range(len(labels))]
    total = rows["participant_id"].n_unique()
    shown = [protected([count, total - count])[0] for count in counts]
    return _picture(shown) + _table(labels, shown)


def shielded(counts: Sequence[tuple[int, int]]) -> list[int | str]:
    """Give counts of rows as they may be published, when each is of some people: rows are hidden with their people.

    >>> shielded([(120, 30), (40, 3), (60, 25)])
    [120, '<10', 'withheld']
    """
    shown = protected([people for _, people in counts])
    return [rows if isinstance(one, int) else one for (rows, _), one in zip(counts, shown, strict=True)]


def _groups(series: pl.Series, column: Column) -> tuple[list[str], pl.Series]:
    """Give the labels of a column's groups and the group of each row: its levels, or ten steps of an amount."""
    words = level_labels(column) or {str(number): label for number, label in number_labels(column).items()}
    if words:
        places = {word: place for place, word in enumerate(words)}
        said = [label if label == word else f"{word} ({label})" for word, label in words.items()]
        if column.kind == "tokens":
            return said, series.cast(pl.List(pl.String)).list.eval(
                pl.element().replace_strict(places, default=None, return_dtype=pl.Int64)
            )
        text = series.cast(pl.String)
        return said, text.replace_strict(places, default=None, return_dtype=pl.Int64)
    return _steps(series, column.low or 0, column.high or 1, whole=column.kind == "integer")


def _steps(series: pl.Series, low: float, high: float, *, whole: bool) -> tuple[list[str], pl.Series]:
    """Cut an amount into about ten steps; a whole number of few values keeps each."""
    width = (high - low) / BINS
    if whole:
        width = 1 if high - low <= 2 * BINS else ceil((high - low + 1) / BINS)
    edges = [low + width * place for place in range(ceil((high - low + whole) / width))]
    group = ((series - low) / width).floor().clip(0, len(edges) - 1).cast(pl.Int64)
    if width == 1 and whole:
        return [f"{edge:g}" for edge in edges], group
    ends = [min(edge + width - whole, high) for edge in edges]
    word = "to" if whole else "to under"
    said = [f"{edge:g} {word} {end:g}" for edge, end in zip(edges, ends, strict=True)]
    return [*said[:-1], said[-1].replace("under ", "")], group


def _reason(word: str) -> str:
    return REASONS[word][2] if word in REASONS else "left blank"


def _table(words: Sequence[str], counts: Sequence[int | str]) -> str:
    rows = "".join(
        f"<tr><td>{escape(word)}</td><td class='n'>{escape(f'{n:,}' if isinstance(n, int) else n)}</td></tr>\n"
        for word, n in zip(words, counts, strict=True)
    )
    return f"<table>\n<thead><tr><th>answer</th><th>count</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table>\n"


def _picture(counts: Sequence[int | str]) -> str:
    """Draw a bar for each count that may be shown; a count that is hidden leaves its place empty."""
    heights = [count if isinstance(count, int) else 0 for count in counts]
    top = max(heights, default=0)
    if not top:
        return ""
    tall = [round(TALL * height / top) for height in heights]
    bars = "".join(
        f"<rect x='{place * (BAR + GAP)}' y='{TALL - height}' width='{BAR}' height='{height}'/>"
        for place, height in enumerate(tall)
    )
    label = "a bar for each count in the table below, none where it is withheld"
    return f"<svg width='{len(tall) * (BAR + GAP)}' height='{TALL}' role='img' aria-label='{label}'>{bars}</svg>\n"
