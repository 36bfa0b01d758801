"""Questions that only make sense after some answer: who gave another one is not asked, and the form fills them in.

Their columns must be filled in every row, so a form asks `ask_...`, and computes the column from it. Where several
answers may be ticked, the column is their words with a space after each.
"""

from __future__ import annotations

from dataclasses import dataclass

ASK = "ask_"


@dataclass(frozen=True)
class Followup:
    """A column asked only after another answer: `asked` is the condition, `filled` what it is, `left` what not offered.

    In `filled`, `{}` stands for the answer to the question.
    """

    asked: str
    filled: str
    left: tuple[str, ...] = ()


def _counted(base: str, none: str, unknown: str = "") -> Followup:
    """Ask where a number is above 0; 0 makes it `none`, and no answer `unknown`, or the same as the number."""
    same = unknown or f"{{{base}}}"
    filled = f"if({{{base}}} = '0', {none}, if({{{base}}} < 0, {same}, {{}}))"
    return Followup(f"{{{base}}} > 0", filled, (none.strip("'"),))


MOVES = "{jerk_ever} = 'yes' or {movements_any} = 'yes'"


def _moving(none: str, unknown: str) -> Followup:
    """Ask who has jerks or other movements; who has none gives `none`, and who does not tell `unknown`."""
    return Followup(MOVES, f"if({MOVES}, {{}}, if({{movements_any}} = 'no', '{none}', '{unknown}'))")


_MEDICINE = (
    "ssri_snri", "other_antidepressant", "stimulant", "benzodiazepine_z", "antipsychotic", "dopaminergic",
    "anticonvulsant", "corticosteroid", "diuretic", "sedating_antihistamine", "opioid", "beta_agonist", "melatonin",
    "none",
)  # fmt: skip
FOLLOWUPS = {
    "jerk_freq_12mo": Followup(
        "{jerk_ever} = 'yes' or {jerk_ever} = 'unsure'", "if({jerk_ever} = 'no', 'never', {})"
    ),
    # Nights with jerks go with having had some (P03): who is unsure of that does not know them either.
    "jerk_nights_30d": Followup(
        "{jerk_ever} = 'yes' and {ask_jerk_freq_12mo} != 'never' and {ask_jerk_freq_12mo} != ''",
        "if({jerk_ever} = 'no' or {ask_jerk_freq_12mo} = 'never', 0, if({jerk_ever} = 'unsure', -8, {}))",
    ),
    "movement_states": _moving("unknown", "unknown"),
    "movement_pattern": _moving("none", "dont_know"),
    "red_flags": _moving("none", "refused"),
    "med_change_30d": Followup(
        " or ".join(f"{{med_classes:{word}}}" for word in _MEDICINE),
        "if({med_classes:undisclosed}, 'undisclosed', {})",
    ),
    # Who never drinks has 0 in all three items, so that the total can be computed.
    "audit_c_q2": Followup("{audit_c_q1} > 0", _counted("audit_c_q1", "0").filled),
    "audit_c_q3": Followup("{audit_c_q1} > 0", _counted("audit_c_q1", "0").filled),
    "exercise_late_days_wk": Followup(
        "{exercise_vigorous_min_wk} > 0", _counted("exercise_vigorous_min_wk", "0").filled
    ),
    "exercise_intensity": _counted("exercise_min", "'none'", "'-8'"),
    "exercise_type": _counted("exercise_min", "'none'", "'-8'"),
    "waso_min": _counted("awakenings_n", "0"),
    "jerk_reporter": _counted("jerk_count", "'none'", "'-8'"),
    "jerk_intensity_0_4": _counted("jerk_count", "0"),
}  # fmt: skip
# Columns that may stay blank, asked only after these answers.
ONLY_AFTER = {
    "jerk_family_history": "{jerk_ever} = 'yes'",
    "tests_done": "{ask_movement_pattern} != 'none' and {ask_movement_pattern} != ''",
}
