"""The baseline form: one row for each respondent."""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from pandera.api.polars.model_config import BaseConfig

from hypnic.schemas.column import ALL_CODES, ANY, Released, Routing, choice, flag, number, text, tokens, whole
from hypnic.schemas.countries import COUNTRIES
from hypnic.schemas.regions import region_of
from hypnic.schemas.rules import RuleId
from hypnic.schemas.tables import Table

if TYPE_CHECKING:
    from hypnic.schemas.rules import Rule

VERSIONS = ("1.0",)
HAS_JERKS = Routing("jerk_ever", asked="= yes", skipped="= no", absent=RuleId.P02)
HAS_TRIED = Routing("strategies_tried", asked="!= none", skipped="= none")
UNDISCLOSED = {"missing": "undisclosed"}
NEVER = Released(kept=False)
# Whom people can be known by, in the order in which it is coarsened.
COUNTRY = Released(place=1, coarser=(tuple(region_of().items()),), end="ZZ")
SHIFT = Released(place=2, coarser=(tuple((pattern, "any") for pattern in ("early", "late", "rotating", "night")),))
OLDEST = (("65-74", "65+"), ("75+", "65+"))
YOUNGER = (("18-24", "18-34"), ("25-34", "18-34"), ("35-44", "35-64"), ("45-54", "35-64"), ("55-64", "35-64"))
AGE = Released(place=3, coarser=(OLDEST, YOUNGER))
SEX = Released(place=4, coarser=((("female", "other_or_undisclosed"), ("male", "other_or_undisclosed")),))
RARE = ("als_mnd", "ms", "dystonia", "parkinsonism", "narcolepsy", "epilepsy", "plmd")
CONDITIONS = Released(
    merged=(*((word, "neurological") for word in RARE), ("kidney_or_thyroid", "")), telling="neurological"
)
MEDICINES = Released(rare="other", telling=ANY)
CAFFEINE, ALCOHOL_WEEK = Released(step=5, top=1000), Released(step=1, top=1400)  # a week of 200 g a day


