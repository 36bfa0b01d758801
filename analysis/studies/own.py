"""Somebody's own folder, read as a study is: for their eyes, exploratory, part of no dataset."""

from __future__ import annotations

from pathlib import Path

from hypnic.analysis.studies import volunteers
from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.study import Content, Study, StudyData, hashes
from hypnic.analysis.studies.survey import SURVEY
from hypnic.datasets.checking.files import tables_of
from hypnic.datasets.loading import own_folder

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
    notices=(PRIVATE, volunteers.SELF_SELECTED),
    threats=volunteers.THREATS,
    instruments=(DIARY, SURVEY),
    read=_read,
    people=volunteers.PEOPLE,
    people_note=volunteers.people_note,
    spreads=volunteers.SPREADS,
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
