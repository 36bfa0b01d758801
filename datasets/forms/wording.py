"""Names of columns in other words: what is left of a header without the words that say nothing more."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from hypnic.datasets.forms.heads import cut
from hypnic.datasets.forms.layouts import normalised, word_lists
from hypnic.datasets.forms.synonyms import key_names, spelt
from hypnic.schemas import TABLES, columns
from hypnic.schemas.languages import fold

WORD = re.compile(r"[^\W_]+")
ENDING = re.compile(r"(?<=\w)(?:\([aeo]s?\)|/[aeo]\b)")  # endormi(e), andato/a
KINDS = {"clock h": "clock", "jerks": "count", "times": "count", "nights": "count"}  # by the units of columns


def bare(head: str, known: frozenset[str]) -> str:
    """Give the one of `known` that a header is, normalised, without its unit or in other words; blank where it is none.

    >>> from hypnic.datasets.forms.synonyms import column_names
    >>> bare("Einschlafdauer (min)", column_names()) == normalised("Einschlafdauer"), bare("Shoe", column_names())
    (True, '')
    """
    name, unit = cut(head)
    ways = (normalised(way) for way in (head, name))
    if found := next((way for way in ways if way in known), ""):
        return found
    column = normalised(reworded(name) or (with_unit(name) if unit else ""))
    return column if column in known else ""


@lru_cache(1 << 12)
def reworded(head: str) -> str:
    """Give the column that a header asks for in other words than the known names; blank where that is not just one.

    >>> reworded("Final wake up"), reworded("How many twitches while falling asleep?"), reworded("Coffee after lunch")
    ('wake_clock_h', 'jerk_count', '')
    >>> reworded("Total time in bed"), reworded("Last night I went to bed at"), reworded("Bed warmth")
    ('', 'bed_clock_h', '')
    """
    text = _plain(head)
    if not text or normalised(head) in key_names() or any(f" {other} " in f" {text} " for other in _others()):
        return ""
    found = {column for kind, names in _known().items() for left in _left(text, kind) if (column := names.get(left))}
    return found.pop() if len(found) == 1 else ""


@cache
def measured() -> dict[str, str]:
    """Give the names, as plain words, that are a column's where its unit stands next to them.

    >>> measured()["fell asleep"]
    'sol_min'
    """
    return {_plain(name): column for column, names in word_lists("measured").items() for name in names}


def with_unit(name: str) -> str:
    """Give the column that a header cut off its unit stands for next to that; blank where there is none.

    >>> with_unit("I fell asleep in"), with_unit("Fell over")
    ('sol_min', '')
    """
    text = _plain(name)
    return measured().get(text) or measured().get(" ".join(_without(text.split(), "")), "")


def _plain(head: str) -> str:
    return " ".join(WORD.findall(ENDING.sub("", fold(head))))


def _left(text: str, kind: str) -> tuple[str, ...]:
    """Give what is left of a name of a kind of column: in its order run together, and sorted."""
    for phrase in _phrases(kind):
        text = f" {text} ".replace(f" {phrase} ", " ").strip()
    words = _without(text.split(), kind)
    return ("".join(words), " ".join(sorted(words))) if words else ()


def _without(words: list[str], kind: str) -> list[str]:
    lists = word_lists("fillers")
    return [word for word in words if word not in lists["words"] and word not in lists.get(kind.partition(" ")[0], ())]


@cache
def _phrases(kind: str) -> tuple[str, ...]:
    lists = word_lists("fillers")
    more = lists["jerk"] if kind.endswith("jerk") else []
    return tuple(sorted(map(_plain, (*lists["phrases"], *more)), key=len, reverse=True))


@cache
def _others() -> tuple[str, ...]:
    return tuple(map(_plain, word_lists("unlike")["others"]))


@cache
def _known() -> dict[str, dict[str, str]]:
    """Give the columns by what is left of their names, for each kind; what is left of two columns' names is none's."""
    facts = {name: column for model in TABLES.values() for name, column in columns(model).items()}
    listed = {**dict.fromkeys(facts), **spelt()}
    found: dict[str, dict[str, set[str]]] = {}
    for name, known in listed.items():
        column = known or name
        kind = _kind(column, facts[column].unit)
        for left in _left(_plain(name), kind):
            found.setdefault(kind, {}).setdefault(left, set()).add(column)
    return {
        kind: {left: min(several) for left, several in names.items() if len(several) == 1}
        for kind, names in found.items()
    }


def _kind(column: str, unit: str) -> str:
    kind = KINDS.get(unit, "other")
    return f"{kind} jerk" if kind == "count" and column.startswith("jerk") else kind
