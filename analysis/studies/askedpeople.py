"""What claims ask of the survey besides its frozen rows: different people against each other, and shares of them."""

from __future__ import annotations

import polars as pl

from hypnic.analysis.studies.asked import Asked, Share, holds, yes
from hypnic.analysis.studies.estimands import Estimand

PERSON = ("age_band", "sex_at_birth", "shift_pattern", "any_nicotine")
HELD, MOOD = ("stress_usual_0_10",), ("gad2_total", "phq2_total")
JERKERS = pl.col("jerk_ever") == "yes"


def _person(  # noqa: PLR0913 -- what an estimand is made of
    exposure: str, column: str, step: float, unit: str, *adjustment: str, outcome: str = "jerk_nights_30d",
    variant: str = "main", without: tuple[str, ...] = (),
) -> Estimand:  # fmt: skip
    family, covariance = ("cloglog", "HC3") if outcome == "jerk_nights_30d" else ("ordered", "HC0")
    held = tuple(x for x in (*PERSON, *adjustment) if x not in (column, *without))
    return Estimand(
        "survey", exposure, column, step, unit, "a usual day of the last 30", held, outcome, family, covariance,
        "exploratory", variant=variant,
    )  # fmt: skip


def _ticked(  # noqa: PLR0913 -- as above
    exposure: str, column: str, option: str, unit: str, *adjustment: str, outcome: str = "jerk_nights_30d",
    among: pl.Expr | None = None,
) -> Asked:  # fmt: skip
    name = f"{column}_{option}"
    estimand = _person(exposure, name, 1, unit, *adjustment, outcome=outcome)
    return Asked(estimand, (yes(name, holds(column, option)),), among)


FAMILY = yes("family", pl.col("jerk_family_history") == "yes")
WATCHED = yes("watched", pl.col("bed_partner") == "most_nights")
NIGHT_SHIFTS = yes("night_shifts", pl.col("shift_pattern").is_in(["rotating", "night"]))
RLS = yes("restless", pl.col("rls_probable"))
EARLY_CAFFEINE = (pl.col("caffeine_usual_mg") - pl.col("caffeine_after_14_usual_mg")).alias("caffeine_early_usual_mg")
DISTRESS = "jerk_distress_0_10"

PEOPLE: tuple[Asked, ...] = (
    Asked(_person("anxiety", "gad2_total", 1, "1 point of the GAD-2")),
    Asked(_person("anxiety", "gad2_total", 1, "1 point of the GAD-2", *HELD, variant="stress-held")),
    # Early against late: with the day's total held, more later is less before.
    Asked(_person("caffeine_before_14", "caffeine_early_usual_mg", 100, "100 mg a day before 14:00", *HELD,
                  "caffeine_after_14_usual_mg"), (EARLY_CAFFEINE,)),
    Asked(_person("caffeine_after_14", "caffeine_after_14_usual_mg", 100, "100 mg a day after 14:00", *HELD,
                  "caffeine_early_usual_mg"), (EARLY_CAFFEINE,)),
    Asked(_person("caffeine_later", "caffeine_after_14_usual_mg", 100, "100 mg a day after 14:00 instead of before",
                  *HELD, "caffeine_usual_mg")),
    Asked(_person("family", "family", 1, "jerks in the family vs none"), (FAMILY,)),
    Asked(_person("bed_partner", "watched", 1, "somebody near on most nights vs fewer", *HELD), (WATCHED,)),
    Asked(_person("night_shifts", "night_shifts", 1, "rotating or night shifts vs others or none", *HELD,
                  without=("shift_pattern",)), (NIGHT_SHIFTS,)),
    Asked(_person("nicotine", "any_nicotine", 1, "any nicotine vs none", *HELD)),
    Asked(_person("drinking", "audit_c_total", 1, "1 point of the AUDIT-C", *HELD)),
    Asked(_person("restless_legs", "restless", 1, "features of restless legs vs not", *HELD), (RLS,)),
    *(_ticked(drug, "med_classes", drug, unit, *MOOD)
      for drug, unit in (
          ("ssri_snri", "an SSRI or SNRI vs none"), ("other_antidepressant", "another antidepressant vs none"),
          ("stimulant", "a stimulant medicine vs none"), ("corticosteroid", "a corticosteroid vs none"),
          ("diuretic", "a diuretic vs none"), ("benzodiazepine_z", "a benzodiazepine or Z-drug vs none"),
          ("dopaminergic", "a dopaminergic medicine vs none"), ("anticonvulsant", "an anticonvulsant vs none"),
      )),
    *(_ticked(f"{one}_supplement", "supplements", one, f"{one} taken weekly vs not", *HELD)
      for one in ("magnesium", "calcium", "potassium", "b12")),
    *(_ticked(one, "dx_conditions", one, f"{words} vs not", *HELD)
      for one, words in (("epilepsy", "diagnosed epilepsy"), ("neuropathy", "diagnosed neuropathy"),
                         ("narcolepsy", "diagnosed narcolepsy"), ("plmd", "diagnosed limb movements"))),
    # How much jerks bother those who have them, as often as they do.
    *(_ticked(one, "strategies_tried", one, f"{one} tried vs not", "jerk_nights_30d", *HELD, outcome=DISTRESS,
              among=JERKERS)
      for one in ("mindfulness", "reassurance")),
)  # fmt: skip

