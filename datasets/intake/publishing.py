"""The publishable form of a checked folder: what INSTRUMENT's column "released" says, under new random tokens.

The rules stand with the columns (`hypnic.schemas.column.Released`). Nothing that was taken away can be found in the
result: other raw answers in its place give the same bytes, as long as they are as rare.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.datasets.checking.context import in_context
from hypnic.datasets.intake.account import account_of
from hypnic.datasets.intake.classes import KEY, known_by, people_of, telling
from hypnic.datasets.intake.hiding import hidden
from hypnic.schemas import FEWEST_PERSONS, PUBLISHED, TABLES, columns, conditions
from hypnic.schemas.column import EXCLUSIVE
from hypnic.schemas.published import COMPUTED, LONGEST_DIARY, NEVER_WITHHELD
from hypnic.schemas.released import WITHHELD, WITHHELD_CODE
from hypnic.schemas.rules import split
from hypnic.schemas.signs import red_flag_any

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping

    from hypnic.datasets.intake.classes import Tables
    from hypnic.schemas import Column

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


class Publication(NamedTuple):
    """The tables in publishable form, and for the sender alone what was taken away: `column, reason, people, cells`."""

    tables: dict[str, pl.DataFrame]
    account: pl.DataFrame


def publishable(
    tables: Mapping[str, pl.DataFrame], others: Iterable[Tables] = (), rng: random.Random | None = None
) -> Publication:
    """Make the publishable form of the tables of a checked folder.

    Parameters
    ----------
    tables
        Raw typed frames by name: `participants`, and `nights` where there is a diary; `withdrawals` (`code_hash`,
        `participant_id`) where people have codes, which stay theirs.
    others
        The tables, in publishable form, of every submission that is accepted in the same data state.
    rng
        Where tokens and choices are drawn from; without it, the operating system's secure source.

    Returns
    -------
    Publication
        The same tables in publishable form, sorted by the new tokens; and the account of what was taken away.

    Raises
    ------
    HypnicError
        Somebody cannot be hidden among five people who kept a diary, or did not, as they did.

    Examples
    --------
    >>> import random
    >>> from hypnic.datasets.checking.opened import open_table
    >>> from hypnic.datasets.loading import data_folder
    >>> people = open_table(data_folder() / "demo" / "participants.csv").cast.frame
    >>> tables, account = publishable({"participants": people}, rng=random.Random(1))
    >>> tables["participants"].height, "red_flags" in tables["participants"].columns
    (1200, False)

    """
    rng = rng or secrets.SystemRandom()
    accepted = list(others)
    raw = tables["participants"]
    kept = {"participants": raw}
    if "nights" in tables:
        kept["nights"] = _as_far_as_ten(tables["nights"])
    before = [other["participants"] for other in accepted]
    people = _released(raw, "participants", [frame for frame in before if "med_classes" in frame.columns])
    people, alike = _coarsened(kept | {"participants": people}, accepted, rng)
    done = {"participants": people}
    if "nights" in kept:
        done["nights"] = _possible(_released(kept["nights"], "nights", []), people)
    account = account_of(tables, kept, done, alike)
    tokens = _tokens(raw[KEY].to_list(), before, rng)
    renamed = {name: frame.with_columns(pl.col(KEY).replace_strict(tokens)) for name, frame in done.items()}
    if "withdrawals" in tables:
        renamed["withdrawals"] = tables["withdrawals"].with_columns(pl.col(KEY).replace_strict(tokens))
    order = {"participants": [KEY], "nights": [KEY, "night_index"], "withdrawals": ["code_hash"]}
    return Publication({name: frame.sort(order[name]) for name, frame in renamed.items()}, account)


def _tokens(known: list[str], others: Iterable[pl.DataFrame], rng: random.Random) -> dict[str, str]:
    """Draw a new token for each of these, that nobody has."""
    taken = {*known, *(token for frame in others for token in frame[KEY])}
    drawn: dict[str, str] = {}
    for token in known:
        while (fresh := "p_" + "".join(rng.choice(ALPHABET) for _ in range(16))) in taken:
            pass
        taken.add(fresh)
        drawn[token] = fresh
    return drawn


def _released(frame: pl.DataFrame, table: str, accepted: list[pl.DataFrame]) -> pl.DataFrame:
    """Round, top, merge and compute a table's columns, and leave out those that are never published."""
    made = frame.with_columns(_computed(frame.columns))
    facts, after = columns(TABLES[table]), columns(PUBLISHED[table])
    cells = []
    for name, column in after.items():
        if name not in made.columns:
            continue
        cell = pl.col(name)
        if name in facts:
            cell = _numeric(cell, facts[name]) if column.kind in {"integer", "number"} else cell.cast(pl.String)
            if facts[name].released.merged:
                cell = _merged(cell, facts[name])
            if facts[name].released.rare:
                cell = _without_rare(cell, facts[name], [made, *accepted])
        cells.append(cell.cast(column.raw_dtype).alias(name))
    return made.select(cells)


