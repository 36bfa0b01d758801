"""Synthetic studies made ready as real ones are: drawn, cleaned, tidied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.analysis.studies.diary import diary_set
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.survey import survey_set
from hypnic.datasets.checking.types import typed
from hypnic.datasets.cleaning import clean, flags
from hypnic.datasets.cohort.simulation import simulate
from hypnic.schemas import Nights, Participants

if TYPE_CHECKING:
    from hypnic.analysis.studies.estimands import Design
    from hypnic.datasets.cohort.process import Process


def simulated_set(
    design: Design, persons: int, seed: int, nights: int = 14, process: Process | None = None
) -> AnalysisSet:
    """Draw `persons` synthetic diaries of `nights` nights, or as many survey answers, and make them ready.

    Every answer goes through the same cleaning as a contributor's. Raises HypnicError as `simulate`.

    >>> simulated_set("survey", 40, seed=1).frame.height
    40
    """
    if design == "survey":
        cohort = simulate(persons, 1, 2, seed, process=process)
        people = typed(cohort.participants, Participants)
        return survey_set(clean(people, Participants), flags(people, Participants))
    cohort = simulate(persons, persons, nights, seed, nights_only=True, process=process)
    people, rows = typed(cohort.participants, Participants), typed(cohort.nights, Nights)
    return diary_set(clean(rows, Nights), clean(people, Participants), flags(rows, Nights))