# Every strategy of the form: the share for whom it seemed to help, of those who tried it.
STRATEGIES = (
    "relaxation", "mindfulness", "regular_schedule", "less_caffeine", "less_alcohol", "less_nicotine",
    "earlier_exercise", "gentle_stretching", "more_sleep", "hydration", "magnesium", "stress_management", "medicine",
    "reassurance",
)  # fmt: skip
NERVES = ("als_mnd", "ms", "neuropathy", "parkinsonism", "dystonia", "epilepsy")
FLICKER, JERK = pl.col("twitch_class") == "fasciculation_like", pl.col("twitch_class") == "hypnic_jerk"


PEOPLE_SHARES: tuple[Share, ...] = (
    Share("ever", "jerk_ever", JERKERS),
    Share("no-red-flag", "red_flag_any", pl.col("red_flag_any") == 0, JERKERS),
    Share("red-flag", "red_flag_any", pl.col("red_flag_any") == 1, JERKERS),  # told, not left to be subtracted
    Share("painful", "red_flags", holds("red_flags", "painful"), JERKERS),
    Share("flicker-painless", "red_flags", ~holds("red_flags", "painful"), FLICKER),
    Share("flicker-no-nerve-diagnosis", "dx_conditions", ~holds("dx_conditions", "als_mnd"), FLICKER),
    Share("flicker-no-red-flag", "red_flag_any", pl.col("red_flag_any") == 0, FLICKER),
    Share("no-nerve-diagnosis", "dx_conditions", ~holds("dx_conditions", *NERVES), JERKERS),
    Share("monthly-or-less", "jerk_freq_12mo", pl.col("jerk_freq_12mo").is_in(["few_a_year", "monthly"]), JERKERS),
    Share("weekly-or-more", "jerk_freq_12mo",
          pl.col("jerk_freq_12mo").is_in(["weekly", "several_a_week", "most_nights", "every_night"])),
    Share("painless", "red_flags", ~holds("red_flags", "painful"), JERKERS),
    Share("little-distress", DISTRESS, pl.col(DISTRESS) <= 3, JERKERS),
    Share("little-distress-plain-jerk", DISTRESS, pl.col(DISTRESS) <= 3, JERK & (pl.col("red_flag_any") == 0)),
    Share("any-effect-on-sleep", "jerk_sleep_impact", pl.col("jerk_sleep_impact") != "none", JERKERS),
    Share("family", "jerk_family_history", pl.col("jerk_family_history") == "yes", JERKERS),
    Share("restless", "rls_probable", pl.col("rls_probable") == 1, JERKERS),
    Share("awake", "movement_states", holds("movement_states", "awake_resting", "awake_active"), JERKERS),
    Share("drifting-off", "movement_states", holds("movement_states", "drifting_off"), JERKERS),
    Share("jerk-drifting-off", "movement_states", holds("movement_states", "drifting_off"),
          pl.col("movement_pattern") == "single_isolated"),
    Share("flicker-awake", "movement_states", holds("movement_states", "awake_resting", "awake_active"), FLICKER),
    Share("jerk-whole-body", "jerk_locations_usual", holds("jerk_locations_usual", "whole_body"), JERK),
    Share("flicker-whole-body", "jerk_locations_usual", holds("jerk_locations_usual", "whole_body"), FLICKER),
    Share("flicker-face", "jerk_locations_usual", holds("jerk_locations_usual", "face_eyelid"), FLICKER),
    Share("leg", "jerk_locations_usual", holds("jerk_locations_usual", "leg"), JERKERS),
    Share("falling", "jerk_sensations_usual", holds("jerk_sensations_usual", "falling"), JERKERS),
    *(Share(f"pattern-{pattern.replace('_', '-')}", "movement_pattern", pl.col("movement_pattern") == pattern)
      for pattern in ("single_isolated", "regular_5_90_s", "skin_flicker_no_limb_move", "sustained_posture")),
    Share("class-hypnic-jerk", "twitch_class", JERK),
    Share("class-possible-plm", "twitch_class", pl.col("twitch_class") == "possible_plm"),
    Share("flag-neuropathy-numb", "red_flags", holds("red_flags", "numbness"), holds("dx_conditions", "neuropathy")),
    Share("troubled-often", "jerk_sleep_impact",
          pl.col("jerk_sleep_impact").is_in(["delays_sleep", "fear_of_sleep"]), JERKERS),
    *(Share(f"helped-{one.replace('_', '-')}", "strategies_helped", holds("strategies_helped", one),
            holds("strategies_tried", one))
      for one in STRATEGIES),
    *(Share(f"takes-{one.replace('_', '-')}", "med_classes", holds("med_classes", one), JERKERS)
      for one in ("benzodiazepine_z", "dopaminergic", "anticonvulsant")),
)  # fmt: skip
