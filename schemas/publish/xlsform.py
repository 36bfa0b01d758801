"""The instrument as an XLSForm: the spreadsheet from which ODK, Kobo and Enketo make a form."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hypnic.errors import HypnicError
from hypnic.schemas.participants import VERSIONS
from hypnic.schemas.publish.checking import in_xpath
from hypnic.schemas.publish.form import CONSENTS, form
from hypnic.schemas.publish.item import spell
from hypnic.schemas.publish.translation import in_language, languages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from hypnic.schemas.publish.item import Item

TOLD = ("label", "hint", "constraint_message")  # once in each language
SETTINGS = ("form_title", "form_id", "version", "default_language", "instance_name")
LONG_LIST = 12  # a longer list drops down
TITLES = {"participants": "Sleep starts: about you", "nights": "Sleep starts: one night of the diary"}
EPOCH = dt.datetime(2000, 1, 1)  # noqa: DTZ001 -- a spreadsheet knows no zones; fixed, so that bytes are too
UNANSWERED = {"note", "hidden"}
Row = dict[str, str]


def sheets(table: str) -> dict[str, tuple[tuple[str, ...], list[Row]]]:
    """Give the header and rows of each sheet of a table's form: survey, choices and settings; in every language."""
    known = languages().values()
    told = {name: [f"{name}::{language.title}" for language in known] for name in TOLD}
    survey = (
        "type", "name", *told["label"], *told["hint"], "required", "relevant", "constraint",
        *told["constraint_message"], "calculation", "choice_filter", "appearance", "default",
    )  # fmt: skip
    items = [[in_language(item, language) for language in known] for item in form(table, alone=True)]
    choices = [
        {"list_name": said[0].name, "name": word}
        | {head: other.choices[place][1] for head, other in zip(told["label"], said, strict=True)}
        for said in items
        for place, (word, _) in enumerate(said[0].choices)
    ]
    named = "concat('night ', ${night_index})" if table == "nights" else ""  # so that drafts can be told apart
    settings = {
        "form_title": TITLES[table],
        "form_id": f"hypnic_{table}",
        "version": VERSIONS[-1],
        "default_language": languages()["en"].title,
        "instance_name": named,
    }
    return {
        "survey": (survey, list(_survey(items))),
        "choices": (("list_name", "name", *told["label"]), choices),
        "settings": (SETTINGS, [settings]),
    }


def write_xlsform(table: str, path: Path) -> None:
    """Write a table's form to `path`; the same bytes each time. Raises HypnicError without XlsxWriter."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        message = "an XLSForm needs XlsxWriter; install it with: pip install 'hypnic[forms]'"
        raise HypnicError(message) from None
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": TITLES[table], "created": EPOCH})
        for name, (header, rows) in sheets(table).items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, header)
            for number, row in enumerate(rows, 1):
                for place, column in enumerate(header):
                    if row.get(column):
                        sheet.write_string(number, place, row[column])


def _survey(items: Sequence[Sequence[Item]]) -> Iterator[Row]:
    """Write each section as a group; one of which nothing is asked without consent is not shown before it."""
    section = ""
    free = {said[0].section for said in items if not said[0].asked.startswith((CONSENTS, f"({CONSENTS})"))}
    for said in items:
        item = said[0]
        if item.section != section:
            if section:
                yield {"type": "end_group"}
            section = item.section
            labels = _told("label", [one.section for one in said])
            shown = {} if section in free else {"relevant": _spell(CONSENTS)}
            yield {"type": "begin_group", "name": section.split(",")[0].lower()} | labels | shown
        yield _row(said)
    yield {"type": "end_group"}


def _told(name: str, texts: Iterable[str]) -> Row:
    return {f"{name}::{language.title}": text for language, text in zip(languages().values(), texts, strict=True)}


def _row(said: Sequence[Item]) -> Row:
    item = said[0]
    if item.calculation:
        row = {"type": "calculate", "name": item.name, "calculation": _spell(item.calculation)}
        return row | ({"relevant": _spell(item.asked)} if item.asked else {})
    must = _constraint(item)
    return {
        "type": _type(item),
        "name": item.name,
        **_told("label", ["" if item.answer == "hidden" else _spell(one.label) for one in said]),
        **_told("hint", [one.hint for one in said]),
        "required": "yes" if item.required and item.answer not in UNANSWERED else "",
        "relevant": _spell(item.asked),
        "constraint": must,
        **_told("constraint_message", [one.excuse if must else "" for one in said]),
        "choice_filter": _filter(item),
        "appearance": "minimal autocomplete" if len(item.choices) > LONG_LIST and item.answer == "one" else "",
        "default": item.default,
    }


def _type(item: Item) -> str:
    lists = {"one": f"select_one {item.name}", "many": f"select_multiple {item.name}"}
    return lists.get(item.answer, str(item.answer))


def _constraint(item: Item) -> str:
    """Say what holds of the answer itself: its pattern, its range and missing codes, and its rule."""
    parts = []
    if item.pattern:
        parts.append(f"regex(., '{item.pattern}')")
    parts += [in_xpath()] if item.checked else []
    if item.answer in {"integer", "decimal"}:
        inside = [f"(. >= {item.low:g} and . <= {item.high:g})", *(f". = {code}" for code in item.codes)]
        parts.append(" or ".join(inside))
    if item.alone:
        ticked = " or ".join(f"selected(., '{word}')" for word in item.alone)
        parts.append(f"count-selected(.) = 1 or not({ticked})")
    parts += [_spell(item.must)] if item.must else []
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)


def _filter(item: Item) -> str:
    """Offer only what was ticked in another list, and the answers that stand alone."""
    if not item.among:
        return ""
    return " or ".join([f"selected(${{{item.among}}}, name)", *(f"name = '{word}'" for word in item.alone)])


def _spell(condition: str) -> str:
    return spell(condition, "${{{}}}", "selected(${{{}}}, '{}')")
