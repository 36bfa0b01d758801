"""NHANES estimands on synthetic persons: outcomes, domains, cycles."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.programme.primary import further
from hypnic.analysis.programme.primary import rows as primary
from hypnic.analysis.question.rows import Row
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.nhanes import NHANES_INTERVIEW
from hypnic.analysis.studies.persons import tidy_persons
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.schemas.cdc import CYCLES
from hypnic.schemas.nhanes import LEG_NIGHTS, SNORING

ANSWERS = list(LEG_NIGHTS)
DESIGN = {"strata": "stratum", "psu": "psu"}


def persons(n: int = 800) -> pl.DataFrame:
    """Draw synthetic persons of two cycles, in 4 strata of 2 PSUs each."""
    rng = np.random.default_rng(8)
    cycle = rng.integers(0, 2, n)
    caffeine = rng.gamma(1, 150, n)
    code = np.minimum(rng.poisson(0.5 + caffeine / 300 + 0.4 * cycle), 4)
    low, high = zip(*(LEG_NIGHTS[ANSWERS[c]] for c in code), strict=True)
    return pl.DataFrame(
        {
            "seqn": range(n), "cycle": [list(CYCLES.values())[c] for c in cycle], "age": rng.integers(16, 80, n),
            "stratum": 10 * cycle + rng.integers(0, 2, n), "psu": rng.integers(1, 3, n),
            "weight_exam": rng.gamma(3, 9000, n), "sleep_h": rng.integers(3, 12, n).astype(float),
            "caffeine_mg": caffeine, "caffeine_after_14_mg": caffeine * rng.uniform(size=n),
            "snoring": [SNORING[k] for k in rng.integers(0, 4, n)],
            "leg_jerks": [ANSWERS[c] for c in code], "leg_jerks_lo": low, "leg_jerks_hi": high,
            "leg_cramps": [ANSWERS[c] for c in code[::-1]], "leg_cramps_lo": low[::-1], "leg_cramps_hi": high[::-1],
            "drinking": rng.choice(["never", "former", "current"], n), "dopaminergic": rng.random(n) < 0.02,
            "gabapentinoid": rng.random(n) < 0.05,
        },
        schema_overrides={"leg_jerks": pl.Enum(ANSWERS), "leg_cramps": pl.Enum(ANSWERS)},
    )  # fmt: skip


def estimand(**facts: object) -> Estimand:
    given: dict[str, object] = {
        "table": "nhanes", "exposure": "caffeine", "column": "caffeine_mg", "step": 100, "unit": "100 mg a day",
        "window": "a day", "adjustment": ("age", "cycle"), "outcome": "leg_jerks", "family": "interval-nb2",
        "covariance": "design", "weights": "weight_exam",
    }  # fmt: skip
    return Estimand(**(given | facts))  # type: ignore[arg-type]


def analysed(*planned: Estimand) -> AnalysisSet:
    frame = tidy_persons(persons()).with_columns(pl.selectors.boolean().cast(pl.Int8))
    return AnalysisSet(NHANES_INTERVIEW, frame, "seqn", ("leg_jerks_lo", "leg_jerks_hi"), planned, DESIGN)


def rows(data: AnalysisSet) -> list[Row]:
    return [*primary(data), *further(data)]


def test_answers_become_what_each_family_explains_and_null_stays_null() -> None:
    answered = pl.Series([*ANSWERS, None], dtype=pl.Enum(ANSWERS))
    low, high = zip(*LEG_NIGHTS.values(), strict=True)
    sleep_h = [5.0, 6.0, 8.5, 9.0, 4.5, None]
    six = persons(6).with_columns(
        leg_jerks=answered, leg_jerks_lo=pl.Series([*low, None]), leg_jerks_hi=pl.Series([*high, None]),
        snoring=pl.Series([*SNORING, None, "never"]), sleep_h=pl.Series(sleep_h),
    )  # fmt: skip
    tidy = tidy_persons(six)
    assert tidy["leg_jerks_any"].to_list() == [False, True, True, True, True, None]
    assert tidy["leg_jerks_often"].to_list() == [False, False, False, True, True, None]
    assert tidy["leg_jerks_order"].to_list() == [0, 1, 2, 3, 4, None]
    assert tidy["leg_jerks_midpoint"].to_list() == [0, 1, 3, 10, 23, None]
    assert tidy["answered"].to_list() == [True] * 5 + [False]
    assert tidy["snoring_habitual"].to_list() == [False, False, True, True, None, False]
    assert tidy["sleep_5_or_less"].to_list() == [True, False, False, False, True, None]
    assert tidy["sleep_9_or_more"].to_list() == [False, False, False, True, False, None]


def test_a_logit_gives_odds_ratios_of_its_own_outcome() -> None:
    data = analysed(estimand(outcome="leg_jerks_often", family="binomial", role="sensitivity"))
    (row,) = rows(data)
    direct = fit(
        data.frame, "leg_jerks_often", ["caffeine_mg", "age", "cycle"], "binomial", weights="weight_exam",
        covariance="design", **DESIGN,
    )  # fmt: skip
    assert (row["outcome"], row["scale"]) == ("leg_jerks_often", "OR")
    assert row["estimate"] == pytest.approx(np.exp(100 * direct.params[1]), rel=1e-7)


def test_one_cycle_is_a_domain_of_both() -> None:
    data = analysed(estimand(domain="in_2007_2008", adjustment=("age",), role="sensitivity"))
    (row,) = rows(data)
    assert row["n_rows"] == data.frame["in_2007_2008"].sum()
    (alone,) = rows(AnalysisSet(**(vars(data) | {"frame": data.frame.filter(in_2007_2008=1)})))
    assert {key: row[key] for key in row if key != "n_dropped"} == {
        key: alone[key] for key in row if key != "n_dropped"
    }


def test_a_ratio_across_levels_is_the_last_over_the_first_with_the_error_of_an_interaction() -> None:
    data = analysed(estimand(by="cycle"), estimand(by="cycle", across="ratio", role="exploratory"))
    mean, first, last, ratio = rows(data)
    assert [row["role"] for row in (mean, first, last, ratio)] == ["primary", "secondary", "secondary", "exploratory"]
    assert ratio["estimate"] == pytest.approx(last["estimate"] / first["estimate"], rel=1e-7)
    assert mean["estimate"] == pytest.approx((last["estimate"] * first["estimate"]) ** 0.5, rel=1e-7)
    product = data.frame.with_columns(late=pl.col("caffeine_mg") * pl.col("in_2007_2008"))
    direct = fit(
        product, ("leg_jerks_lo", "leg_jerks_hi"), ["late", "caffeine_mg", "age", "cycle"], "interval-nb2",
        weights="weight_exam", covariance="design", **DESIGN,
    )  # fmt: skip
    interaction = direct.tidy().row(1, named=True)
    assert ratio["p_value"] == pytest.approx(interaction["p_value"], rel=1e-6)
    assert ratio["std_error"] == pytest.approx(100 * interaction["std_error"], rel=1e-6)


def test_the_levels_are_shown_under_a_primary_row_alone() -> None:
    assert len(list(rows(analysed(estimand(by="cycle", role="sensitivity", outcome="leg_cramps"))))) == 1
