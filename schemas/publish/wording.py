"""What a form prints where a column's own word would not do: answers, official items, what no column asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.errors import HypnicError
from hypnic.schemas.clocks import time_of_day

if TYPE_CHECKING:
    from hypnic.schemas import Column

# One screen, before anything is asked. What stands in [TEAM: ...] is for the study team to fill in.
INFORMATION = (
    (
        "This study is about the sudden jerks that many people have while they fall asleep. It is run by [TEAM:"
        " name of the institution, persons responsible, address, approval of the ethics committee]."
    ),
    (
        "You will be asked about your sleep, your habits and your health. These are health data, which the law"
        " protects. It takes about 15 minutes once, and 5 minutes a day if you keep the diary. Taking part is"
        " voluntary: you may stop at any time, and you need not answer any question."
    ),
    (
        "Your answers are published for anyone to use, for any purpose, under CC0 (no rights reserved). Before"
        " that, all that names you is taken out, and the answers are made coarser. Nobody can promise that you"
        " will never be recognised."
    ),
    "What is published can be copied, and what has been copied cannot be called back.",
    (
        "You can withdraw with a code that you will be shown: send it to [TEAM: address for withdrawals]. Your"
        " answers are then left out of everything that is published from then on."
    ),
    (
        "Please do not type names or contact details anywhere. Questions and complaints: [TEAM: contact, data"
        " protection officer, supervisory authority]."
    ),
)
ADULT = "Are you 18 years old or older?"
CODE = (
    "Your withdrawal code is: {withdrawal_code} Please write it down or photograph it now, and keep it. It is not shown"
    " again, and without it nobody can find your answers."
)
CARD = (
    "Please look for the withdrawal code that you were given, and keep it. Without it nobody can find your answers when"
    " you want to withdraw."
)
WELCOME = (
    "One form for each night. You may stop at any time, and withdraw with the code that you were given. Please do not"
    " type names or contact details anywhere."
)
NOTICE = "Some of what you ticked is worth showing to a doctor. This survey cannot tell what causes it."
PAUSE = "Please save now, without sending. The rest is for the morning, after you have woken up."
AUDIT_C = (
    "[TEAM: before fielding, paste here the official words and answers of this item of AUDIT:"
    " https://www.who.int/publications/i/item/WHO-MSD-MSB-01.6a]"
)

# GAD-2 and PHQ-2 are in the public domain; these are their official words.
TWO_WEEKS = "Over the last 2 weeks, how often have you been bothered by the following problem?"
HOW_OFTEN = ("not at all", "several days", "more than half the days", "nearly every day")
OFFICIAL = {
    "gad2_q1": "Feeling nervous, anxious or on edge",
    "gad2_q2": "Not being able to stop or control worrying",
    "phq2_q1": "Little interest or pleasure in doing things",
    "phq2_q2": "Feeling down, depressed, or hopeless",
}

# What the columns call "not asked", a form without time stamps has to ask, or the study team fills in.
ASKED = {
    "participant_id": "The code that you were given",
    "night_index": "Which night of your diary is this? (1 for the first)",
    "evening_on_time": "Did you fill in the evening part before you went to bed?",
    "morning_lag_h": "How many hours ago did you wake up for the last time?",
}

# What a question says below itself. Its column knows no refusal, so that one of the answers is it: the night is then
# flagged (N15), as one of which nobody knows that it was written down in time.
HINTS = {"morning_lag_h": "Type 36 for: I would rather not say."}

# The question before the drinks, nicotine or movements: a drink list left empty would be taken for no drinks at all.
GATES = {
    "movements_any": (
        "Do you have any twitches, jerks or other movements that you do not mean to make, awake or asleep?"
    ),
    "usual_caffeine_any": "On a usual day, do you have any caffeine (coffee, tea, cola, energy drinks, tablets)?",
    "usual_alcohol_any": "In a usual week, do you drink any alcohol?",
    "day_caffeine_any": "Since you woke, have you had any caffeine (coffee, tea, cola, energy drinks, tablets)?",
    "day_alcohol_any": "Since you woke, have you drunk any alcohol?",
    "evening_nicotine_any": "Did you use any nicotine in the 4 hours before bed?",
}

# What to say where an answer cannot be, if the rule's own words would not do on a form.
EXCUSES = {
    "adult": "This survey is for people of 18 and over. Nothing was stored. Thank you; please close this page.",
    "participant_id": "A character of the code is wrong. Please compare each with the code that you were given.",
    "consent_open_data": "Without your consent nothing can be stored. Thank you; please close this page.",
    "jerk_nights_30d": "You were not sure of having had a jerk. Please choose 0 here, or 'yes' there.",
    "caffeine_last_clock_h": "This does not go with the drinks after 14:00 that you gave; please look at both.",
    "waso_min": "You woke up in the night: please type 1 minute or more.",
    "wake_clock_h": "This is not after falling asleep, or it makes more than 16 hours of sleep; look at both clocks.",
}
ALONE_EXCUSE = "'None of these' and 'I do not know' or 'I would rather not say' are ticked alone, with nothing else."

# Answers whose word, with spaces for underscores, would not be understood; a word means the same everywhere.
ANSWERS = {
    "true": "yes",
    "false": "no",
    "-8": "I do not know / cannot say",
    "-9": "I would rather not say",
    "unknown": "I do not know",
    "dont_know": "I do not know",
    "refused": "I would rather not say",
    "undisclosed": "I would rather not say",
    "other_or_undisclosed": "other, or I would rather not say",
    "75+": "75 or older",
    "few_a_year": "a few times a year",
    "general_social": "social media, general",
    "health_or_sleep_forum": "a forum on health or sleep",
    "rotating": "rotating shifts",
    "head_neck": "head or neck",
    "face_eyelid": "face or eyelid",
    "shock": "an electric shock",
    "bang_or_noise": "a bang or noise",
    "breath_catch": "breath catching",
    "wakes_me": "they wake me",
    "delays_sleep": "they delay my sleep",
    "fear_of_sleep": "they make me fear going to sleep",
    "asleep_told_by_other": "while asleep, as somebody told me",
    "awake_resting": "awake and resting",
    "awake_active": "awake and active",
    "single_isolated": "one lone jump",
    "irregular_cluster": "a few at random",
    "regular_5_90_s": "the same movement again and again, every 5 to 90 seconds",
    "skin_flicker_no_limb_move": "a flicker under the skin that moves no limb",
    "sustained_posture": "a held twist",
    "urge_to_move": "a need to move them",
    "worse_at_rest": "it starts or grows when still",
    "eased_by_moving": "moving helps",
    "worse_evening": "evenings and nights are worse",
    "explained_by_cramp_or_posture": "cramps, swelling or an awkward position explain it",
    "wasting": "muscle getting thinner",
    "swallow_or_speech": "trouble swallowing or speaking",
    "spreading": "spreading to other parts",
    "worse_over_weeks": "getting worse over weeks",
    "lasting_many_weeks": "lasting for many weeks",
    "mostly_daytime": "mostly by day",
    "lost_awareness": "losing awareness",
    "tongue_bite_or_wet_bed": "a bitten tongue or wet bed",
    "after_new_medicine": "starting after a new medicine",
    "family_als_ms": "ALS or MS in the family",
    "rls": "restless legs syndrome",
    "plmd": "periodic limb movement disorder",
    "als_mnd": "ALS / motor neurone disease",
    "ms": "multiple sclerosis",
    "adhd": "ADHD",
    "kidney_or_thyroid": "kidney or thyroid disease",
    "ssri_snri": "antidepressant, SSRI or SNRI",
    "other_antidepressant": "another antidepressant",
    "benzodiazepine_z": "benzodiazepine or Z-drug (for sleep or calm)",
    "antipsychotic": "antipsychotic",
    "dopaminergic": "dopaminergic (for Parkinson's or restless legs)",
    "anticonvulsant": "anticonvulsant (for epilepsy or nerve pain)",
    "diuretic": "diuretic (water tablet)",
    "sedating_antihistamine": "antihistamine that makes sleepy",
    "beta_agonist": "beta agonist (asthma inhaler)",
    "dose_up": "dose raised",
    "dose_down": "dose lowered",
    "nrt_or_pouch": "nicotine replacement or pouches",
    "several": "several of these",
    "b12": "vitamin B12",
    "emg": "EMG (needle test of muscles)",
    "nerve_conduction": "nerve conduction",
    "mri": "MRI",
    "eeg": "EEG",
    "blood_electrolytes": "blood electrolytes",
    "b12_level": "vitamin B12 in blood",
    "stretching_or_yoga": "stretching or yoga",
    "noise_or_child": "noise or a child",
    "flash_of_light": "a flash of light",
}


# What is said after a time before such an hour of the diary day.
PARTS_OF_THE_DAY = {
    6: ", early in the morning", 12: " in the morning", 24: "", 30: ", after midnight", 36: ", the next morning"
}  # fmt: skip

# Answers that one question says in its own way.
OWN = {
    ("evening_on_time", "false"): "no, or I would rather not say",
    ("recruitment_source", "other"): "other, or I would rather not say",
    ("jerk_ever", "unsure"): "unsure, or I would rather not say",
    ("jerk_reporter", "self"): "I did myself",
    ("jerk_reporter", "other_person"): "another person",
    ("jerk_reporter", "both"): "both of us",
}


def answer_label(word: str, column: Column | None) -> str:
    """Say an answer of a column to a respondent.

    >>> from hypnic.schemas import Nights, columns
    >>> answer_label("25", columns(Nights)["bed_clock_h"])
    '01:00, after midnight'
    """
    if column is not None and (column.name, word) in OWN:
        return OWN[column.name, word]
    if word in ANSWERS or column is None:
        return ANSWERS.get(word, word)
    if column.name == "country_code":
        return country_name(word)
    if word == "none" and column.kind == "tokens":
        return "none of these"
    return _number(word, column) if column.kind in {"integer", "number"} else word.replace("_", " ")


def _number(word: str, column: Column) -> str:
    """Say a number: by its meaning, as a time of day, or as it is."""
    if column.name in OFFICIAL:
        return HOW_OFTEN[int(word)]
    if column.name == "jerk_intensity_0_4":  # its question says what each means: (0 none, 1 felt only, ...)
        return column.question.partition(f"{word} ")[2].partition(",")[0].rstrip(")")
    if column.unit == "clock h":
        return said_clock(float(word))
    hours, minutes = divmod(round(float(word) * 60), 60)
    return f"{hours} h {minutes:02} min" if column.step else word


def said_clock(clock_h: float) -> str:
    """Say a time of day as people do, whose day ends when they go to bed.

    >>> said_clock(9.5), said_clock(14.25), said_clock(25), said_clock(31), said_clock(37)
    ('09:30 in the morning', '14:15', '01:00, after midnight', '07:00, the next morning', '13:00, the next day')
    """
    time = time_of_day(clock_h).partition(" ")[0]
    late = ", the next day" if clock_h < 48 else ", the night after"
    return time + next((said for end, said in PARTS_OF_THE_DAY.items() if clock_h < end), late)


def country_name(code: str) -> str:
    """Name a country by its two letters; raises HypnicError where the names are not installed."""
    try:
        import pycountry
    except ImportError:
        message = "a form needs the names of countries; install them with: pip install 'hypnic[forms]'"
        raise HypnicError(message) from None
    found = pycountry.countries.get(alpha_2=code)
    return str(getattr(found, "common_name", found.name)) if found else "another place, or I would rather not say"
