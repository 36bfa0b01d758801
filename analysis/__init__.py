"""What data says: tidy tables, estimands, estimators and studies."""

from hypnic.analysis.designmatrix import expand_terms
from hypnic.analysis.estimands import ESTIMANDS, Estimand, estimands, specification_hash
from hypnic.analysis.estimating import estimate
from hypnic.analysis.fitting import Fit, fit
from hypnic.analysis.proportionality import proportional_odds
from hypnic.analysis.studies import Study, study
from hypnic.analysis.tidy import tidy_nights, tidy_participants

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
