"""From the export of a form tool to a table of the instrument, with everything that was done said."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.failures import letters
from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.exports import read_export
from hypnic.datasets.forms.framing import framed, routed_in
from hypnic.datasets.forms.keys import counters, person_of
from hypnic.datasets.forms.layouts import normalised, profiles
from hypnic.datasets.forms.match import match
from hypnic.datasets.forms.matching import Matching
from hypnic.datasets.forms.numbering import Numbering, number_nights
from hypnic.datasets.forms.people import Tokens, keys_of, nobodys
from hypnic.datasets.forms.questions import asked
from hypnic.datasets.forms.readings import WAYS, Question
from hypnic.datasets.forms.recipe import as_map
from hypnic.datasets.forms.summary import (
    decided,
    dropped,
    left_out,
    looked_at,
    matched,
    not_read,
    numbered,
    numbered_twice,
)
from hypnic.datasets.forms.titles import folds
from hypnic.datasets.forms.transcriber import Transcriber
from hypnic.datasets.forms.unasked import NOT_ASKED, unasked, with_unasked
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.layouts import Profile


@dataclass
class Conversion:
    """A converted table as text, blanks null, and what was done, a sentence a line.

    It is `complete` where every answer and every drink of the export could be read. `map` is the map of a person's own
    spreadsheet, and `strangers` tells whether that has columns with answers of which nobody knows what they are.
    """

    table: str
    frame: pl.DataFrame
    said: list[str]
    complete: bool
    map: str = ""
    strangers: bool = True

    def completed(self, codebook: Codebook) -> Conversion:
        """Fill what a person's own table never asked, as its map says; unchanged where it is a tool's export."""
        if not self.map:
            return self
        answer = codebook.readings.get("not_asked")
        frame, said = with_unasked(self.table, self.frame, answer, strangers=self.strangers)
        return replace(self, frame=frame, said=[*self.said, *said])


def convert(  # noqa: PLR0913 -- each is an option of the command
    form: str,
    path: Path,
    table: str | None = None,
    tokens: Tokens | None = None,
    *,
    sheet: str | Sequence[str] | None = None,
    codebook: Codebook | None = None,
) -> Conversion:
    """Convert an export to one of the instrument's tables.

    Parameters
    ----------
    form
        A layout that `hypnic convert --list` names, such as `redcap`.
    path
        The export: CSV in any dialect that `hypnic check` reads, or an Excel workbook.
    table
        `participants` or `nights`; without it, the table that most columns belong to.
    tokens
        Where respondents' tokens come from; pass the same object twice to link two tables, participants first.
    sheet
        The sheet of a workbook; without it, the first. Several of a person's own workbook are joined.
    codebook
        What the study's own names and codes stand for, as `read_codebook` reads it.

    Returns
    -------
    Conversion
        The table, in the instrument's order of columns, and what was matched, left out, computed and not read.

    Raises
    ------
    HypnicError
        There is no such layout, the file is not laid out so, or nothing tells the diaries of two people apart.

    """
    codebook = codebook or Codebook()
    return converted(form, path, table, tokens, sheet, codebook).completed(codebook)


def converted(  # noqa: PLR0913, PLR0917 -- as `convert`
    form: str,
    path: Path,
    table: str | None,
    tokens: Tokens | None,
    sheet: str | Sequence[str] | None,
    codebook: Codebook,
) -> Conversion:
    """Convert an export, whose table may lack columns that another export of the study has."""
    profile = layout(form)
    export, tokens = read_export(path, profile, sheet, codebook), tokens or Tokens()
    found = match(export, profile, table, codebook=codebook)
    counting = counters(export, found) if profile.own_names else []
    if profile.own_names:
        found.keys = [place for place in found.keys if place not in counting]
        found.own += counting
        found.keys += person_of(export, found)
    reader = Transcriber(export, profile, found, codebook)
    void = _void(export, profile)
    records = {number: reader.record(number) for number in range(len(export.rows)) if number not in void}
    answered = {number: record for number, record in records.items() if any(record.values())}
    keys, origin = keys_of(reader, tokens)
    agreed = _agreed(reader, answered, keys, tokens)
    if profile.own_names and found.table == "nights" and not any(keys):
        keys, origin = ["1"] * len(keys), "all nights are taken as one person's; add a column respondent_id if not"
    kept = {number: record for number, record in agreed.items() if keys[number] or found.table == "participants"}
    if found.table == "nights" and agreed and not kept:
        raise nobodys(reader)
    people = _people(reader, kept, keys, tokens)
    numbering = number_nights(reader, people) if found.table == "nights" else None
    keyed = _keyed(reader, kept, people, numbering)
    frame, routed = routed_in(framed(found, keyed), found.table, tokens.people)
    if found.table == "participants":
        tokens.people = pl.concat([tokens.people, frame], how="diagonal")
    lost = {
        "the tool marks it as a preview, a test, spam or not approved": [*void],
        f"no answer of {found.table}": [
            n for n in records.keys() - answered.keys() if any(export.rows[n]) or not profile.own_names
        ],
        "no consent": [*answered.keys() - agreed.keys()],
        "no respondent named": [*agreed.keys() - kept.keys()],
    }
    head = f"{export.name}: {profile.title}, {len(export.rows)} rows -> {found.table}, {frame.height} rows"
    dialect = [] if export.dialect.plain else [f"{export.name}: read as {export.dialect}"]
    dialect += [f"{export.name}: {line}" for line in export.said]
    known = [*matched(reader), f"participant_id: {origin}", *numbered(reader, numbering), *decided(reader, routed)]
    known += looked_at(reader, frame)
    if counting:
        places = ", ".join(map(letters, counting))
        known.append(f"not taken for people: {places} counts the rows; name a column respondent_id if they are people")
    questions = asked(reader)
    unread = [*not_read(reader), *numbered_twice(reader, numbering, people)]
    unread += [line for one in questions for line in one.lines()]
    said = [*dialect, head, *left_out(reader, lost), *known, *dropped(reader), *unread]
    sure = numbering is None or numbering.sure
    strangers = not profile.own_names or _strangers(export, found, codebook)
    if strangers and unasked(found.table, frame):
        questions.append(Question("not_asked", NOT_ASKED, dict.fromkeys(WAYS["not_asked"], ())))
    own = as_map(export.headers, found, questions) if profile.own_names else ""
    complete = sure and export.whole and not unread
    return Conversion(found.table, frame, said, complete, own, strangers)


def _strangers(export: Export, found: Matching, codebook: Codebook) -> bool:
    """Tell whether a column holds answers and nobody has said what it is, or that it is none."""
    loose = {*found.unmatched, *found.unmatched_drinks, *found.refused}
    open_ones = [place for place in loose if normalised(export.headers[place][0]) not in codebook.left_out]
    return any(row[place] for place in open_ones for row in export.rows)


def layout(form: str) -> Profile:
    """Give a layout by its name; raise HypnicError where there is none."""
    if form not in profiles():
        message = f"there is no form format {form!r}; choose one of {', '.join(profiles())}"
        raise HypnicError(message)
    return profiles()[form]


def _void(export: Export, profile: Profile) -> set[int]:
    """Give the rows that the tool marks as nobody's answers."""
    marks = {
        place: mark
        for place, heads in enumerate(export.headers)
        for name, mark in profile.void.items()
        if name in folds(heads, profile)
    }
    return {
        number
        for number, row in enumerate(export.rows)
        for place, mark in marks.items()
        if re.fullmatch(mark, row[place].casefold().replace("_", " "))
    }


