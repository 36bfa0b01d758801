"""Nothing of fewer than ten people comes out of the files of a report, however they are read; the attack can tell."""

from __future__ import annotations

import csv
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from attack import attack
from drawn import bare_results, open_study, some_results, unprotected
from printed import told_in_print_alone

from hypnic.analysis import estimate
from hypnic.analysis.checks.diagnostics import INFLUENCE
from hypnic.reports.files import report_files
from hypnic.reports.publication import ZEROS, published
from hypnic.reports.report import report
from hypnic.reports.withholding import ONE_PERSON, hanging_on_few, publishable_estimates

if TYPE_CHECKING:
    from hypnic.analysis.results import Results

pytestmark = pytest.mark.xdist_group("disclosed")  # some seconds to make: once, in one process
SHAPES = {"one submission": (40,), "a large and a small one": (60, 12)}


@pytest.fixture(
    scope="module",
    params=[name if len(sizes) == 1 else pytest.param(name, marks=pytest.mark.slow) for name, sizes in SHAPES.items()],
)
def found(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Work out an open study."""
    return some_results(open_study(tmp_path_factory.mktemp("open"), SHAPES[request.param]))


@pytest.fixture(scope="module")
def files(found: Results) -> dict[str, bytes]:
    """Give every file of its report."""
    return report_files(report(found))


@pytest.fixture(scope="module")
def untold(found: Results) -> dict[str, bytes]:
    """Give every file of a report that tells what may not be told."""
    return report_files(report(unprotected(found)))


def test_nothing_of_fewer_than_ten_people_can_be_worked_out(files: dict[str, bytes]) -> None:
    assert attack(files).in_all == 0


def test_the_printed_report_tells_no_number_that_the_attacked_files_do_not(files: dict[str, bytes]) -> None:
    assert told_in_print_alone(files) == set()


def test_the_attack_finds_such_groups_where_nothing_is_rounded(untold: dict[str, bytes]) -> None:
    told = attack(untold)
    assert told.by_subtraction > 0
    assert told.by_checks > 0
    assert told.one_person > 0


def test_numbers_that_print_alone_tells_are_found(untold: dict[str, bytes], files: dict[str, bytes]) -> None:
    assert told_in_print_alone(files | {"report.pdf": untold["report.pdf"]}) != set()


def test_the_page_says_how_counts_are_rounded(files: dict[str, bytes]) -> None:
    page = files["index.html"].decode()
    assert "Counts of people are rounded down to tens" in page
    assert "has the ratios with three digits" in page
    assert "a mean of ten changes" in files["diagnostics.html"].decode()


def test_every_ratio_of_ten_people_or_more_is_still_there(found: Results) -> None:
    before = found.estimates.filter(analysis="primary", status="estimated")
    after = published(found).estimates.filter(analysis="primary", status="estimated")
    assert after.height == before.height > 0
    assert after["estimate"].to_list() == pytest.approx(before["estimate"].to_list(), rel=0.005)


def test_no_ratio_is_told_with_and_without_one_person_or_nine(found: Results) -> None:
    out = published(found).estimates.filter(analysis="leaving out", status="estimated")
    assert out.filter(pl.col("variant").is_in(ONE_PERSON)).is_empty()
    whole = dict(found.estimates.filter(analysis="primary", role="primary").select("exposure", "n_persons").iter_rows())
    raw = found.estimates.join(out, on=["design", "variant", "exposure"], how="semi")
    assert all(row["n_persons"] >= 10 for row in raw.iter_rows(named=True))
    assert all(whole[row["exposure"]] - row["n_persons"] >= 10 for row in raw.filter(design="survey").to_dicts())


def within_its_ten(count: pl.Expr, base: int) -> pl.Expr:
    """Give another count that is rounded to the same."""
    return count // base * base + (base - 1 - count % base)


def small_ones_swapped(rows: pl.DataFrame) -> pl.DataFrame:
    """Let the answers that fewer than ten people gave change places."""
    counts = rows["n_persons"].to_list()
    small = [count for count in counts if count < 10]
    turned = iter(small[1:] + small[:1])
    return rows.with_columns(n_persons=pl.Series([next(turned) if n < 10 else n for n in counts], dtype=pl.Int64))


def otherwise(found: Results) -> Results:
    """Change in results what may not be told: counts within their ten, small cells, and whatever is of one person."""
    each = pl.when(pl.col("design") == "diary").then(280).otherwise(10)
    rows = pl.col("n_rows") // each * each + (each - 1 - pl.col("n_rows") % each)
    whole = pl.col("n_rows") + pl.col("n_dropped")
    one = pl.col("variant").is_in(ONE_PERSON)
    # How many of the primary row are not in another one is judged exactly: both stay.
    further = ~pl.col("analysis").is_in(["primary", "leaving out"]) & (pl.col("n_persons") >= 10)
    estimates = found.estimates.with_columns(
        n_rows=rows, n_dropped=(whole // each * each + (each - 1 - whole % each)) - rows,
        n_persons=pl.when(further).then(within_its_ten(pl.col("n_persons"), 10)).otherwise("n_persons"),
        estimate=pl.when(one).then(pl.col("estimate") * 0.99).otherwise("estimate"),
        p_value=pl.when(one).then(0.5).otherwise("p_value"),
    )  # fmt: skip
    people = {column: small_ones_swapped(rows) for column, rows in found.answers.people.items()}
    spreads = tuple((s, rows.with_columns(within_its_ten(pl.col("n_rows"), 10))) for s, rows in found.answers.spreads)
    value, check = pl.col("statistic"), pl.col("check")
    checks = {
        table: tuple(
            replace(
                one,
                checks=one.checks.with_columns(pl.when(check == INFLUENCE).then(value.ceil() - 0.01).otherwise(value)),
                changes=one.changes[::-1],
            )
            for one in made
        )
        for table, made in found.checks.items()
    }
    return replace(
        found, estimates=estimates, checks=checks, answers=replace(found.answers, people=people, spreads=spreads)
    )


def test_what_is_withheld_changes_no_byte_of_any_file(
    found: Results, files: dict[str, bytes], untold: dict[str, bytes]
) -> None:
    other = otherwise(found)
    assert not other.estimates.equals(found.estimates)
    assert report_files(report(other)) == files
    assert report_files(report(unprotected(other))) != untold


def test_how_common_jerks_are_is_told_in_two_digits(found: Results) -> None:
    told = published(found).answers.usual
    assert set(told) == {"jerk_count", "jerk_nights_30d"}
    assert {outcome: float(f"{mean:.2g}") for outcome, mean in found.answers.usual.items()} == told


def test_an_answer_in_a_suppressed_cell_changes_no_byte_of_any_file(tmp_path: Path) -> None:
    data = open_study(tmp_path, [40])
    diary, survey = data.sets
    rare = pl.col("bed_partner") == "some_nights"
    assert 0 < survey.frame.filter(rare).height < 10
    swapped = survey.frame.with_columns(bed_partner=pl.when(rare).then(None).otherwise("bed_partner"))
    made = [
        report_files(report(bare_results(replace(data, sets=(diary, replace(survey, frame=frame))))))
        for frame in (survey.frame, swapped)
    ]
    assert made[0] == made[1]


def test_a_ratio_that_three_people_carry_is_suppressed_with_all_that_is_made_of_it(tmp_path: Path) -> None:
    data = open_study(tmp_path, [40])
    diary, survey = data.sets
    kept = survey.frame["participant_id"].sort()[:3].to_list()
    dose = pl.when(pl.col("participant_id").is_in(kept)).then(90.0).otherwise(0.0)
    column = next(row.column for row in survey.estimands if row.exposure == "exercise")
    rare = replace(data, sets=(diary, replace(survey, frame=survey.frame.with_columns(dose.alias(column)))))
    found = bare_results(rare)
    assert ("survey", "exercise") in hanging_on_few(rare, found.rules)
    rows = published(found).estimates.filter(design="survey", exposure="exercise")
    assert set(rows["status"]) == {"suppressed"}
    assert set(rows["reason"]) == {"few_persons"}


def test_a_word_for_nobody_or_for_one_is_the_word_for_few(tmp_path: Path) -> None:
    data = open_study(tmp_path, [12])
    rows = estimate(data, only=["primary"]).with_columns(
        status=pl.lit("not_estimable"), reason=pl.lit("leverage"), estimate=None, conf_low=None, conf_high=None,
        std_error=None, df=None, statistic=None, p_value=None, p_adjusted=None,
    )  # fmt: skip
    told = publishable_estimates(rows.cast(dict(estimate(data, only=["primary"]).schema)), data, {})
    assert set(told["reason"]) == {"few_persons"}


def test_the_checks_that_tell_of_one_person_or_count_rows_are_called_so(found: Results) -> None:
    names = {check for made in found.checks.values() for one in made for check in one.checks["check"]}
    assert {INFLUENCE, ZEROS} <= names


def rules() -> list[dict[str, str]]:
    """Read the table of what is published, and how it is kept from telling of few."""
    table = Path(__file__).parents[2] / "datasets" / "release" / "disclosure.csv"
    return list(csv.DictReader(table.read_text("utf-8").splitlines()))


def test_every_file_of_a_report_has_its_row_in_the_table_of_disclosure(files: dict[str, bytes]) -> None:
    patterns = [pattern for row in rules() for pattern in row["file"].split(";")]
    assert [name for name in files if not any(fnmatch(name, pattern) for pattern in patterns)] == []


def test_every_row_says_risk_check_and_remedy() -> None:
    assert all(row[column] for row in rules() for column in ("output", "file", "risk", "check", "remedy"))
