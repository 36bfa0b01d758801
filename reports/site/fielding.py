"""What people need who ask others: the protocol, the information sheet and the questionnaire, in every language."""

from __future__ import annotations

import re
from importlib import resources
from importlib.util import find_spec
from typing import TYPE_CHECKING

from hypnic.reports.frame import Link
from hypnic.reports.site.markdown import html
from hypnic.reports.site.pages import Entry, SitePage, filled
from hypnic.schemas.publish.handout import TEAM, UNREVIEWED, as_information, as_questionnaire, questionnaire
from hypnic.schemas.publish.redcap import as_redcap
from hypnic.schemas.publish.translation import Language, languages

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "field"
FRONT = f"{FOLDER}/index.html"
FACT = re.compile(r"^\| (?P<name>[^|]+) \| (?P<words>[^|]+) \|$", re.MULTILINE)
HEAD = "| | |\n| --- | --- |\n"  # a table without a head: its lines are facts
ABOVE = (Link("Run a study", FRONT),)


def fielding_pages() -> tuple[SitePage, ...]:
    """Give the pages for people who run a study, with what they download; none without names of countries.

    Those come with the extra `forms`.
    """
    if find_spec("pycountry") is None:
        return ()
    pages = [page for said in languages().values() for page in (_information(said), _questionnaire(said))]
    return (_front(), *pages)


def _files(said: Language) -> Iterator[tuple[str, str]]:
    yield f"information.{said.code}.md", as_information(said.code)
    yield f"questionnaire.{said.code}.md", as_questionnaire(said.code)
    yield f"redcap.{said.code}.csv", as_redcap(language=said.code)


def _front() -> SitePage:
    text = (resources.files("hypnic.schemas") / "fielding" / "protocol.md").read_text("utf-8")
    _, mark, rest = text.split("\n\n", 2)
    facts, _, steps = rest.removeprefix(HEAD).partition("\n\n")
    made = filled("field", languages=tuple(languages().values()), facts=FACT.findall(facts), steps=html(steps))
    return SitePage(
        FRONT, "Run a study", made, "Forms, questionnaires and consent sheets for a survey or a diary of sleep starts.",
        notices=(_plain(mark),), entries=(Entry("Protocol of a study on a page", f"{FRONT}#protocol", "how to"),),
        files={f"{FOLDER}/{name}": text.encode() for said in languages().values() for name, text in _files(said)},
    )  # fmt: skip


def _information(said: Language) -> SitePage:
    parts = as_information(said.code).strip().split("\n\n")
    words = [part for part in parts[1:] if part not in {TEAM, UNREVIEWED}]
    made = filled("information", said=said, title=parts[0].removeprefix("# "), body=html("\n\n".join(words)))
    return _sheet(said, "information", "Information and consent", made, (TEAM,))


def _questionnaire(said: Language) -> SitePage:
    made = filled("questionnaire", said=said, parts=questionnaire(said.code))
    return _sheet(said, "questionnaire", "Questionnaire", made, ())


def _sheet(said: Language, name: str, title: str, made: str, marks: tuple[str, ...]) -> SitePage:
    path, file = f"{FOLDER}/{name}-{said.code}.html", f"{name}.{said.code}.md"
    notices = tuple(_plain(mark) for mark in (*(() if said.reviewed else (UNREVIEWED,)), *marks))
    return SitePage(
        path, f"{title}: {said.name}", made, f"{title} of a study of sleep starts, in the language {said.name}.",
        notices=notices, above=ABOVE, wide=name == "questionnaire",
        downloads=(Link(file, f"{FOLDER}/{file}", "the same as text (Markdown), to be changed"),),
        entries=(Entry(f"{title}: {said.name}", path, "hand-out"),),
    )  # fmt: skip


def _plain(mark: str) -> str:
    return " ".join(mark.strip("*").split())