class Participants(Table):
    """One row for each respondent, as typed in: missing codes stand next to the answers."""

    participant_id: pl.String = text(
        "Participant token", "(not asked) random token made by the collector; never derived from contact details",
        r"^p_[a-z2-7]{16}$", core=True, privacy="key",
        hint="type p_ and 16 characters of a-z and 2-7, drawn at random: `hypnic template participants --tokens 1`",
    )
    schema_version: pl.Enum = choice("Version of the form", "(not asked)", *VERSIONS)
    consent_open_data: pl.Enum = flag(
        "Consent to open data",
        "Do you agree that your answers, without anything that names you, are published for anyone to use?",
        core=True,
    )
    age_band: pl.Enum = choice(
        "Age group", "Which age group are you in?",
        "18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+",
        core=True, ordered=True, missing="refused", privacy="quasi-identifier", released=AGE,
    )
    sex_at_birth: pl.Enum = choice(
        "Sex recorded at birth", "Which sex was recorded for you at birth?",
        "female", "male", "other_or_undisclosed", core=True, privacy="quasi-identifier", released=SEX,
    )
    country_code: pl.Enum = choice(
        "Country of residence", "In which country do you live?", *COUNTRIES, core=True, privacy="quasi-identifier",
        hint="type the two letters of ISO 3166-1 (GB, not UK), or ZZ where the country is refused or coarsened",
        released=COUNTRY,
    )
    recruitment_source: pl.Enum = choice(
        "How the respondent came", "How did you reach this survey?",
        "general_social", "health_or_sleep_forum", "university", "workplace", "clinic", "search", "other",
        privacy="quasi-identifier", released=NEVER,
    )
    bed_partner: pl.Enum = choice(
        "Somebody near at night", "Does someone sleep in the same bed or room who could notice you move?",
        "never", "some_nights", "most_nights", ordered=True, missing="refused",
    )
    shift_pattern: pl.Enum = choice(
        "Shift work", "Do you work shifts, and of which kind?",
        "none", "early", "late", "rotating", "night", missing="refused", privacy="quasi-identifier", released=SHIFT,
    )
    jerk_ever: pl.Enum = choice(
        "Ever had a jerk", "Have you ever been jolted by a sudden jerk of your body while drifting off?",
        "yes", "no", "unsure", core=True,
    )
    jerk_freq_12mo: pl.Enum = choice(
        "How often over a year", "Over the past year, how often did such a jerk happen to you?",
        "never", "few_a_year", "monthly", "weekly", "several_a_week", "most_nights", "every_night",
        core=True, ordered=True, missing="unknown",
    )
    jerk_nights_30d: pl.Int64 = whole(
        "Nights with a jerk", "On how many of the last 30 nights did you notice at least one?",
        "nights", 0, 30, core=True,
    )
    jerk_locations_usual: pl.String = tokens(
        "Usual places", "Which parts of your body usually jump?",
        "leg", "arm", "trunk", "head_neck", "face_eyelid", "whole_body", missing="unknown", routing=HAS_JERKS,
    )
    jerk_sensations_usual: pl.String = tokens(
        "Usual sensations", "What do you usually feel together with the jerk?",
        "falling", "shock", "flash_of_light", "bang_or_noise", "dream_image", "racing_heart", "breath_catch", "none",
        missing="unknown", routing=HAS_JERKS,
    )
    jerk_distress_0_10: pl.Int64 = whole(
        "How much jerks bother", "How much do these jerks bother you? (0 not at all, 10 extremely)",
        "points", 0, 10, routing=HAS_JERKS,
    )
    jerk_sleep_impact: pl.Enum = choice(
        "Strongest effect on sleep", "What is the strongest effect they have on your sleep?",
        "none", "wakes_me", "delays_sleep", "fear_of_sleep", ordered=True, missing="refused", routing=HAS_JERKS,
    )
    jerk_family_history: pl.Enum = choice(
        "Jerks in the family", "Does a parent, brother, sister or child of yours get them too?",
        "yes", "no", missing="dont_know", required=False,
    )
    movement_states: pl.String = tokens(
        "When movements come", "When do your involuntary twitches or jerks occur?",
        "drifting_off", "asleep_told_by_other", "waking_up", "awake_resting", "awake_active", missing="unknown",
    )
    movement_pattern: pl.Enum = choice(
        "Pattern of movements",
        "Which description fits best? (one lone jump; a few at random; the same movement again and again at even"
        " gaps; a flicker under the skin that moves no limb; a held twist)",
        "single_isolated", "irregular_cluster", "regular_5_90_s", "skin_flicker_no_limb_move", "sustained_posture",
        "none", missing="dont_know",
    )
    rls_features: pl.String = tokens(
        "Features of restless legs",
        "Tick all that apply to your legs (or arms): a need to move them; it starts or grows when still; moving"
        " helps; evenings and nights are worse; cramps, swelling or an awkward position explain it",
        "urge_to_move", "worse_at_rest", "eased_by_moving", "worse_evening", "explained_by_cramp_or_posture", "none",
        missing="refused", privacy="sensitive",
    )
    red_flags: pl.String = tokens(
        "Signs worth showing to a doctor", "Have any of these come along with your twitches?",
        "weakness", "wasting", "numbness", "swallow_or_speech", "clumsiness", "spreading", "worse_over_weeks",
        "lasting_many_weeks", "mostly_daytime", "painful", "lost_awareness", "tongue_bite_or_wet_bed",
        "after_new_medicine", "family_als_ms", "none", missing="refused", privacy="sensitive", released=NEVER,
    )
    dx_conditions: pl.String = tokens(
        "Conditions told by a clinician", "Has a clinician ever told you that you have one of these?",
        "rls", "plmd", "epilepsy", "narcolepsy", "sleep_apnoea", "insomnia", "parkinsonism", "als_mnd", "ms",
        "neuropathy", "dystonia", "anxiety", "depression", "adhd", "migraine", "kidney_or_thyroid", "none",
        "undisclosed", **UNDISCLOSED, privacy="sensitive", released=CONDITIONS,
    )
    med_classes: pl.String = tokens(
        "Kinds of medicine", "Which kinds of medicine do you take on most days?",
        "ssri_snri", "other_antidepressant", "stimulant", "benzodiazepine_z", "antipsychotic", "dopaminergic",
        "anticonvulsant", "corticosteroid", "diuretic", "sedating_antihistamine", "opioid", "beta_agonist",
        "melatonin", "none", "undisclosed", **UNDISCLOSED, privacy="sensitive", released=MEDICINES,
    )
    med_change_30d: pl.Enum = choice(
        "Medicines changed lately", "Did any of these change in the last 30 days?",
        "none", "started", "stopped", "dose_up", "dose_down", "undisclosed", **UNDISCLOSED, privacy="sensitive",
    )
    caffeine_usual_mg: pl.Float64 = number(
        "Caffeine on a usual day",
        "(computed) How many of each drink on a usual day? Sum of count x mg from the drink table",
        "mg/day", 0, 2000, core=True, privacy="habit", released=CAFFEINE,
    )
    caffeine_after_14_usual_mg: pl.Float64 = number(
        "Caffeine after 14:00 on a usual day", "(computed) ... and how many of them after 14:00?",
        "mg/day", 0, 2000, privacy="habit", released=CAFFEINE,
    )
    nicotine_use: pl.Enum = choice(
        "Nicotine", "Do you use nicotine, and in what form?",
        "none", "smoked", "vaped", "nrt_or_pouch", "several", "undisclosed", **UNDISCLOSED, privacy="sensitive",
    )
    alcohol_usual_g_wk: pl.Float64 = number(
        "Alcohol in a usual week", "(computed) Drinks in a usual week: how many, what size, how strong?",
        "g ethanol/week", 0, 2000, core=True, privacy="habit", released=ALCOHOL_WEEK,
    )
    audit_c_q1: pl.Int64 = whole(
        "AUDIT-C item 1", "AUDIT-C item 1, drinking frequency (official wording in the form)", "points", 0, 4,
        privacy="sensitive", released=NEVER,
    )
    audit_c_q2: pl.Int64 = whole(
        "AUDIT-C item 2", "AUDIT-C item 2, amount on a drinking day (official wording)", "points", 0, 4,
        codes=ALL_CODES, privacy="sensitive", released=NEVER,  # who never drinks is not asked
    )
    audit_c_q3: pl.Int64 = whole(
        "AUDIT-C item 3", "AUDIT-C item 3, heavy occasions (official wording)", "points", 0, 4,
        codes=ALL_CODES, privacy="sensitive", released=NEVER,  # who never drinks is not asked
    )
    gad2_q1: pl.Int64 = whole(
        "GAD-2 item 1", "GAD-2 item 1, nervousness (official wording; lowest answer must read 'not at all')",
        "points", 0, 3, privacy="sensitive",
    )
    gad2_q2: pl.Int64 = whole(
        "GAD-2 item 2", "GAD-2 item 2, uncontrolled worry (official wording)", "points", 0, 3, privacy="sensitive",
    )
    phq2_q1: pl.Int64 = whole(
        "PHQ-2 item 1", "PHQ-2 item 1, loss of interest (official wording)", "points", 0, 3, privacy="sensitive",
    )
    phq2_q2: pl.Int64 = whole(
        "PHQ-2 item 2", "PHQ-2 item 2, low mood (official wording)", "points", 0, 3, privacy="sensitive",
    )
    stress_usual_0_10: pl.Int64 = whole(
        "Stress on a usual day",
        "Over the last 30 days, how stressful was a usual day? (0 calm, 10 the most you can imagine)",
        "points", 0, 10, core=True,
    )
    exercise_vigorous_min_wk: pl.Int64 = whole(
        "Vigorous exercise in a usual week",
        "In a usual week, how many minutes of exercise leave you out of breath?",
        "min/week", 0, 3000, core=True, privacy="habit",
    )
    exercise_late_days_wk: pl.Int64 = whole(
        "Days of late hard exercise",
        "On how many days a week do you exercise hard within two hours of going to bed?",
        "days/week", 0, 7, privacy="habit",
    )
    sleep_need_h: pl.Float64 = number(
        "Sleep needed", "If nothing forced you up, how many hours would you sleep to feel rested?",
        "h", 4, 12, step=0.25, core=True, privacy="habit",
    )
    sleep_usual_h: pl.Float64 = number(
        "Sleep on a usual night", "How many hours do you actually sleep on a usual night?",
        "h", 2, 14, step=0.25, core=True, privacy="habit",
    )
    supplements: pl.String = tokens(
        "Supplements", "Which of these do you take at least weekly?",
        "magnesium", "calcium", "potassium", "b12", "iron", "electrolyte_drink", "none", missing="refused",
    )
    strategies_tried: pl.String = tokens(
        "What was tried", "What have you tried against the jerks?",
        "relaxation", "mindfulness", "regular_schedule", "less_caffeine", "less_alcohol", "less_nicotine",
        "earlier_exercise", "gentle_stretching", "more_sleep", "hydration", "magnesium", "stress_management",
        "medicine", "reassurance", "none", missing="refused", routing=HAS_JERKS,
    )
    strategies_helped: pl.String = tokens(
        "What helped", "Which of those seemed to help?",
        "relaxation", "mindfulness", "regular_schedule", "less_caffeine", "less_alcohol", "less_nicotine",
        "earlier_exercise", "gentle_stretching", "more_sleep", "hydration", "magnesium", "stress_management",
        "medicine", "reassurance", "none", missing="unknown", routing=HAS_TRIED,
    )
    tests_done: pl.String = tokens(
        "Examinations", "Which examinations have you had because of twitches?",
        "emg", "nerve_conduction", "mri", "eeg", "sleep_study", "blood_electrolytes", "b12_level", "none",
        "undisclosed", **UNDISCLOSED, required=False, privacy="sensitive",
    )
    attention_ok: pl.Enum = flag(
        "Attention item passed", "(from a trap item) For quality control, please pick 'sometimes' here",
    )

    class Config(BaseConfig):
        """Every failure at once, nothing coerced, no column that the instrument does not know."""

        name = "participants"
        strict = True
        coerce = False

    @classmethod
    def rules(cls) -> tuple[Rule, ...]:
        """Give the numbered rules of this table."""
        from hypnic.schemas.participant_rules import PARTICIPANT_RULES  # built when first wanted

        return PARTICIPANT_RULES
