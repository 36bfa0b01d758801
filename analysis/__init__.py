"""Clean tables become results, of which a fit can show itself to whoever made it; no report is written here."""

from __future__ import annotations

from hypnic.analysis.estimates import estimate
from hypnic.analysis.programme.proportionality import proportional_odds
from hypnic.analysis.question import Comparison, Question, estimand, questions
from hypnic.analysis.regression import Fit, expand_terms, fit
from hypnic.analysis.studies import (
    ESTIMANDS,
    Estimand,
    Study,
    StudyData,
    estimands,
    specification_hash,
    study,
    tidy_nights,
    tidy_participants,
)

__all__ = [
    "ESTIMANDS",
    "Comparison",
    "Estimand",
    "Fit",
    "Question",
    "Study",
    "StudyData",
    "estimand",
    "estimands",
    "estimate",
    "expand_terms",
    "fit",
    "proportional_odds",
    "questions",
    "specification_hash",
    "study",
    "tidy_nights",
    "tidy_participants",
]


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
