"""What a study team hands out or pastes, in each language: information and consent on a page, and the questionnaire.

`python -m hypnic.schemas.publish.handout FOLDER` writes both in every language into a folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hypnic.schemas.publish.form import CONSENTS, form
from hypnic.schemas.publish.translation import in_language, language, languages
from hypnic.schemas.publish.wording import ADULT, INFORMATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.schemas.publish.item import Item
    from hypnic.schemas.publish.translation import Language

HEADINGS = {"participants": "About you", "nights": "One night of the diary"}
UNREVIEWED = (
    "*Unreviewed: no speaker of this language has read this translation yet. Let one read it before you use it.*"
)
TEAM = "*A template: fill in everything marked [TEAM: ...], and have it approved by your ethics committee.*"
COMPUTED = {"calculated", "words", "hidden"}
MANY, LONG = 20, 160  # a longer list is said by its ends, a longer condition not at all


class Asked(NamedTuple):
    """A question as people see it: its answers, each with the word that is saved, or what may be typed.

    `only` is the condition under which it is asked, which is not `short` where no sheet has room for it.
    """

    name: str
    question: str
    choices: tuple[tuple[str, str], ...]
    typed: str
    only: str
    short: bool


class Part(NamedTuple):
    """The questions of one table, under their heading."""

    heading: str
    asked: tuple[Asked, ...]


def as_information(code: str) -> str:
    """Give the information and consent sheet in a language, as Markdown: what the team must fill in is marked.

    >>> as_information("de").splitlines()[0]
    '# Information und Einwilligung'
    """
    said = language(code)
    paragraphs = [said.says(paragraph) for paragraph in INFORMATION]
    consent = next(item for item in form("participants") if item.name == "consent_open_data")
    yes_no = f"[ ] {said.says('yes')}   [ ] {said.says('no')}"
    boxes = [f"{said.says(text)}\n\n{yes_no}" for text in (ADULT, consent.label)]
    parts = [f"# {said.says('Information and consent')}", TEAM, *_warning(said), *paragraphs, *boxes]
    return "\n\n".join(parts) + "\n"


def as_questionnaire(code: str) -> str:
    """Give the questions, their answers and when each is asked, in a language, as Markdown.

    >>> "| `leg_cramp` |" in as_questionnaire("fr")
    True
    """
    said = language(code)
    parts = [f"# {said.says('Questionnaire')}", *_warning(said)]
    for part in questionnaire(code):
        lines = ["| name | question | answers | asked only if |", "| --- | --- | --- | --- |", *map(_line, part.asked)]
        parts += [f"## {part.heading}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def questionnaire(code: str) -> tuple[Part, ...]:
    """Give the questions of both tables in a language."""
    said = language(code)
    return tuple(
        Part(
            said.says(heading),
            tuple(_asked(in_language(item, said)) for item in form(table, alone=True) if item.answer not in COMPUTED),
        )
        for table, heading in HEADINGS.items()
    )


def _warning(said: Language) -> Iterator[str]:
    if not said.reviewed:
        yield UNREVIEWED


def _asked(item: Item) -> Asked:
    labels = tuple((label, word) for word, label in item.choices)
    if len(labels) > MANY:
        labels = (*labels[:2], ("...", ""), *labels[-2:])
    typed = f"{item.low:g}-{item.high:g}" if item.low is not None and item.high is not None else ""
    told = "" if labels else " ".join(filter(None, [typed, item.hint]))
    only = item.asked.removeprefix(f"({CONSENTS}) and ").replace(CONSENTS, "")
    return Asked(item.name, item.label.replace("\n\n", " "), labels, told, only, len(only) < LONG)


def _line(one: Asked) -> str:
    answers = "; ".join(f"{label} (`{word}`)" if word else label for label, word in one.choices) or one.typed
    only = f"`{one.only}`" if one.only and one.short else "*see the form*" * bool(one.only)
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in (f"`{one.name}`", one.question, answers, only)) + " |"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for code in languages():
        (folder / f"information.{code}.md").write_text(as_information(code), "utf-8")
        (folder / f"questionnaire.{code}.md").write_text(as_questionnaire(code), "utf-8")
