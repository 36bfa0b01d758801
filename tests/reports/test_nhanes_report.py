"""The report on CDC's own tables: needs them in the folder HYPNIC_NHANES."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from printed import text_of, told_in_print_alone

from hypnic.analysis import StudyData, estimands
from hypnic.analysis.results import Results, results
from hypnic.reports.files import report_files
from hypnic.reports.page import pages
from hypnic.reports.report import Report, report
from hypnic.schemas.cdc import CYCLES
from hypnic.schemas.estimates import ROLES

pytestmark = pytest.mark.xdist_group("nhanes")  # half a minute to make: once, in one process
EXPOSURES = ["caffeine", "alcohol", "stress", "exercise", "sleep_loss"]


@pytest.fixture(scope="module")
def found(nhanes_study: StudyData) -> Results:
    return results(nhanes_study)


@pytest.fixture(scope="module")
def nhanes(found: Results) -> Report:
    return report(found)


def test_the_published_report_is_the_one_that_a_build_makes(nhanes: Report) -> None:
    published = Path(__file__).parents[2] / "reports" / "published" / "nhanes-2005-2008"
    committed = {
        path.relative_to(published).as_posix(): path.read_bytes() for path in published.rglob("*") if path.is_file()
    }
    built = report_files(nhanes)
    assert committed.keys() == built.keys()
    # Versions, and the page and the print that name them, may differ where they leave the numbers alone.
    versions = {"provenance.json", "index.html", "report.pdf"}
    told = {name: content for name, content in built.items() if name not in versions}
    assert [name for name, content in told.items() if committed[name] != content] == []


def test_the_printed_report_tells_no_number_that_its_pages_do_not_and_calls_nobody_synthetic(nhanes: Report) -> None:
    files = report_files(nhanes)
    assert told_in_print_alone(files) == set()
    pages = text_of(files["report.pdf"])
    assert len(pages) > 10
    assert not any("SYNTHETIC" in page for page in pages)


def test_leg_jerks_are_counted_as_in_the_codebook(nhanes: Report) -> None:
    table = nhanes.answers[0]
    assert [row[1] for row in table.rows] == ["4,867", "431", "487", "192", "118", "44"]
    assert [row[3] for row in table.rows] == ["5,100", "482", "511", "243", "191", "19"]


def test_leg_cramps_come_out_as_published(nhanes: Report) -> None:
    table = nhanes.answers[1]
    assert [row[1].partition("\N{NO-BREAK SPACE}")[0] for row in table.rows] == ["24.4", "25.5", "5.8", "6.1"]


def test_the_controls_stand_next_to_the_estimates(nhanes: Report) -> None:
    for outcome in ("leg_cramps_order", "snoring"):
        controls = nhanes.estimates.filter(outcome=outcome)
        assert controls["exposure"].to_list() == EXPOSURES
        assert set(controls["role"]) == {"sensitivity"}
    assert nhanes.compared is not None
    assert [len(row) for row in nhanes.compared.rows] == [4] * 5
    assert "five answers in order: different from 1 for caffeine, depressive symptoms, sleep loss." in (
        nhanes.compared.note
    )
    assert "two are positive controls. What else to expect is unclear" in nhanes.compared.note


def test_answers_are_shown_with_the_times_a_month_they_stand_for(nhanes: Report) -> None:
    bands = ["never (0)", "rarely (1)", "sometimes (2–4)", "often (5–15)", "almost always (16–30)"]
    assert [row[0] for row in nhanes.answers[0].rows] == [*bands, "refused or don't know"]


def test_every_weighted_column_names_its_weight(nhanes: Report) -> None:
    tables = [*nhanes.people, *nhanes.answers]
    weighted = [word for table in tables for word in table.header if "eight" in word]
    assert len(weighted) == len(nhanes.people) + 3
    assert all("nterview weight" in word for word in weighted)


def test_sleep_loss_and_the_weights_are_defined(nhanes: Report) -> None:
    assert "Sleep loss is 7.5 h minus the usual sleep on weekdays" in nhanes.methods[0].text
    assert all("Weight:" in words for _, words in nhanes.methods[0].adjustments)


def test_every_planned_row_is_in_the_table_with_its_estimate(nhanes: Report) -> None:
    key = ("role", "variant", "outcome", "exposure", "unit", "scale", "family", "adjustment")
    planned = nhanes.estimates.filter(pl.col("analysis").is_in(["primary", "further"]))
    found = {tuple(row[name] for name in key): row for row in planned.iter_rows(named=True)}
    for row in estimands("nhanes"):
        facts = (row.role, row.variant, row.outcome, row.exposure, row.unit, row.scale, row.family)
        told = (*facts, "+".join(row.adjustment))
        assert found[told]["status"] == "estimated"
        assert found[told]["estimate"] > 0


def test_the_page_shows_every_row_under_its_role(nhanes: Report) -> None:
    counts = dict(nhanes.estimates["role"].value_counts().iter_rows())
    assert [len(table.rows) for table in nhanes.estimates_tables] == [counts[role] for role in ROLES]


def test_ratios_by_level_and_by_clock_time_agree_with_their_ratio(nhanes: Report) -> None:
    rows = {(row["exposure"], row["unit"]): row["estimate"] for row in nhanes.estimates.iter_rows(named=True)
            if row["outcome"] == "leg_jerks_order" and row["scale"] == "OR"}  # fmt: skip
    step = "any vigorous activity vs none"
    first, second, ratio = (
        rows["exercise", f"{step}, {when}"] for when in (*CYCLES.values(), "2007-2008 over 2005-2006")
    )
    assert second / first == pytest.approx(ratio, rel=1e-6)
    step = "100 mg a day"
    late, early = (
        rows["caffeine_after_14", f"{step} from 14:00 on"],
        rows["caffeine_before_14", f"{step} before 14:00"],
    )
    assert late / early == pytest.approx(rows["caffeine_later", f"{step} from 14:00 on instead of before"], rel=1e-6)


def test_a_real_study_has_no_word_of_synthetic_data(nhanes: Report) -> None:
    assert "ynthetic" not in "".join(drawing.svg for drawing in nhanes.drawings)
    assert nhanes.notices[0].startswith("NHANES asks about leg jerks")


def test_it_is_exploratory_and_says_why(nhanes: Report) -> None:
    assert nhanes.provenance.frozen
    assert not nhanes.provenance.confirmatory
    assert "the primary model was changed after they had been seen" in pages(nhanes)["index.html"]


def test_its_ratios_are_of_odds_and_said_in_units_that_people_know(nhanes: Report) -> None:
    assert nhanes.measure == "odds ratio"
    sentences = [one.sentences[0] for one in nhanes.exposures]
    assert sentences[0].startswith(
        "Each 100 mg of caffeine a day was associated with 1.07 times the odds of a more freq"
    )
    assert all("nights a month (rough" in sentence for sentence in sentences)
    assert sentences[2].startswith("Each 5 points of depressive symptoms")
    assert "tress:" not in pages(nhanes)["index.html"]


def test_where_one_ratio_does_not_serve_all_answers_each_has_its_own(nhanes: Report) -> None:
    sentences = [one.sentences[0] for one in nhanes.exposures]
    said = ["One ratio does not serve all answers" in sentence for sentence in sentences]
    assert said == [False, False, True, False, True]
    assert "“rarely” 1.09 (1.04 to 1.15); “sometimes” 1.17" in sentences[4]


def test_the_answer_of_sleep_loss_and_symptoms_is_that_of_frequent_jerks_alone(nhanes: Report) -> None:
    lines = [one.words for one in nhanes.answer.lines]
    assert "about 16 more people in 1,000 with frequent leg jerks" in lines[4]
    assert (
        "By the one ratio the answer at the top would be about 7 more (3 to 11 more)."
        in nhanes.exposures[4].sentences[0]
    )
    assert "would be about" not in nhanes.exposures[0].sentences[0]  # caffeine: one ratio may serve


def test_the_verdict_on_caffeine_says_on_every_page_what_speaks_against_it(nhanes: Report) -> None:
    but = (
        "differs between survey cycles; not seen in frequent jerks alone; no sizeable effect with gaps filled"
    )  # fmt: skip
    files = report_files(nhanes)
    claims = files["claims.html"].decode().partition('id="C101"')[2].partition("</article>")[0]
    assert f"<strong>but</strong> {but}" in claims
    assert but in " ".join("".join(text_of(files["report.pdf"])).split())
    row = nhanes.claims.filter(id="C101").row(0, named=True)
    assert (row["but"], row["certainty"], row["why"]) == (but, "very low", "directness, inconsistency")


def test_each_primary_ratio_has_its_other_codings_its_imputed_row_and_its_test(nhanes: Report) -> None:
    estimates = nhanes.estimates
    for exposure in EXPOSURES:
        rows = estimates.filter(exposure=exposure)
        codings = rows.filter(pl.col("variant") == pl.col("family"), analysis="further")
        assert len(codings.filter(pl.col("outcome").str.starts_with("leg_jerks"))) == 7
        assert rows.filter(analysis="missing data", variant="imputed")["n_rows"].to_list() == [10856]
        assert len(rows.filter(analysis="proportional odds", scale="OR")) == 4
        told = ["leg_jerks_any", "leg_jerks_midpoint", "leg_jerks_often"]
        alone = pl.col("variant") == "average-alone"
        assert sorted(rows.filter(~alone, analysis="differences")["outcome"]) == told
        assert sorted(rows.filter(alone, analysis="differences")["outcome"]) == ["leg_jerks_any", "leg_jerks_often"]
    (calibrated,) = estimates.filter(analysis="usual intake", variant="calibrated").iter_rows(named=True)
    assert calibrated["estimate"] > estimates.filter(role="primary", exposure="caffeine")["estimate"].item()
    failing = estimates.filter(pl.col("p_value") < 0.05, analysis="proportional odds", scale="test")["exposure"]
    assert failing.to_list() == ["stress", "sleep_loss"]


def test_the_cells_are_those_computed_apart(found: Results) -> None:
    assert found.cells is not None
    closed = found.cells.filter(exposure="stress", coding="interval-nb2", outcome="leg_jerks")
    assert (100 * closed["observed"]).round(2).to_list() == [76.85, 8.36, 8.41, 3.83, 2.54]
    assert (100 * closed["fitted"]).round(2).to_list() == [76.90, 7.97, 8.08, 5.59, 1.04]
    best = found.cells.sort("loglik").group_by("exposure").agg(pl.col("coding").last())
    assert set(best["coding"]) == {"ordered"}


def test_who_was_left_out_is_told_with_what_they_lack(nhanes: Report) -> None:
    (flow,) = nhanes.flow
    told = {row[0]: row[1] for row in flow.rows}
    assert told["interviewed, at any age"] == "20,497"
    assert told["of them 16 and over: nobody younger was asked about leg jerks"] == "12,685"
    assert told["of them with an answer: the others refused or did not know"] == "12,622"
    assert told["of them adults of 20 and over"] == "10,856"
    assert told["of these without: depressive symptoms"] == "1,452"
    assert told["of these without: caffeine"] == "963"
    assert told["of these without: income to poverty ratio"] == "805"
    assert told["in the model"] == "8,521"


def test_its_models_are_checked_and_its_codings_drawn(nhanes: Report) -> None:
    assert [check.name for check in nhanes.checks] == ["nhanes"]
    assert {"codings-nhanes", "fit-nhanes-without"} <= {drawing.name for drawing in nhanes.drawings}
    assert nhanes.check_rows is not None
    assert nhanes.check_rows["check"].str.starts_with("cells, ordered of leg_jerks_order: never").sum() == 10


def test_its_body_is_at_most_3500_words(nhanes: Report) -> None:
    main = pages(nhanes)["index.html"].partition("<main")[2].partition("</main>")[0]
    bare = re.sub(r"(?s)<(svg|nav|style)\b.*?</\1>|<[^>]+>", " ", main)
    assert 1000 < len(bare.split()) <= 3500


def test_the_first_screen_answers_in_numbers_of_people_and_says_what_speaks_against_each(nhanes: Report) -> None:
    assert nhanes.answer.what.endswith(
        "Of 1,000 adults of 20 and over, 64 had frequent ones (5 a month or more), 229 any."
    )
    caffeine, alcohol, stress, exercise, sleep_loss = nhanes.answer.lines
    assert caffeine.words == (
        "With 100 mg more caffeine a day (a mug of coffee): about 11 more people in 1,000 with any leg jerks"
        " (5 to 18 more)."
    )
    assert [one.sure for one in (caffeine, alcohol, stress, exercise, sleep_loss)] == [
        "Clear", "No difference that matters", "Clear", "Unsure", "Clear",
    ]  # fmt: skip
    further = ("differs with how often jerks come", "stronger for frequent than for rare jerks")
    for bent, said in zip((stress, sleep_loss), further, strict=True):
        assert [one.words for one in bent.cautions] == ["not alike at every dose", said]
    assert [one.words for one in caffeine.cautions] == [
        "not seen in frequent jerks alone", "differs between survey cycles",
    ]  # fmt: skip
    assert alcohol.cautions == exercise.cautions == ()
