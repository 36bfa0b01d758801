"""A map of a spreadsheet, or of a form's own questions: which column is which, how it is meant, what its words are."""

from __future__ import annotations

import json
import tomllib
from difflib import get_close_matches
from functools import partial
from itertools import starmap
from typing import TYPE_CHECKING

from hypnic.datasets.forms.codebook import Codebook, code
from hypnic.datasets.forms.drinks import NAMES, counted, may_be
from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.naming import file_name
from hypnic.datasets.forms.readings import WAYS
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from hypnic.datasets.forms.matching import Matching
    from hypnic.datasets.forms.readings import Question

# What a map may also call a column: who the row is of, which is read and never written, and its date, to count nights.
EXTRA = {"respondent_id": "participant_id", "date": "date"}
HEAD = """\
# Which column of your file is which of hypnic's. Type a name of `hypnic dictionary` where none stands, or
# respondent_id (who a row is of), date (to count nights by) or a drink and its ml (wine_150; filter_coffee_200_after_14
# where it counts only those after 14:00); leave "" where a column is none of them. Keep the file, and give it with
# --map each time. It holds no answer. Take out any line that names a person.
[columns]
"""
LATE = "_after_14"
WHO = '# take the first # away if it tells people apart; if not, type "" for respondent_id too'
READINGS = """
# How what can be read in two ways is meant; "" asks again.
[readings]
"""
VALUES = """
# What the words of a column stand for, as:
# [values."Intensity"]
# "so-so" = "moderate"
"""


def read_map(path: Path) -> Codebook:
    """Read a map of a spreadsheet's own names; raise HypnicError where it is none, or names no column."""
    name = file_name(path.name)
    try:
        own = tomllib.loads(path.read_text("utf-8"))
        named = {normalised(header): EXTRA.get(column, column) for header, column in own["columns"].items()}
        readings = {str(key): str(way) for key, way in own.get("readings", {}).items() if way != ""}
        values = {
            normalised(header): {code(typed): [str(meant)] for typed, meant in words.items()}
            for header, words in own.get("values", {}).items()
        }
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError) as error:
        where = f" ({error})" if isinstance(error, tomllib.TOMLDecodeError) else ""
        message = f"{name}: this is no map{where}; leave the file away, and --map writes one"
        raise HypnicError(message) from None
    known = {"", "date", *(name for model in TABLES.values() for name in columns(model))}
    strange = {place: said for place, said in enumerate(named.values()) if said not in known and not counted(said)}
    if strange:
        message = (
            f"{name}: names that are no column stand in {', '.join(starmap(partial(_entry, known), strange.items()))}"
            " under [columns]; `hypnic dictionary` lists the columns, and respondent_id, date and drinks"
            f" ({NAMES}) may stand there too"
        )
        raise HypnicError(message)
    if odd := [key for key, way in readings.items() if way not in WAYS.get(key, ())]:
        ways = "; ".join(f"{key} = {' or '.join(map(json.dumps, ways))}" for key, ways in WAYS.items())
        message = f"{name}: {len(odd)} of its readings are none; there are: {ways}"
        raise HypnicError(message)
    asked = {header: column for header, column in named.items() if column}
    left = frozenset(header for header, column in named.items() if not column and header not in values)
    blank = frozenset(own.get("readings", {}).keys() - readings.keys())
    return Codebook(questions=asked, labels=values, readings=readings, left_out=left, unanswered=blank)


def _entry(known: set[str], place: int, typed: str) -> str:
    """Name an entry of a map by its number: what is typed there may be anything; a known name near it may be said."""
    near = get_close_matches(str(typed), known - {""}, 1)
    return f"entry {place + 1}{f' (perhaps {near[0]})' if near else ''}"


