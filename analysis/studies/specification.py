"""The frozen specification, and the hash by which a report says that it kept to it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from hypnic.analysis.studies.diary import DIARY
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.grouping import GROUPING
from hypnic.analysis.studies.interview import NHANES_INTERVIEW
from hypnic.analysis.studies.survey import SURVEY
from hypnic.schemas.disclosure import FEWEST_PERSONS

SPECIFIED = (DIARY, SURVEY, NHANES_INTERVIEW)
ESTIMANDS: tuple[Estimand, ...] = tuple(row for instrument in SPECIFIED for row in instrument.estimands)

# The specification that is in force; a report under another one is exploratory. It is older than any contributed answer
# and younger than those of NHANES, whose primary model was changed after they had been seen. It last changed when the
# rule by which submissions that asked differently are grouped and combined became part of it; the rule was older, no
# contributed answer existed, and neither an estimand nor any ratio changed.
FROZEN = "435b1b12f87de01b4f9759b6f799261e912c62b6a7c420d6c4e405fbd3321449"
FROZEN_ON = "26 November 2026"


def specification_hash() -> str:
    """Give the sha256 of the estimands and of the rules for rare levels and for groups, in a canonical form.

    What a row is called in a table is no part of it.
    """
    rows = [{key: value for key, value in asdict(row).items() if key != "variant"} for row in ESTIMANDS]
    rule = {"fewest": FEWEST_PERSONS, "pooling": {one.name: one.pooling for one in SPECIFIED}}
    canonical = json.dumps([rows, rule, asdict(GROUPING)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def estimands(table: str) -> tuple[Estimand, ...]:
    """Give the rows of one instrument (`diary`, `survey` or `nhanes`), in the order of the report.

    >>> [row.exposure for row in estimands("diary") if row.role == "primary"]
    ['caffeine', 'alcohol', 'stress', 'exercise', 'sleep_loss']
    """
    return tuple(row for row in ESTIMANDS if row.table == table)
