"""The diary: one row for each night of each participant."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from pandera.api.polars.model_config import BaseConfig

from hypnic.schemas.column import ALL_CODES, Released, Routing, choice, flag, number, text, whole
from hypnic.schemas.rules import RuleId
from hypnic.schemas.tables import Table

if TYPE_CHECKING:
    from hypnic.schemas.rules import Rule

HAD_CAFFEINE = Routing("caffeine_mg", asked="> 0", skipped="= 0", given=RuleId.N03, absent=RuleId.N03)
DID_EXERCISE = Routing("exercise_min", asked="> 0", skipped="= 0", given=RuleId.N06, absent=RuleId.N06)
HAD_JERKS = Routing("jerk_count", asked="> 0", skipped="= 0", given=RuleId.N11, absent=RuleId.N12)
USES_NICOTINE = Routing("participants.nicotine_use", asked="!= none", skipped="= none")
CANNOT_SAY = (-8, -9)
CLOCK, CAFFEINE = Released(step=0.5), Released(step=5, top=1000)


class Nights(Table):
    """One row for each person-night, as typed in: missing codes stand next to the answers."""

    participant_id: pl.String = text(
        "Participant token", "(not asked)", r"^p_[a-z2-7]{16}$", core=True, privacy="key",
        hint="type the token that the participant has in the participants table",
    )
    night_index: pl.Int64 = whole(
        "Number of the diary night", "(not asked) 1 = first diary night; no date is stored", "nights", 1, 28,
        codes=(), core=True,
    )
    evening_on_time: pl.Enum = flag("Evening part in time", "(not asked) evening part filled in before bed_clock_h")
    morning_lag_h: pl.Float64 = number(
        "Delay of the morning part", "(not asked) hours from final waking to filling in the morning part",
        "h", 0, 36, codes=(), range_rule=RuleId.N15, released=CLOCK,
    )
    next_day_free: pl.Enum = flag("Next day free", "Is tomorrow free of fixed duties?", -8)
    caffeine_mg: pl.Float64 = number(
        "Caffeine of the day", "(computed) Which caffeinated drinks or tablets since you woke?",
        "mg", 0, 2000, step=5, core=True, privacy="habit", released=CAFFEINE,
    )
    caffeine_after_14_mg: pl.Float64 = number(
        "Caffeine after 14:00", "(computed) ... and how many of them after 14:00?", "mg", 0, 2000,
        core=True, privacy="habit", released=CAFFEINE,
    )
    caffeine_last_clock_h: pl.Float64 = number(
        "End of the last caffeine", "When did you finish the last one?", "clock h", 0, 36, step=0.25,
        routing=HAD_CAFFEINE, privacy="habit", released=CLOCK,
    )
    alcohol_g: pl.Float64 = number(
        "Alcohol of the day", "(computed) Drinks since waking: how many, what size, how strong?",
        "g ethanol", 0, 400, core=True, privacy="habit", released=Released(step=1, top=200),
    )
    nicotine_evening_n: pl.Int64 = whole(
        "Nicotine in the evening", "How many times did you use nicotine in the 4 hours before bed?", "times", 0, 60,
        routing=USES_NICOTINE, privacy="sensitive",
    )
    other_stimulant: pl.Enum = choice(
        "Other stimulant", "Did you take any other stimulant today (medicine or otherwise)?",
        "no", "yes", "undisclosed", missing="undisclosed", privacy="sensitive", released=Released(kept=False),
    )
    stress_0_10: pl.Int64 = whole(
        "Stress of the day", "How stressful was today? (0 calm, 10 the most you can imagine)", "points", 0, 10,
        core=True,
    )
    anxiety_bedtime_0_10: pl.Int64 = whole(
        "Anxiety at bedtime", "How anxious do you feel right now, going to bed?", "points", 0, 10,
    )
    strain_event: pl.Enum = flag(
        "Quarrel or upset", "Was there a quarrel, conflict or upsetting event today?", *CANNOT_SAY,
    )
    fatigue_bedtime_0_10: pl.Int64 = whole(
        "Fatigue at bedtime", "How worn out are you right now?", "points", 0, 10,
    )
    exercise_min: pl.Int64 = whole(
        "Exercise of the day", "How many minutes did you exercise today?", "min", 0, 600, core=True, privacy="habit",
    )
    exercise_intensity: pl.Enum = choice(
        "Hardest exercise", "How hard was the hardest part?", "none", "light", "moderate", "vigorous",
        codes=(-8,), core=True, ordered=True,
    )
    exercise_type: pl.Enum = choice(
        "Kind of exercise", "What kind of exercise was most of it?",
        "none", "endurance", "strength", "mixed", "stretching_or_yoga", "other", codes=(-8,),
    )
    exercise_end_clock_h: pl.Float64 = number(
        "End of exercise", "When did you stop?", "clock h", 0, 36, step=0.25, core=True, routing=DID_EXERCISE,
        privacy="habit", released=CLOCK,
    )
    nap_min: pl.Int64 = whole("Naps", "How long did you nap during the day?", "min", 0, 300)
    hydration: pl.Enum = choice(
        "Water against habit", "Compared with your habit, how much did you drink (water and the like)?",
        "less_than_usual", "usual", "more_than_usual", codes=(-8,), ordered=True, required=False,
    )
    magnesium_taken: pl.Enum = flag("Magnesium taken", "Did you take magnesium today?", -8, required=False)
    sedative_taken: pl.Enum = flag(
        "Sleeping aid taken", "Did you take anything to help you sleep tonight?", -9, privacy="sensitive",
    )
    relaxation_min: pl.Int64 = whole(
        "Relaxation before bed",
        "Minutes of relaxation, breathing, meditation or gentle stretching before bed?", "min", 0, 180,
    )
    unusual_night: pl.Enum = choice(
        "Unusual night", "Was anything out of the ordinary tonight?",
        "no", "illness", "travel", "noise_or_child", "other", codes=(-8,),
    )
    bed_clock_h: pl.Float64 = number(
        "Start of trying to sleep", "When did you start trying to sleep?", "clock h", 12, 36, step=0.25, core=True,
        privacy="habit", released=CLOCK,
    )
    sol_min: pl.Int64 = whole(
        "Time to fall asleep", "About how long until you fell asleep?", "min", 0, 600, core=True,
    )
    awakenings_n: pl.Int64 = whole("Awakenings", "How often did you wake up before the final time?", "times", 0, 30)
    waso_min: pl.Int64 = whole(
        "Time awake in the night", "How long were you awake in total during those?", "min", 0, 720,
    )
    wake_clock_h: pl.Float64 = number(
        "Final waking", "When did you finally wake up?", "clock h", 16, 48, step=0.25, core=True, privacy="habit", released=CLOCK,
    )
    sleep_quality_1_5: pl.Int64 = whole(
        "Sleep quality", "How well did you sleep? (1 very badly, 5 very well)", "points", 1, 5, required=False,
    )
    jerk_count: pl.Int64 = whole(
        "Noticed jerks",
        "How many jerks did you notice while falling asleep or in the night? 0 if none; pick 'cannot say' if you do"
        " not know",
        "jerks", 0, 50, codes=CANNOT_SAY, core=True, released=Released(top=30),
    )
    jerk_reporter: pl.Enum = choice(
        "Who noticed", "Who noticed them?", "self", "other_person", "both", "none", codes=(-8,),
    )
    jerk_intensity_0_4: pl.Int64 = whole(
        "Strongest jerk",
        "How strong was the strongest one? (0 none, 1 felt only, 2 limb moved, 3 jolted awake, 4 jolted awake"
        " several times or woke partner)",
        "points", 0, 4, codes=ALL_CODES,  # nobody is asked how strong no jerk was
    )
    jerk_location: pl.Enum = choice(
        "Place of the strongest jerk", "Where was the strongest one?",
        "leg", "arm", "trunk", "head_neck", "face_eyelid", "whole_body", "several", "unknown", missing="unknown",
        routing=HAD_JERKS,
    )
    jerk_sensation: pl.Enum = choice(
        "Sensation with the jerk", "What came with it?",
        "falling", "shock", "flash_of_light", "bang_or_noise", "dream_image", "other", "none", "unknown",
        missing="unknown", routing=HAD_JERKS,
    )
    jerk_timing: pl.Enum = choice(
        "Time of the jerks", "When did most of them happen?",
        "drifting_off", "after_night_waking", "during_sleep", "waking_up", "awake_resting", "several", "unknown",
        missing="unknown", routing=HAD_JERKS,
    )
    rhythmic_leg_moves: pl.Enum = choice(
        "Even leg kicks", "Did you (or someone else) notice legs kicking at even intervals?",
        "no", "yes", "unknown", missing="unknown",
    )
    awake_flicker: pl.Enum = flag(
        "Flicker while awake", "During the day, did you notice flickers under the skin while awake?", -8,
    )
    leg_cramp: pl.Enum = flag("Cramp", "Did you have a painful leg or foot cramp in the night?", -8)

    class Config(BaseConfig):
        """Every failure at once, nothing coerced, no column that the instrument does not know."""

        name = "nights"
        strict = True
        coerce = False

    @classmethod
    def rules(cls) -> tuple[Rule, ...]:
        """Give the numbered rules of this table."""
        from hypnic.schemas.night_rules import NIGHT_RULES  # built when first wanted

        return NIGHT_RULES
