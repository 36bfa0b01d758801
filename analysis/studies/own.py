"""Somebody's own folder, read as a study is: for their eyes, exploratory, part of no dataset."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hypnic.analysis.studies import volunteers
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.sets import fittable
from hypnic.analysis.studies.study import Content, Study, StudyData, hashes
from hypnic.analysis.studies.survey import SURVEY
from hypnic.analysis.studies.tidy import tidy_nights
from hypnic.datasets.checking.files import tables_of
from hypnic.datasets.loading import gather, own_folder

PRIVATE = (
    "Private and exploratory: this was made from a folder of your own. It is no part of the open dataset, it was made"
    " under no frozen specification, and nothing in it confirms anything."
)


def _read(folder: Path | None) -> Content:
    place = own_folder(folder or Path())
    # By name: what the folder is called is nobody's business.
    return Content(volunteers.sets([place]), hashes(tables_of(place)))


OWN = Study(
    name="own",
    title="Sleep starts in your own folder",
    synthetic=False,
    private=True,
    notices=(PRIVATE,),
    threats=volunteers.THREATS,
    instruments=(DIARY, SURVEY),
    read=_read,
    what=volunteers.WHAT,
    cannot=volunteers.CANNOT,
    dated="your own folder",
    people=volunteers.PEOPLE,
    people_note=volunteers.people_note,
    spreads=volunteers.SPREADS,
    rates=volunteers.RATES,
    words=volunteers.WORDS,
)


def own(folder: Path | str) -> StudyData:
    """Read a checked folder of one's own, in the raw form: `participants.csv`, `nights.csv` or both.

    Raises HypnicError where there is neither, or `hypnic check` finds an error in them.

    >>> from hypnic.datasets.loading import data_folder
    >>> own(data_folder() / "demo").persons
    1200
    """
    found = OWN.read(Path(folder))
    return StudyData(OWN, found.sets, found.inputs)


def own_diary(folder: Path | str) -> pl.DataFrame | None:
    """Give the tidy nights of a folder that is one person's diary, those too that a study would leave out; else None.

    Raises HypnicError as `own`.
    """
    tables = gather([own_folder(Path(folder))], "participants", "nights")
    people = {*tables["participants"]["participant_id"], *tables["nights"]["participant_id"]}
    if len(people) != 1 or tables["nights"].is_empty():
        return None
    return fittable(tidy_nights(tables["nights"].lazy(), tables["participants"].lazy()).collect())
