"""Who can be told apart in published answers by what somebody knows: who people are, or three of their nights."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from hypnic.datasets.intake.classes import known_by
from hypnic.datasets.intake.coarsening import Ladder
from hypnic.schemas import TABLES, Nights, columns
from hypnic.schemas.column import WITHHELD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Tables = Mapping[str, pl.DataFrame]
    Marks = NDArray[np.bool_]

KEY = "participant_id"
NEIGHBOUR = (*(column.name for column in known_by()), "recruitment_source")
CLOCKS = ("bed_clock_h", "wake_clock_h")
AMOUNTS = ("caffeine_mg", "alcohol_g", *CLOCKS)
KNOWN_NIGHTS = (3, 4, 5)


class Shares(NamedTuple):
    """The share of people whose record is the only one that fits, and the chance to pick theirs among those that do."""

    alone: float
    chance: float


def by_who_they_are(raw: Tables, seen: Tables, names: Mapping[str, str], *, diary: bool = False) -> Shares:
    """Link by age, sex, country, shift work and how they were found; `names` gives each person's token in `seen`.

    Whatever a word may have become fits: the one who looks knows the rules. With `diary` it is known too who has
    nights.
    """
    people, records = raw["participants"], seen["participants"]
    fits = np.ones((people.height, records.height), dtype=np.bool_)
    for column in NEIGHBOUR:
        if column in people.columns and column in records.columns:
            words = [_becomes(column, word) for word in people[column].cast(pl.String).fill_null("")]
            cells = records[column].cast(pl.String).fill_null(WITHHELD if records is not people else "").to_list()
            fits &= np.array([[cell in of for cell in cells] for of in words])
    if diary:
        kept, shown = ([token in set(one["nights"][KEY]) for token in one["participants"][KEY]] for one in (raw, seen))
        fits &= np.array(kept)[:, None] == np.array(shown)[None, :]
    return _shares(fits, people[KEY].to_list(), records[KEY].to_list(), names)


def by_three_nights(
    raw: Tables, seen: Tables, names: Mapping[str, str], known: Sequence[str] = AMOUNTS, off: float = 0.0
) -> Shares:
    """Link by what somebody knows of three nights in a row, give or take a part `off` of each number."""
    diaries, records = _nights(raw, known), _nights(seen, known)
    shared = sorted(set(diaries) & {name for name, token in names.items() if token in records})
    tokens = sorted(records)
    facts = columns(Nights)
    reach = np.array([(facts[name].released.step or 0) for name in known]) / 2
    tops = np.array([facts[name].released.top or np.inf for name in known])
    seen_all = np.array([records[token] for token in tokens])
    marks = []
    for name in shared:
        mine = np.minimum(diaries[name], tops)
        near = np.abs(seen_all - mine) <= np.maximum(reach, off * np.abs(mine)) + 1e-9
        marks.append((near | np.isnan(seen_all) | np.isnan(mine)).all(axis=(1, 2)))
    return _shares(np.array(marks), shared, tokens, names)


def published_names(tables: Tables) -> dict[str, pl.DataFrame]:
    """Add a list by which each person's new token can be found again: the one thing that nobody keeps."""
    people = tables["participants"][KEY]
    return {**tables, "withdrawals": pl.DataFrame({"code_hash": people, KEY: people})}


def names_of(published: Tables) -> dict[str, str]:
    """Give the new token of each old one, from such a list."""
    return dict(published["withdrawals"].select("code_hash", KEY).iter_rows())


def _becomes(column: str, word: str) -> set[str]:
    """Give all that a word may be in published answers."""
    facts = columns(TABLES["participants"])[column]
    ladder = Ladder(tuple(map(dict, facts.released.coarser)), facts.released.end)
    return {word, WITHHELD, *(ladder.up(word, level) for level in range(len(ladder.rungs) + 2))}


def _nights(tables: Tables, known: Sequence[str]) -> dict[str, NDArray[np.float64]]:
    """Give the known numbers of three nights of each diary that has them: (3, k), nan where there is no number."""
    three = tables["nights"].filter(pl.col("night_index").is_in(KNOWN_NIGHTS)).sort(KEY, "night_index")
    numbers = (pl.when(pl.col(name) >= 0).then(pl.col(name).cast(pl.Float64)).alias(name) for name in known)
    return {
        str(token): rows.select(known).to_numpy().astype(np.float64)
        for (token,), rows in three.select(KEY, *numbers).group_by(KEY, maintain_order=True)
        if rows.height == len(KNOWN_NIGHTS)
    }


def _shares(fits: Marks, people: Sequence[str], tokens: Sequence[str], names: Mapping[str, str]) -> Shares:
    """Judge each person's candidates; a person whose own record does not fit is not found at all."""
    place = {token: n for n, token in enumerate(tokens)}
    mine = [place.get(names[name]) for name in people]
    own = np.array([at is not None and row[at] for row, at in zip(fits, mine, strict=True)])
    sizes = fits.sum(axis=1)
    return Shares(float((own & (sizes == 1)).mean()), float((own / np.maximum(sizes, 1)).mean()))
