"""Health questions of the survey form, filled in for the synthetic cohort: invented shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hypnic.datasets.cohort.cells import REFUSED, either, gap, numbers, only, tokens
from hypnic.datasets.cohort.levels import CONDITIONS, MEDICINES, STRATEGIES, SUPPLEMENTS
from hypnic.datasets.cohort.people import labels, share

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from hypnic.datasets.cohort.cells import Cells
    from hypnic.datasets.cohort.people import Floats, People

    Flags = NDArray[np.bool_]


def sleep_impact(rng: np.random.Generator, distress: Floats) -> Cells:
    """Return the effect on sleep: the worse the distress, the stronger."""
    level = np.clip(np.round((distress + 1.5 * rng.standard_normal(len(distress)) - 1) / 2.5), 0, 3).astype(int)
    return labels(("none", "wakes_me", "delays_sleep", "fear_of_sleep"), level)


def movement_states(rng: np.random.Generator, yes: Flags, seen: Flags) -> Cells:
    """When twitches come; `unknown` from people without any, since the form has no such option."""
    n = len(yes)
    return tokens(
        {
            "drifting_off": yes & (rng.random(n) < 0.96),
            "waking_up": yes & (rng.random(n) < 0.12),
            "awake_resting": rng.random(n) < np.where(yes, 0.16, 0.22),
            "awake_active": rng.random(n) < 0.05,
            "asleep_told_by_other": yes & seen & (rng.random(n) < 0.25),
        },
        untouched="unknown",
    )


def rls_features(rng: np.random.Generator, people: People, diagnosed: Flags) -> Cells:
    """All four features in restless legs, some of them in a few others."""
    n = len(people)
    restless, some = people.rls | diagnosed, rng.random(n) < 0.10
    features = ("urge_to_move", "worse_at_rest", "eased_by_moving", "worse_evening")
    ticked = {name: restless | (some & (rng.random(n) < 0.45)) for name in features}
    ticked["explained_by_cramp_or_posture"] = ~restless & some & (rng.random(n) < 0.5)
    return either(~diagnosed & (rng.random(n) < 0.01), "refused", tokens(ticked))


def dx_conditions(rng: np.random.Generator, people: People, anxious: Floats) -> tuple[Cells, Flags]:
    """(tokens, whether restless legs are among them)."""
    n = len(people)
    silent = rng.random(n) < 0.02
    ticked = {option: rng.random(n) < chance for option, chance in CONDITIONS.items()}
    ticked["rls"] = people.rls & (rng.random(n) < 0.6)
    ticked["adhd"] |= people.stimulant & (rng.random(n) < 0.7)
    ticked["anxiety"] = rng.random(n) < share(-2.4 + 0.8 * anxious)
    ticked["depression"] = rng.random(n) < share(-2.6 + 0.7 * anxious + 1.5 * people.ssri)
    ticked["insomnia"] = rng.random(n) < share(-2.7 + 0.6 * anxious)
    return either(silent, "undisclosed", tokens(ticked)), ticked["rls"] & ~silent


def med_classes(rng: np.random.Generator, people: People) -> tuple[Cells, Flags]:
    """(tokens, whether any class is among them)."""
    n = len(people)
    silent = rng.random(n) < 0.015
    ticked = {option: rng.random(n) < chance for option, chance in MEDICINES.items()}
    ticked |= {"ssri_snri": people.ssri, "stimulant": people.stimulant}
    return either(silent, "undisclosed", tokens(ticked)), np.any(list(ticked.values()), axis=0) & ~silent


def audit_c(rng: np.random.Generator, people: People) -> dict[str, pl.Series]:
    """Return the three items from drinking days and grams on such a day; who never drinks scores 0 in all."""
    n = len(people)
    drinks = people.alcohol_wk > 0
    often = np.where(drinks, 1 + np.searchsorted([0.06, 0.20, 0.48], people.drinking_days), 0).astype(float)
    much = np.where(drinks, np.searchsorted([28.0, 48.0, 68.0], people.drink_g), 0).astype(float)
    heavy = np.clip(
        np.round((people.drink_g - 30) / 15 * people.drinking_days * 2 + 0.5 * rng.standard_normal(n)), 0, 4
    )
    silent = drinks & (rng.random(n) < 0.015)
    items = {"audit_c_q1": often, "audit_c_q2": much, "audit_c_q3": np.where(drinks, heavy, 0)}
    return {name: numbers(np.where(silent, REFUSED, item)) for name, item in items.items()}


def moods(rng: np.random.Generator, anxious: Floats) -> dict[str, pl.Series]:
    """GAD-2 and PHQ-2 items."""
    weight = {"gad2_q1": 0.9, "gad2_q2": 0.8, "phq2_q1": 0.6, "phq2_q2": 0.6}
    items = {}
    for item, slope in weight.items():
        score = np.round(0.5 + slope * anxious + 0.5 * rng.standard_normal(len(anxious)))
        items[item] = numbers(gap(rng, np.clip(score, 0, 3), 0.012, REFUSED))
    return items  # fmt: skip


def supplements(rng: np.random.Generator, people: People) -> Cells:
    """Return what is taken at least weekly."""
    ticked = {option: rng.random(len(people)) < chance for option, chance in SUPPLEMENTS.items()}
    return tokens(ticked | {"magnesium": people.magnesium})


def strategies(rng: np.random.Generator, yes: Flags, distress: Floats) -> tuple[Cells, Cells]:
    """Return (tried, helped): more is tried where jerks bother more; two in five attempts seem to help."""
    n = len(yes)
    eager = np.clip(0.3 + distress / 4, 0, 2)
    tried = {option: rng.random(n) < chance * eager for option, chance in STRATEGIES.items()}
    helped = {option: done & (rng.random(n) < 0.4) for option, done in tried.items()}
    silent, any_tried = rng.random(n) < 0.01, np.any(list(tried.values()), axis=0)
    asked = yes & (any_tried | silent)
    unknown = silent | (rng.random(n) < 0.03)
    return only(yes, either(silent, "refused", tokens(tried))), only(asked, either(unknown, "unknown", tokens(helped)))
