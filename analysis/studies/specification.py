"""The frozen table of estimands, and the hash by which a report says that it kept to it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.nhanes import NHANES_INTERVIEW
from hypnic.analysis.studies.survey import SURVEY

ESTIMANDS: tuple[Estimand, ...] = tuple(
    row for instrument in (DIARY, SURVEY, NHANES_INTERVIEW) for row in instrument.estimands
)

# The specification that was agreed before any real answer was analysed; a report under another one is exploratory.
FROZEN = "eb01cefde825472bdfdf258081f8774c8ab799ed7daa55c24b05623e8d12ece7"


def specification_hash() -> str:
    """Give the sha256 of the table above, in a canonical form; what a row is called in a table is no part of it."""
    rows = [{key: value for key, value in asdict(row).items() if key != "variant"} for row in ESTIMANDS]
    canonical = json.dumps(rows, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def estimands(table: str) -> tuple[Estimand, ...]:
    """Give the rows of one instrument (`diary`, `survey` or `nhanes`), in the order of the report.

    >>> [row.exposure for row in estimands("diary") if row.role == "primary"]
    ['caffeine', 'alcohol', 'stress', 'exercise', 'sleep_loss']
    """
    return tuple(row for row in ESTIMANDS if row.table == table)
