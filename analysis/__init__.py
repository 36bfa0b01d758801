"""What data says: tidy tables, estimands, estimators and studies."""

from hypnic.analysis.estimates import estimate
from hypnic.analysis.programme.proportionality import proportional_odds
from hypnic.analysis.regression.design import expand_terms
from hypnic.analysis.regression.fit import Fit, fit
from hypnic.analysis.studies.estimands import ESTIMANDS, Estimand, estimands, specification_hash
from hypnic.analysis.studies.study import Study, study
from hypnic.analysis.studies.tidy import tidy_nights, tidy_participants

__all__ = [
    "ESTIMANDS",
    "Estimand",
    "Fit",
    "Study",
    "estimands",
    "estimate",
    "expand_terms",
    "fit",
    "proportional_odds",
    "specification_hash",
    "study",
    "tidy_nights",
    "tidy_participants",
]
