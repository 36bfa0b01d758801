"""A fit in a few lines, as text and as HTML."""

from __future__ import annotations

from html import escape
from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from hypnic.analysis.regression.fitted import Fitted

_MOST = 20  # terms
_WIDEST = 40  # letters of a term's name
_HEADER = ("term", "estimate", "std_error", "ratio", "95 % limits", "p_value")


def logarithms(fitted: Fitted) -> bool:
    """Tell whether coefficients are logarithms of ratios."""
    return fitted.kept is None or fitted.asked.family != "fe-linear"


def as_text(fitted: Fitted, table: pl.DataFrame) -> str:
    """Write a line that says what was fitted, a row a term, and a line for each warning."""
    rows = [list(_HEADER), *_rows(fitted, table)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    lines = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
    return "\n".join([_about(fitted), *(line.rstrip() for line in lines), *_notes(fitted, table)])


def as_html(fitted: Fitted, table: pl.DataFrame) -> str:
    """Write the same as a table with a caption."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in _HEADER)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
        for name, *cells in _rows(fitted, table)
    )
    notes = "".join(f"<p>{escape(line)}</p>" for line in _notes(fitted, table))
    return (
        f"<table><caption>{escape(_about(fitted))}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>{notes}"
    )


def _about(fitted: Fitted) -> str:
    info = fitted.info
    groups = "" if info["n_groups"] is None else f" of {info['n_groups']:,} groups"
    rows = f"{info['n_rows']:,} rows{groups}"
    if fitted.kept is None:
        return rows
    asked = fitted.asked
    over = f" over {asked.roles.exposure}" if asked.roles.exposure else ""
    errors = info.get("covariance", asked.covariance)
    return _plain(f"{asked.family} of {', '.join(asked.roles.outcome)}{over}: {rows}, {errors} errors")


def _rows(fitted: Fitted, table: pl.DataFrame) -> list[list[str]]:
    ratios = logarithms(fitted)
    found = []
    for row in table.head(_MOST).iter_rows(named=True):
        name = _plain(row["term"])
        keys = ("estimate", "conf_low", "conf_high")
        ratio = ratios and not name.startswith("sd:")
        value, low, high = (_number(exp(min(row[key], 700.0)) if ratio else row[key]) for key in keys)
        found.append(
            [
                name if len(name) <= _WIDEST else f"{name[: _WIDEST - 1]}…",
                _number(row["estimate"]),
                _number(row["std_error"]),
                value if ratio else "",
                f"{low} to {high}",
                "<0.001" if row["p_value"] < 0.001 else f"{row['p_value']:.3f}",
            ]
        )
    return found


def _notes(fitted: Fitted, table: pl.DataFrame) -> list[str]:
    dropped = ", ".join(f"{reason} {count:,}" for reason, count in fitted.info["n_dropped"].items())
    more = [_plain(f"dropped rows: {dropped}")] if dropped else []
    more += [f"and {table.height - _MOST} more terms: see tidy()"] if table.height > _MOST else []
    more += _route(fitted)
    failed = [] if fitted.info["converged"] else ["warning: the fit did not reach its maximum: use none of its numbers"]
    return [*more, *failed, *(f"warning: {_plain(line)}" for line in fitted.info.get("warnings", ()))]


def _route(fitted: Fitted) -> list[str]:
    """Say how the rows were read, where that was not as they are."""
    route, patterns = fitted.info.get("route", "rows"), fitted.info.get("patterns")
    if route == "rows":
        return []
    distinct = "" if patterns is None else f", {patterns:,} distinct rows"
    return [f"route: {route}{distinct}, {'exact' if fitted.info['exact'] else 'approximate'}"]


def _number(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 1e-3 or abs(value) >= 1e4 else f"{value:.3f}"


def _plain(text: str) -> str:
    """Keep a name on one line, whatever letters it has."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
