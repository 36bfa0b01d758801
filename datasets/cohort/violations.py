"""What goes against the primary models, where it is switched on: a cause that lasts, and a diary that tells otherwise.

Nothing is drawn for what is switched off, so that the demo's numbers stay as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from hypnic.datasets.cohort.people import People
    from hypnic.datasets.cohort.process import Violations

    Floats = NDArray[np.float64]

LASTING = 0.85  # correlation of the slow cause from night to night
# How often somebody is near, by `bed_partner` (never, some nights, most nights), and how much oftener on such evenings.
NEAR, OFTENER = np.array([0.05, 0.4, 0.85]), 0.25
MOST = {"caffeine_after_14": (700.0, 5.0), "caffeine_before_14": (700.0, 5.0), "alcohol": (90.0, 0.1)}


def lasting(rng: np.random.Generator, against: Violations, n: int, before: Floats | None = None) -> Floats:
    """Give n people's slow cause of tonight, from last night's; zero where it is switched off."""
    if not against.slow:
        return np.zeros(n)
    fresh = against.slow * rng.standard_normal(n)
    return fresh if before is None else LASTING * before + np.sqrt(1 - LASTING**2) * fresh


def told(
    rng: np.random.Generator, people: People, against: Violations, lived: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Give a night as it is written: doses with their error, jerks as far as they are noticed."""
    written = dict(lived)
    if against.misreport:
        for name, (most, step) in MOST.items():
            factor = np.exp(against.misreport * rng.standard_normal(len(people)) - against.misreport**2 / 2)
            wrong = np.clip(np.round(lived[name] * factor / step) * step, step, most)
            written[name] = np.where(lived[name] > 0, np.round(wrong, 1), 0)
    if against.noticing > 1:
        # Alone, one in `noticing` is noticed: with somebody near, all of them.
        evening = (lived["alcohol"] > 0) | (lived["late_exercise"] > 0)
        near = rng.random(len(people)) < NEAR[np.minimum(people.partner, 2)] + OFTENER * evening
        seen = np.where(near, 1.0, 1 / against.noticing)
        written["jerks"] = rng.binomial(lived["jerks"].astype(np.int64), seen).astype(np.float64)
    return written
