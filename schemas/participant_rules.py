"""Rules P01 to P11: what the answers of one respondent must say of each other."""

# fmt: off
from __future__ import annotations

import polars as pl

from hypnic.schemas.rules import Clause, Group, Rule, RuleId, answer, has, implies, split

freq, ever = pl.col("jerk_freq_12mo"), pl.col("jerk_ever")
nights = answer("jerk_nights_30d")
FOLLOW_UP = (
    "jerk_locations_usual", "jerk_sensations_usual", "jerk_distress_0_10", "jerk_sleep_impact", "strategies_tried",
    "strategies_helped",
)
tried, helped = split("strategies_tried"), split("strategies_helped")


def _ladder() -> pl.Expr:
    too_few = {"every_night": 27, "most_nights": 15}
    too_many = {"weekly": 12, "monthly": 4, "few_a_year": 2}
    low = [(freq == level) & (nights < n) for level, n in too_few.items()]
    high = [(freq == level) & (nights > n) for level, n in too_many.items()]
    return ~pl.any_horizontal(*low, *high)


def _drinks(item: str) -> Clause:
    nothing = pl.col(item).is_in([0, -7])
    says = f"{item} tells of drinking, although audit_c_q1 is 0"
    hint = "type 0 or -7 (not asked), or fix audit_c_q1"
    return Clause(item, implies(pl.col("audit_c_q1") == 0, nothing), says, hint)


