"""What is studied: each study's instruments, estimands, graph and words; nothing is fitted here."""

from __future__ import annotations

from hypnic.analysis.studies.estimands import EXPOSURES, Estimand
from hypnic.analysis.studies.instrument import Instrument
from hypnic.analysis.studies.registry import STUDIES, instruments, named, study
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.specification import ESTIMANDS, FROZEN, estimands, specification_hash
from hypnic.analysis.studies.study import Study, StudyData
from hypnic.analysis.studies.tidy import tidy_nights, tidy_participants

__all__ = [
    "ESTIMANDS",
    "EXPOSURES",
    "FROZEN",
    "STUDIES",
    "AnalysisSet",
    "Estimand",
    "Instrument",
    "Study",
    "StudyData",
    "estimands",
    "instruments",
    "named",
    "specification_hash",
    "study",
    "tidy_nights",
    "tidy_participants",
]


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
