"""From the export of a form tool to a table of the instrument, with everything that was done said."""

from __future__ import annotations

import random
import re
import secrets
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets import answers
from hypnic.datasets.casting import typed
from hypnic.datasets.checking import TABLES
from hypnic.datasets.drinks import total
from hypnic.datasets.exports import profiles, read_export
from hypnic.datasets.matching import SHOWN, Matching, is_private, match, place_name
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypnic.datasets.drinks import Drink
    from hypnic.datasets.exports import Export, Profile
    from hypnic.schemas import Column

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
UNTICKED = {"", "0", "no", "n", "false", "unchecked"}
TICKED = {"1", "yes", "y", "true", "checked"}


class Tokens:
    """Random tokens for respondents: the same key has the same token, and nothing of the key is in it.

    `seed` is for tests; without it the system's randomness is used. The keys are forgotten with the object.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._draw = secrets.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311 -- for tests
        self._given: dict[str, str] = {}

    def __call__(self, key: str) -> str:
        """Give the token of `key`, drawing it when first asked."""
        return self._given.setdefault(key, "p_" + "".join(self._draw.choices(ALPHABET, k=16)))


@dataclass
class Conversion:
    """A converted table as text, blanks null, and what was done, a sentence a line."""

    table: str
    frame: pl.DataFrame
    said: list[str]


@dataclass
class _Reader:
    """Reads the rows of one export; keeps what could not be read, by column, as row numbers of the file."""

    export: Export
    profile: Profile
    found: Matching
    codes: dict[str, dict[int, str]] = field(default_factory=dict)
    unread: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


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
    reader = _Reader(export, profile, found)
    reader.codes = {name: _codes(reader, name) for name in found.answers if profile.code}
    records = {number: _record(reader, number) for number in range(len(export.rows))}
    answered = {number: record for number, record in records.items() if any(record.values())}
    kept = {number: record for number, record in answered.items() if _consents(reader, record)}
    keyed, key_said = _keyed(reader, kept, tokens or Tokens())
    frame, routed = _routed(_frame(found, keyed), found.table)
    lost = {"without an answer": len(records) - len(answered), "without consent": len(answered) - len(kept)}
    said = [
        f"{export.name}: {profile.title}, {len(records)} rows -> {found.table}, {frame.height} rows",
        *(f"left out: {_rows(n)} {why}" for why, n in lost.items() if n),
        *_matched(reader), key_said, *_filled(routed), *_dropped(reader),
    ]  # fmt: skip
    return Conversion(found.table, frame, said)


def _codes(reader: _Reader, name: str) -> dict[int, str]:
    """Say what the number codes of a column stand for; with a letter before them they are positions for certain."""
    place, facts = reader.found.answers[name], reader.found.facts[name]
    coded = [code for row in reader.export.rows if (code := re.fullmatch(reader.profile.code, row[place]))]
    if not facts.words or (facts.kind == "flag" and any(not code[0].isdigit() for code in coded)):
        return {}
    return answers.positions(facts, (int(code[1]) for code in coded if code[0].isdigit()))


def _record(reader: _Reader, number: int) -> dict[str, str]:
    """Read one row: the cells that the instrument has, blank where there is no answer or none that can be read."""
    row = ["" if cell in reader.profile.blank else cell for cell in reader.export.rows[number]]
    found, record = reader.found, {}
    for name, place in found.answers.items():
        if name not in {"participant_id", "night_index"}:
            record[name] = _kept(reader, name, number, _cell(reader, row[place], found.facts[name]))
    for name, places in found.ticks.items():
        ticked = [_ticked(row[place], token, found.facts[name]) for place, token in places.items()]
        record[name] = _kept(reader, name, number, None if None in ticked else answers.tokens(filter(None, ticked)))
    for name, drinks in _computable(found).items():
        counts = [row[place] for place in drinks]
        record[name] = _kept(reader, name, number, total(list(drinks.values()), counts)) if any(counts) else ""
    _set_clocks(found, record)
    return record


def _cell(reader: _Reader, cell: str, facts: Column) -> str | None:
    """Read one cell: blank stays blank, None cannot be read."""
    stand_for = reader.codes.get(facts.name, {})
    if not cell or facts.kind == "text":
        return cell
    if facts.kind in {"integer", "number"}:
        hours = answers.clock(cell) if facts.unit == "clock h" else None
        return answers.number(cell, facts) if hours is None else f"@{hours}"  # put on the diary day once bed is known
    if facts.kind == "tokens":
        parts = [part for part in re.split(reader.profile.joined, cell) if part]
        whole = answers.coded(cell, reader.profile.code, facts, stand_for)
        words = [whole] if whole else [answers.coded(p, reader.profile.code, facts, _every(facts)) for p in parts]
        return None if None in words else answers.tokens(filter(None, words))
    return answers.coded(cell, reader.profile.code, facts, stand_for)


def _every(facts: Column) -> dict[int, str]:
    return answers.positions(facts, ())


def _ticked(cell: str, token: str, facts: Column) -> str | None:
    """Give the token where its column is ticked, blank where not; a cell may hold the label itself."""
    if cell.casefold() in UNTICKED:
        return ""
    return token if cell.casefold() in TICKED else answers.word(cell, facts)


def _kept(reader: _Reader, name: str, number: int, cell: str | None) -> str:
    if cell is None:
        reader.unread[name].append(number + reader.profile.header_rows + 1)
    return cell or ""


def _computable(found: Matching) -> dict[str, dict[int, Drink]]:
    """Give the columns that drinks make up; after-14 ones only where every caffeinated drink has one."""
    known: dict[str, dict[int, Drink]] = {}
    for name, drinks in found.drinks.items():
        whole = {unit.name for unit in found.drinks.get(name.replace("_after_14", ""), {}).values()}
        complete = "_after_14" not in name or {unit.name for unit in drinks.values()} == whole
        if complete and name not in found.answers:
            known[name] = drinks
    return known


def _set_clocks(found: Matching, record: dict[str, str]) -> None:
    """Put times of day on the diary day's clock: going to bed first, the others beside it."""
    bed = None
    for name in ["bed_clock_h", *(name for name in record if name != "bed_clock_h")]:
        if record.get(name, "").startswith("@"):
            record[name] = f"{answers.diary_hour(float(record[name][1:]), found.facts[name], bed):g}"
        if name == "bed_clock_h" and record.get(name):
            bed = float(record[name])


