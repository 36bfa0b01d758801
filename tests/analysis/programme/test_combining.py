"""Combination over parts: like with like, or not at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from hypnic.analysis import estimands, study
from hypnic.analysis.programme import combining
from hypnic.analysis.programme.combining import LIKE, combine
from hypnic.analysis.studies.open import in_parts
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.survey import SURVEY
from hypnic.datasets.loading import data_folder, origins
from hypnic.errors import HypnicError


def table(ratios: list[float], errors: list[float], **facts: object) -> pl.DataFrame:
    alike = {"design": "survey", "outcome": "jerks", "exposure": "stress", "unit": "2 points", "effect": "total"}
    df = pl.Series([None] * len(ratios), dtype=pl.Float64)
    return pl.DataFrame({"estimate": ratios, "std_error": errors, "df": df}).with_columns(
        **{name: pl.lit(value) for name, value in (alike | {"scale": "IRR"} | facts).items()}
    )


def test_parts_that_agree_are_weighted_by_their_precision() -> None:
    found = combine(table([1.2, 1.2], [0.1, 0.2]))
    assert found.estimate == pytest.approx(1.2)
    assert found.std_error == pytest.approx((1 / 0.1**2 + 1 / 0.2**2) ** -0.5)
    assert (found.tau2, found.i2) == pytest.approx((0, 0))
    assert found.q_p == pytest.approx(1)


def test_parts_that_differ_widen_the_interval_by_as_much_as_paule_and_mandel_say() -> None:
    ratios, error = np.array([1.0, 1.5, 2.2]), 0.1
    found = combine(table(list(ratios), [error] * 3))
    spread = np.var(np.log(ratios), ddof=1)  # equal errors: the generalised Q is solved by the plain variance
    assert found.tau2 == pytest.approx(spread - error**2, rel=1e-4)
    assert found.std_error == pytest.approx(np.sqrt(spread / 3), rel=1e-4)
    q = ((np.log(ratios) - np.log(ratios).mean()) ** 2).sum() / error**2
    assert found.i2 == pytest.approx(1 - 2 / q)
    assert found.q_p < 0.001


def test_differences_are_combined_on_their_own_scale() -> None:
    assert combine(table([0.5, 0.7], [0.1, 0.1], scale="difference")).estimate == pytest.approx(0.6)


@pytest.mark.parametrize("column", LIKE)
def test_what_is_not_alike_is_refused_by_name(column: str) -> None:
    unlike = pl.concat([table([1.2], [0.1]), table([1.3], [0.1], **{column: "another"})])
    with pytest.raises(HypnicError, match=f"these differ in {column}: "):
        combine(unlike)


def test_one_part_is_no_combination() -> None:
    with pytest.raises(HypnicError, match="fewer than two parts"):
        combine(table([1.2], [0.1]))


STRESS = replace(estimands("survey")[2], adjustment=("wave",))


def waves(n: int = 800, parts: str | None = "wave") -> AnalysisSet:
    rng = np.random.default_rng(8)
    stress = rng.integers(0, 11, n)
    nights = rng.binomial(30, 1 - np.exp(-0.15 * 1.2 ** (stress / 2)))
    frame = pl.DataFrame(
        {
            "id": range(n),
            "wave": rng.choice(["a", "b"], n),
            "stress_usual_0_10": stress,
            "nights": nights,
            "of": [30] * n,
        }
    )
    return AnalysisSet(SURVEY, frame, "id", ("nights", "of"), (STRESS,), parts=parts)


def test_each_part_is_fitted_alone_and_the_row_says_how_they_differ() -> None:
    mean, test, spread, share = combining.rows(waves())
    assert mean["role"] == "sensitivity"
    assert mean["conf_low"] < 1.2 < mean["conf_high"]
    assert mean["n_persons"] == 800
    assert mean["adjustment"] == ""  # the wave is constant in each part
    assert [row["variant"] for row in (mean, test, spread, share)] == [
        "random-effects", "heterogeneity", "between-parts-sd", "i2",
    ]  # fmt: skip
    assert (test["scale"], test["df"]) == ("test", 1)  # two parts
    assert spread["estimate"] >= 0
    assert 0 <= share["estimate"] < 1


def test_a_set_without_parts_has_nothing_to_combine() -> None:
    assert list(combining.rows(waves(parts=None))) == []


def test_a_part_of_nine_persons_is_not_combined() -> None:
    data = waves()
    small = pl.concat([data.frame.filter(wave="a"), data.frame.filter(wave="b").head(9)])
    (row,) = combining.rows(replace(data, frame=small))
    assert (row["status"], row["reason"]) == ("not_estimable", "few_parts")


def test_participants_know_the_submission_they_came_with_and_submissions_are_combined() -> None:
    """The synthetic demo, as if it had come in two submissions."""
    demo = study("demo")
    folder = data_folder() / "demo"
    assert origins([folder, folder])["submission"].unique().to_list() == ["demo"]
    ids = demo.sets[1].frame["participant_id"].sort()
    halves = pl.DataFrame({"participant_id": ids, "submission": ["first", "second"] * (len(ids) // 2)})
    _, survey = in_parts(demo.sets, halves)
    rows = list(combining.rows(replace(survey, estimands=survey.estimands[:3])))
    means = [row for row in rows if row["variant"] == "random-effects"]
    assert [row["exposure"] for row in means] == ["caffeine", "alcohol", "stress"]
    assert all(row["status"] == "estimated" for row in means)
    assert {row["df"] for row in rows if row["variant"] == "heterogeneity"} == {1}  # two parts


def test_a_set_without_rows_has_no_part_to_combine() -> None:
    data = waves()
    (row,) = combining.rows(replace(data, frame=data.frame.clear()))
    assert (row["status"], row["reason"]) == ("not_estimable", "few_parts")
