"""The methods in words: made from the frozen table of estimands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hypnic.analysis.studies.graph import faults, supposed
from hypnic.analysis.studies.rare import TOLD
from hypnic.reports.names import exposure_title, readable
from hypnic.reports.numbers import count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.analysis import Estimand, StudyData
    from hypnic.analysis.question.lean import Lean
    from hypnic.analysis.studies import AnalysisSet, Instrument

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
    "ordered": (
        "Different persons are compared, by an ordered logit of the answers, lowest first: its ratio is one of the odds"
        " of a more frequent answer, wherever the line between less and more frequent is drawn. No law of how many"
        " times a month jerks come is supposed. What a ratio comes to in units that people know is averaged over the"
        " people of its model, weighted, with the exposure as it is and one step on (g-computation). A test asks if one"
        " ratio serves all answers, and the ratio at each of them is given in any case: rows that come only after a"
        " test has failed would be chosen by the data."
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
# The rule for small and lean studies, by how many persons an analysis compares.
RARE = (
    "A rule for what is rare was written before any answer came, and looks at who answered what, not at how often they"
    " jerk: a column that fewer than ten people answered, or in which all are alike, is not adjusted for. Levels that"
    " fewer than ten people have are pooled with a like one; where that does not make ten, and for a yes or no with"
    " fewer than ten people on one side, the column is not adjusted for. What other columns tell exactly, as where two"
    " answers were withheld of the same people, needs no coefficient of its own. Where all people of a level jerk on no"
    " night, or on every one, their rows tell nothing of a ratio and are left out. Where a level still settles the"
    " outcome, or one row fixes a coefficient alone, the fit has its bias reduced, and its errors grow with the spread"
    " of the answers about it. Where nothing is rare the rule changes nothing."
)
WITHIN = frozenset({"fe-poisson", "fe-logit", "fe-linear"})
RARE_WITHIN = "A column that fewer than ten people answered, or that never varies within a person, is not adjusted for."
GRAPH = "By the graph of what leads to what"


@dataclass(frozen=True)
class Method:
    """One analysis in words: how it was done, and what each ratio was adjusted for."""

    id: str  # the instrument's name
    title: str
    brief: str  # the first sentence of how
    paragraphs: tuple[str, ...]
    adjustments: tuple[tuple[str, str], ...]
    shared: str = ""  # what every main ratio is adjusted for

    @property
    def text(self) -> str:
        """Give all of it in one."""
        return " ".join(self.paragraphs)


def methods(study: StudyData, rules: Mapping[Estimand, Lean]) -> tuple[Method, ...]:
    """Put the analyses of a study in words; `rules` tells what the rule for small studies left of each estimand."""
    return tuple(_method(data, rules) for data in study.sets)


def _method(data: AnalysisSet, rules: Mapping[Estimand, Lean]) -> Method:
    first, instrument = data.estimands[0], data.instrument
    left_out = sum(data.left_out.values())
    flagged = f" Rows left out because a check flagged them: {count(left_out)}." if left_out else ""
    text = (
        f"Outcome: {readable(first.outcome)}. {_how(first)} Each ratio comes"
        f" from a model of its own, with complete rows and the adjustment named below.{flagged}"
        f"{_supposition(data.table)}"
    )
    paragraphs = tuple(part for part in (text, _rare(first), *instrument.restated_words.split("\n")) if part)
    # The same adjustment by another model, outcome or weight: the primary row's paragraph tells of it.
    told = tuple(_adjustment(row, rules.get(row)) for row in data.estimands if row not in instrument.restated)
    brief = FAMILIES.get(first.family, _how(first)).partition(". ")[0].rstrip(".") + "."
    return Method(instrument.name, instrument.title, brief, paragraphs, told, _shared(instrument))


def _shared(instrument: Instrument) -> str:
    """Say what all main ratios of an instrument are adjusted for, of what their specification names."""
    first, *others = instrument.primary
    named = [column for column in first.adjustment if all(column in row.adjustment for row in others)]
    return f"Each ratio is adjusted for {', '.join(map(readable, named))}." if len(named) > 1 else ""


def _rare(first: Estimand) -> str:
    """Say what happens to what is rare; a survey with weights is left as it is."""
    if first.weights is not None:
        return ""
    return RARE_WITHIN if first.family in WITHIN else RARE


def _how(row: Estimand) -> str:
    """Say how a model is fitted; one that has no sentence of its own is named as `fit` names it."""
    family = FAMILIES.get(row.family, f"The model is {row.family} as hypnic.analysis.fit names it.")
    return f"{family} {COVARIANCES.get(row.covariance, f'Standard errors are {row.covariance}.')}"


def _adjustment(row: Estimand, rule: Lean | None = None) -> tuple[str, str]:
    effect = "" if row.effect == "association" else " effect"
    role = "" if row.role == "primary" else f", {row.role}"
    weights = f" Weight: {readable(row.weights)}." if row.weights else ""
    names = ", ".join(readable(column) for column in row.adjustment) or "nothing"
    return (
        f"{exposure_title(row.exposure, row.table)} ({row.effect}{effect}{role})",
        f"per {row.unit}; {row.window}. Adjusted for {names}.{_changed(rule)}{weights} {_back_doors(row)}".rstrip(),
    )


def _changed(rule: Lean | None) -> str:
    """Say what the rule for small studies took from a row or pooled, without a count."""
    if rule is None or not rule.changed:
        return ""
    lost = [column for column, why in rule.left.items() if why != TOLD]
    told = [*(column for column, why in rule.left.items() if why == TOLD), *(f"a level of {c}" for c in rule.joined)]
    left, same, pooled = (", ".join(map(readable, columns)) for columns in (lost, told, rule.pooled))
    said = (
        f"not adjusted for {left}" if left else "",
        f"told exactly by the others: {same}" if same else "",
        f"levels pooled in {pooled}" if pooled else "",
        "without the rows that a level settles" if rule.settled else "",
    )
    return f" In this study, by the rule for what is rare: {'; '.join(part for part in said if part)}."


def _supposition(table: str) -> str:
    """Say what the adjustment sets leave to belief."""
    unseen = ", ".join(sorted(supposed(table))).replace("_", " ")
    return f" Nothing is supposed to lead both to habits and to jerks by way of: {unseen}." if unseen else ""


def _back_doors(row: Estimand) -> str:
    """Say what else leads to both by the graph, or in which order of habits nothing does."""
    found = faults(row)
    if not found:
        return ""
    if not any(found.values()):
        return f"{GRAPH}, nothing else that was drawn leads to both."
    closed = " or ".join(f"“{order}”" for order, fault in found.items() if fault is None)
    still = {order: _readable_path(fault) for order, fault in found.items() if fault}
    if not closed:
        return f"{GRAPH}, this is not the total effect alone: {'; '.join(dict.fromkeys(still.values()))}."
    rest = "; ".join(f"under “{order}”, {fault}" for order, fault in still.items())
    return f"{GRAPH}, nothing else that was drawn leads to both under the order {closed}; {rest}."


def _readable_path(fault: str) -> str:
    return fault.replace("_", " ").replace("<-", "←").replace("->", "→")
