"""The study `demo`: the synthetic cohort, whose truth is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypnic.analysis.studies import volunteers
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.study import Content, Study
from hypnic.analysis.studies.survey import SURVEY
from hypnic.datasets import sources
from hypnic.datasets.loading import data_folder

if TYPE_CHECKING:
    from pathlib import Path

SYNTHETIC = (
    "Synthetic data: these answers were drawn by a computer program. Nobody gave them, and nothing here is a finding"
    " about people."
)


def _read(_: Path | None) -> Content:
    folder = data_folder() / "demo"
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    return volunteers.read([folder])._replace(truth=truth)


DEMO = Study(
    name="demo",
    title="Sleep starts in the synthetic demo cohort",
    synthetic=True,
    notices=(SYNTHETIC,),
    threats=volunteers.THREATS,
    instruments=(DIARY, SURVEY),
    read=_read,
    source=sources.DEMO,
    what=volunteers.WHAT,
    cannot=volunteers.CANNOT,
    dated="drawn by a computer program on 22 November 2026",
    people=volunteers.PEOPLE,
    people_note=volunteers.people_note,
    spreads=volunteers.SPREADS,
    rates=volunteers.RATES,
    words=volunteers.WORDS,
)
