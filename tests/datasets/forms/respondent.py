"""Somebody at a form: sees what its conditions show, answers within its constraints, and leaves what it computes."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hypnic.schemas.publish.redcap import code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Row = dict[str, str]
REFUSALS = ("-9", "refused", "undisclosed", "other_or_undisclosed", "-8", "unknown", "dont_know", "ZZ", "other")


class Cell(str):
    """An answer in a form's condition: compared as a number where it is one; a blank is no number."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __float__(self) -> float:
        return float(str(self)) if re.fullmatch(r"-?\d+(\.\d+)?", self) else math.nan

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) or float(self) == float(Cell(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __gt__(self, other: object) -> bool:
        return float(self) > float(Cell(other))

    def __lt__(self, other: object) -> bool:
        return float(self) < float(Cell(other))

    def __ge__(self, other: object) -> bool:
        return float(self) >= float(Cell(other))

    def __le__(self, other: object) -> bool:
        return float(self) <= float(Cell(other))

    def __add__(self, other: object) -> float:  # type: ignore[override] -- a form adds numbers, never texts
        return float(self) + float(Cell(other))

    def __sub__(self, other: object) -> float:
        return float(self) - float(Cell(other))

    def __mul__(self, other: object) -> float:  # type: ignore[override] -- as above
        return float(self) * float(Cell(other))


def evaluated(spelt: str, answers: Row, here: str = "") -> str | float | bool:
    """Work out a condition or calculation of a form, spelt as REDCap or an XLSForm does; `here` is the answer `.`."""
    spelt = re.sub(r"\[(\w+)\((\w+)\)\] = '1'|selected\(\${(\w+)}, '(\w+)'\)", r"ticked('\1\3', '\2\4')", spelt)
    spelt = re.sub(r"\[(\w+)\](?!{)|\${(\w+)}", r"said('\1\2')", spelt)
    spelt = re.sub(r"(?<=[( ])\.(?=[ ,)])|^\.(?= )", "here", spelt)
    spelt = re.sub(r"(?<![<>!])=", "==", spelt.replace("<>", "!="))
    for word, python in (("if(", "when("), (" mod ", " % "), (" div ", " / "), ("int(", "math_floor(")):
        spelt = re.sub(rf"(?<!\w){re.escape(word)}", python, spelt)
    spelt = re.sub(r"(count|string|substring)-(?=[a-z])", r"\1_", spelt)
    ticks = here.split("|")
    known = {
        "said": lambda name: Cell(answers.get(name, "")),
        "ticked": lambda name, word: word in map(code, answers.get(name, "").split("|")),
        "selected": lambda _, word: word in ticks,
        "count_selected": lambda _: len([tick for tick in ticks if tick]),
        "here": Cell(here),
        "when": lambda condition, yes, no: yes if condition else no,
        "regex": lambda text, pattern: re.fullmatch(pattern, str(text)) is not None,
        "concat": lambda *parts: "".join(parts),
        "substr": lambda text, start, end: str(text)[start:end],
        "substring_before": lambda text, part: text.partition(part)[0],
        "string_length": len,
        "math_floor": math.floor,
        "round": round,
    }
    return eval(spelt, {"__builtins__": {}}, known)  # noqa: S307 -- our own forms'


def computed(spelt: str, answers: Row) -> str:
    """Give what a form computes as it exports it."""
    found = evaluated(spelt, answers)
    return str(found) if isinstance(found, str) else "" if math.isnan(found) else f"{found:g}"


@dataclass
class Sitting:
    """What somebody was asked and told and which headings they saw, in order, and what the form holds at the end."""

    headed: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    record: Row = field(default_factory=dict)


def at_xlsform(survey: Iterable[Row], choices: Iterable[Row], answer: Callable[[str, list[str]], str]) -> Sitting:
    """Fill in an XLSForm from top to bottom; `answer` gives the answer to a question and what it offers."""
    offered: dict[str, list[str]] = {}
    for choice in choices:
        offered.setdefault(choice["list_name"], []).append(choice["name"])
    sitting, group = Sitting(), ""
    for item in survey:
        kind, name = item["type"].split()[0], item.get("name", "")
        group = item.get("relevant", "") if kind == "begin_group" else group
        shown = all(not one or evaluated(one, sitting.record) for one in (group, item.get("relevant")))
        if kind == "begin_group":
            sitting.headed += [name] * shown
        elif kind == "calculate":
            sitting.record[name] = computed(item["calculation"], sitting.record) if shown else ""
        elif kind == "note" and shown:
            sitting.told.append(name)
        elif kind not in {"end_group", "note"}:
            sitting.record[name] = cell = answer(name, offered.get(name, [])) if shown else ""
            if shown and kind != "hidden":
                sitting.asked.append(name)
                assert cell or not item["required"], f"{name} wants an answer"
                assert not kind.startswith("select") or {*cell.split("|")} <= {*offered[name], ""}, f"{name}: {cell}"
                allowed = not cell or not item["constraint"] or evaluated(item["constraint"], sitting.record, cell)
                assert allowed, f"{name}: {cell} is refused"
    return sitting


def at_redcap(fields: Iterable[Row], known: Row, answer: Callable[[str, list[str]], str]) -> Sitting:
    """Fill in one instrument of a REDCap project; `known` is what the record holds of the others."""
    sitting = Sitting(record=dict(known))
    for item in fields:
        name, kind, note = item["Variable / Field Name"], item["Field Type"], item["Field Annotation"]
        logic = item["Branching Logic (Show field only if...)"]
        listed = item["Choices, Calculations, OR Slider Labels"]
        shown = not logic or bool(evaluated(logic, sitting.record))
        spelt = re.search(r"@CALCTEXT\((.*)\)$", note) or (kind == "calc" and re.match("(.*)", listed))
        if spelt:
            sitting.record[name] = computed(spelt[1], sitting.record)
        elif kind == "descriptive":
            sitting.told += [name] * shown
        elif not note.startswith("@HIDDEN @DEFAULT"):
            words = [choice.split(", ", 1)[0] for choice in listed.split(" | ")] if listed else []
            sitting.record[name] = cell = answer(name, words) if shown else ""
            if shown and "@HIDDEN" not in note:
                sitting.asked.append(name)
                assert not listed or {*map(code, cell.split("|"))} <= {*words, ""}, f"{name}: {cell}"
        else:
            sitting.record[name] = note.split("'")[1] if shown else ""
    return sitting


def refusal(name: str, offered: list[str]) -> str:
    """Refuse an answer as far as a form lets one, and say that one does not know where it does not."""
    must = {"adult": "yes", "consent_open_data": "true", "jerk_ever": "unsure", "evening_on_time": "false",
            "morning_lag_h": "36", "attention_item": "sometimes"}  # fmt: skip
    return must.get(name) or next((word for word in REFUSALS if word in offered), "-9")