def _consents(reader: Transcriber, record: dict[str, str]) -> bool:
    asked = {*reader.found.answers, *reader.found.ticked}
    return "consent_open_data" not in asked or record["consent_open_data"] == "true"


def _agreed(
    reader: Transcriber, answered: Mapping[int, dict[str, str]], keys: Sequence[str], tokens: Tokens
) -> dict[int, dict[str, str]]:
    """Give the rows of those who consent; of somebody with several rows the last one says whether they do."""
    last = {keys[number] or number: number for number in answered}.values()
    if reader.found.table == "participants":
        for number in last:
            if not _consents(reader, answered[number]):
                tokens.refuse(reader, number, keys[number])
    return {
        number: record
        for number, record in answered.items()
        if _consents(reader, record) and keys[number] not in tokens.refused
    }


def _people(
    reader: Transcriber, kept: Mapping[int, dict[str, str]], keys: Sequence[str], tokens: Tokens
) -> dict[int, str]:
    """Give the token of every row's person."""
    people = {number: tokens(keys[number]) if keys[number] else tokens.new() for number in kept}
    if reader.found.table == "participants":
        for number, token in people.items():
            tokens.link(reader, number, token)
    return people


def _keyed(
    reader: Transcriber, kept: Mapping[int, dict[str, str]], people: Mapping[int, str], numbering: Numbering | None
) -> list[dict[str, str]]:
    """Give every row its participant_id, and every night its number."""
    keyed: list[dict[str, str]] = []
    for number, record in kept.items():
        index = {"night_index": reader.kept("night_index", number, numbering.numbers[number])} if numbering else {}
        keyed.append({"participant_id": people[number], **record, **index})
    return keyed
