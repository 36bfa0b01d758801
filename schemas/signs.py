"""Whether anything was ticked that is worth showing to a doctor: the one sign that is published of many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Collection

OFTEN = ("several_a_week", "most_nights", "every_night")
TROUBLING = ("delays_sleep", "fear_of_sleep")
NO_SIGN = ("none", "spreading", "refused")


def red_flag_any(flags: pl.Expr, there: Collection[str]) -> pl.Expr:
    """Tell whether any sign was ticked, of a table that has the columns `there`; unknown where it was not answered.

    `flags` are the ticked words as a list. `spreading` counts only for a flicker that moves no limb; jerks that delay
    sleep and come several times a week count too. Other columns may be as typed, or clean.
    """
    words = flags.cast(pl.List(pl.String))
    ticked = words.list.set_difference(list(NO_SIGN)).list.len() > 0
    pattern, impact, often = "movement_pattern", "jerk_sleep_impact", "jerk_freq_12mo"
    found = ticked
    if pattern in there:
        found |= words.list.contains("spreading") & (pl.col(pattern).cast(pl.String) == "skin_flicker_no_limb_move")
    if impact in there:
        found |= _is(impact, TROUBLING) & _is(often, OFTEN)
    return found


def _is(column: str, words: Collection[str]) -> pl.Expr:
    return pl.col(column).cast(pl.String).is_in(words)
