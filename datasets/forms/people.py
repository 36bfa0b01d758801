"""Who a row of an export is of: told apart by the form's own keys, and called by random tokens."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.forms.titles import folds
from hypnic.datasets.reading.headers import folded
from hypnic.datasets.reading.references import letters
from hypnic.errors import HypnicError
from hypnic.schemas.languages import fold
from hypnic.schemas.publish.checking import SYSTEM
from hypnic.schemas.publish.template import token

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.matching import Matching
    from hypnic.datasets.forms.transcriber import Transcriber

TOKEN = re.compile(r"p_[a-z2-7]{16}")
CALLED = re.compile(  # what a person is called by; a `name` may be that of something else, say of a medicine
    r"nick(?:name)?|alias|pseudo(?:nym)?|spitzname|apodo|username|initial(?:s|en|es)|forename|surname|firstname|lastname"
    r"|vorname|nachname|familienname|prenom|apellidos?|email|courriel|correo"
)
PERSONS = {"participant_id", "participant_token", "respondent_id"}  # of nobody else, but where a tool calls replies so
NAME = re.compile("names?|nom|nombre|mail")
RESPONDENT = re.compile(  # what may stand next to `name` where it is the respondent's own
    "your|my|the|first|last|full|family|e|or|and|of|id|user|participant|person|respondent|student|address|what|is"
    "|deine?|ihre?|mein|der|oder|und|vor|nach|votre|ton|mon|ou|et|tu|su|mi|o|y|de|familia"
)


STRANGE = "has a key that no participant has: mistyped there or here, or they filled in no form"


class Tokens:
    """Random tokens for respondents: the same key has the same token, and nothing of the key is in it.

    `seed` is for tests; without it the system's randomness is used. The keys are forgotten with the object. `people`
    are the participants converted with it so far: what nights were not asked hangs on their answers. `refused` are the
    keys of those who do not consent, whose nights are left out too. `elsewhere` are the keys that the other table's
    exports have, by table.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._draw = SYSTEM if seed is None else random.Random(seed)  # noqa: S311 -- for tests
        self._given: dict[str, str] = {}
        self.people = pl.DataFrame(schema={"participant_id": pl.String})
        self.refused: set[str] = set()
        self.elsewhere: dict[str, set[str]] = {}
        self._linked: dict[tuple[str, str], str] = {}
        self._kinds: set[str] = set()  # of keys that participants have

    def __call__(self, key: str) -> str:
        """Give the token of `key`: itself where it is one already, else a new one, drawn when first asked."""
        if TOKEN.fullmatch(key):
            return key
        return self._given.setdefault(key, token(self._draw))

    def knows(self, key: str) -> bool:
        """Tell whether somebody with this key was met before."""
        return key in self._given or TOKEN.fullmatch(key) is not None

    def only(self) -> str:
        """Give the token of the one participant there is, or else a key for whoever nights without one are of."""
        return str(self.people["participant_id"].item()) if self.people.height == 1 else "1"

    def new(self) -> str:
        """Give a token for somebody without a key."""
        return token(self._draw)

    def refuse(self, reader: Transcriber, number: int, key: str) -> None:
        """Remember that the participant of this row does not consent."""
        unwritten = self.new()
        self.link(reader, number, unwritten)
        self.refused |= {key, unwritten} - {""}

    def link(self, reader: Transcriber, number: int, token: str) -> None:
        """Remember by which keys another export's rows may belong to this row."""
        for name, place in _called(reader, reader.profile.links.values()):
            if key := _root(reader.export.rows[number][place]):
                self._kinds.add(name)
                known = self._linked.setdefault((name, key), token)
                self._linked[name, key] = token if known == token else ""  # rows of several exports may be called so

    def linked(self, reader: Transcriber, number: int) -> str:
        """Say to whom a repeat's row belongs: a participant's token where their export was read, else the key itself.

        Blank where the participants were read and the row belongs to none of them, or its keys to several; so too
        where one of its keys belongs to nobody, though participants have such keys: it is of another study.
        """
        links = reader.profile.links
        row = reader.export.rows[number]
        keys = [(links[name], _root(row[place])) for name, place in _called(reader, links) if row[place]]
        if not self._linked:
            return "=".join(keys[0]) if keys else ""
        known = {self._linked.get(key, "") for key in keys if key[0] in self._kinds}
        return known.pop() if len(known) == 1 else ""


def _called(reader: Transcriber, names: Iterable[str]) -> list[tuple[str, int]]:
    """Give the columns that go by one of `names`, in their order."""
    known = [folds(heads, reader.profile) for heads in reader.export.headers]
    return [(name, place) for name in names for place, found in enumerate(known) if name in found]


def _root(key: str) -> str:
    """Give the key of the whole submission: of `uuid:1/week[2]` the first part."""
    return key.partition("/")[0].removesuffix(".0")


