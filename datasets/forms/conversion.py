"""From the export of a form tool to a table of the instrument, with everything that was done said."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.forms.agreed import agreed_rows
from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.exports import read_export
from hypnic.datasets.forms.framing import framed, routed_in
from hypnic.datasets.forms.gated import counted_after
from hypnic.datasets.forms.keys import counters, named_once, person_of
from hypnic.datasets.forms.layouts import layout, normalised
from hypnic.datasets.forms.match import as_the_app_says, match
from hypnic.datasets.forms.matching import Matching
from hypnic.datasets.forms.numbering import number_nights, within_a_diary
from hypnic.datasets.forms.onset import latency_between
from hypnic.datasets.forms.people import (
    STRANGE,
    Tokens,
    keys_of,
    nobody_met,
    nobodys,
    refuse_replies,
    strangers,
)
from hypnic.datasets.forms.previews import DOUBTFUL, VOID, previews
from hypnic.datasets.forms.questions import asked
from hypnic.datasets.forms.readings import WAYS, Question
from hypnic.datasets.forms.recipe import as_map
from hypnic.datasets.forms.sittings import put_together
from hypnic.datasets.forms.summary import (
    answered_twice,
    decided,
    dropped,
    left_out,
    looked_at,
    matched,
    numbered,
    numbered_twice,
    rows_of,
    told_together,
)
from hypnic.datasets.forms.transcriber import Transcriber
from hypnic.datasets.forms.unasked import NOT_ASKED, not_found, unasked, with_unasked
from hypnic.datasets.forms.unread import not_read
from hypnic.datasets.reading.references import letters

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hypnic.datasets.forms.exports import Export


@dataclass
class Conversion:
    """A converted table as text, blanks null, and what was done, a sentence a line.

    It is `complete` where every answer and every drink of the export could be read. `map` says which column is what,
    `strangers` tells whether it has columns with answers of which nobody knows what they are, and `own` whether it is a
    person's own table.
    """

    table: str
    frame: pl.DataFrame
    said: list[str]
    complete: bool
    map: str = ""
    strangers: bool = True
    own: bool = False

    def completed(self, codebook: Codebook) -> Conversion:
        """Fill what a person's own table never asked, as its map says; of a tool's export say what was not found."""
        if not self.own:
            lacking = not_found(self.table, self.frame) if self.strangers else []
            return replace(self, said=[*self.said, *lacking])
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
    codebook = as_the_app_says(export, profile, codebook)
    found = match(export, profile, table, codebook=codebook)
    export, of_people = _with_people(export, found) if profile.own_names else (export, [])
    reader = Transcriber(export, profile, found, codebook)
    void, doubtful = previews(export, profile)
    records = {number: reader.record(number) for number in range(len(export.rows)) if number not in {*void, *doubtful}}
    answered = {number: record for number, record in records.items() if any(record.values())}
    keys, origin = keys_of(reader, tokens)
    agreed = agreed_rows(reader, answered, keys, tokens)
    if profile.own_names and found.table == "nights" and not any(keys):
        keys, origin = (
            [tokens.only()] * len(keys),
            "all nights are taken as one person's; add a column respondent_id if not",
        )
    kept = {number: record for number, record in agreed.items() if keys[number] or found.table == "participants"}
    if found.table == "nights" and agreed and not kept:
        raise nobodys(reader)
    unknown = strangers(reader, kept, keys, tokens)
    people = _people(reader, kept, keys, tokens)
    numbering = number_nights(reader, people) if found.table == "nights" else None
    if numbering and numbering.place is not None:
        refuse_replies(reader, people, numbering.numbers.values())
    last = int(found.facts["night_index"].high or 0) if numbering else 0
    cut = within_a_diary(numbering.numbers if numbering else {}, people, last)
    kept = {number: record for number, record in kept.items() if number not in cut.beyond}
    kept, joined = put_together(kept, people, cut.numbers)
    keyed = _keyed(reader, kept, people, cut.numbers)
    frame, routed = routed_in(framed(found, keyed), found.table, tokens.people)
    if found.table == "participants":
        tokens.people = pl.concat([tokens.people, frame], how="diagonal")
    lost = {
        VOID: void,
        DOUBTFUL: doubtful,
        f"no answer of {found.table}": [
            n for n in records.keys() - answered.keys() if any(export.rows[n]) or not profile.own_names
        ],
        "no consent": [*answered.keys() - agreed.keys()],
        "no respondent named": [number for number in agreed if number not in people],
        f"a night after the {last}th of a person, the last that a diary has": cut.beyond,
    }
    head = f"{export.name}: {profile.title}, {len(export.rows)} rows -> {found.table}, {frame.height} rows"
    dialect = [] if export.dialect.plain else [f"{export.name}: read as {export.dialect}"]
    dialect += [f"{export.name}: {line}" for line in export.said]
    known = [*matched(reader), f"participant_id: {origin}", *numbered(reader, numbering), *decided(reader, routed)]
    known += [*looked_at(reader, frame), *of_people, *([cut.said] if cut.said else []), *told_together(reader, joined)]
    if profile.own_names and export.app:
        known.append(f"the columns of {export.app.name}: its start and end are taken as bedtime and waking")
    questions = asked(reader)
    unread = [
        *(apart := nobody_met(unknown, people)),
        *not_read(reader),
        *numbered_twice(reader, numbering, {row: people[row] for row in kept}),
        *(answered_twice(reader, people) if found.table == "participants" else ()),
    ]
    known += [f"participant_id: {rows_of(reader, unknown)} {STRANGE}"] if unknown and not apart else []
    unread += [line for one in questions for line in one.lines()]
    said = [*dialect, head, *left_out(reader, lost), *known, *dropped(reader), *unread]
    sure = numbering is None or numbering.sure
    unnamed = _unnamed(export, found, codebook)
    if profile.own_names and unnamed and unasked(found.table, frame):
        questions.append(Question("not_asked", NOT_ASKED, dict.fromkeys(WAYS["not_asked"], ())))
    own = as_map(export.headers, found, questions, night=numbering.place if numbering else None)
    unkept = doubtful or (profile.own_names and lost["no respondent named"])
    complete = sure and export.whole and not unread and not unkept
    return Conversion(found.table, frame, said, complete, own, unnamed, profile.own_names)


def _with_people(export: Export, found: Matching) -> tuple[Export, list[str]]:
    """Find out who the rows of a person's own table are of, and which columns count, and say what was decided."""
    export, said = counted_after(export, found)
    export, latency = latency_between(export, found)
    said += latency
    if counting := counters(export, found):
        places = ", ".join(map(letters, counting))
        said.append(f"not taken for people: {places} counts the rows; name a column respondent_id if they are people")
    found.keys = [place for place in found.keys if place not in counting]
    found.own += counting
    found.keys += person_of(export, found)
    export, blocks = named_once(export, found)
    if blocks:
        said.append(f"participant_id: a row without a cell in {blocks} is taken as the person's above it")
    return export, said


def _unnamed(export: Export, found: Matching, codebook: Codebook) -> bool:
    """Tell whether a column holds answers and nobody has said what it is, or that it is none."""
    loose = {*found.unmatched, *found.unmatched_drinks, *found.refused}
    if "not_asked" in codebook.unanswered:
        return True
    open_ones = [place for place in loose if normalised(export.headers[place][0]) not in codebook.left_out]
    return any(row[place] for place in open_ones for row in export.rows)


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
    reader: Transcriber, kept: Mapping[int, dict[str, str]], people: Mapping[int, str], nights: Mapping[int, str | None]
) -> list[dict[str, str]]:
    """Give every row its participant_id, and every night its number."""
    keyed: list[dict[str, str]] = []
    for number, record in kept.items():
        index = {"night_index": reader.kept("night_index", number, nights[number])} if nights else {}
        keyed.append({"participant_id": people[number], **record, **index})
    return keyed
