"""From the export of a form tool to a table of the instrument, with everything that was done said."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.casting import typed
from hypnic.datasets.checking import TABLES
from hypnic.datasets.exports import profiles, read_export
from hypnic.datasets.matching import Matching, match, place_name
from hypnic.datasets.recounting import dropped, filled, left_out, matched, not_read
from hypnic.datasets.transcribing import Transcriber
from hypnic.errors import HypnicError
from hypnic.schemas.template import SYSTEM, token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Tokens:
    """Random tokens for respondents: the same key has the same token, and nothing of the key is in it.

    `seed` is for tests; without it the system's randomness is used. The keys are forgotten with the object.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._draw = SYSTEM if seed is None else random.Random(seed)  # noqa: S311 -- for tests
        self._given: dict[str, str] = {}

    def __call__(self, key: str) -> str:
        """Give the token of `key`, drawing it when first asked."""
        return self._given.setdefault(key, token(self._draw))


@dataclass
class Conversion:
    """A converted table as text, blanks null, and what was done, a sentence a line."""

    table: str
    frame: pl.DataFrame
    said: list[str]


def convert(form: str, path: Path, table: str | None = None, tokens: Tokens | None = None) -> Conversion:
    """Convert an export to one of the instrument's tables.

    Parameters
    ----------
    form
        A layout that `hypnic convert --list` names, such as `redcap`.
    path
        The export.
    table
        `participants` or `nights`; without it, the table that most columns belong to.
    tokens
        Where respondents' tokens come from; pass the same object twice to link two tables of one export.

    Returns
    -------
    Conversion
        The table, in the instrument's order of columns, and what was matched, dropped, computed and not read.

    Raises
    ------
    HypnicError
        There is no such layout, the file is not laid out so, or nothing tells the diaries of two people apart.

    """
    if form not in profiles():
        message = f"there is no form format {form!r}; choose one of {', '.join(profiles())}"
        raise HypnicError(message)
    profile = profiles()[form]
    export = read_export(path, profile)
    found = match(export, profile, table)
    reader = Transcriber(export, profile, found)
    records = {number: reader.record(number) for number in range(len(export.rows))}
    answered = {number: record for number, record in records.items() if any(record.values())}
    kept = {number: record for number, record in answered.items() if _consents(reader, record)}
    keyed, key_said = _keyed(reader, kept, tokens or Tokens())
    frame, routed = _routed(_frame(found, keyed), found.table)
    lost = {"without an answer": len(records) - len(answered), "without consent": len(answered) - len(kept)}
    head = f"{export.name}: {profile.title}, {len(records)} rows -> {found.table}, {frame.height} rows"
    said = [head, *left_out(lost), *matched(reader), key_said, *filled(routed), *not_read(reader), *dropped(reader)]
    return Conversion(found.table, frame, said)


def _consents(reader: Transcriber, record: dict[str, str]) -> bool:
    asked = {*reader.found.answers, *reader.found.ticks}
    return "consent_open_data" not in asked or record["consent_open_data"] == "true"


def _keyed(reader: Transcriber, kept: dict[int, dict[str, str]], tokens: Tokens) -> tuple[list[dict[str, str]], str]:
    """Give every row its participant_id, and every night its number; say where both come from."""
    found, rows = reader.found, reader.export.rows
    places = [found.answers["participant_id"]] if "participant_id" in found.answers else []
    pattern = found.facts["participant_id"].pattern or ""
    own = bool(places) and all(re.fullmatch(pattern, rows[number][places[0]]) for number in kept)
    places = [place for place in (*places, *found.keys) if any(rows[number][place] for number in kept)]
    if found.table == "nights" and not places and kept:
        message = (
            f"{reader.export.name}: no column tells which nights are of the same person; add one named respondent_id,"
            " with anything that is the same on all nights of one person"
        )
        raise HypnicError(message)
    keyed: list[dict[str, str]] = []
    nights: dict[str, int] = defaultdict(int)
    for number, record in kept.items():
        key = rows[number][places[0]].casefold() if places else ""
        if not key and found.table == "nights":
            reader.kept("participant_id", number, None)
            continue
        token = rows[number][places[0]] if own else tokens(key or f"row {number}")
        nights[token] += 1
        entry = {"participant_id": token, **record}
        keyed.append(
            entry | {"night_index": _night(reader, number, nights[token])} if found.table == "nights" else entry
        )
    whence = "the form's own tokens" if own else "new random tokens"
    by = f", one for each different cell of {place_name(places[0])}" if places and not own else ""
    return keyed, f"participant_id: {whence}{by}"


def _night(reader: Transcriber, number: int, nth: int) -> str:
    """Read the number of the night; without a column for it, rows of a person count in the file's order."""
    place = reader.found.answers.get("night_index", reader.found.night)
    if place is None:
        return str(nth)
    digits = re.fullmatch(r"\D*(\d{1,3})\D*", reader.export.rows[number][place])
    return reader.kept("night_index", number, digits[1] if digits else None)


def _frame(found: Matching, rows: Sequence[dict[str, str]]) -> pl.DataFrame:
    made = {"participant_id", *found.answers, *found.ticks, *found.computable}
    made |= {"night_index"} if found.table == "nights" else set()
    schema = {name: pl.String() for name in found.facts if name in made}
    return pl.DataFrame([{n: row.get(n) or None for n in schema} for row in rows], schema=schema)


def _routed(frame: pl.DataFrame, table: str) -> tuple[pl.DataFrame, dict[str, int]]:
    """Type -7 (not asked) in blank numbers whose question was skipped; words stay blank. Give the counts too."""
    facts, kinds = {n: f for n, f in Matching(table).facts.items() if n in frame.columns}, typed(frame, TABLES[table])
    routed = {
        name: frame[name].is_null()
        & kinds.select(column.routing.expr(column.routing.skipped).fill_null(False)).to_series()
        for name, column in facts.items()
        if column.routing and column.routing.on in frame.columns and column.kind in {"integer", "number"}
    }
    filled = frame.with_columns(
        pl.when(where).then(pl.lit("-7")).otherwise(pl.col(n)).alias(n) for n, where in routed.items()
    )
    return filled, {name: int(where.sum()) for name, where in routed.items()}
