"""Where a dose curve may bend: the frozen knots of each exposure, in the unit of its own column.

They lie at the 5th, 35th, 65th and 95th percentile of consumers' doses (doses above zero; of all doses where zero is
nothing special), as Harrell 2015 (Regression Modeling Strategies, 2.4.6) advises, rounded and typed in once: every
study is asked the same question, and a curve drawn for new people uses the knots of the fit. NHANES knots come from
those who answered about leg jerks; the forms' from the synthetic demo, since no real answers may be looked at before
the specification is frozen. What is yes or no has no knots.
"""

from collections.abc import Mapping

KNOTS: Mapping[tuple[str, str], tuple[float, ...]] = {
    ("diary", "caffeine"): (10, 55, 120, 350),
    ("diary", "alcohol"): (8, 16, 24, 44),
    ("diary", "stress"): (1, 3, 5, 8),
    ("diary", "sleep_loss"): (-1, 0.35, 1.15, 2.5),
    ("survey", "caffeine"): (60, 145, 235, 540),
    ("survey", "alcohol"): (0.6, 2.5, 6.3, 18),
    ("survey", "stress"): (2, 4, 5, 7),
    ("survey", "exercise"): (6, 15, 24, 47),
    ("survey", "sleep_loss"): (-0.5, 0.25, 1, 1.75),
    ("nhanes", "caffeine"): (2.5, 57, 148, 470),
    ("nhanes", "alcohol"): (0.08, 0.92, 6.1, 42),
    ("nhanes", "stress"): (1, 2, 4, 12),
    ("nhanes", "sleep_loss"): (-1.5, -0.5, 1.5, 3.5),
}
# Who never drinks differs from who drinks little in more than the dose: zero has a level of its own.
SPIKED = ("alcohol",)
