"""The study `open`: every accepted submission."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypnic.analysis.studies import volunteers
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.grouping import GROUPING
from hypnic.analysis.studies.study import Content, Study
from hypnic.analysis.studies.survey import SURVEY
from hypnic.datasets import sources
from hypnic.datasets.loading import origins, submissions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from hypnic.analysis.studies.sets import AnalysisSet


def in_parts(sets: tuple[AnalysisSet, ...], origin: pl.DataFrame) -> tuple[AnalysisSet, ...]:
    """Name in each row the submission that its participant came with, so that submissions can be combined."""
    return tuple(
        replace(
            data,
            frame=data.frame.join(origin, on="participant_id", how="left", maintain_order="left"),
            parts=GROUPING.part,
        )
        for data in sets
    )


def content(folders: Sequence[Path]) -> Content:
    """Make some submissions ready as one study, each row knowing the submission it came with."""
    found = volunteers.read(folders)
    told = volunteers.collected(folders)
    if len(folders) == 1:
        return found._replace(told=told)
    return found._replace(sets=in_parts(found.sets, origins(list(folders))), told=told)


def _read(source: Path | None) -> Content:
    sources.refuse_nobody(source)
    return content(submissions(source))


OPEN = Study(
    name="open",
    title="Sleep starts in the open dataset",
    synthetic=False,
    new_answers=True,
    protected=True,
    notices=(),
    threats=volunteers.THREATS,
    instruments=(DIARY, SURVEY),
    read=_read,
    source=sources.OPEN,
    what=volunteers.WHAT,
    cannot=volunteers.CANNOT,
    dated="the submissions accepted so far",
    people=volunteers.PEOPLE,
    people_note=volunteers.people_note,
    spreads=volunteers.SPREADS,
    rates=volunteers.RATES,
    words=volunteers.WORDS,
)
