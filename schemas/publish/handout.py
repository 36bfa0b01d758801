"""What a study team hands out or pastes, in each language: information and consent on a page, and the questionnaire.

`python -m hypnic.schemas.publish.handout FOLDER` writes both in every language into a folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

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
    for table, heading in HEADINGS.items():
        lines = ["| name | question | answers | asked only if |", "| --- | --- | --- | --- |"]
        lines += [_line(in_language(item, said)) for item in form(table, alone=True) if item.answer not in COMPUTED]
        parts += [f"## {said.says(heading)}", "\n".join(lines)]
    return "\n\n".join(parts) + "\n"


def _warning(said: Language) -> Iterator[str]:
    if not said.reviewed:
        yield UNREVIEWED


def _line(item: Item) -> str:
    labels = [f"{label} (`{word}`)" for word, label in item.choices]
    if len(labels) > MANY:
        labels = [*labels[:2], "...", *labels[-2:]]
    typed = f"{item.low:g}-{item.high:g}" if item.low is not None and item.high is not None else ""
    answers = "; ".join(labels) or " ".join(filter(None, [typed, item.hint]))
    only = item.asked.removeprefix(f"({CONSENTS}) and ").replace(CONSENTS, "")
    asked = f"`{only}`" if only and len(only) < LONG else "*see the form*" * bool(only)
    cells = (f"`{item.name}`", item.label.replace("\n\n", " "), answers, asked)
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    for code in languages():
        (folder / f"information.{code}.md").write_text(as_information(code), "utf-8")
        (folder / f"questionnaire.{code}.md").write_text(as_questionnaire(code), "utf-8")
