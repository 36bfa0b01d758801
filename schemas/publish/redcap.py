"""The instrument as a REDCap data dictionary: the CSV that a project's "Data Dictionary" page takes."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from hypnic.schemas import TABLES
from hypnic.schemas.publish import translation
from hypnic.schemas.publish.form import form
from hypnic.schemas.publish.item import spell
from hypnic.schemas.publish.translation import in_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.schemas.publish.item import Item

COLUMNS = (
    "Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
    "Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
    "Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
    "Field Annotation",
)  # fmt: skip
LONG_LIST = 12  # a longer list drops down
TYPES = {"many": "checkbox", "calculated": "calc", "note": "descriptive"}  # all else is text, or a list
UNANSWERED = {"note", "hidden"}
NOTES = {
    "adult": "In the survey, set a Stop Action on 'no': nobody under 18 is recorded.",
    "consent_open_data": "In the survey, set a Stop Action on 'no': nothing is kept without consent.",
    "night_index": "@DEFAULT='[current-instance]' Make 'nights' a repeating instrument: an instance a night.",
    "participant_id": "@HIDDEN-SURVEY The study team fills this in: a random token, never from contact details.",
    "withdrawal_code": (
        "@HIDDEN-SURVEY The study team fills this in before the survey is opened, and deletes it after the person has"
        " seen it; only its hash is kept."
    ),
}


def as_redcap(tables: Sequence[str] = tuple(TABLES), language: str = "en") -> str:
    """Give the data dictionary of `tables`, a form each, as CSV with REDCap's 18 columns, in one language.

    With both tables the nights are a repeating instrument in the participant's record, which holds the token once.
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow(
        _row(
            "record_id", tables[0], "text", "Record", {"Field Annotation": "REDCap's own number; hypnic leaves it out"}
        )
    )
    spoken = translation.language(language)
    seen: set[str] = set()
    section = ""
    for table, english in [(name, item) for name in tables for item in form(name, alone=len(tables) == 1)]:
        item = in_language(english, spoken)
        if item.name in seen:
            continue
        cells = _cells(item)
        if item.section != section:
            cells["Section Header"] = section = item.section
        writer.writerow(_row(item.name, table, _type(item), _spell(item.label), cells))
        seen.add(item.name)
    return buffer.getvalue()


def code(word: str) -> str:
    """Give the coded value of an answer: numbers stay, words keep letters, digits and underscores.

    >>> code("22.5"), code("-8"), code("75+"), code("18-24")
    ('22.5', '-8', '75_plus', '18_24')
    """
    if re.fullmatch(r"-?\d+(\.\d+)?", word):
        return word
    return word.replace("+", "_plus").replace("-", "_")


def _row(name: str, table: str, kind: str, label: str, cells: dict[str, str]) -> dict[str, str]:
    named = {"Variable / Field Name": name, "Form Name": table, "Field Type": kind, "Field Label": label}
    return named | cells


def _type(item: Item) -> str:
    if item.answer == "one":
        return "dropdown" if len(item.choices) > LONG_LIST else "radio"
    return TYPES.get(item.answer, "text")


def _cells(item: Item) -> dict[str, str]:
    choices = " | ".join(f"{code(word)}, {label}" for word, label in item.choices)
    cells = {
        "Choices, Calculations, OR Slider Labels": _spell(item.calculation) if item.answer == "calculated" else choices,
        "Field Note": item.hint,
        "Branching Logic (Show field only if...)": _spell(item.asked),
        "Required Field?": "y"
        if item.required and item.answer not in {"note", "hidden"} and item.name != "participant_id"
        else "",
        "Field Annotation": _annotation(item),
    }
    if item.answer in {"integer", "decimal"}:
        cells["Text Validation Type OR Show Slider Number"] = "integer" if item.answer == "integer" else "number"
        cells["Text Validation Min"] = f"{min([item.low or 0, *item.codes]):g}"
        cells["Text Validation Max"] = f"{item.high:g}"
    return cells


def _annotation(item: Item) -> str:
    if item.answer == "words":
        constant = re.fullmatch(r"'[^']*'", item.calculation)
        return f"@HIDDEN @{f'DEFAULT={item.calculation}' if constant else f'CALCTEXT({_spell(item.calculation)})'}"
    if item.answer == "calculated":
        return "@HIDDEN"
    recoded = [f"{code(word)} is {word}" for word, _ in item.choices if code(word) != word]
    alone = [f"@NONEOFTHEABOVE='{','.join(code(word) for word in item.alone)}'"] if item.alone else []
    return "; ".join([*alone, *recoded, *([NOTES[item.name]] if item.name in NOTES else [])])


def _spell(condition: str) -> str:
    return spell(condition, "[{}]", "[{}({})] = '1'").replace("!=", "<>")
