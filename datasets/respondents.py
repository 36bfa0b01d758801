"""Who a row of an export is of: told apart by the form's own keys, and called by random tokens."""

from __future__ import annotations

import random
import re
import secrets
from collections import defaultdict
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.findings import letters

if TYPE_CHECKING:
    from hypnic.datasets.transcribing import Transcriber

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
TOKEN = re.compile(r"p_[a-z2-7]{16}")


class Tokens:
    """Random tokens for respondents: the same key has the same token, and nothing of the key is in it.

    `seed` is for tests; without it the system's randomness is used. The keys are forgotten with the object. `people`
    are the participants converted with it so far: what nights were not asked hangs on their answers.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._draw = secrets.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 -- for tests
        self._given: dict[str, str] = {}
        self.people = pl.DataFrame(schema={"participant_id": pl.String})

    def __call__(self, key: str) -> str:
        """Give the token of `key`: itself where it is one already, else a new one, drawn when first asked."""
        if TOKEN.fullmatch(key):
            return key
        return self._given.setdefault(key, "p_" + "".join(self._draw.choices(ALPHABET, k=16)))


def keys_of(reader: Transcriber) -> tuple[list[str], str]:
    """Give each row what tells its respondent apart, blank where nothing does; and say where it comes from.

    Where a tool's own key stands beside participant_id on some row, it stands for that participant everywhere.
    """
    found, rows = reader.found, reader.export.rows
    places = [place for place in (*found.answers.get("participant_id", ()), *found.keys) if any(r[place] for r in rows)]
    if not places:
        return [""] * len(rows), "new random tokens"
    first, last = places[0], next((place for place in found.keys if place in places), places[0])
    linked: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row[first]:
            linked[row[last].casefold()].add(row[first].casefold())
    keys = []
    for row in rows:
        known = linked[row[last].casefold()]
        key = row[first].casefold() or (next(iter(known)) if len(known) == 1 and row[last] else row[last].casefold())
        keys.append(key)
    own = sum(bool(TOKEN.fullmatch(key)) for key in {*keys} - {""})
    new = len({*keys} - {""}) - own
    parts = [f"{own} of the form's own tokens" if own else "", f"{new} new random tokens" if new else ""]
    named = " and ".join(letters(place) for place in dict.fromkeys((first, last)))
    return keys, f"{', '.join(filter(None, parts))}, one for each different cell of {named}"
