"""The titles of an export's columns: the names and questions that each may be, and those of the instrument."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.reading.headers import folded
from hypnic.schemas import columns
from hypnic.schemas.publish.asking import asks
from hypnic.schemas.publish.translation import languages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.datasets.forms.layouts import Profile
    from hypnic.schemas import Table

REMARK = re.compile(r"^\([^)]*\)\s*")
REPEATED = re.compile(r"\.\d{1,2}$")  # a spreadsheet library's mark of a header that stands there twice


YES_OR_NO = re.compile(  # `Alcohol (y/n)` asks whether
    r"[\s:,(\[-]+(?:ja ?/ ?nein|j ?/ ?n|yes ?/ ?no|y ?/ ?n|oui ?/ ?non|o ?/ ?n|s[i\u00ed\u00ec] ?/ ?no|s ?/ ?n"
    r"|ja ?/ ?nee|sim ?/ ?n[a\u00e3]o|tak ?/ ?nie)\s*[)\]]?\s*\??$",
    re.IGNORECASE,
)


def parts(heads: Sequence[str], profile: Profile) -> Iterator[str]:
    """Yield what may be a name or a question: each header, without its groups, and both halves of `code. text`."""
    for typed in heads:
        head = REPEATED.sub("", typed)
        yield head
        if profile.own_names and (whether := YES_OR_NO.sub("", head)) != head:
            yield whether
        if profile.groups:
            yield re.split(profile.groups, head)[-1]
        if ". " in head:
            yield from head.split(". ", 1)


def folds(heads: Sequence[str], profile: Profile) -> set[str]:
    """Give the folded names that a column may go by."""
    return {folded(part) for part in parts(heads, profile)} - {""}


@cache
def known_titles(model: type[Table], length: int) -> dict[str, str]:
    """Give every name and question, normalised, that stands for just one column: names first, then questions."""
    facts = columns(model)
    ways = [{name: normalised(name) for name in facts}]
    if length:
        ways.append({name: normalised(name)[:length] for name in facts})
    asked = {name: column.question for name, column in facts.items() if not REMARK.match(column.question)}
    for spoken in languages().values():
        ways += [{name: normalised(spoken.says(asks(column))) for name, column in facts.items()}]
    ways += [{name: normalised(text) for name, text in asked.items()}]
    ways += [{name: normalised(text.partition("?")[0]) for name, text in asked.items()}]
    known: dict[str, str] = {}
    for way in ways:
        written = list(way.values())
        known |= {text: name for name, text in way.items() if text and written.count(text) == 1 and text not in known}
    return known