PARTICIPANT_RULES = (
    Rule(
        RuleId.P01, "error", "Each participant comes once and consents", (
            Clause(
                "participant_id", pl.int_range(pl.len()).over("participant_id") == 0,
                "participant_id stands in an earlier row too", "keep one row for each participant",
                same=("participant_id",),
                group=Group(("participant_id",), least=2),
            ),
            Clause(
                "consent_open_data", pl.col("consent_open_data") == "true",
                "consent_open_data is not true", "take the row out: without consent nothing is stored",
            ),
        ),
        bad={"consent_open_data": "false"}, good={"consent_open_data": "true"},
    ),
    Rule(
        RuleId.P02, "error", "Who never had a jerk has no details of jerks", (
            Clause(
                "jerk_freq_12mo", implies(ever == "no", freq == "never"),
                "jerk_freq_12mo tells of jerks, although jerk_ever is no", "type never, or fix jerk_ever",
            ),
            Clause(
                "jerk_nights_30d", implies(ever == "no", nights == 0),
                "jerk_nights_30d tells of jerks, although jerk_ever is no", "type 0, or fix jerk_ever",
            ),
            Clause(
                "strategies_helped",
                implies(ever == "no", pl.col("strategies_helped").is_in(["none", "unknown", "-7"])),
                "strategies_helped has an answer, although jerk_ever is no", "leave the cell blank, or fix jerk_ever",
            ),
        ),
        subject="jerk_ever",
        bad={"jerk_ever": "no", "jerk_nights_30d": "5"},
        good={"jerk_ever": "no", "jerk_freq_12mo": "never", "jerk_nights_30d": "0"} | dict.fromkeys(FOLLOW_UP, ""),
    ),
    Rule(
        RuleId.P03, "error", "Nights with a jerk go with having jerks", (
            Clause(
                "jerk_ever", implies(nights > 0, ever == "yes"),
                "jerk_ever is not yes, although jerk_nights_30d is above 0", "type yes, or fix jerk_nights_30d",
            ),
            Clause(
                "jerk_freq_12mo", implies(nights > 0, freq != "never"),
                "jerk_freq_12mo is never, although jerk_nights_30d is above 0",
                "type how often it was over the year, or fix jerk_nights_30d",
            ),
        ),
        subject="jerk_nights_30d", after=(RuleId.P02,),
        bad={"jerk_nights_30d": "3", "jerk_freq_12mo": "never"},
        good={"jerk_nights_30d": "3", "jerk_freq_12mo": "monthly"},
    ),
    Rule(
        RuleId.P04, "warning", "The year's ladder agrees with the month's nights", (
            Clause(
                "jerk_nights_30d", _ladder(), "jerk_nights_30d does not go with jerk_freq_12mo",
                "look at both answers; leave them if the month was unlike the year",
            ),
        ),
        bad={"jerk_freq_12mo": "every_night", "jerk_nights_30d": "10"},
        good={"jerk_freq_12mo": "every_night", "jerk_nights_30d": "29"},
    ),
    Rule(
        RuleId.P05, "error", "What helped is among what was tried", (
            Clause(
                "strategies_helped",
                pl.col("strategies_helped").is_in(["none", "unknown", "-7"])
                | pl.col("strategies_tried").is_in(["refused", "-7"])
                | (helped.list.set_difference(tried).list.len() == 0),
                "strategies_helped names something that strategies_tried does not",
                "add it to strategies_tried, or take it out here",
            ),
        ),
        bad={"strategies_tried": "hydration", "strategies_helped": "magnesium"},
        good={"strategies_tried": "hydration|magnesium", "strategies_helped": "magnesium"},
    ),
    Rule(
        RuleId.P06, "error", "Words in one cell are sorted, come once, and none stands alone",
        bad={"supplements": "magnesium|iron"}, good={"supplements": "iron|magnesium"},
    ),
    Rule(
        RuleId.P07, "error", "Who never drinks has no drinking days", (_drinks("audit_c_q2"), _drinks("audit_c_q3")),
        subject="audit_c_q1",
        bad={"audit_c_q1": "0", "audit_c_q2": "2"}, good={"audit_c_q1": "0", "audit_c_q2": "-7"},
    ),
    Rule(
        RuleId.P08, "warning", "Movements told by another need somebody near", (
            Clause(
                "movement_states",
                ~(has("movement_states", "asleep_told_by_other") & (pl.col("bed_partner") == "never")),
                "movement_states holds asleep_told_by_other, although bed_partner is never", "look at both answers",
            ),
        ),
        bad={"movement_states": "asleep_told_by_other", "bed_partner": "never"},
        good={"movement_states": "asleep_told_by_other", "bed_partner": "most_nights"},
    ),
    Rule(
        RuleId.P09, "warning", "A changed medicine is a medicine taken", (
            Clause(
                "med_change_30d",
                ~(pl.col("med_change_30d").is_in(["started", "dose_up", "dose_down"])
                  & (pl.col("med_classes") == "none")),
                "med_change_30d tells of a medicine, although med_classes is none", "look at both answers",
            ),
        ),
        bad={"med_change_30d": "started", "med_classes": "none"},
        good={"med_change_30d": "started", "med_classes": "melatonin"},
    ),
    Rule(
        RuleId.P10, "warning", "Restless legs have features, and caffeine has limits", (
            Clause(
                "rls_features", ~(has("dx_conditions", "rls") & (pl.col("rls_features") == "none")),
                "rls_features is none, although dx_conditions holds rls", "look at both answers",
            ),
            Clause(
                "caffeine_usual_mg", answer("caffeine_usual_mg") <= 1000,
                "caffeine_usual_mg is above 1000", "look whether the drinks were counted twice",
            ),
        ),
        bad={"caffeine_usual_mg": "1200"}, good={"caffeine_usual_mg": "120"},
    ),
    Rule(
        RuleId.P11, "flag", "The form was filled in with attention, and more than half of it", (
            Clause(
                "attention_ok", pl.col("attention_ok") != "false",
                "attention_ok is false: the trap item was missed", "leave it; the row is kept out of the analysis",
            ),
        ),
        bad={"attention_ok": "false"}, good={"attention_ok": "true"},
    ),
    Rule(
        RuleId.RANGE, "error", "A number lies in its range", (
            Clause(
                "caffeine_after_14_usual_mg",
                answer("caffeine_after_14_usual_mg") <= answer("caffeine_usual_mg"),
                "caffeine_after_14_usual_mg is above caffeine_usual_mg",
                "type at most the whole day's caffeine, or fix caffeine_usual_mg",
            ),
        ),
    ),
)
