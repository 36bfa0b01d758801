"""The printed report: a tagged PDF (PDF/UA-1) by typst, from the same value as the pages, the same bytes on every run.

Text is set in Libertinus Serif, which typst has in itself, and figures in DejaVu Sans, which they were measured with
and which comes with matplotlib: both are those of the locked versions, and no font of the machine is looked at. What
DejaVu Sans has no sign for is shown as one that says so, since PDF/UA allows no letter without a shape.

Whatever stands in a report goes to typst as data (JSON, and a drawing each), never as markup: nothing is run or read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib import resources
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import typst
from fontTools.ttLib import TTFont
from matplotlib import get_data_path

from hypnic.analysis.claims.verdict import DECIDED
from hypnic.palette import LIGHT, PRINT
from hypnic.reports.answer import RULE
from hypnic.reports.contact import NO_ADDRESS, TRACKER, tracker
from hypnic.reports.fonts import FILES
from hypnic.reports.frame import AUTHORS, LICENCE, Frame
from hypnic.reports.sentences import fixed
from hypnic.reports.svg import FACE, Drawing
from hypnic.reports.tables import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypnic.reports.report import Report
    from hypnic.reports.saying import Judged
    from hypnic.reports.sayings import Sayings
    from hypnic.reports.single import OnePerson

FILE = "report.pdf"
STANDARD: Final = "ua-1"
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
DRAWN = ("name", "title", "meaning", "description")
WORKED_OUT = ("summary", "other_sections")  # properties that are shown as well


def printed(report: Report, frame: Frame) -> bytes:
    """Set a report on paper, with its supplement behind it; `frame` is that of its page."""
    content = {
        "front": _front(report, frame),
        "report": report,
        "rule": RULE,
        "said": fixed(),
        "people": [tuple(alike) for _, alike in groupby(report.people, lambda t: t.header[1:])],
        "verdicts": _verdicts(report.sayings),
        "judged": _judged(report.sayings),
        "sayings": _sayings(report.sayings),
    }
    return _set("report.typ", content, report.drawings)


def printed_of_one(made: OnePerson, frame: Frame) -> bytes:
    """Set one person's own report on paper; `frame` is that of its page."""
    front = {
        "title": made.title, "mark": "PRIVATE", "notices": frame.notices, "version": f"hypnic {version('hypnic')}",
        "foot": "", "summary": made.summary,
    }  # fmt: skip
    return _set("one.typ", {"front": front, "one": made}, [made.drawing])


def _set(template: str, content: Mapping[str, Any], drawings: Iterable[Drawing]) -> bytes:
    """Give the PDF of a template; `content` is its data."""
    inputs = {"data": json.dumps(_plain(content), ensure_ascii=False), "quiet": PRINT["quiet"]}
    inputs |= {f"figure:{one.name}": set_figure(one) for one in drawings}
    source = "".join(
        resources.files("hypnic.reports").joinpath(f"templates/{name}").read_text("utf-8")
        for name in ("print.typ", template)
    )
    return typst.compile(
        source.encode(), None, font_paths=typst_fonts(), sys_inputs=inputs, pdf_standards=STANDARD, timestamp=0
    )


@cache
def typst_fonts() -> typst.Fonts:
    """Find the fonts: typst's own and matplotlib's, and none of the machine."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=True,
        font_paths=[str(_folder())],
    )


def _shown(text: str) -> str:
    """Leave control signs out, and say where the font has no sign.

    >>> _shown("50 % \\x07of 睡眠")
    '50 % of \ufffd\ufffd'
    """
    known = _signs()
    others = {one for one in map(ord, set(text) - {"\n", "\t"}) if one not in known}
    return text.translate({one: "" if one < 32 or 127 <= one < 160 else UNKNOWN for one in others})


@cache
def _signs() -> frozenset[int]:
    with TTFont(_folder() / FILES["normal"], lazy=True) as font:
        return frozenset(font.getBestCmap())


def _folder() -> Path:
    return Path(get_data_path()) / "fonts" / "ttf"


def set_figure(one: Drawing) -> str:
    """Give a drawing as typst sets it: on white paper, without the font that it carries for others."""
    return _shown(FACE.sub("", one.svg).replace(LIGHT["paper"], PRINT["paper"]))


def _plain(value: Any) -> Any:
    """Turn values into what JSON has; frames of numbers, which are files of their own, and drawn lines stay out.

    >>> _plain({"table": Table("A", ("b",), (("c",),))})["table"]["rows"]
    [['c']]
    >>> _plain(pl.DataFrame()) is None
    True
    """
    if isinstance(value, str):
        return _shown(value)
    if isinstance(value, pl.DataFrame):
        return None
    if isinstance(value, list | tuple) and not hasattr(value, "_asdict"):
        return [_plain(one) for one in value]
    named = _named(value)
    return value if named is None else {str(name): _plain(one) for name, one in named.items()}


def _named(value: Any) -> Mapping[str, Any] | None:
    """Give the parts of a value by their names; None where it has no parts."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, tuple):
        return dict(value._asdict())  # type: ignore[attr-defined]  # a named one
    if not is_dataclass(value) or isinstance(value, type):
        return None
    own = [field.name for field in fields(value)]
    shown = DRAWN if isinstance(value, Drawing) else [*own, *(name for name in WORKED_OUT if hasattr(value, name))]
    return {name: getattr(value, name) for name in shown}