def _consents(reader: _Reader, record: dict[str, str]) -> bool:
    asked = {*reader.found.answers, *reader.found.ticks}
    return "consent_open_data" not in asked or record["consent_open_data"] == "true"


def _keyed(reader: _Reader, kept: dict[int, dict[str, str]], tokens: Tokens) -> tuple[list[dict[str, str]], str]:
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
            _kept(reader, "participant_id", number, None)
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


def _night(reader: _Reader, number: int, nth: int) -> str:
    """Read the number of the night; without a column for it, rows of a person count in the file's order."""
    place = reader.found.answers.get("night_index", reader.found.night)
    if place is None:
        return str(nth)
    digits = re.fullmatch(r"\D*(\d{1,3})\D*", reader.export.rows[number][place])
    return _kept(reader, "night_index", number, digits[1] if digits else None)


def _frame(found: Matching, rows: Sequence[dict[str, str]]) -> pl.DataFrame:
    made = {"participant_id", *found.answers, *found.ticks, *_computable(found)}
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


def _matched(reader: _Reader) -> list[str]:
    found = reader.found
    where = {name: [place] for name, place in found.answers.items()} | {n: list(p) for n, p in found.ticks.items()}
    named = ", ".join(f"{name} ({_places(where[name])})" for name in found.facts if name in where)
    said = [f"matched: {named}"]
    for name, drinks in found.drinks.items():
        if name in _computable(found):
            sources = ", ".join(sorted({unit.source.split(",")[0].split(" (")[0] for unit in drinks.values()}))
            units = ", ".join(f"{unit.name} of {unit.ml:g} ml" for unit in drinks.values())
            said.append(f"computed: {name} from {units} ({sources})")
        else:
            said.append(f"not computed: {name}; it is there already, or not every drink is counted after 14:00")
    coded = [(n, c) for n, c in reader.codes.items() if c and _has_codes(reader, n)]
    said += [f"codes: {name}: {', '.join(f'{k} = {v}' for k, v in stand.items())}" for name, stand in coded]
    return said


def _has_codes(reader: _Reader, name: str) -> bool:
    place = reader.found.answers[name]
    cells = {row[place] for row in reader.export.rows}
    known = set(reader.found.facts[name].words)
    return any(re.fullmatch(reader.profile.code, cell) and cell not in known for cell in cells)


def _filled(routed: dict[str, int]) -> list[str]:
    return [f"filled: -7 (not asked) in {_rows(count)} of {name}" for name, count in routed.items() if count]


def _dropped(reader: _Reader) -> list[str]:
    """Say what was dropped: by its place, and by its name only where that tells nobody anything private."""
    found, said = reader.found, []
    for name, rows in reader.unread.items():
        more = f" and {len(rows) - 10} more" if len(rows) > 10 else ""
        shown = ", ".join(map(str, rows[:10])) + more
        hint = f"; {found.facts[name].hint}" if name in found.facts else ""
        said.append(f"not read, left blank: {name} in row {shown}{hint}")
    if found.dropped:
        said.append(f"dropped, as the tool's own or private: {_places(found.dropped)}")
    for place, near in found.unmatched.items():
        head = reader.export.headers[place][0]
        shown = "" if is_private(head) else f' "{head[:SHOWN]}"'
        hint = f"; rename it to {near} if it is that" if near else ""
        said.append(f"dropped, as no question of {found.table}: {place_name(place)}{shown}{hint}")
    return said


def _places(places: Sequence[int]) -> str:
    return ", ".join(place_name(place) for place in places)


def _rows(count: int) -> str:
    return f"{count} row{'s' if count != 1 else ''}"
