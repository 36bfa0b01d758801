"""Tidy tables: the derived columns of both forms, as lazy polars pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.schemas.signs import red_flag_any

if TYPE_CHECKING:
    from collections.abc import Sequence

# Nights out of 30 that each rung of the year's ladder stands for.
LADDER = {
    "never": (0, 0), "few_a_year": (0, 1), "monthly": (1, 3), "weekly": (3, 8), "several_a_week": (8, 20),
    "most_nights": (15, 29), "every_night": (27, 30),
}  # fmt: skip
NIGHT = ["participant_id", "night_index"]
# What is known of the nights before, by how many nights: column and the name it then has.
LAGGED = {
    1: {"sleep_loss_h": "sleep_loss_prev_h", "stress_0_10": "stress_prev", "caffeine_mg": "caffeine_prev_mg",
        "alcohol_g": "alcohol_prev_g", "midsleep_h": "midsleep_1"},
    2: {"sleep_loss_h": "loss_2", "midsleep_h": "midsleep_2"},
    3: {"sleep_loss_h": "loss_3", "midsleep_h": "midsleep_3"},
    4: {"midsleep_h": "midsleep_4"},
    5: {"midsleep_h": "midsleep_5"},
}  # fmt: skip
# What is centred within and between persons: the five exposures, and what is adjusted for with them.
CENTRED = (
    "caffeine_mg", "caffeine_after_14_mg", "caffeine_before_14_mg", "alcohol_g", "stress_0_10",
    "late_vigorous_exercise", "sleep_loss_prev_h",
)  # fmt: skip


def tidy_participants(participants: pl.LazyFrame) -> pl.LazyFrame:
    """Add the derived columns of one row a respondent.

    Sums are null where an item is; `sleep_loss_usual_h` below 0 is a surplus; `jerk_nights_lo` and `_hi` are the
    nights answered, or else the band of the yearly ladder over 30 nights; `jerk_frequency` is
    the rung of that ladder, from 0. What the publishable form has computed already is taken from there.
    """
    there = participants.collect_schema().names()
    flags = pl.col("red_flags") if "red_flags" in there else pl.lit(None, pl.List(pl.String))
    computed = {
        "audit_c_total": _total("audit_c_q1", "audit_c_q2", "audit_c_q3"),
        "red_flag_any": red_flag_any(flags, there),
    }
    low, high = ({level: band[end] for level, band in LADDER.items()} for end in (0, 1))
    rung = pl.col("jerk_freq_12mo").cast(pl.String)
    features = pl.col("rls_features")
    medicines = pl.col("med_classes")
    return participants.with_columns(
        sleep_loss_usual_h=pl.col("sleep_need_h") - pl.col("sleep_usual_h"),
        alcohol_usual_g_day=pl.col("alcohol_usual_g_wk") / 7,
        exercise_vigorous_min_day=pl.col("exercise_vigorous_min_wk") / 7,
        jerk_nights_lo=pl.coalesce("jerk_nights_30d", rung.replace_strict(low, default=None, return_dtype=pl.Int64)),
        jerk_nights_hi=pl.coalesce("jerk_nights_30d", rung.replace_strict(high, default=None, return_dtype=pl.Int64)),
        jerk_frequency=rung.replace_strict(
            {level: n for n, level in enumerate(LADDER)}, default=None, return_dtype=pl.Int64
        ),
        gad2_total=_total("gad2_q1", "gad2_q2"),
        phq2_total=_total("phq2_q1", "phq2_q2"),
        any_nicotine=pl.col("nicotine_use") != "none",
        ssri_snri=medicines.list.contains("ssri_snri"),
        stimulant=medicines.list.contains("stimulant"),
        rls_probable=pl.all_horizontal(
            features.list.contains(feature)
            for feature in ("urge_to_move", "worse_at_rest", "eased_by_moving", "worse_evening")
        )
        & ~features.list.contains("explained_by_cramp_or_posture"),
        twitch_class=_twitch_class(flags),
        **{name: made for name, made in computed.items() if name not in there},
    )


def tidy_nights(nights: pl.LazyFrame, participants: pl.LazyFrame) -> pl.LazyFrame:
    """Add the derived columns of one row a person-night, and the participant's need of sleep.

    A night before is the night with the index before; where it is absent, what hangs on it is null. Time asleep
    counts `waso_min` as 0 where the file has no such column.
    """
    needs = participants.select("participant_id", "sleep_need_h")
    known = nights.join(needs, on="participant_id", how="left", maintain_order="left")
    derived = derived_nights(known, _or_zero("waso_min"))
    for lag, names in LAGGED.items():
        lagged = (pl.col(column).alias(name) for column, name in names.items())
        before = derived.select("participant_id", pl.col("night_index") + lag, *lagged)
        derived = derived.join(before, on=NIGHT, how="left", maintain_order="left")
    return completed_nights(derived)


def derived_nights(nights: pl.LazyFrame, waso: pl.Expr) -> pl.LazyFrame:
    """Add what hangs on a night alone, where its participant's `sleep_need_h` is known.

    `waso` are the minutes awake after sleep began.
    """
    awake = pl.col("sol_min") + waso
    found = nights.with_columns(
        any_jerk=pl.col("jerk_count") > 0,
        caffeine_before_14_mg=pl.col("caffeine_mg") - pl.col("caffeine_after_14_mg"),
        caffeine_gap_h=pl.col("bed_clock_h") - pl.col("caffeine_last_clock_h"),
        exercise_gap_h=pl.col("bed_clock_h") - pl.col("exercise_end_clock_h"),
        strength_training=pl.col("exercise_type") == "strength",
        tst_h=pl.col("wake_clock_h") - pl.col("bed_clock_h") - awake / 60,
        midsleep_h=(pl.col("bed_clock_h") + pl.col("sol_min") / 60 + pl.col("wake_clock_h")) / 2,
        onset_opportunities=1 + pl.col("awakenings_n"),
    )
    return found.with_columns(
        late_vigorous_exercise=_late_vigorous(), sleep_loss_h=pl.col("sleep_need_h") - pl.col("tst_h")
    )


def completed_nights(lagged: pl.LazyFrame) -> pl.LazyFrame:
    """Add what hangs on the nights before, which are there in the columns of `LAGGED`, and on the person's means."""
    middles, losses = [f"midsleep_{lag}" for lag in range(1, 6)], ["sleep_loss_prev_h", "loss_2", "loss_3"]
    counts = {"slept_n": middles, "lost_n": losses}
    known = lagged.with_columns(
        pl.sum_horizontal(pl.col(names).is_not_null()).cast(pl.Float64).alias(count) for count, names in counts.items()
    )
    # A step of its own for the mean and the distances: in one expression, each is computed once for each use.
    mean = known.with_columns(midsleep_mean=pl.sum_horizontal(middles) / pl.col("slept_n"))
    apart = mean.with_columns(pl.col(middles) - pl.col("midsleep_mean"))
    squares = pl.sum_horizontal(pl.col(name) * pl.col(name) for name in middles)
    found = apart.with_columns(
        sleep_debt_3n_h=pl.when(pl.col("lost_n") >= 2).then(pl.sum_horizontal(losses) / pl.col("lost_n")),
        midsleep_sd_prior5_h=pl.when(pl.col("slept_n") >= 4).then((squares / (pl.col("slept_n") - 1)).sqrt()),
    )
    return _centred(found.drop("loss_2", "loss_3", *middles, *counts, "midsleep_mean"), CENTRED)


