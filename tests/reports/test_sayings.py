"""What people say, held against the synthetic demo: every test finds its row, and the page says what was found."""

from __future__ import annotations

import polars as pl
import pytest

from hypnic.analysis.claims import judged, sayings
from hypnic.analysis.claims.judging import _row
from hypnic.reports.saying import KEY
from hypnic.reports.saying import judged as in_words
from hypnic.reports.sayings import rule_of
from hypnic.reports.sayings import sayings as sayings_of

VOLUNTEERS = frozenset({"diary", "survey"})
RATIOS = pl.col("scale").is_in(["IRR", "OR"])
LOST = ("conf_low", "conf_high")

pytestmark = pytest.mark.xdist_group("built")


def test_every_test_of_a_saying_has_one_row_of_the_demo(found) -> None:
    missing = [
        (one.id, dict(test.key))
        for one in sayings()
        for test in one.of(VOLUNTEERS)
        if _row(found.estimates, test) is None
    ]
    assert missing == []


def test_most_sayings_have_a_verdict_on_the_demo(found) -> None:
    whole = found.claims.filter(part=1)
    assert whole.height == 154
    spoken = whole.filter(~pl.col("verdict").is_in(["needs data", "not testable here"]))
    assert spoken.height >= 110


def test_no_verdict_outlives_its_sign(found) -> None:
    turned = found.estimates.with_columns(
        pl.when(RATIOS).then(1 / pl.col("conf_high")).otherwise(-pl.col("conf_high")).alias("conf_low"),
        pl.when(RATIOS).then(1 / pl.col("conf_low")).otherwise(-pl.col("conf_low")).alias("conf_high"),
        pl.when(RATIOS).then(1 / pl.col("estimate")).otherwise(-pl.col("estimate")).alias("estimate"),
    )
    shares = pl.col("scale") == "share"
    turned = turned.with_columns(pl.when(shares).then(1 + pl.col(name)).otherwise(name).alias(name) for name in LOST)
    sided = pl.col("part_verdict").is_in(["supported", "contradicted"]) & (RATIOS | (pl.col("scale") == "difference"))
    before = found.claims.filter(sided).select("id", "part", "part_verdict")
    after = before.join(judged(turned, VOLUNTEERS), on=["id", "part"], suffix="_turned")
    assert before.height > 30
    assert after.filter(pl.col("part_verdict") == pl.col("part_verdict_turned")).is_empty()


def test_the_five_triggers_agree_with_the_process_that_drew_the_demo(found) -> None:
    diary = found.claims.filter(design="diary", analysis="primary", part=1)
    assert diary.filter(part_verdict="contradicted").is_empty()  # all five ratios of the process lie above 1


def test_the_page_of_sayings_stands_next_to_the_report(built) -> None:
    page = (built / "claims.html").read_text("utf-8")
    assert page.count('<article class="claim"') == 154
    assert "Synthetic" in page
    assert pl.read_csv(built / "claims.csv", infer_schema_length=None)["id"].n_unique() == 154


def test_each_saying_says_what_would_change_its_verdict_and_leads_to_its_row_and_methods(built) -> None:
    articles = (built / "claims.html").read_text("utf-8").split('<article class="claim"')[1:]
    assert [one[:20] for one in articles if "What would change it:" not in one.partition("</article>")[0]] == []
    judged_by_rows = [one for one in articles if "<li>" in one.partition("</article>")[0]]
    assert [
        one[:20] for one in judged_by_rows if "estimates.html#row-" not in one or "methods.html#how-" not in one
    ] == []


def test_tests_of_other_rows_have_other_words(found) -> None:
    instruments = {one.instrument.design: one.instrument.name for one in found.data.sets}
    said = sayings_of(found.claims, found.estimates, instruments, synthetic=True)
    rows = {(part.method, part.compared, part.measure, part.row) for one in said.entries for part in one.parts}
    assert sorted(row[:3] for row in rows) == sorted({row[:3] for row in rows})


def test_no_certainty_is_told_of_answers_that_nobody_gave(found, built) -> None:
    assert found.claims["certainty"].drop_nulls().len() > 100
    page = (built / "claims.html").read_text("utf-8").partition('id="rule"')[0]
    assert "certainty" not in page
    assert "lowered:" not in page


def test_a_verdict_stands_with_what_speaks_against_it_and_what_it_rests_on() -> None:
    row = {"exposure": "stress", "unit": "5 points of depressive symptoms", "scale": "OR", "analysis": "primary"}
    row |= {"design": "survey", "variant": "main", "outcome": "leg_jerks_order", "p_adjusted": None, "stands_in": True}
    row |= {"estimate": 1.75, "conf_low": 1.6, "conf_high": 1.9, "expected": "more", "part_verdict": "supported"}
    row |= {"id": "C1", "claim": "So it is", "kind": "trigger", "source_title": "A page", "asked_of": "how often"}
    row |= {"verdict": "supported", "certainty": "very low", "why": "directness", "would_change": ""}
    row |= {"but": "differs between survey cycles"}
    one = in_words([row], {tuple(row[name] for name in KEY): 1}, {"survey": "nhanes"})
    assert one.told == "supported for one part (how often) by a stand-in (depressive symptoms)"
    assert one.qualified == f"{one.told}, but differs between survey cycles"
    plain = in_words([row | {"but": None, "stands_in": False}], {tuple(row[n] for n in KEY): 1}, {"survey": "nhanes"})
    assert plain.qualified == "supported for one part (how often)"


@pytest.mark.parametrize(
    ("scales", "words"),
    [
        ({"OR"}, "odds that are a tenth higher, or lower."),
        ({"IRR", "share"}, "one jerk more, or fewer, in ten."),
        ({"IRR", "OR"}, "one jerk more, or fewer, in ten; odds that are a tenth higher, or lower."),
    ],
)
def test_the_smallest_ratio_that_matters_is_told_of_what_the_ratios_are_of(scales: set[str], words: str) -> None:
    assert f"A ratio matters from 1.1 on, or its inverse: {words} " in rule_of(scales)


def test_an_amount_says_of_what_it_is(built) -> None:
    page = (built / "claims.html").read_text("utf-8")
    assert "Caffeine, 100 mg: rate ratio of jerks that night" in page
    assert "Alcohol, 10 g ethanol: rate ratio of jerks that night" in page
    assert "fatigue: 2 points of fatigue" not in page