def _front(report: Report, frame: Frame) -> dict[str, Any]:
    """Give what stands around the text: title, marks, versions, where it comes from and how to cite it."""
    made = report.provenance
    mark = "SYNTHETIC DATA" if report.synthetic else "PRIVATE" if report.private else ""
    specification = f"specification {made.specification[:12]}" if made.specification else "no specification"
    frozen = "frozen" if made.frozen else "not frozen"
    provenance = [
        ("Specification", f"{made.specification} ({frozen})" if made.specification else "none: private, exploratory"),
        ("Commit", made.commit or "not known"),
        *([("Seed", f"{made.seed}, of the synthetic data")] if made.seed is not None else []),
        *([] if report.private else [("Rebuild", f"hypnic report --study {report.study} --out report")]),
        ("Versions", ", ".join(f"{name} {number}" for name, number in made.versions.items())),
        ("Input files", "their names and SHA-256 are in provenance.json"),
    ]
    return {
        "title": report.title,
        "authors": AUTHORS,
        "mark": mark,
        "banner": f"{mark}. {frame.banner}" if frame.banner else "",
        "notices": frame.notices,
        "further": report.notices[1 if report.synthetic or report.private else 0 :],
        "version": f"hypnic {version('hypnic')}, {specification}",
        "foot": f"Data: {report.dated}",
        "facts": [
            ("Data", report.dated),
            ("Version", version("hypnic")),
            ("Specification", f"{made.specification} ({frozen})" if made.specification else "none"),
            ("Licence", LICENCE),
        ],
        "summary": frame.summary,
        "citation": frame.citation if tracker() else f"{frame.citation} {NO_ADDRESS}",
        "licence": LICENCE,
        "contact": TRACKER,
        "provenance": provenance,
        "raw": ["Commit", "Rebuild"],
    }


def _verdicts(said: Sayings) -> Table:
    rows = tuple((word, str(said.counts[word]), meaning) for word, meaning in said.verdicts.items())
    return Table("The verdicts", ("Verdict", "Sayings", "When"), rows)


def _judged(said: Sayings) -> tuple[Table, ...]:
    """Set the sayings of which the data say something, verdict by verdict."""
    rows = tuple((one.claim, one.qualified, one.certainty) for one in said.entries if one.verdict in DECIDED)
    table = Table("Sayings that are decided", ("Saying", "Verdict", "Certainty"), rows)
    return (_certain(table, said),) if rows else ()


def _sayings(said: Sayings) -> Table:
    rows = tuple((one.id, one.claim, one.qualified, _found(one), one.certainty or "–") for one in said.entries)
    header = ("Id", "Saying", "Verdict", "What was compared and found", "Certainty")
    note = "The source of each saying is on the page of sayings and in claims.csv."
    return _certain(Table(said.summary, header, rows, note), said)


def _certain(table: Table, said: Sayings) -> Table:
    """Leave the last column out, that of certainty, where no saying has any."""
    if any(one.certainty for one in said.entries):
        return table
    return replace(table, header=table.header[:-1], rows=tuple(row[:-1] for row in table.rows))


def _found(one: Judged) -> str:
    return ". ".join(part.said for part in one.parts) or one.why
