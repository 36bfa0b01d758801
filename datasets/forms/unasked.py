"""Core columns that a person's own diary never asked about: filled with what says so, unless a column may be theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.schemas import TABLES, columns

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN = "-8"  # -7 is of one who was not asked by routing: here everybody should have been
NOT_ASKED = "some core columns are in no column that is known: was nobody asked about them?"
# What somebody may well keep no record of: not the night itself, nor its jerks, nor consent.
FILLED = {
    "nights": (
        "caffeine_mg", "caffeine_after_14_mg", "alcohol_g", "stress_0_10", "exercise_min", "exercise_intensity",
        "exercise_end_clock_h", "sol_min",
    ),
    "participants": (
        "caffeine_usual_mg", "alcohol_usual_g_wk", "stress_usual_0_10", "exercise_vigorous_min_wk", "sleep_need_h",
        "sleep_usual_h",
    ),
}  # fmt: skip
# What follows where another column is 0, by the instrument's rules N03, N06, N10 and N12.
NONE = ("0", "no")
FOLLOWS = {
    "jerk_freq_12mo": ("jerk_ever", "never"),
    "jerk_nights_30d": ("jerk_ever", "0"),
    "caffeine_after_14_mg": ("caffeine_mg", "0"),
    "exercise_intensity": ("exercise_min", "none"),
    "exercise_end_clock_h": ("exercise_min", "-7"),
    "exercise_type": ("exercise_min", "none"),
    "waso_min": ("awakenings_n", "0"),
    "jerk_intensity_0_4": ("jerk_count", "0"),
    "jerk_reporter": ("jerk_count", "none"),
}


def unasked(table: str, frame: pl.DataFrame) -> list[str]:
    """Give the core columns that a table lacks and may be filled."""
    return [name for name in FILLED[table] if name not in frame.columns]


def with_unasked(
    table: str, frame: pl.DataFrame, answer: str | None, *, strangers: bool
) -> tuple[pl.DataFrame, list[str]]:
    """Fill core columns that a person's own table never asked, unless a column of it may be one of them; say so.

    `strangers` tells whether it has columns that nobody knows, and `answer` what a map says of them: `yes` or `no`.
    """
    names = unasked(table, frame)
    if not names or answer == "no":
        return frame, []
    listed = ", ".join(names)
    if strangers and answer != "yes":
        way = (
            "if a column left out asks it, name that in a map (--map MAP.toml); if nobody was asked, type there"
            f' not_asked = "yes" under [readings], and {UNKNOWN} (do not know) is filled in'
        )
        return frame, [f"no column for {listed}: {way}"]
    said = f"filled: {UNKNOWN} (do not know) in every row of {listed}, as the table does not ask it"
    if others := {FOLLOWS[name][0] for name in names if name in FOLLOWS} & set(frame.columns):
        said += f"; where {' or '.join(sorted(others))} is 0, what follows from that"
    return filled(table, frame, names), [said]


def not_found(table: str, frame: pl.DataFrame) -> list[str]:
    """Say which core columns an export has not, and where one can say which of its questions asks them."""
    core = (name for name, facts in columns(TABLES[table]).items() if facts.tier == "core")
    names = ", ".join(name for name in core if name not in frame.columns)
    way = "if a column that was left out asks one of them, name it in a map (--map MAP.toml)"
    return [f"no column for {names}: {way}"] if names else []


def filled(table: str, frame: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """Fill columns that nobody was asked about with -8, or with what follows from the answer to another.

    Where that other answer could not be read, a cell stays blank, for `hypnic check` to tell.

    >>> frame = pl.DataFrame({"participant_id": ["p", "p", "p"], "exercise_min": ["0", "30", None]})
    >>> filled("nights", frame, ["exercise_intensity"])["exercise_intensity"].to_list()
    ['none', '-8', None]
    """
    for name in names:
        other, follows = FOLLOWS.get(name, ("", ""))
        cell = pl.lit(UNKNOWN)
        if other in frame.columns:
            cell = (
                pl.when(pl.col(other).is_in(list(NONE)))
                .then(pl.lit(follows))
                .when(pl.col(other).is_not_null())
                .then(cell)
            )
        frame = frame.with_columns(cell.alias(name))
    return frame.select(name for name in columns(TABLES[table]) if name in frame.columns)
