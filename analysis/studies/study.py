"""A study: what is analysed as one, and everything that is said of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from hypnic.analysis.studies.instrument import Instrument
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.datasets.source import Source

Written = Callable[[int, int], str]


class Spread(NamedTuple):
    """How often each count was given: `width` joins neighbouring counts above zero."""

    table: str
    column: str
    width: int
    name: str
    title: str
    header: tuple[str, str]


class Published(NamedTuple):
    """Shares that others published from the same files: what they found of each kind, and where."""

    title: str
    header: tuple[str, str, str]
    found: Mapping[str, str]
    note: str


class Shares(NamedTuple):
    """The shares of a population that gave each answer, with the times a month that an answer stands for.

    `weight` names the weight, `axis` says of whom the shares are; `question` and `note` go with the table.
    """

    name: str
    title: str
    answers: Mapping[str, tuple[int, int]]
    weight: str
    axis: str
    question: str
    note: str
    published: Published


class People(NamedTuple):
    """Who is in the data: a table for each of `columns`, of those marked by `among`, apart by `by`, weighted too.

    `levels` gives the answers of a column in order; `weighted` heads the shares.
    """

    columns: tuple[str, ...]
    levels: Callable[[str], Sequence[str]]
    among: str | None = None
    by: str | None = None
    weight: str | None = None
    weighted: str = "Weighted"


class Rates(NamedTuple):
    """How common it is, by who people are: the share of those who answered `column` that gave one of `hits`.

    `title` says what the share is, `of` of whom; `by` are the columns of people to tell apart. Where the study has
    weights the shares are of its population.
    """

    table: str
    column: str
    hits: tuple[str, ...]
    title: str
    of: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Controls:
    """Outcomes to which the exposures are not supposed to lead, next to the outcome of the study."""

    outcome: str
    controls: tuple[str, ...]
    title: str
    header: tuple[str, ...]
    note: str


class Content(NamedTuple):
    """What reading a study gives: its sets, the sha256 of each file read, and the truth where data were drawn.

    `told` says in sentences how the answers came, as far as those who sent them said so.
    """

    sets: tuple[AnalysisSet, ...]
    inputs: Mapping[str, str]
    truth: Mapping[str, Any] | None = None
    told: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Study:
    """What is analysed as one, and reported as one: each study is one such value in a module of its own.

    `read` is given the folder that holds the files, where one was named; `source` is what it reads, and tells whether
    it is at hand: what has none always is. `people_note` puts the numbers of people in a sentence: it is given the
    sets, for each design how many persons the primary rows come from, and what writes a count, given the most rows that
    one person has. `new_answers` says that none of its answers existed when the specification was set: only such a
    study can confirm anything. `protected` says that what its people answered is not public, so that nothing is told of
    fewer than ten of them. `stages` name, each with its 0/1 column, the groups of people on the way to a model, each
    within those before. `private` is somebody's own folder: what is made of it is theirs, exploratory, and never said
    to keep to the specification. `what` says in a sentence what was asked about, `cannot` in one line what nobody can
    learn from it, `dated` when its answers are from.
    """

    name: str
    title: str
    synthetic: bool
    notices: tuple[str, ...]
    threats: tuple[str, ...]
    instruments: tuple[Instrument, ...]
    read: Callable[[Path | None], Content]
    people: People
    people_note: Callable[[Sequence[AnalysisSet], Mapping[str, str], Written], str]
    what: str = ""
    cannot: str = ""
    dated: str = ""
    source: Source | None = None
    new_answers: bool = False
    protected: bool = False
    private: bool = False
    stages: tuple[tuple[str, str], ...] = ()
    spreads: tuple[Spread, ...] = ()
    shares: Shares | None = None
    rates: Rates | None = None
    controls: Controls | None = None
    words: Mapping[str, str] = field(default_factory=dict)  # answers whose token is not how they are written

    @property
    def takes_folder(self) -> bool:
        """Tell whether a folder may be named that it is read from."""
        return bool(self.source and self.source.folder)

    def at_hand(self, folder: Path | None = None) -> bool:
        """Tell whether its answers are at hand."""
        return self.source is None or self.source.at_hand(folder)


@dataclass(frozen=True, eq=False)
class StudyData:
    """A study that has been read: see `Content`."""

    study: Study
    sets: tuple[AnalysisSet, ...]
    inputs: Mapping[str, str]
    truth: Mapping[str, Any] | None = None
    told: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name the study."""
        return self.study.name

    @property
    def persons(self) -> int:
        """Count the people who are in any of its sets."""
        return len({person for one in self.sets for person in one.frame[one.person].unique()})


def hashes(files: Sequence[Path], base: Path | None = None) -> dict[str, str]:
    """Give the sha256 of each file by its name; by its path below `base`, where files of several folders are alike."""
    return {
        file.name if base is None else file.relative_to(base).as_posix(): sha256(file.read_bytes()).hexdigest()
        for file in files
    }