def _computed(there: list[str]) -> Iterable[pl.Expr]:
    """Compute what stands for answers that are not published."""
    if "red_flags" in there:
        signs = pl.when(pl.col("red_flags") != "refused").then(split("red_flags"))
        told = red_flag_any(signs, there)
        words = pl.when(told).then(pl.lit("true")).when(~told).then(pl.lit("false"))
        refused = pl.when(pl.col("red_flags") == "refused").then(pl.lit("-9"))
        yield words.otherwise(refused).alias(COMPUTED["red_flags"].name)
    items = [name for name in ("audit_c_q1", "audit_c_q2", "audit_c_q3") if name in there]
    if items:
        least = pl.min_horizontal(items)
        total = pl.sum_horizontal(items, ignore_nulls=False) if len(items) == 3 else pl.lit(None, pl.Int64)
        yield pl.when(least < 0).then(least).otherwise(total).alias(COMPUTED["audit_c_q1"].name)


def _numeric(cell: pl.Expr, column: Column) -> pl.Expr:
    """Bring a number to the nearest step, one above zero to the first at least, and to the top; codes stay."""
    rule, done = column.released, cell
    if rule.step:
        done = ((cell / rule.step) + 0.5).floor() * rule.step
        done = pl.when(cell > 0).then(done.clip(lower_bound=rule.step)).otherwise(done)
    if rule.top:
        done = done.clip(upper_bound=rule.top)
    return pl.when(cell < 0).then(cell).otherwise(done)


def _merged(cell: pl.Expr, column: Column) -> pl.Expr:
    """Give words of a cell their other name; whose words all go has none of those that are published."""
    return _words(cell, {word: to or None for word, to in column.released.merged})


def _without_rare(cell: pl.Expr, column: Column, frames: list[pl.DataFrame]) -> pl.Expr:
    """Give the words that fewer than ten people have their common name."""
    alone = {*EXCLUSIVE, *column.missing_words}
    counts = dict.fromkeys((word for word in column.options if word not in alone), 0)
    for frame in frames:
        words = frame.select(split(column.name).explode()).to_series()
        for word, count in words.value_counts().drop_nulls().iter_rows():
            if word in counts:
                counts[word] += count
    few = [word for word, count in counts.items() if count < FEWEST_PERSONS]
    return _words(cell, dict.fromkeys(few, column.released.rare))


def _words(cell: pl.Expr, names: Mapping[str, str | None]) -> pl.Expr:
    listed = cell.str.split("|").list.eval(pl.element().replace(names).drop_nulls().unique().sort()).list.join("|")
    return pl.when(listed == "").then(pl.lit("none")).otherwise(listed)


def _coarsened(tables: Tables, others: list[Tables], rng: random.Random) -> tuple[pl.DataFrame, list[str]]:
    """Coarsen who is one of few; give the columns whose answers were withheld, too."""
    people = tables["participants"]
    looks, alike = hidden(people_of(tables), [person for other in others for person in people_of(other)], rng)
    after = columns(PUBLISHED["participants"])
    cells = [
        pl.Series(column.name, [look[place] or None for look in looks], dtype=after[column.name].raw_dtype)
        for place, column in enumerate(known_by())
        if column.name in people.columns
    ]
    done = people.with_columns(cells)
    if not alike:
        return done, []
    marked = pl.Series([row in alike for row in range(people.height)])
    names = [column.name for column in telling() if column.name in people.columns]
    withheld = (pl.when(~marked).then(pl.col(name)).otherwise(pl.lit(WITHHELD)).alias(name) for name in names)
    return done.with_columns(withheld), names


def _as_far_as_ten(nights: pl.DataFrame) -> pl.DataFrame:
    """Cut diaries where fewer than ten go on: how long somebody goes on is a fingerprint."""
    last = nights.group_by(KEY).agg(pl.col("night_index").max())["night_index"]
    reached = [night for night in range(LONGEST_DIARY, 29) if (last >= night).sum() >= FEWEST_PERSONS]
    return nights.filter(pl.col("night_index") <= max([LONGEST_DIARY, *reached]))


def _possible(nights: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Withhold the cells that rounding has made impossible, such as waking before falling asleep."""
    model, facts = PUBLISHED["nights"], columns(PUBLISHED["nights"])
    joined = in_context(nights, [people])
    for condition in conditions(model):
        name = condition.clause.column
        if condition.level != "error" or name in NEVER_WITHHELD or not condition.runs_on(joined.columns):
            continue
        broken = joined.select(~condition.clause.holds.fill_null(True)).to_series()
        if broken.any():
            code = WITHHELD_CODE if facts[name].kind in {"integer", "number"} else WITHHELD
            joined = joined.with_columns(
                pl.when(~broken).then(pl.col(name)).otherwise(pl.lit(code)).cast(facts[name].raw_dtype).alias(name)
            )
    return joined.select(nights.columns)