class Persons(NamedTuple):
    """Private columns by which people may be told apart: `sure` ones, and those that may be names of something else."""

    sure: list[int]
    perhaps: list[int]


def persons(export: Export, found: Matching) -> Persons:
    """Find the private columns that may say who a row is of, where no other does; their cells are never written.

    A column with one cell throughout tells nobody apart. Names of something else come again too, as those of
    medicines do, so such a column is only asked about.
    """
    if found.keys or "participant_id" in found.answers:
        return Persons([], [])
    sure, perhaps = [], []
    for place in found.private:
        words = {fold(word) for word in re.findall(r"[^\W\d_]+", folded(export.headers[place][0]))}
        cells = [row[place].casefold() for row in export.rows if row[place]]
        if len({*cells}) < 2:
            continue
        names = {word for word in words if NAME.fullmatch(word)}
        if any(map(CALLED.fullmatch, words)) or (names and all(map(RESPONDENT.fullmatch, words - names))):
            sure.append(place)
        elif names and len({*cells}) < len(cells):
            perhaps.append(place)
    return Persons(sure, perhaps)


def keys_of(reader: Transcriber, tokens: Tokens) -> tuple[list[str], str]:
    """Give each row what tells its respondent apart, blank where nothing does; and say where it comes from.

    Where a tool's own key stands next to participant_id on some row, it stands for that participant everywhere.
    """
    found = reader.found
    rows = [["" if cell.casefold() in reader.profile.nobody else cell for cell in row] for row in reader.export.rows]
    tools = _several_nights(found.keys, rows) if found.table == "nights" else found.keys
    theirs = tokens.elsewhere.get(found.table, set())  # what ties both tables of a study together comes first
    tools = sorted(tools, key=lambda place: -sum(row[place].casefold() in theirs for row in rows))
    places = [place for place in (*found.answers.get("participant_id", ()), *tools) if any(r[place] for r in rows)]
    if not places and found.table == "nights" and (links := _called(reader, reader.profile.links)):
        named = ", ".join(letters(place) for _, place in links)
        return [tokens.linked(reader, number) for number in range(len(rows))], f"linked by {named}"
    if not places:
        return [""] * len(rows), "new random tokens"
    first, last = places[0], next((place for place in tools if place in places), places[0])
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


def _several_nights(places: list[int], rows: Sequence[Sequence[str]]) -> list[int]:
    """Put the keys first by which somebody has several nights: what no two rows share is a reply's, not a person's."""
    return sorted(places, key=lambda place: len({row[place].casefold() for row in rows if row[place]}) == len(rows) > 1)


def refuse_replies(reader: Transcriber, people: Mapping[int, str], numbers: Iterable[str | None]) -> None:
    """Raise HypnicError where every row is somebody else's, though nights are numbered on: the key is a reply's."""
    later = any(number and number.isdecimal() and int(number) > 1 for number in numbers)
    if len(people) < 2 or not later or len({*people.values()}) < len(people):
        return
    places = [*reader.found.answers.get("participant_id", ()), *reader.found.keys]
    said = {name for place in places for name in folds(reader.export.headers[place], reader.profile)}
    if said & PERSONS - {*reader.profile.metadata}:
        return
    named = ", ".join(letters(place) for place in places)
    message = (
        f"{reader.export.name}: {named} differs in every row, so nobody has two nights, though nights are numbered on;"
        " it tells replies apart, not people: add a column respondent_id, with anything that is the same on all nights"
        " of one person, or take it out if one person kept them all"
    )
    raise HypnicError(message)


def strangers(reader: Transcriber, kept: Iterable[int], keys: Sequence[str], tokens: Tokens) -> list[int]:
    """Give the rows of nights whose key no participant has, where participants were read."""
    if reader.found.table != "nights" or tokens.people.is_empty():
        return []
    return [number for number in kept if keys[number] and not tokens.knows(keys[number])]


def nobody_met(unknown: Collection[int], people: Mapping[int, str]) -> list[str]:
    """Say so where none of the rows in `people` is of a participant, though some were read."""
    said = (
        "participant_id: no night names anybody who is among the participants; both files need a column with the same"
        " codes or nicknames"
    )
    return [said] if unknown and {*unknown} >= people.keys() else []


def nobodys(reader: Transcriber) -> HypnicError:
    """Say why no night of an export has a person: its keys lead to none of the participants, or it has no key."""
    if links := _called(reader, reader.profile.links):
        places = ", ".join(letters(place) for _, place in links)
        return HypnicError(
            f"{reader.export.name}: its keys in {places} lead to none of the participants that were read; give the two"
            " files of one export, or convert this one alone"
        )
    return HypnicError(
        f"{reader.export.name}: no column tells which nights are of the same person; name the one that does in a map"
        " (--map MAP.toml), or add one named respondent_id, with anything that is the same on all nights of one person"
    )