def as_map(
    heads: Sequence[Sequence[str]],
    found: Matching,
    questions: Iterable[Question] = (),
    perhaps: Iterable[int] = (),
    night: int | None = None,
) -> str:
    """Write the map of a spreadsheet or an export: each of its names with its column, or with the nearest in a remark.

    What is written says what was done: given back unchanged it makes the same table, and what was open stays so. The
    column `night` is the one by which nights were numbered, if one was. The columns `perhaps` may tell people apart:
    each is a remark to be made a line, so that none is passed over. Those
    that hold a choice of one question each have one line, with its name.
    """
    lines: dict[str, str] = {}
    named = {name: places for name, places in found.named.items() if name != "night_index" or name in found.answers}
    for name, places in (named | ({"night_index": [night]} if night is not None else {})).items():
        lines |= {heads[place][0]: f" = {json.dumps(name)}" for place in places}
    for name, places in found.choices.items():
        lines.setdefault(name, f' = ""  # its {len(places)} columns hold a choice each{_text(heads[places[0]])}')
    choices = {place for places in found.choices.values() for place in places}
    for place, near in found.unmatched.items():
        if place in found.doubtful or place in choices:
            continue
        remark = f"  # perhaps {near}" if near else ""
        remark = remark or _text(heads[place]).replace(": ", "  # ", 1)
        if place in found.otherwise:
            remark = f"  # has another unit or scale than {near}"
        lines.setdefault(heads[place][0], f' = ""{remark}')
    lines |= {heads[place][0]: f" = {json.dumps(said)}" for place, said in found.said.items()}
    for place, name in found.lesser.items():
        lines.setdefault(heads[place][0], f' = ""  # another column asks nearer what {name} is')
    for place in found.declined:
        lines.setdefault(heads[place][0], ' = ""')
    drinks = [_drink(heads[place][0]) for place in found.unmatched_drinks if heads[place][0]]
    drinks += [_private(heads[place][0]) for place in found.suspect if heads[place][0]]
    drinks += [_doubt(heads[place][0], name) for place, name in found.doubtful.items() if heads[place][0]]
    written = [f"{json.dumps(head, ensure_ascii=False)}{said}" for head, said in lines.items() if head]
    written += [f'# {json.dumps(heads[place][0], ensure_ascii=False)} = "respondent_id"  {WHO}' for place in perhaps]
    asked = [f'{one.key} = ""  # {" or ".join(map(json.dumps, one.ways))}: {one.asks}' for one in questions if one.key]
    readings = READINGS + "\n".join(asked) + "\n" if asked else ""
    return HEAD + "\n".join([*written, *drinks]) + "\n" + readings + VALUES


def _text(heads: Sequence[str]) -> str:
    """Give what a study's own codebook says that a column asks."""
    text = next((head for head in heads[1:] if " " in head and not head.startswith("{")), "")
    return f": {text}" if text and heads[0] not in text and text not in heads[0] else ""


def _private(head: str) -> str:
    """Offer a question that is left out as a word of it may ask for what is private."""
    ask = "left out as private; take the first # away, and name its column, if it is one of the instrument's"
    return f'# {json.dumps(head, ensure_ascii=False)} = ""  # {ask}'


def _drink(head: str) -> str:
    """Ask of a column of drinks which it counts: a remark, so that it is not passed over."""
    first, *others = may_be(head)
    name, _, ml = first.removesuffix(LATE).rpartition("_")
    when = " after 14:00" if first.endswith(LATE) else ""
    more = f", or type {' or '.join(others)}" if others else ""
    each = f"{name} of {ml} ml{when}"
    ask = f'take the first # away if each is a {each}{more}; any ml may stand there; "" if it is no drink'
    return f"# {json.dumps(head, ensure_ascii=False)} = {json.dumps(first)}  # {ask}"


def _doubt(head: str, name: str) -> str:
    """Ask of a column whose answers are not like its name what it is: a remark, so that it is not passed over."""
    return f'# {json.dumps(head, ensure_ascii=False)} = ""  # take the first # away, and type what it is if not {name}'


def merged(maps: Iterable[str]) -> str:
    """Put the maps of several tables into one: a name that one table knows is that, and no line stands there twice."""
    known: dict[str, str] = {}
    readings: dict[str, str] = {}
    for text in filter(None, maps):
        inner = text.removeprefix(HEAD).removesuffix(VALUES)
        columns, _, asked = inner.partition(READINGS)
        readings |= {line.partition(" = ")[0]: line for line in asked.splitlines() if line}
        for line in filter(None, columns.splitlines()):
            name, _, said = line.removeprefix("# ").partition(" = ")
            if name not in known or known[name].partition(" = ")[2].startswith('""') or not said:
                known[name] = line
    if not known:
        return ""
    more = READINGS + "\n".join(readings.values()) + "\n" if readings else ""
    return HEAD + "\n".join(known.values()) + "\n" + more + VALUES
