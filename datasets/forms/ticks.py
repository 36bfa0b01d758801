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
    from collections.abc import Mapping, Sequence

    from hypnic.datasets.forms.codebook import Codebook
    from hypnic.datasets.forms.layouts import Profile
    from hypnic.datasets.forms.matching import Matching

PARTED = re.compile(r"[\s:/_.\[(=-]+")  # between the name of a question and that of a choice


def tick(found: Matching, place: int, heads: Sequence[str], profile: Profile, codebook: Codebook) -> bool:
    """Know a column that holds one choice by the question in any of its headers, and the choice by its label."""
    names = known_titles(TABLES[found.table], profile.name_length)
    marked = [head for head in heads if not any(mark in head for mark in profile.header_marks)]
    cuts = [cut for head in marked if (cut := re.fullmatch(profile.ticked, head))] if profile.ticked else []
    if profile.own_names:
        return _own_tick(found, place, heads[0], names, codebook)
    called = [part for cut in cuts for part in parts([cut["name"]], profile)]
    asked = [normalised(part) for part in (*called, *map(codebook.question, called))]
    facts = next((found.facts[names[part]] for part in asked if part in names), None)
    if facts is None or not facts.words:
        return False
    choices = Choices(facts, (*called, facts.name), profile.code, codebook)
    token = choices.told(re.sub(r"^_(?=\d)", "-", cut["choice"]) for cut in cuts)
    if isinstance(token, Unknown):
        found.strange.setdefault(facts.name, {})[place] = token
    else:
        found.ticks.setdefault(facts.name, {})[place] = token
    return True


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
