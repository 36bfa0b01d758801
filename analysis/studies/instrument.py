"""One way in which people were asked, with everything that a study says of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from hypnic.analysis.studies.asked import Asked, Share
from hypnic.analysis.studies.estimands import Design, Estimand

Outcome = str | tuple[str, str]  # the column that `fit` explains, or a pair of columns
# Where each level of a choice goes when fewer than ten people have it: first choice first, in the order they are tried.
Pools = Mapping[str, tuple[str, ...]]


class Phrase(NamedTuple):
    """How one comparison is said: in a figure's label, and as the subject of a sentence; `{}` is the step.

    `dose` is the unit of the exposure's own column; empty where it is yes or no.
    """

    label: str
    subject: str
    dose: str = ""


class Average(NamedTuple):
    """What the answers of an ordered outcome stand for, lowest first; a row of results names it by `outcome`."""

    outcome: str
    variant: str
    values: tuple[float, ...]


class Imputes(NamedTuple):
    """How a survey with a design fills gaps: among whom (a 0/1 column), and with the weight of all of them."""

    among: str
    weights: str


class Counted(NamedTuple):
    """What an answer is counted in: `times` the difference of an `outcome` are `things`, "6 more jerks in 100 nights".

    `outcome` names the difference in the table of estimates.
    """

    outcome: str
    times: float
    things: str


class Headline(NamedTuple):
    """How an instrument's answer is said in plain words: what it is counted in, and for each exposure what is compared.

    `usual` says how common it is, so that a difference has something to stand next to: `{}` is the average of what is
    counted. Where frequent answers alone do not show what is found, it is told in what is counted `instead`; its
    average is a second `{}`.
    """

    counted: Counted
    changes: Mapping[str, str]
    usual: str
    instead: Counted | None = None
    steps: Mapping[str, str] = {}  # each change in a few words

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Name the differences that it may be told in."""
        return tuple(one.outcome for one in (self.counted, self.instead) if one)


class Recalls(NamedTuple):
    """An exposure recalled for one or two days: its amounts, their weekdays, which of these are a weekend.

    `power` makes amounts near normal.
    """

    amounts: tuple[str, str]
    weekdays: tuple[str, str]
    weekend: tuple[int, ...]
    power: float


class Style(NamedTuple):
    """How an instrument looks in a figure: a colour of the palette, and matplotlib's name of a marker."""

    colour: str
    marker: str


@dataclass(frozen=True)
class Interaction:
    """One question: whether the ratio of an exposure differs by a modifier, one `step` of it, worded in `unit`.

    `level` makes a yes or no of a choice. `joint` says that zero of the modifier is a real zero, so that both together
    can be compared with neither (RERI). `weights` replaces those of the estimand where the modifier was asked of fewer.
    """

    exposure: str
    modifier: str
    unit: str
    step: float = 1
    level: str | None = None
    joint: bool = True
    weights: str | None = None


class Control(NamedTuple):
    """Another outcome of the same people, cut as the study's own is: both are 0/1 columns of the set."""

    name: str
    outcome: str
    control: str


class Standing(NamedTuple):
    """What a control can tell of an exposure, and why: `negative` where neither is held to lead to the other.

    `source` is who published what the reason says.
    """

    kind: Literal["negative", "positive", "unclear"]
    reason: str
    source: str = "our judgement; no source"


def neighbours(*levels: str) -> Pools:
    """Let a rare level of an ordered choice join the nearest one, the later of two that are as near.

    >>> neighbours("young", "middle", "old")["middle"]
    ('old', 'young')
    """
    places = range(len(levels))
    nearest = {at: sorted(places, key=lambda other, at=at: (abs(other - at), -other))[1:] for at in places}  # type: ignore[misc]
    return {levels[at]: tuple(levels[other] for other in others) for at, others in nearest.items()}


@dataclass(frozen=True)
class Instrument:
    """A diary, a survey, an interview: its estimands, its outcomes and its words.

    `estimands` are all frozen rows in the order of the report; `restated` those that ask the same comparison by
    another model, outcome or weight; `claimed` what popular claims name beyond them, asked in interactions alone;
    `asked` and `said` are all else that claims speak of: ratios, differences and shares. `outcomes` names the columns
    that an outcome is explained by, where they differ from the outcome of the set. `difference_units` are the
    outcomes' own units; `averages` say what answers in order stand for; `imputes` says how gaps are filled under a
    survey's design; `recalls` are exposures that were recalled for single days; `codings` name, in words, the
    outcomes that are other codings of the same answers; `titles` name exposures that are called otherwise here.
    `windows` are other columns that an exposure may be measured in, each with what it contains. `headline` says how
    its answer is put in plain words. `pooling` says for each choice that is adjusted for where its rare levels go.
    `restated_words` are the words for `restated`, each line a paragraph.
    `controls` are other outcomes that are compared with the study's own, and `standings` say what each can tell.
    `leaves_out` names analyses of its design that are not run, with the reason.
    """

    name: str
    title: str
    design: Design
    times: str  # what a ratio is a multiple of, in a sentence
    estimands: tuple[Estimand, ...]
    phrases: Mapping[str, Phrase]
    style: Style
    restated: tuple[Estimand, ...] = ()
    restated_words: str = ""
    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    difference_units: Mapping[str, str] = field(default_factory=dict)
    averages: tuple[Average, ...] = ()
    imputes: Imputes | None = None
    recalls: Mapping[str, Recalls] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    codings: Mapping[str, str] = field(default_factory=dict)
    knots: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    spiked: frozenset[str] = frozenset()
    claimed: tuple[Estimand, ...] = ()
    asked: tuple[Asked, ...] = ()
    said: tuple[Share, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    windows: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    headline: Headline | None = None
    pooling: Mapping[str, Pools] = field(default_factory=dict)
    controls: tuple[Control, ...] = ()
    standings: Mapping[tuple[str, str], Standing] = field(default_factory=dict)  # of an exposure and a control's name
    leaves_out: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)  # names of columns, exposures and outcomes

    @property
    def primary(self) -> tuple[Estimand, ...]:
        """Give the primary estimands."""
        return tuple(row for row in self.estimands if row.role == "primary")
