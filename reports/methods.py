"""The methods in words: made from the frozen table of estimands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypnic.analysis.studies.estimands import DIARY_OTHERWISE, NHANES_OTHERWISE, SURVEY_OTHERWISE
from hypnic.analysis.studies.graph import faults, supposed
from hypnic.reports.names import DESIGNS, EXPOSURES, OUTCOMES, readable
from hypnic.reports.numbers import count

if TYPE_CHECKING:
    from hypnic.analysis import Estimand, Study
    from hypnic.analysis.studies.study import AnalysisSet

FAMILIES = {
    "fe-poisson": (
        "Each person's nights are compared with that person's own other nights, by conditional (fixed-effects) Poisson"
        " regression, so that whatever is constant in a person drops out. Persons who noticed no jerk on any night, or"
        " answered one night alone, say nothing about such a contrast and are left out."
    ),
    "cloglog": (
        "Different persons are compared, by binomial regression of the nights with a jerk out of 30 with a"
        " complementary log-log link, which knows that there are 30 nights. Its ratio is one of nightly rates as far"
        " as a person's jerks come at random from night to night; where persons differ in ways not asked for, it lies"
        " nearer to 1 than the ratio for any one person."
    ),
    "interval-nb2": (
        "Different persons are compared, by negative binomial regression on the lowest and highest number of times a"
        " month that each answer stands for (interval-censored maximum likelihood), so that no midpoint is made up."
    ),
}
COVARIANCES = {
    "CR3": "Standard errors are clustered by person, as if each person were left out in turn (CR3); limits know by"
    " Satterthwaite's degrees of freedom on how few persons a ratio may hang.",
    "HC3": "Standard errors are robust to a wrong variance (HC3).",
    "design": (
        "Weights, strata and sampling units of the survey are respected (Taylor linearisation); people outside an"
        " analysis stay in the design; t limits have as many degrees of freedom as it reaches PSUs, minus strata."
    ),
}
OTHERWISE = (
    "Sleep loss is 7.5 h minus the usual sleep on weekdays; distress is the PHQ-9 without its item on sleep. The"
    " weight is that of the smallest sample a model needs: interview, examination or diet. Each primary comparison"
    " was made again with leg jerks cut otherwise (any, or five times a month or more, by logit; the answers in"
    " order, by ordered logit; the middle of each answer, 0, 1, 3, 10, 23, by quasi-Poisson), with a negative"
    " control in their place, in each cycle alone and between the cycles (a ratio of ratios), with the two-day diet"
    " weight among people who recalled both days, and, for exercise and sleep, with only what was asked at home"
    " (interview weight). Logits give ratios of odds (OR), which lie further from 1 than ratios of rates."
)
VOLUNTEERS = (
    "Volunteers came by themselves: a share is one of this sample and of no population.",
    "Jerks are counted as noticed, not as they occurred; stress, waking and a bed partner change what is noticed.",
    "Belief about triggers can colour the answers.",
    "The direction may be the other one: jerks can lead to worry and to short sleep.",
    "Medicines may be taken for what goes along with jerks (confounding by indication).",
    "Short sleep leads to coffee and coffee to short sleep: caffeine may carry the part of sleep loss.",
    (
        "The diary supposes that tonight's jerks do not change tomorrow's exposures; where they do (a jerk costs"
        " sleep), its ratios are a little off, less so in longer diaries; of sleep loss the table of estimates also has"
        " one that is not (half-panel jackknife). What changes within a person from night to night and was not asked"
        " for is not adjusted for either."
    ),
)
NHANES = (
    "The answers are about leg jerks, a proxy for sleep starts.",
    (
        "Education, smoking and alcohol were asked from 20 years on: the ratios are those of adults of 20 and over who"
        " answered all that a model needs, and whoever left something out is assumed to be like those who did not."
    ),
    "A straight line on the log scale may not fit: look at dose against response beside each ratio.",
    "People recalled one month.",
    "Diet is what one or two recalled days held.",
    "Sleep loss and distress may follow from jerks as well as lead to them.",
    "The vigorous-activity question changed between the cycles: each has its own ratio, the headline is their mean.",
    (
        "Negative controls go with caffeine, too, if what ties them is who drinks it: where leg cramps or snoring go"
        " with an exposure as jerks do, the ratio says little about jerks alone."
    ),
)
# The same adjustment by another model, outcome or weight: the primary row's paragraph tells of it.
TOLD_ONCE = frozenset((*DIARY_OTHERWISE, *SURVEY_OTHERWISE, *NHANES_OTHERWISE))
BY_OTHER_MODELS = {
    "diary": "The table of estimates has the same comparisons by conditional logit (any jerk).",
    "survey": (
        "The table of estimates has the same comparisons by negative binomial, zero-inflated, hurdle, interval-censored"
        " and ordered models."
    ),
}


@dataclass(frozen=True)
class Method:
    """One analysis in words: how it was done, and what each ratio was adjusted for."""

    title: str
    text: str
    adjustments: tuple[tuple[str, str], ...]


def methods(study: Study) -> tuple[Method, ...]:
    """Put the analyses of a study in words."""
    return tuple(_method(data) for data in study.sets)


def threats(study: Study) -> tuple[str, ...]:
    """Say what may be wrong with every ratio of a study."""
    return NHANES if study.name == "nhanes" else VOLUNTEERS


def _method(data: AnalysisSet) -> Method:
    first = data.estimands[0]
    left_out = sum(data.left_out.values())
    flagged = f" Rows left out because a check flagged them: {count(left_out)}." if left_out else ""
    text = (
        f"Outcome: {OUTCOMES[first.outcome]}. {FAMILIES[first.family]} {COVARIANCES[first.covariance]} Each ratio comes"
        f" from a model of its own, with complete rows and the adjustment named below.{flagged}"
        f"{_supposition(data.table)}"
    )
    text += f" {OTHERWISE if data.table == 'nhanes' else BY_OTHER_MODELS[data.table]}"
    return Method(DESIGNS[data.table], text, tuple(_adjustment(row) for row in data.estimands if row not in TOLD_ONCE))


def _adjustment(row: Estimand) -> tuple[str, str]:
    role = "" if row.role == "primary" else f", {row.role}"
    weights = f" Weight: {readable(row.weights)}." if row.weights else ""
    names = ", ".join(readable(column) for column in row.adjustment)
    return (
        f"{EXPOSURES[row.exposure]} ({row.effect} effect{role})",
        f"per {row.unit}; {row.window}. Adjusted for {names}.{weights} {_back_doors(row)}",
    )


def _supposition(table: str) -> str:
    """Say what the adjustment sets leave to belief."""
    unseen = ", ".join(sorted(supposed(table))).replace("_", " ")
    return f" Nothing is supposed to lead both to habits and to jerks by way of: {unseen}." if unseen else ""


def _back_doors(row: Estimand) -> str:
    """Say whether the set closes every back door of the graph, or in which order of habits it does."""
    found = faults(row)
    if not any(found.values()):
        return "By the graph of what leads to what this closes every back door."
    closed = " or ".join(f"“{order}”" for order, fault in found.items() if fault is None)
    still = {order: _readable_path(fault) for order, fault in found.items() if fault}
    if not closed:
        return (
            f"By the graph of what leads to what this is no total effect: {'; '.join(dict.fromkeys(still.values()))}."
        )
    rest = "; ".join(f"under “{order}”, {fault}" for order, fault in still.items())
    return f"By the graph of what leads to what this closes every back door under the order {closed}; {rest}."


def _readable_path(fault: str) -> str:
    return fault.replace("_", " ").replace("<-", "←").replace("->", "→")
