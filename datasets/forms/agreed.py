"""Who consents: in the instrument's own column, and in columns that ask in a study's own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.forms.consent import COLUMN, agrees, asks, may_ask, to_publish
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.matching import Matching
    from hypnic.datasets.forms.people import Tokens
    from hypnic.datasets.forms.transcriber import Transcriber

YES_OR_NO = 2  # answers


def agreed_rows(
    reader: Transcriber, answered: Mapping[int, dict[str, str]], keys: Sequence[str], tokens: Tokens
) -> dict[int, dict[str, str]]:
    """Give the rows of those who consent, and remember who of the participants does not."""
    agree = _who_agree(reader, answered, keys)
    if reader.found.table == "participants":
        for number, consents in agree.items():
            if not consents:
                tokens.refuse(reader, number, keys[number])
    kept = {
        number: record for number, record in answered.items() if agree[number] and keys[number] not in tokens.refused
    }
    reader.forget(answered.keys() - kept.keys())
    return kept


def take_consents(found: Matching, export: Export) -> None:
    """Match the columns that ask for consent: one to publish with the instrument's, others with whoever refuses."""
    for place in sorted({*found.private, *found.unmatched, *found.own}):
        cells = {row[place] for row in export.rows} - {""}
        heads = map(fold, export.headers[place])
        asked = [head for head in heads if asks(head) or (len(cells) <= YES_OR_NO and may_ask(head))]
        if not asked or not cells or None in map(agrees, cells):
            continue
        for places in (found.private, found.own):
            if place in places:
                places.remove(place)
        found.unmatched.pop(place, None)
        if COLUMN in found.facts and COLUMN not in found.answers and any(map(to_publish, asked)):
            found.answers[COLUMN] = [place]
        else:
            found.consents.append(place)


def _who_agree(reader: Transcriber, answered: Mapping[int, dict[str, str]], keys: Sequence[str]) -> dict[int, bool]:
    """Say of each row whether its person consents, in every column that asks; of several rows the last answer counts.

    Who answers nothing there does not consent. A row without a key is a person of its own.
    """
    rows: dict[str | int, list[int]] = {}
    for number, key in enumerate(keys):
        rows.setdefault(key or number, []).append(number)
    return {number: all(map(_last, _said(reader, answered, rows[keys[number] or number]))) for number in answered}


def _said(
    reader: Transcriber, answered: Mapping[int, dict[str, str]], rows: Sequence[int]
) -> Iterable[list[bool | None]]:
    """Give what one person says in each column that asks for consent."""
    if COLUMN in {*reader.found.answers, *reader.found.ticked}:
        yield [{"true": True, "false": False}.get(answered[number][COLUMN]) for number in rows if number in answered]
    for place in reader.found.consents:
        yield [agrees(reader.export.rows[number][place]) for number in rows]


def _last(said: Iterable[bool | None]) -> bool:
    return ([one for one in said if one is not None] or [False])[-1]
