"""Columns that hold one choice of a question each, ticked or not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypnic.datasets.forms.choices import Choices, Unknown
from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.synonyms import synonyms
from hypnic.datasets.forms.titles import known_titles, parts
from hypnic.schemas import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hypnic.datasets.forms.codebook import Codebook
    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.layouts import Profile
    from hypnic.datasets.forms.matching import Matching

UNTICKED = {
    "", "0", "no", "n", "false", "unchecked", "-", "\u2610", "nein", "falsch", "non", "faux", "falso", "nee", "nie",
}  # fmt: skip
TICKED = {
    "1", "1.0", "yes", "y", "true", "checked", "ok", "x", "\u2713", "\u2714", "\u2611", "\u2612", "\u2022", "\u25cf",
    "\u25a0", "ja", "wahr", "oui", "vrai", "s\xed", "si", "s\xec", "verdadero", "vero", "sim", "tak",
}  # fmt: skip
PARTED = re.compile(r"[\s:/_.\[(=-]+")  # between the name of a question and that of a choice


def tick(found: Matching, place: int, heads: Sequence[str], profile: Profile, codebook: Codebook) -> bool:
    """Know a column that holds one choice by the question in any of its headers, and the choice by its label."""
    names = known_titles(TABLES[found.table], profile.name_length)
    cuts = choice_in(heads, profile)
    if profile.own_names:
        return _own_tick(found, place, heads[0], names, codebook)
    called = [part for cut in cuts for part in parts([cut["name"]], profile)]
    if profile.groups:  # a map has the field with its groups
        called = [cut.string[: cut.start("choice")].rstrip("/") for cut in cuts] + called
    asked = [normalised(part) for part in (*map(codebook.question, called), *called, *map(codebook.text, called))]
    facts = next((found.facts[names[part]] for part in asked if part in names), None)
    if facts is None or not facts.words:
        return False
    choices = Choices(facts, (*called, facts.name), profile.code, codebook)
    token = choices.told(re.sub(r"^_(?=\d)", "-", cut["choice"]) for cut in cuts)
    if isinstance(token, Unknown) and profile.name_length and not any(" " in head for head in heads):
        token = token._replace(named=False)  # `mag` is a code that the study chose
    if isinstance(token, Unknown):
        found.strange.setdefault(facts.name, {})[place] = token
    else:
        found.ticks.setdefault(facts.name, {})[place] = token
    return True


def choice_in(heads: Sequence[str], profile: Profile) -> list[re.Match[str]]:
    """Cut each header of a column that holds one choice into the name of the question and the choice."""
    marked = [head for head in heads if not any(mark in head for mark in profile.header_marks)]
    each = dict.fromkeys(parts(marked, profile))
    return [cut for head in each if (cut := re.fullmatch(profile.ticked, head))] if profile.ticked else []


def asked_together(export: Export, places: Iterable[int], profile: Profile) -> dict[str, list[int]]:
    """Give the columns that hold a choice of the same question each, ticked or not, by the name of the question."""
    known: dict[str, list[int]] = {}
    for place in places:
        cuts = choice_in(export.headers[place][:1], profile)
        labels = {cut["choice"].casefold() for cut in cuts}
        cells = {row[place].casefold() for row in export.rows}
        if cells <= UNTICKED | TICKED | labels:
            for name in dict.fromkeys(cut.string[: cut.start("choice")].rstrip("_/[(=") for cut in cuts):
                called = next(cut["name"] for cut in cuts if cut.string.startswith(name))
                known.setdefault(name if profile.groups else called, []).append(place)
    return {name: several for name, several in known.items() if len(several) > 1}


def _own_tick(found: Matching, place: int, head: str, names: Mapping[str, str], codebook: Codebook) -> bool:
    """Know `supplements_iron` and `Supplements: iron` in a person's own table, where the rest is one of the words."""
    for mark in PARTED.finditer(head):
        name = normalised(head[: mark.start()])
        facts = found.facts.get(names.get(name) or synonyms().get(name, ""))
        if facts is None or facts.kind != "tokens":
            continue
        token = Choices(facts, (facts.name,), "", codebook).told([head[mark.end() :].rstrip(" )]")])
        if not isinstance(token, Unknown):
            found.ticks.setdefault(facts.name, {})[place] = token
            return True
    return False
