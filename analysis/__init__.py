"""Clean tables become results, of which a fit can show itself to whoever made it; no report is written here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.analysis.estimates import estimate
    from hypnic.analysis.programme.proportionality import proportional_odds
    from hypnic.analysis.question import Comparison, Question, estimand, questions
    from hypnic.analysis.regression import Fit, expand_terms
    from hypnic.analysis.scale import fit
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
    from hypnic.analysis.studies.entering import entering

__all__ = [
    "ESTIMANDS",
    "Comparison",
    "Estimand",
    "Fit",
    "Question",
    "Study",
    "StudyData",
    "entering",
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

# What is light (`studies`) must be there without what is heavy: `hypnic check` asks it what a folder can do.
__getattr__, __dir__ = attach(
    __name__,
    {
        "Comparison": "question",
        "ESTIMANDS": "studies",
        "Estimand": "studies",
        "Fit": "regression",
        "Question": "question",
        "Study": "studies",
        "StudyData": "studies",
        "entering": "studies.entering",
        "estimand": "question",
        "estimands": "studies",
        "estimate": "estimates",
        "expand_terms": "regression",
        "fit": "scale",
        "proportional_odds": "programme.proportionality",
        "questions": "question",
        "specification_hash": "studies",
        "study": "studies",
        "tidy_nights": "studies",
        "tidy_participants": "studies",
    },
)
