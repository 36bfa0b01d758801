"""Open studies of synthetic people, for attacks; with few analyses, so that they are soon there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

from hypnic.analysis import results as module
from hypnic.analysis.studies.open import OPEN, content
from hypnic.analysis.studies.study import StudyData
from hypnic.datasets.cohort.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypnic.analysis.results import Results

# One of each kind: counts of people and nights, degrees of freedom that are people, one person or one part left out.
SOME = ("primary", "leaving out", "marginal structural", "differences")


def open_study(folder: Path, people: Sequence[int], nights: int = 14, seed: int = 5) -> StudyData:
    """Draw a study of some submissions of so many people, all of whom keep a diary."""
    folders = []
    for number, size in enumerate(people):
        drawn = simulate(size, size, nights, seed + number)
        folders.append(folder / f"part-{number}")
        folders[-1].mkdir(parents=True, exist_ok=True)
        drawn.participants.write_csv(folders[-1] / "participants.csv")
        drawn.nights.write_csv(folders[-1] / "nights.csv")
    return StudyData(OPEN, *content(folders))


def some_results(data: StudyData, only: Sequence[str] = SOME) -> Results:
    """Work out a study with some of its analyses."""
    with patch.object(module, "all_but", lambda _: frozenset(only)):
        return module.results(data)


def bare_results(data: StudyData) -> Results:
    """Work out the primary analysis of a study alone, without doses and checks."""
    with patch.object(module, "_more", lambda _: []):
        return some_results(data, ["primary"])


def unprotected(found: Results) -> Results:
    """Give the results of the same people as if their answers were public."""
    return replace(found, data=replace(found.data, study=replace(found.data.study, protected=False)))
