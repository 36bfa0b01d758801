"""The guide for analysts as a page: its cells run from top to bottom, each with its code and what it shows."""

from __future__ import annotations

import ast
import re
import textwrap
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import matplotlib.pyplot as plt
import polars as pl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hypnic.analysis.studies import STUDIES
from hypnic.reports.frame import Link
from hypnic.reports.site.markdown import html
from hypnic.reports.site.pages import Entry, SitePage, filled
from hypnic.reports.svg import WIDTH, Told, drawing, look
from hypnic.reports.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = "guide.html"
HEADING, NUMBER = re.compile(r"\A# .*\n"), re.compile(r"^## \d+\. ", re.MULTILINE)
TITLE = "The ratios of the model above"
MEANING = "Each dot is a ratio per unit, each line its 95 % limits."
MOST_ROWS = 12  # of a table that is shown
DIGITS = 8  # as in the table of estimates


class Words(str):
    """Markdown that a cell shows."""

    __slots__ = ()


@dataclass
class Cell:
    """One cell: its code, empty where only its words are meant to be read, and what it showed as HTML."""

    code: str
    shown: list[str] = field(default_factory=list)


def guide_page(clone: Path | None) -> SitePage | None:
    """Run the guide of a clone of the repository, and give its page; None where it is not at hand."""
    path = clone / "guide" / "analysts.py" if clone else None
    if path is None or not path.is_file():
        return None
    cells = tuple(_run(path.read_text("utf-8")))
    return SitePage(
        PAGE, "Guide for analysts", filled("guide", cells=cells),
        "From one line that loads a table to a ratio within people, with every step shown.",
        data_date=STUDIES["demo"].dated,
        notices=("Every number on this page is synthetic: a computer program drew the study demo.",),
        entries=(Entry("Guide for analysts: load, look, fit, read", PAGE, "page"),),
        downloads=(Link(path.name, path.name, "the guide itself, a marimo notebook: it makes every table and figure"),),
        files={path.name: path.read_bytes()},
    )  # fmt: skip


def _run(source: str) -> Iterator[Cell]:
    """Run the cells of a notebook in their order, which is one in which each finds what it needs."""
    shown = SimpleNamespace(md=lambda text: Words(textwrap.dedent(text)), vstack=list)
    names: dict[str, Any] = {"mo": shown}
    seen: list[pl.DataFrame] = []
    for cell in ast.parse(source).body:
        if isinstance(cell, ast.FunctionDef) and any(_is_cell(one) for one in cell.decorator_list):
            yield _cell(cell, source, names, seen)


def _is_cell(decorator: ast.expr) -> bool:
    return "app.cell" in ast.unparse(decorator)


def _cell(cell: ast.FunctionDef, source: str, names: dict[str, Any], seen: list[pl.DataFrame]) -> Cell:
    body = [one for one in cell.body if not isinstance(one, ast.Return) and not _imports_marimo(one)]
    if not body:
        return Cell("")
    *before, last = body
    with look("guide"):
        _execute(before, names)
        value = None
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), PAGE, "eval"), names)  # noqa: S307 -- our own guide
        else:
            _execute([last], names)
        hidden = "hide_code=True" in ast.unparse(cell.decorator_list[0])
        code = "" if hidden else _source_of(body, source)
        values = value if isinstance(value, list) else [value]
        return Cell(code, [_shown(one, seen) for one in values if one is not None])


def _execute(statements: list[ast.stmt], names: dict[str, Any]) -> None:
    exec(compile(ast.Module(statements, []), PAGE, "exec"), names)  # noqa: S102 -- our own guide


def _imports_marimo(one: ast.stmt) -> bool:
    return isinstance(one, ast.Import) and any(name.name == "marimo" for name in one.names)


def _source_of(body: list[ast.stmt], source: str) -> str:
    """Give the lines of a cell as they were typed, with the blank ones between."""
    lines = source.splitlines()[body[0].lineno - 1 : body[-1].end_lineno]
    kept = [line for line in textwrap.dedent("\n".join(lines)).splitlines() if "import marimo" not in line]
    return "\n".join(line.removesuffix("  # fmt: skip") for line in kept).strip()


def _shown(value: object, seen: list[pl.DataFrame]) -> str:
    """Give what a cell shows as HTML; `seen` are the tables above it."""
    match value:
        case Words():
            return html(NUMBER.sub("## ", HEADING.sub("", str(value).strip())))
        case Axes(figure=Figure() as figure):
            told = Told(TITLE, MEANING, f"The numbers of the table above: {seen[-1].rows()}.", seen[-1])
            figure.set_size_inches(WIDTH, WIDTH / 2)  # a phone shows it as large as it is drawn
            drawn = drawing(figure, "guide-fit", told, synthetic=True)
            plt.close("all")
            caption = Markup("<figcaption>{}</figcaption>").format(MEANING)
            return Markup("<figure>{}{}</figure>").format(Markup(drawn.inline), caption)  # noqa: S704
        case _:
            found = value.tidy(exponentiate=True) if hasattr(value, "tidy") else value
            if not isinstance(found, pl.DataFrame):
                return f"<pre>{Markup.escape(repr(found))}</pre>"
            # Last digits hang on the processor: what follows from them, the drawing's text too, is rounded here.
            found = found.with_columns(pl.selectors.float().round_sig_figs(DIGITS))
            seen.append(found)
            return _table(found)


def _table(frame: pl.DataFrame) -> str:
    rows = tuple(tuple(_text(cell) for cell in row) for row in frame.head(MOST_ROWS).iter_rows())
    caption = f"{frame.height} rows, {frame.width} columns" if frame.height > 1 else "One row"
    return filled("table", table=Table(caption, tuple(frame.columns), rows))


def _text(cell: object) -> str:
    if cell is None:
        return "–"
    return f"{cell:.4g}" if isinstance(cell, float) else str(cell)
