"""A comparison of two releases as text, for programs, and as a page."""

from __future__ import annotations

import json
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING

from hypnic.palette import style_sheet

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypnic.datasets.release.differences import Difference

STYLE = """
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto;
  max-width: 62rem; padding: 0 1rem; }
table { border-collapse: collapse; }
td, th { border-bottom: 1px solid var(--line); padding: .15rem .6rem; text-align: left; }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
"""


def shown(difference: Difference, form: str) -> str:
    """Show a comparison as `text`, `json` or `html`."""
    match form:
        case "json":
            said = asdict(difference) | {
                "cells": [one._asdict() for one in difference.cells],
                "estimates": [one._asdict() for one in difference.estimates],
            }
            return json.dumps(said, indent=2) + "\n"
        case "html":
            return page(difference)
        case _:
            return "".join(f"{line}\n" for line in difference.lines())


def page(difference: Difference) -> str:
    """Give the page."""
    heading = f"What changed from {escape(difference.old)} to {escape(difference.new)}"
    rows = [(table, count, difference.rows_out[table]) for table, count in difference.rows_in.items()]
    empty = "None moved." if difference.estimates_compared else "Not in both releases."
    parts = [
        f"<p>{difference.people_in:,} people came in, {difference.people_out:,} left.</p>",
        _part("Rows", ("table", "in", "out"), rows, ""),
        _part("Cells of rows that both have", ("table", "column", "revised", "appeared", "vanished"), difference.cells,
              "None differs."),
        _part("Columns", ("what",), [(one,) for one in difference.columns], "The same."),
        _part("Rules", ("rule",), [(one,) for one in difference.rules], "The same."),
        _part("Estimates", ("which", "before", "after"), difference.estimates, empty),
    ]  # fmt: skip
    return (
        "<!doctype html>\n<html lang='en'>\n<head>\n<meta charset='utf-8'>\n"
        f"<meta name='viewport' content='width=device-width'>\n<title>{heading}</title>\n"
        f"<style>\n{style_sheet()}{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{heading}</h1>\n{''.join(parts)}</main>\n"
        "</body>\n</html>\n"
    )


def _part(title: str, header: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> str:
    listed = list(rows)
    if not listed:
        return f"<h2>{title}</h2>\n<p>{empty}</p>\n"
    head = "".join(f"<th>{name}</th>" for name in header)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>\n" for row in listed)
    return f"<h2>{title}</h2>\n<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"


def _cell(value: object) -> str:
    return f"<td class='n'>{value:,}</td>" if isinstance(value, int) else f"<td>{escape(str(value))}</td>"
