"""What people say, held against the synthetic demo: every test finds its row, and the page says what was found."""

from __future__ import annotations

import polars as pl
import pytest

from hypnic.analysis.claims import judged, sayings
from hypnic.analysis.claims.judging import _row

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


def test_an_amount_says_of_what_it_is(built) -> None:
    page = (built / "claims.html").read_text("utf-8")
    assert "Caffeine, 100 mg: rate ratio of jerks that night" in page
    assert "Alcohol, 10 g ethanol: rate ratio of jerks that night" in page
    assert "fatigue: 2 points of fatigue" not in page