def _centred(nights: pl.LazyFrame, names: Sequence[str]) -> pl.LazyFrame:
    """Split each column into the person's mean over answered nights and the distance from it."""
    answered = pl.col("jerk_count").is_not_null()
    # What is not averaged is blanked first: a filter within persons takes nine times as long.
    blanked = {f"{name}_between": pl.when(answered).then(pl.col(name).cast(pl.Float64)) for name in names}
    means = nights.with_columns(**blanked).with_columns(pl.col(*blanked).mean().over("participant_id"))
    return means.with_columns(
        (pl.col(name).cast(pl.Float64) - pl.col(f"{name}_between")).alias(f"{name}_within") for name in names
    )


def _or_zero(name: str) -> pl.Expr:
    """Give a column, or 0 in every row where no file has it: then it is null throughout."""
    return pl.when(pl.col(name).is_null().all()).then(0).otherwise(pl.col(name))


def _total(*items: str) -> pl.Expr:
    return pl.sum_horizontal(*items, ignore_nulls=False)


def _late_vigorous() -> pl.Expr:
    """Tell whether exercise was vigorous and ended 2 h or less before bed; 0 where there was none."""
    vigorous = pl.col("exercise_intensity") == "vigorous"
    return ((pl.col("exercise_min") > 0) & vigorous & (pl.col("exercise_gap_h") <= 2)).cast(pl.Int8)


def _twitch_class(flags: pl.Expr) -> pl.Expr:
    """Give the report category, which is no diagnosis; the first that fits. Signs are never published."""
    states, pattern = pl.col("movement_states"), pl.col("movement_pattern")
    told = states.list.contains("asleep_told_by_other")
    return (
        pl.when(flags.list.contains("lost_awareness") | flags.list.contains("tongue_bite_or_wet_bed"))
        .then(pl.lit("unclassified_see_clinician"))
        .when(pattern == "sustained_posture")
        .then(pl.lit("sustained_other"))
        .when((pattern == "regular_5_90_s") & told)
        .then(pl.lit("possible_plm"))
        .when(pattern == "skin_flicker_no_limb_move")
        .then(pl.lit("fasciculation_like"))
        .when(pattern.is_in(["single_isolated", "irregular_cluster"]) & states.list.contains("drifting_off"))
        .then(pl.lit("hypnic_jerk"))
        .otherwise(pl.lit("unclassified"))
    )
