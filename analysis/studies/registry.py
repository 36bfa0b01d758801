"""The studies there are: adding one is a module and a line here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from hypnic.analysis.studies.demo import DEMO
from hypnic.analysis.studies.instrument import Instrument
from hypnic.analysis.studies.nhanes import NHANES
from hypnic.analysis.studies.open import OPEN
from hypnic.analysis.studies.study import Study, StudyData
from hypnic.datasets.source import refuse_folder
from hypnic.errors import HypnicError

STUDIES: dict[str, Study] = {study.name: study for study in (DEMO, OPEN, NHANES)}


def named(name: str) -> Study:
    """Look up a study; raises HypnicError where there is none of that name."""
    if name not in STUDIES:
        message = f"there is no study {name!r}; choose one of {', '.join(STUDIES)}"
        raise HypnicError(message)
    return STUDIES[name]


def study(name: str, source: Path | str | None = None) -> StudyData:
    """Read a study and make it ready: `demo` (synthetic), `open` (submissions) or `nhanes`.

    `source` is the folder of the NHANES files, or one of submissions.

    Raises
    ------
    HypnicError
        There is no such study, its files are not at hand, it is read from no folder, or it holds no answers yet.

    """
    found = named(name)
    if source is not None and not found.takes_folder:
        refuse_folder(name)
    content = found.read(None if source is None else Path(source))
    return StudyData(found, content.sets, content.inputs, content.truth, content.told)


def instruments() -> Mapping[str, Instrument]:
    """Give every instrument of the studies by its name."""
    return {instrument.name: instrument for study in STUDIES.values() for instrument in study.instruments}
