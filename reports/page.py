"""The pages of a report: HTML files that ask nothing of the network, each in the frame of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hypnic.reports.answer import RULE
from hypnic.reports.frame import Frame, Link, environment, framed
from hypnic.reports.glossary import linked, terms
from hypnic.reports.pdf import FILE, printed_of_one
from hypnic.reports.pictures import pictures
from hypnic.reports.sentences import fixed
from hypnic.schemas.disclosure import FEWEST_PERSONS

if TYPE_CHECKING:
    from hypnic.analysis.studies import Study
    from hypnic.reports.report import Report
    from hypnic.reports.single import OnePerson

# Every page of a study: its file, what its neighbours call it, its heading, its template, and whether it is wide.
PAGES: Final = {
    "index.html": ("The study", "", "page.html.j2", False),
    "claims.html": ("Sayings", "What people say, what the data say", "claims.html.j2", False),
    "sensitivity.html": ("Other ways", "The same comparisons done otherwise", "sensitivity.html.j2", False),
    "diagnostics.html": ("Checks", "How well the models fit", "diagnostics.html.j2", False),
    "methods.html": ("Methods", "Methods, checklists and glossary", "methods.html.j2", False),
    "estimates.html": ("Estimates", "All estimates", "estimates.html.j2", True),
}
MAIN, GLOSSARY = "index.html", "methods.html"


def pages(report: Report) -> dict[str, str]:
    """Render every page of a report, by its file."""
    return {name: _page(report, name) for name in PAGES}


def frame_of(report: Report, name: str = MAIN) -> Frame:
    """Give what a page of a report says of itself; that of the first page is the printed report's too."""
    _, title, _, wide = PAGES[name]
    main = name == MAIN
    synthetic = " (synthetic)" if report.synthetic else ""
    return Frame(
        title if not main else report.title,
        data_date=report.dated,
        banner=report.notices[0] if report.synthetic else "",
        notices=_notices(report) if main else (f"{report.title}{synthetic}",),
        trail=report.trail,
        pages=tuple(Link(words, other) for other, (words, *_) in PAGES.items() if other != name),
        downloads=_downloads(report),
        key=f"hypnic-{report.study}" if main else f"hypnic-{report.study}-{name.partition('.')[0]}",
        part_of="" if main else report.title,
        wide=wide,
        specified=not report.private,
        summary=f"{report.answer.what} {report.answer.lines[0].words}" if main and report.answer.lines else "",
    )


def _page(report: Report, name: str) -> str:
    template = PAGES[name][2]
    lead = _rendered("answer.html.j2", report=report) if name == MAIN else ""
    own = "" if name == GLOSSARY else GLOSSARY
    body = linked(_rendered(template, report=report), own)
    return framed(frame_of(report, name), body, linked(lead, own) if lead else "")


def _notices(report: Report) -> tuple[str, ...]:
    """Give what must be read before anything else; the rest of a study's notices stand with what may be wrong."""
    first = report.notices[:1] if report.private else ()
    if report.private or report.provenance.frozen:
        return first
    return (*first, "Exploratory: not made under a frozen specification, so no ratio here confirms anything.")


def _downloads(report: Report) -> tuple[Link, ...]:
    """List the tables of a report; each figure has its own links."""
    checked = (Link("diagnostics.csv", "diagnostics.csv", "every check of the models"),)
    return (
        Link(FILE, FILE, "the report for print, with its supplement"),
        Link("estimates.csv", "estimates.csv", "every estimate, a row each"),
        Link("estimates.parquet", "estimates.parquet", "the same with its types"),
        Link("claims.csv", "claims.csv", "every saying with its verdict"),
        *(checked if report.check_rows is not None else ()),
        Link("provenance.json", "provenance.json", "inputs, versions and the hash of every file"),
    )


def page_of_few(study: Study) -> str:
    """Render the page of a study of so few people that nothing is told of them."""
    return framed(Frame(study.title), _rendered("few.html.j2", fewest=FEWEST_PERSONS))


def page_of_one(made: OnePerson) -> dict[str, bytes]:
    """Give the files of one person's own report: the page, the same for print, its figure and the numbers."""
    frame = Frame(
        made.title, notices=made.notices, specified=False,
        downloads=(
            Link(FILE, FILE, "this page for print"),
            Link("comparisons.csv", "comparisons.csv", "the numbers of the table"),
        ),
    )  # fmt: skip
    body = framed(frame, _rendered("one.html.j2", one=made))
    files = {"index.html": body, "comparisons.csv": made.comparisons.write_csv(), **made.drawing.files}
    set_by_typst = {FILE: printed_of_one(made, frame), **pictures([made.drawing])}
    return {name: text.encode() for name, text in files.items()} | set_by_typst


def _rendered(template: str, **names: object) -> str:
    return environment().get_template(template).render(**names, rule=RULE, said=fixed(), glossary=terms())
