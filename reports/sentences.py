"""Sentences about ratios, made from their numbers. They say what fits the data; never what causes what."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from math import exp, log
from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.reports.numbers import changes, difference, dosed, in_words, interval, p_value, percent, ratio
from hypnic.reports.told import not_when_frequent, told_by_one_ratio

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypnic.reports.ratios import Ratio

# How far the estimator's own limit may lie from the truth before the page must say so.
FAR = 1.04
WORDS = {"IRR": "times as many", "OR": "times as high"}
LEVEL = 0.05  # of the 95 % intervals
NO_SPREAD = 0.5  # p of a spread whose likelihood is highest, or nearly so, where there is none


@cache
def fixed() -> dict[str, str]:
    """Give the sentences that stand on pages and in print as they are, by the names that templates call them by.

    >>> fixed()["left_out"]
    'Left out is what fewer than ten people said, or all but fewer than ten.'
    """
    return tomllib.loads(resources.files("hypnic.reports").joinpath("texts/sentences.toml").read_text("utf-8"))


def finding(r: Ratio, looked_at: int) -> str:
    """Say one primary ratio of the `looked_at` ones of its instrument, its interval and what that leaves open."""
    if r.found is None:
        return f"{r.subject.rstrip(',')}: there is no estimate ({r.why_not})."
    value, low, high = r.found
    said = (
        f"{r.subject} was associated with {ratio(value)} times {r.instrument.times}"
        f" (95 % interval {interval(low, high)}); {_reading(low, high, WORDS[r.estimand.scale])}"
    )
    if looked_at > 1 and not low <= 1 <= high and r.p_adjusted is not None and r.p_adjusted >= LEVEL:
        said += (
            f". Among {in_words(looked_at)} exposures chance could easily bring such an interval"
            f" (p {p_value(r.p_adjusted)} by Holm's method)"
        )
    return f"{said}.{_average(r)}{_answers(r)}{_truth(r)}"


def _average(r: Ratio) -> str:
    """Say what the ratio comes to on average, in units that people know."""
    said = r.instrument.headline.outcomes if r.instrument.headline else ()  # by the answer, in plain words
    rest = [d for d in r.differences if d.outcome not in said]
    if not rest:
        return ""
    found = (f"{difference(d.value)} ({difference(d.low)} to {difference(d.high)}) {d.words}" for d in rest)
    return f" On average that is {'; '.join(found)}."


def _answers(r: Ratio) -> str:
    """Say the ratio at each answer, where one does not serve them all, or what it finds is not seen in each."""
    if r.cuts is None or (r.cuts.p_value >= LEVEL and not not_when_frequent(r)):
        return ""
    found = "; ".join(f"“{answer}” {ratio(at.ratio)} ({interval(at.low, at.high)})" for answer, at in r.cuts.ratios)
    test = f"(test of proportional odds, p {p_value(r.cuts.p_value)})"
    said = f"One ratio does not serve all answers {test}"
    if r.cuts.p_value >= LEVEL:
        said = f"It is not seen among frequent answers alone, though one ratio may serve all {test}"
    return f" {said}. For each answer or a more frequent one it is: {found}.{_by_one_ratio(r)}"


def _by_one_ratio(r: Ratio) -> str:
    """Say what the answer at the top would be by the one ratio, where it is not told by it."""
    other = told_by_one_ratio(r)
    return f" By the one ratio the answer at the top would be {other}." if other else ""


def apart(r: Ratio, estimates: pl.DataFrame) -> str:
    """Say so where the parts of a study, each taken alone, differ by more than chance; nothing where they do not."""
    p = heterogeneity(r, estimates)
    if p is None or p >= LEVEL:
        return ""
    alone = estimates.filter(
        pl.col("variant").str.starts_with("in-"), pl.col("estimate").is_not_null(), design=r.instrument.design,
        exposure=r.estimand.exposure, outcome=r.estimand.outcome,
    )  # fmt: skip
    found = "; ".join(
        f"{row['variant'].removeprefix('in-')} {ratio(row['estimate'])} ({interval(row['conf_low'], row['conf_high'])})"
        for row in alone.iter_rows(named=True)
    )
    said = f"Its parts, each taken alone, differ by more than chance (Cochran's Q, p {p_value(p)})"
    return f"{said}: {found}." if found else f"{said}."


def heterogeneity(r: Ratio, estimates: pl.DataFrame) -> float | None:
    """Look up the p of the test that the parts of a study, each taken alone, have one ratio."""
    return _test(r, estimates, "combining", "heterogeneity")


def _test(r: Ratio, estimates: pl.DataFrame, analysis: str, variant: str) -> float | None:
    """Look up the p of a test of a ratio; None where it was not done."""
    test = estimates.filter(
        analysis=analysis, variant=variant, design=r.instrument.design, exposure=r.estimand.exposure,
        outcome=r.estimand.outcome,
    )  # fmt: skip
    return None if test.is_empty() else test["p_value"][0]


def _reading(low: float, high: float, times: str) -> str:
    if low <= 1 <= high:
        return f"the data fit anything from {changes(low, high, times)}, no difference included"
    near, far = (low, high) if low > 1 else (high, low)
    return f"the data fit {changes(near, far, times)}, and hardly no difference"


def _truth(r: Ratio) -> str:
    if r.truth is None:
        return ""
    inside = "inside" if r.includes_truth else "outside"
    said = f" The true ratio, {ratio(r.truth.total)}, lies {inside} the interval."
    if r.truth.target and not 1 / FAR < r.truth.target / r.truth.total < FAR:
        said += f" With unlimited data this estimator would give {ratio(r.truth.target)}."
    return said


def departures(r: Ratio, bins: pl.DataFrame, p: float | None) -> str:
    """Say at which doses a ratio leaves the straight line of its estimate; nothing where none does, or no test was.

    `bins` are the ratio's own, `p` that of its test of non-linearity; what the test says stands under the figure.
    """
    if p is None or not (found := _off_line(r, bins)):
        return ""
    return f"Off the straight line the ratio is {'; '.join(found)}."


def non_linearity(r: Ratio, estimates: pl.DataFrame) -> float | None:
    """Look up the p of a ratio's test of non-linearity."""
    return _test(r, estimates, "splines", "non-linearity")


