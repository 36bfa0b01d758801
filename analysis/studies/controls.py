"""The controls of NHANES, leg cramps and snoring: what each can tell of an exposure, and who says so."""

from __future__ import annotations

from typing import Final

from hypnic.analysis.studies.instrument import Control, Standing

CONTROLS: Final = (
    Control("leg-cramps-any", "leg_jerks_any", "leg_cramps_any"),
    Control("leg-cramps-often", "leg_jerks_often", "leg_cramps_often"),
)
# Whether a control is one for an exposure: what is known of the exposure and the control, not of jerks.
_SAME_SURVEY = "Grandner & Winkelman 2017, PLoS ONE 12:e0178465"
STANDINGS: Final = {
    ("caffeine", "leg_cramps"): Standing("unclear", "caffeine is a diuretic, and nothing firm is known of cramps"),
    ("alcohol", "leg_cramps"): Standing(
        "unclear", "among patients of 60 and more, those with night cramps drank more",
        "a case-control study, Ann Fam Med 2018, 16:296",
    ),
    ("stress", "leg_cramps"): Standing(
        "unclear", "in this very survey cramps go with depressive symptoms, as with most illness", _SAME_SURVEY
    ),
    ("exercise", "leg_cramps"): Standing("positive", "strenuous exercise brings on cramps"),
    ("sleep_loss", "leg_cramps"): Standing(
        "unclear", "in this very survey cramps go with short sleep: they wake people", _SAME_SURVEY
    ),
    ("caffeine", "snoring"): Standing(
        "unclear", "people whose breathing stops in sleep drink more caffeinated soda, though no more coffee or tea",
        "Aurora et al. 2012, Chest 142:631",
    ),
    ("alcohol", "snoring"): Standing(
        "positive", "alcohol in the evening makes snoring and stops of breathing worse",
        "Burgos-Sanchez et al. 2020, Otolaryngol Head Neck Surg 163:1078",
    ),
    ("stress", "snoring"): Standing(
        "unclear", "in this very survey stops of breathing go with depressive symptoms, though snoring alone does not",
        "Wheaton et al. 2012, Sleep 35:461",
    ),
    ("exercise", "snoring"): Standing("unclear", "exercise lowers weight, which is adjusted for as it is today"),
    ("sleep_loss", "snoring"): Standing("unclear", "sleep apnoea shortens sleep"),
}  # fmt: skip
