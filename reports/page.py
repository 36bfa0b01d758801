"""The pages of a report: HTML files that ask nothing of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from hypnic.reports.frame import environment, style
from hypnic.schemas.disclosure import FEWEST_PERSONS

if TYPE_CHECKING:
    from hypnic.analysis.studies import Study
    from hypnic.reports.report import Report
    from hypnic.reports.single import OnePerson


def page(report: Report) -> str:
    """Render a report as HTML."""
    return _rendered("page.html.j2", report=report)


def claims_page(report: Report) -> str:
    """Render what people say and what the data say of it as HTML."""
    return _rendered("claims.html.j2", report=report, said=report.sayings)


def estimates_page(report: Report) -> str:
    """Render every row of the table of estimates as HTML, to be searched."""
    return _rendered("estimates.html.j2", report=report)


def page_of_few(study: Study) -> str:
    """Render the page of a study of so few people that nothing is told of them."""
    return _rendered("few.html.j2", title=study.title, fewest=FEWEST_PERSONS)


def page_of_one(made: OnePerson) -> dict[str, bytes]:
    """Give the files of one person's own report: the page, its figure and the numbers."""
    files = {"index.html": _rendered("one.html.j2", one=made), "comparisons.csv": made.comparisons.write_csv()}
    files |= {f"figures/{made.drawing.name}.svg": made.drawing.svg}
    return {name: text.encode() for name, text in files.items()}


def _rendered(template: str, **names: object) -> str:
    return environment().get_template(template).render(**names, style=Markup(style()))  # noqa: S704