def dose_meaning(r: Ratio, bins: pl.DataFrame, p: float | None) -> str:
    """Say in one sentence whether the doses of a figure follow the straight line of the estimate."""
    if p is None:
        return (
            "The exposure is yes or no: there is no line to leave."
            if not r.dose_unit
            else "No test could tell whether the doses follow the straight line of the estimate."
        )
    test = f"(test of non-linearity, p {p_value(p)})"
    if p < LEVEL:
        return f"The doses do not follow the straight line of the estimate {test}."
    if _off_line(r, bins):
        return f"A bin leaves the straight line, though not the doses as a whole {test}."
    return f"Nothing speaks against the straight line {test}."


def _off_line(r: Ratio, bins: pl.DataFrame) -> list[str]:
    """Say the bins whose interval leaves the line of the estimate out."""
    if r.found is None:
        return []
    slope, start = log(r.found.ratio) / r.estimand.step, bins.filter("reference")["dose"][0]
    return [
        f"{ratio(row['estimate'])} ({interval(row['conf_low'], row['conf_high'])}) at about"
        f" {dosed(row['dose'], r.dose_unit)}, by the line {ratio(line)}"
        for row in bins.filter(reference=False).drop_nulls("estimate").iter_rows(named=True)
        if not row["conf_low"] <= (line := exp(slope * (row["dose"] - start))) <= row["conf_high"]
    ]


def between_people(r: Ratio, estimates: pl.DataFrame) -> str | None:
    """Say between which ratios 95 of 100 people lie, where the table of estimates has it, and the ratio itself."""
    if r.found is None:
        return None
    about = {"design": r.instrument.design, "exposure": r.estimand.exposure, "status": "estimated"}
    rows = estimates.filter(pl.col("analysis").is_in(["heterogeneity", "random slopes"]), **about)
    found = {row["variant"]: row for row in rows.iter_rows(named=True)}
    ends = [f"range-of-persons-{end}" for end in ("low", "high")]
    if not {*ends, "sd-of-log-ratios"} <= set(found):
        return None
    if found["sd-of-log-ratios"]["p_value"] >= NO_SPREAD:
        # The estimate is then what a penalty makes of a likelihood that is highest at no spread at all.
        return "The data do not show that this ratio differs between people."
    low, high = (found[end]["estimate"] for end in ends)
    same = "; it may also be the same for everybody" if found["sd-of-log-ratios"]["p_value"] >= LEVEL else ""
    said = f"By the estimates, in 95 of 100 people this ratio lies between {ratio(low)} and {ratio(high)}"
    return f"{said}{same}.{_helped(found.get('ratio-below-1'))}"


def _helped(share: Mapping[str, Any] | None) -> str:
    """Say in how many people it goes with fewer jerks, where that was estimated."""
    if share is None:
        return ""
    helped, low, high = (percent(share[name], 0) for name in ("estimate", "conf_low", "conf_high"))
    return f" It is below 1 in {helped} of people (95 % interval {low} to {high})."


def survey_against_diary(ratios: Sequence[Ratio]) -> str | None:
    """Explain, for synthetic data, why people compared with each other can mislead about caffeine."""
    found = {r.table: r for r in ratios if r.estimand.exposure == "caffeine"}
    survey, diary = found.get("survey"), found.get("diary")
    if not (survey and diary and survey.found and diary.found and survey.truth and diary.truth and survey.truth.target):
        return None
    if survey.includes_truth or not diary.includes_truth:
        return None
    return (
        "In the process that drew these people, an unseen trait makes some of them jerk more, and makes the same"
        " people drink less coffee. The survey compares different people with each other, so the heavy drinkers in it"
        f" are those who jerk little anyway: its ratio is {ratio(survey.found.ratio)} although the true one is"
        f" {ratio(survey.truth.total)}. More answers would not fix that: with unlimited data it would be"
        f" {ratio(survey.truth.target)} (confounding between persons). The diary compares each person with themselves"
        " on other nights; the trait is the same on all of them and drops out: its ratio is"
        f" {ratio(diary.found.ratio)}, the true one {ratio(diary.truth.total)}."
        " In real answers a survey and a diary that disagree like this point to differences between people."
    )
