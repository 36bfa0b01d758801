"""Twelve mistakes that are easily made: a type checker must refuse each marked line. Nothing here is ever run."""

from __future__ import annotations

import polars as pl

import hypnic
from hypnic.analysis import estimand, fit

nights = pl.DataFrame()

hypnic.load("nigths")  # refused: no such table
hypnic.load("nights", study="dmeo")  # refused: no such study
hypnic.load("persons", study="demo")  # refused: the demo has no such table
hypnic.load("nights", study="nhanes")  # refused: NHANES has no such table
hypnic.load("nights", stduy="demo")  # refused: no such keyword
hypnic.load(study="demo")  # refused: of which table?

fit(nights, "jerk_count", "caffeine_mg", "poison")  # refused: no such family
fit(nights, "jerk_count", "caffeine_mg", "poisson", covariance="HC4")  # refused: no such errors
fit(nights, ("jerk_count", "night_index"), "caffeine_mg", "poisson")  # refused: a pair for a count
fit(nights, "jerk_count", "caffeine_mg", "fe-poisson")  # refused: within whom?
fit(nights, "jerk_count", "caffeine_mg", "nb2", zero_terms=[])  # refused: NB2 has no zero part
estimand("diary", "cafeine")  # refused: no such exposure

# And what is right passes.
hypnic.load("nights", study="demo")
hypnic.load("persons", study="nhanes")
fit(nights, "jerk_count", "caffeine_mg", "poisson")
fit(nights.lazy(), "jerk_count", ["caffeine_mg", "stress_0_10"], "fe-poisson", groups="participant_id")
fit(nights.to_pandas(), ("k", "n"), "stress_0_10", "cloglog", covariance="HC3", bias_reduced=True)
fit(nights.to_arrow(), "jerk_count", "stress_0_10", "zinb", zero_terms=[], exposure="hours")
fit(nights, ("lo", "hi"), "stress_0_10", "beta-binomial", maximum=30, weights="w")
estimand("survey", "sleep_loss").fit(nights).plot()
