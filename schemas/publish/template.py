"""An empty table to fill in, and a synthetic example of a filled one."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hypnic.schemas import TABLES, columns
from hypnic.schemas.publish.checking import ALPHABET, LENGTH, SYSTEM, person_code

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Mapping, Sequence

ASKED = 14  # nights that a diary is asked for
TOKEN = "p_aaaaaaaaaaaaaaaa"  # noqa: S105 -- nobody's: no collector draws it

# A synthetic person. Each kind of cell is there once at least: a number, a word, words joined by |, -8, -9.
PERSON = {
    "participant_id": TOKEN, "schema_version": "1.0", "consent_open_data": "true", "age_band": "35-44",
    "sex_at_birth": "female", "country_code": "ZZ", "recruitment_source": "other", "bed_partner": "most_nights",
    "shift_pattern": "none", "jerk_ever": "yes", "jerk_freq_12mo": "weekly", "jerk_nights_30d": "5",
    "jerk_locations_usual": "arm|leg", "jerk_sensations_usual": "falling", "jerk_distress_0_10": "3",
    "jerk_sleep_impact": "wakes_me", "jerk_family_history": "dont_know", "movement_states": "drifting_off",
    "movement_pattern": "single_isolated", "rls_features": "none", "red_flags": "none", "dx_conditions": "migraine",
    "med_classes": "none", "med_change_30d": "none", "caffeine_usual_mg": "230", "caffeine_after_14_usual_mg": "50",
    "nicotine_use": "none", "alcohol_usual_g_wk": "42.6", "audit_c_q1": "2", "audit_c_q2": "0", "audit_c_q3": "0",
    "gad2_q1": "1", "gad2_q2": "0", "phq2_q1": "0", "phq2_q2": "-9", "stress_usual_0_10": "4",
    "exercise_vigorous_min_wk": "60", "exercise_late_days_wk": "1", "sleep_need_h": "8", "sleep_usual_h": "7.25",
    "supplements": "iron|magnesium", "strategies_tried": "less_caffeine|relaxation", "strategies_helped": "relaxation",
    "tests_done": "none", "attention_ok": "true",
}  # fmt: skip

# One of her nights, without a jerk: what was not asked is -7 in a number, and blank elsewhere.
NIGHT = {
    "participant_id": TOKEN, "night_index": "1", "evening_on_time": "true", "morning_lag_h": "0.5",
    "next_day_free": "false", "caffeine_mg": "180", "caffeine_after_14_mg": "0", "caffeine_last_clock_h": "11.25",
    "alcohol_g": "0", "nicotine_evening_n": "-7", "other_stimulant": "no", "stress_0_10": "4",
    "anxiety_bedtime_0_10": "2", "strain_event": "false", "fatigue_bedtime_0_10": "5", "exercise_min": "0",
    "exercise_intensity": "none", "exercise_type": "none", "exercise_end_clock_h": "-7", "nap_min": "0",
    "hydration": "usual", "magnesium_taken": "false", "sedative_taken": "false", "relaxation_min": "0",
    "unusual_night": "no", "bed_clock_h": "23", "sol_min": "15", "awakenings_n": "0", "waso_min": "0",
    "wake_clock_h": "31", "sleep_quality_1_5": "4", "jerk_count": "0", "jerk_reporter": "none",
    "jerk_intensity_0_4": "0", "jerk_location": "", "jerk_sensation": "", "jerk_timing": "",
    "rhythmic_leg_moves": "no", "awake_flicker": "false", "leg_cramp": "false",
}  # fmt: skip
LATE_COFFEE = {"caffeine_mg": "270", "caffeine_after_14_mg": "90", "caffeine_last_clock_h": "16.5"}
RUN = {
    "exercise_min": "45", "exercise_intensity": "vigorous", "exercise_type": "endurance", "exercise_end_clock_h": "19.5"
}  # fmt: skip
JERK = {
    "jerk_count": "1", "jerk_reporter": "self", "jerk_intensity_0_4": "2", "jerk_location": "leg",
    "jerk_sensation": "falling", "jerk_timing": "drifting_off",
}  # fmt: skip
CANNOT_SAY = {"jerk_count": "-8", "jerk_reporter": "-8", "jerk_intensity_0_4": "-8"}
AWAKE = {"awakenings_n": "2", "waso_min": "20"}
NIGHTS: tuple[dict[str, str], ...] = (
    {}, LATE_COFFEE | JERK, RUN | {"stress_0_10": "6"}, {"alcohol_g": "14.2"} | AWAKE, {"bed_clock_h": "25"},
    JERK | {"jerk_count": "2", "jerk_intensity_0_4": "3"}, CANNOT_SAY, RUN | LATE_COFFEE, {"sol_min": "30"},
    AWAKE | {"unusual_night": "noise_or_child"}, LATE_COFFEE | {"stress_0_10": "-8"}, {"next_day_free": "true"},
    JERK | {"bed_clock_h": "22.5"}, {"nap_min": "20", "caffeine_last_clock_h": "13.5"},
)  # fmt: skip


def token(draw: random.Random = SYSTEM) -> str:
    """Draw a participant's token: nothing of the participant is in it.

    >>> len(token())
    18
    """
    return "p_" + "".join(draw.choices(ALPHABET, k=LENGTH))


def as_template(  # noqa: PLR0913 -- as the command
    table: str,
    *,
    core: bool = False,
    example: bool = False,
    tokens: int = 0,
    people: Sequence[str] = (),
    nights: int = ASKED,
) -> str:
    """Give the CSV of a table: its header, and with `example` rows of one synthetic person that break no rule.

    For each of `people`, and of `tokens` new participants, there is a row to fill in, or as many numbered `nights`.

    >>> as_template("nights", core=True).startswith("participant_id,night_index,caffeine_mg,")
    True
    """
    header = [name for name, facts in columns(TABLES[table]).items() if facts.tier == "core" or not core]
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    everybody = [*people, *(person_code() for _ in range(tokens))]
    writer.writerows(rows_of(table, example=example, people=everybody, nights=nights))
    return buffer.getvalue()


def rows_of(
    table: str, *, example: bool = False, people: Sequence[str] = (), nights: int = ASKED
) -> Iterable[Mapping[str, str]]:
    """Yield the rows of a template: those of the example, then one for each person or each of their nights."""
    yield from _rows(table) if example else ()
    for one in people:
        own = {"participant_id": one}
        numbered = [own | {"night_index": str(night)} for night in range(1, nights + 1)]
        yield from numbered if table == "nights" else [own]


def _rows(table: str) -> Iterable[Mapping[str, str]]:
    if table == "participants":
        return [PERSON]
    numbered = enumerate(NIGHTS, 1)
    return [NIGHT | {"night_index": str(n), "stress_0_10": str(2 + n % 5)} | changes for n, changes in numbered]
