"""The clocks of one night: when it can be, which clock to suspect where it cannot, and how to say a time."""

from __future__ import annotations

import polars as pl

from hypnic.schemas.rules import Clause, answer

AWAKE = frozenset({"waso_min"})
CLOCK_HINT = "look at bed_clock_h, sol_min and wake_clock_h: 25.0 is 01:00, 31.0 is 07:00"
bed, wake = answer("bed_clock_h"), answer("wake_clock_h")
# A file without waso_min, an extended column, counts no time awake.
awake_h = pl.sum_horizontal(answer("sol_min"), pl.col("^waso_min$").clip(lower_bound=0)) / 60
asleep_h = wake - bed - awake_h
wakes_after_falling_asleep = wake > bed + answer("sol_min") / 60
possible = (asleep_h > 0) & (asleep_h <= 16)


def twelve_hours_off() -> tuple[Clause, ...]:
    """Name the clock that, moved by 12 h within its range, repairs the night, where no other move does.

    Adding 12 to bed_clock_h never is such a move: from 12:00 to any waking before 28.0 are less than 16 hours.
    """
    too_short = (asleep_h > -12) & (asleep_h <= 0)
    too_long = (asleep_h > 16) & (asleep_h <= 28)
    repairs = {
        ("bed_clock_h", "take off 12"): too_short & (bed >= 24) & (wake > 36),
        ("wake_clock_h", "add 12"): too_short & (wake <= 36) & (bed < 24),
        ("wake_clock_h", "take off 12"): too_long & (wake >= 28) & (bed > 24),
    }
    return tuple(
        Clause(
            column,
            ~repair,
            f"am_pm_suspect: {column} looks 12 hours off",
            f"{what} hours, if the night allows it",
            optional=AWAKE,
        )
        for (column, what), repair in repairs.items()
    )


def both_off(shift: pl.Expr) -> Clause:
    """Name a night that lies in the afternoon, as it does where both clocks were read off a twelve-hour clock.

    `shift` is the participant's shift pattern: who works at night sleeps so, and is left alone.
    """
    afternoon = bed.is_between(12, 18) & wake.is_between(16, 24) & asleep_h.is_between(2, 13)
    return Clause(
        "bed_clock_h",
        ~(afternoon & shift.cast(pl.String).ne_missing("night")),
        "am_pm_suspect: bed_clock_h and wake_clock_h both look 12 hours off",
        "add 12 to both if it was a night, as 24.5 is 00:30 and 31.0 is 07:00; leave them if that sleep was by day",
        optional=AWAKE,
    )


def afternoons(shift: pl.Expr) -> tuple[Clause, ...]:
    """Name the last caffeine, or the end of exercise, from one to half past six: on a clock of twelve, the afternoon.

    Who works at night, as `shift` says, may well drink coffee then. It is a hint of this check: the instrument has no
    rule of it, so it has a word in place of a number, and no code or flag comes of it.
    """
    return tuple(
        Clause(
            column,
            ~(answer(column).is_between(1, 6.5, closed="left") & shift.cast(pl.String).ne_missing("night")),
            f"am_pm_suspect: {column} looks 12 hours off",
            "add 12 hours if it was in the afternoon, as 15.0 is 15:00; leave it if it was early in the morning",
        )
        for column in ("caffeine_last_clock_h", "exercise_end_clock_h")
    )


def time_of_day(clock_h: float) -> str:
    """Say hours since 00:00 of the diary day as a clock does.

    >>> time_of_day(31.25)
    '07:15 (next day)'
    """
    hours, minutes = divmod(round(clock_h * 60), 60)
    return f"{hours % 24:02}:{minutes:02}" + ("", " (next day)", " (the day after)")[hours // 24]
