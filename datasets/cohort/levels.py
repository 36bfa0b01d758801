"""How often each level of a form is chosen in the synthetic cohort: weights, or chances of a tick."""

# the survey form
COUNTRIES = {"US": 0.36, "GB": 0.24, "DE": 0.16, "CA": 0.10, "AU": 0.08, "ZZ": 0.06}
SOURCES = {
    "general_social": 0.38,
    "health_or_sleep_forum": 0.20,
    "university": 0.14,
    "workplace": 0.08,
    "clinic": 0.05,
    "search": 0.11,
    "other": 0.04,
}
FAMILY = {"yes": 0.24, "no": 0.38, "dont_know": 0.38}
LADDER = (
    "never",
    "few_a_year",
    "monthly",
    "weekly",
    "several_a_week",
    "most_nights",
    "every_night",
    "unknown",
)
NOT_TWITCHING = {"none": 0.72, "skin_flicker_no_limb_move": 0.20, "dont_know": 0.08}
PATTERNS = {
    "single_isolated": 0.62,
    "irregular_cluster": 0.18,
    "regular_5_90_s": 0.04,
    "skin_flicker_no_limb_move": 0.09,
    "sustained_posture": 0.01,
    "dont_know": 0.06,
}
LOCATIONS = {
    "leg": 0.60,
    "arm": 0.33,
    "trunk": 0.22,
    "head_neck": 0.12,
    "face_eyelid": 0.08,
    "whole_body": 0.35,
}
SENSATIONS = {
    "falling": 0.46,
    "shock": 0.20,
    "flash_of_light": 0.05,
    "bang_or_noise": 0.06,
    "dream_image": 0.22,
    "racing_heart": 0.24,
    "breath_catch": 0.10,
}
RED_FLAGS = {
    "weakness": 0.010,
    "wasting": 0.002,
    "numbness": 0.016,
    "swallow_or_speech": 0.003,
    "clumsiness": 0.008,
    "spreading": 0.006,
    "worse_over_weeks": 0.010,
    "lasting_many_weeks": 0.014,
    "mostly_daytime": 0.014,
    "painful": 0.014,
    "lost_awareness": 0.004,
    "tongue_bite_or_wet_bed": 0.002,
    "after_new_medicine": 0.010,
    "family_als_ms": 0.008,
}
CONDITIONS = {
    "plmd": 0.005,
    "epilepsy": 0.007,
    "narcolepsy": 0.003,
    "sleep_apnoea": 0.05,
    "parkinsonism": 0.003,
    "als_mnd": 0.001,
    "ms": 0.004,
    "neuropathy": 0.02,
    "dystonia": 0.002,
    "adhd": 0.04,
    "migraine": 0.12,
    "kidney_or_thyroid": 0.06,
}
MEDICINES = {
    "other_antidepressant": 0.03,
    "benzodiazepine_z": 0.03,
    "antipsychotic": 0.012,
    "dopaminergic": 0.012,
    "anticonvulsant": 0.02,
    "corticosteroid": 0.02,
    "diuretic": 0.05,
    "sedating_antihistamine": 0.04,
    "opioid": 0.015,
    "beta_agonist": 0.04,
    "melatonin": 0.06,
}
CHANGES = {"none": 0.88, "started": 0.04, "stopped": 0.03, "dose_up": 0.03, "dose_down": 0.02}
SUPPLEMENTS = {"calcium": 0.07, "potassium": 0.03, "b12": 0.12, "iron": 0.08, "electrolyte_drink": 0.07}
STRATEGIES = {
    "relaxation": 0.22,
    "mindfulness": 0.12,
    "regular_schedule": 0.18,
    "less_caffeine": 0.25,
    "less_alcohol": 0.12,
    "less_nicotine": 0.04,
    "earlier_exercise": 0.07,
    "gentle_stretching": 0.14,
    "more_sleep": 0.20,
    "hydration": 0.12,
    "magnesium": 0.15,
    "stress_management": 0.13,
    "medicine": 0.03,
    "reassurance": 0.15,
}
TESTS = {
    "emg": 0.008,
    "nerve_conduction": 0.008,
    "mri": 0.012,
    "eeg": 0.010,
    "sleep_study": 0.025,
    "blood_electrolytes": 0.030,
    "b12_level": 0.025,
}

# the diary forms
EXERCISE_LEVELS = ("none", "light", "moderate", "vigorous")
HARD_TYPES = {"endurance": 0.45, "strength": 0.30, "mixed": 0.20, "other": 0.05}
SOFT_TYPES = {"endurance": 0.42, "strength": 0.15, "mixed": 0.12, "stretching_or_yoga": 0.21, "other": 0.10}
UNUSUAL = {"no": 0.90, "illness": 0.02, "travel": 0.02, "noise_or_child": 0.04, "other": 0.02}
HYDRATION = {"less_than_usual": 0.17, "usual": 0.70, "more_than_usual": 0.13}
NIGHT_LOCATIONS = {
    "leg": 0.44,
    "arm": 0.14,
    "trunk": 0.08,
    "head_neck": 0.05,
    "face_eyelid": 0.03,
    "whole_body": 0.18,
    "several": 0.06,
    "unknown": 0.02,
}
NIGHT_SENSATIONS = {
    "falling": 0.38,
    "shock": 0.12,
    "flash_of_light": 0.02,
    "bang_or_noise": 0.03,
    "dream_image": 0.12,
    "other": 0.04,
    "none": 0.27,
    "unknown": 0.02,
}
TIMINGS = {"drifting_off": 0.86, "waking_up": 0.04, "awake_resting": 0.06, "several": 0.03, "unknown": 0.01}
