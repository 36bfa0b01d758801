"""Rules N11 to N14: what the details of a jerk must say of the count of jerks, and of who noticed them."""

# fmt: off
from __future__ import annotations

import polars as pl

from hypnic.schemas.rules import Clause, Rule, RuleId, answer, implies

jerks, intensity = pl.col("jerk_count"), answer("jerk_intensity_0_4")
reporter, timing = pl.col("jerk_reporter"), pl.col("jerk_timing")
alone = pl.col("participants.bed_partner") == "never"
DETAILS = ("jerk_reporter", "jerk_intensity_0_4", "jerk_location", "jerk_sensation", "jerk_timing")


def _no_detail(column: str) -> Clause:
    cell = pl.col(column)
    codes = [-7, -8, -9] if column == "jerk_intensity_0_4" else ["-7", "-8", "-9", "unknown"]
    blank = cell.is_null() | cell.is_in(codes)
    return Clause(
        column, implies(jerks.is_null() | (jerks < 0), blank),
        f"{column} has an answer, although jerk_count has none", "take the detail out, or type the count",
    )


JERK_RULES = (
    Rule(
        RuleId.N11, "error", "A jerk has its details", (
            Clause(
                "jerk_intensity_0_4", implies(jerks > 0, (intensity >= 1) & (pl.col("jerk_intensity_0_4") != -7)),
                "jerk_intensity_0_4 is not 1 or more, although jerk_count is above 0",
                "type how strong it was, 1 to 4, or fix jerk_count",
            ),
            Clause(
                "jerk_reporter", implies(jerks > 0, reporter != "none"),
                "jerk_reporter is none, although jerk_count is above 0", "type who noticed it, or fix jerk_count",
            ),
        ),
        subject="jerk_count",
        bad={"jerk_count": "2", "jerk_intensity_0_4": "0"}, good={"jerk_count": "2", "jerk_intensity_0_4": "3"},
    ),
    Rule(
        RuleId.N12, "error", "No jerk has no details", (
            Clause(
                "jerk_intensity_0_4", implies(jerks == 0, intensity == 0),
                "jerk_intensity_0_4 is above 0, although jerk_count is 0", "type 0, or fix jerk_count",
            ),
            Clause(
                "jerk_reporter", implies(jerks == 0, reporter.is_in(["none", "-8"])),
                "jerk_reporter names somebody, although jerk_count is 0", "type none, or fix jerk_count",
            ),
        ),
        subject="jerk_count",
        bad={"jerk_count": "0", "jerk_reporter": "self"},
        good={"jerk_count": "0", "jerk_reporter": "none", "jerk_intensity_0_4": "0"} | dict.fromkeys(DETAILS[2:], ""),
    ),
    Rule(
        RuleId.N13, "error", "An unknown count has no details", tuple(_no_detail(column) for column in DETAILS),
        subject="jerk_count",
        bad={"jerk_count": "-8", "jerk_location": "leg"},
        good={"jerk_count": "-8", "jerk_reporter": "-8", "jerk_intensity_0_4": "-8"} | dict.fromkeys(DETAILS[2:], ""),
    ),
    Rule(
        RuleId.N14, "warning", "Who noticed could have noticed", (
            Clause(
                "jerk_reporter", ~(reporter.is_in(["other_person", "both"]) & alone),
                "jerk_reporter names another person, although bed_partner is never", "look at both answers",
            ),
            Clause(
                "jerk_timing", ~((timing == "during_sleep") & (reporter == "self")),
                "jerk_timing is during_sleep, although jerk_reporter is self", "look at both answers",
            ),
            Clause(
                "jerk_count", ~((pl.col("participants.jerk_ever") == "no") & (jerks > 0)),
                "jerk_count is above 0, although jerk_ever is no: newly noticed", "leave it if that is so",
            ),
        ),
        bad={"jerk_timing": "during_sleep", "jerk_reporter": "self"},
        good={"jerk_timing": "during_sleep", "jerk_reporter": "other_person"},
    ),
)
