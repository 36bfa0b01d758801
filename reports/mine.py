"""One person's own nights in a few words and one picture, for the page that their file was dropped on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypnic.analysis.single import single_person
from hypnic.analysis.studies.own import own_diary
from hypnic.errors import HypnicError
from hypnic.reports.single import one_person

if TYPE_CHECKING:
    from pathlib import Path


def own_nights(folder: Path) -> dict[str, Any]:
    """Say what `hypnic report --data FOLDER` says of one person's diary, without its table.

    Gives `notice`, `summary`, `said` (sentences), `picture` (SVG), `shows` (the picture in words) and `marks`. Raises
    HypnicError where the folder holds errors, or not the nights of one person.
    """
    diary = own_diary(folder)
    if diary is None:
        message = "this is for the nights of one person; these are of several people, or of nobody"
        raise HypnicError(message)
    made = one_person(single_person(diary))
    return {
        "notice": made.notices[0],
        "summary": made.summary,
        "said": [*made.sentences, *made.limits],
        "picture": made.drawing.svg,
        "shows": made.drawing.description,
        "marks": made.marks,
    }
