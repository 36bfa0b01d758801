"""How NHANES' answers are coded, held to numbers computed apart from this code; needs CDC's tables in HYPNIC_NHANES."""

from __future__ import annotations

import polars as pl
import pytest

from hypnic.analysis import StudyData
from hypnic.analysis.programme import evalues, primary
from hypnic.analysis.programme.evalues import e_value
from hypnic.analysis.programme.splines import restricted_cubic
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.studies import FROZEN, specification_hash
from hypnic.analysis.studies.demo import DEMO
from hypnic.analysis.studies.graph import faults
from hypnic.analysis.studies.interview import NHANES_INTERVIEW
from hypnic.analysis.studies.nhanes import NHANES
from hypnic.analysis.studies.open import OPEN
from hypnic.analysis.studies.persons import AGE_BENDS, AGE_KNOTS, bends

pytestmark = pytest.mark.xdist_group("nhanes")
# Weighted log-likelihood (weights of mean 1) and ratio; the ratio of means where a family has no other.
PUBLISHED = {
    "caffeine": {
        "closed": (-7100.3, 1.035), "open": (-7021.7, 1.044), "truncated-nb2": (-7036.7, 1.039),
        "beta-binomial": (-7062.3, 1.051), "ordered": (-6907.3, 1.069),
    },
    "alcohol": {
        "closed": (-7085.4, 0.990), "open": (-7006.5, 0.980), "truncated-nb2": (-7021.8, 0.988),
        "beta-binomial": (-7047.6, 1.020), "ordered": (-6892.4, 1.028),
    },
    "stress": {
        "closed": (-7249.9, 1.850), "open": (-7177.2, 2.178), "truncated-nb2": (-7185.8, 1.881),
        "beta-binomial": (-7222.6, 1.527), "ordered": (-7080.5, 1.754),
    },
    "sleep_loss": {
        "closed": (-7054.7, 1.180), "open": (-6968.9, 1.235), "truncated-nb2": (-6994.1, 1.130),
        "beta-binomial": (-7020.8, 1.109), "ordered": (-6866.4, 1.128),
    },
}  # fmt: skip
CODINGS = {
    "closed": ("leg_jerks", "interval-nb2"), "open": ("leg_jerks_open", "interval-nb2"),
    "truncated-nb2": ("leg_jerks", "truncated-nb2"), "beta-binomial": ("leg_jerks", "beta-binomial"),
    "ordered": ("leg_jerks_order", "ordered"),
}  # fmt: skip


@pytest.fixture(scope="module")
def asked(nhanes_study: StudyData) -> dict[tuple[str, str, str], Question]:
    (data,) = nhanes_study.sets
    main = {"interval-nb2", "truncated-nb2", "beta-binomial", "main"}
    return {
        (q.estimand.exposure, q.estimand.outcome, q.estimand.family): q
        for q in questions(data, role=None)
        if q.estimand.variant in main
    }


@pytest.mark.parametrize("exposure", PUBLISHED)
@pytest.mark.parametrize("coding", CODINGS)
def test_each_coding_has_the_likelihood_and_the_ratio_that_were_computed_apart(asked, exposure, coding) -> None:
    question = asked[exposure, *CODINGS[coding]]
    loglik, ratio = PUBLISHED[exposure][coding]
    assert question.fit().info["loglik"] == pytest.approx(loglik, abs=0.06)
    (row,) = primary._rows(question.blank(), question)
    assert row["estimate"] == pytest.approx(ratio, abs=1.1e-3)
    assert (
        question.fit().info["n_rows"]
        == {"caffeine": 8521, "alcohol": 8497, "stress": 8689, "sleep_loss": 8488}[exposure]
    )


def test_the_primary_rows_are_ordered_logits_and_every_coding_of_counts_is_a_sensitivity_row() -> None:
    assert {row.family for row in NHANES_INTERVIEW.primary} == {"ordered"}
    counts = [row for row in NHANES_INTERVIEW.estimands if row.outcome.startswith("leg_jerks") and row.scale == "IRR"]
    assert {row.role for row in counts} == {"sensitivity"}
    assert len(counts) == 25


def test_age_bends_as_a_restricted_cubic_spline() -> None:
    ages = pl.DataFrame({"age": range(16, 81)})
    named = zip(AGE_BENDS, bends(pl.col("age"), AGE_KNOTS), strict=True)
    mine = ages.select(bend.alias(name) for name, bend in named).to_numpy()
    assert mine == pytest.approx(restricted_cubic(ages["age"].to_numpy().astype(float), AGE_KNOTS)[:, 1:], abs=1e-12)


def test_an_odds_ratio_has_the_e_value_of_its_square_root() -> None:
    row = {"role": "primary", "scale": "OR", "estimate": 4.0, "conf_low": 2.25, "conf_high": 9.0}
    (found,) = evalues.rows(pl.DataFrame([row]))
    assert (found["estimate"], found["conf_low"]) == pytest.approx((e_value(2.0), e_value(1.5)), rel=1e-7)


def test_only_a_study_without_answers_when_the_specification_was_set_can_confirm_anything() -> None:
    assert specification_hash() == FROZEN
    assert [found.new_answers for found in (OPEN, DEMO, NHANES)] == [True, False, False]
    assert any(notice.startswith("Exploratory") for notice in NHANES.notices)


def test_no_row_is_called_a_total_effect_that_no_order_of_habits_identifies() -> None:
    wrong = [row for row in NHANES_INTERVIEW.estimands if row.effect == "total" and all(faults(row).values())]
    assert not wrong
    medicines = {
        row.effect for row in NHANES_INTERVIEW.estimands if row.exposure in {"ssri_snri", "stimulant", "dopaminergic"}
    }
    assert medicines == {"association"}


def test_depressive_symptoms_are_not_called_stress_or_distress() -> None:
    words = [row.unit for row in NHANES_INTERVIEW.estimands] + [NHANES_INTERVIEW.restated_words]
    words += [text for phrase in NHANES_INTERVIEW.phrases.values() for text in phrase]
    assert not [text for text in words if "stress" in text.lower()]
    assert NHANES_INTERVIEW.titles["stress"] == "Depressive symptoms"
