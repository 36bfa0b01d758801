"""What is other in a new release: people in and out, cells, rules, estimates."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import polars as pl
import pytest
from smallrelease import small

from hypnic.datasets.release import assemble, compare, shown, write_release
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from pathlib import Path

ESTIMATES = "study,design,analysis,variant,outcome,exposure,unit,scale,estimate,conf_low,conf_high,status\n"
CAFFEINE = "demo,diary,primary,,jerk_count,caffeine,100 mg,IRR,{},1.1,1.3,{}\n"


@pytest.fixture(scope="module")
def pair(release: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give the small release, and a next one: two people left, five came, and a stress was told otherwise."""
    folder = tmp_path_factory.mktemp("pair")
    old = folder / "demo-1"
    shutil.copytree(release, old)
    tables = small(85, without=2)
    row = pl.int_range(pl.len()) == 0
    stress = pl.when(row).then(11 - pl.col("stress_0_10").fill_null(0)).otherwise(pl.col("stress_0_10"))
    tables["nights"] = tables["nights"].sort("participant_id", "night_index").with_columns(
        stress_0_10=stress, sol_min=pl.when(~row).then(pl.col("sol_min"))
    )  # fmt: skip
    new = write_release(assemble("demo", "2", "2026 Q4", tables, k=5, inputs={}, withdrawn=2), folder)
    package = json.loads((old / "datapackage.json").read_text("utf-8"))
    package["hypnic"]["rules"]["N02"] = "flag: another wording"
    (old / "datapackage.json").write_text(json.dumps(package), "utf-8")
    (old / "estimates.csv").write_text(ESTIMATES + CAFFEINE.format("1.2", "estimated"))
    (folder / "demo-2-estimates.csv").write_text(ESTIMATES + CAFFEINE.format("1.25", "estimated"))
    return old, new


def test_people_and_rows_are_counted_in_and_out(pair) -> None:
    found = compare(*pair)
    assert (found.people_in, found.people_out) == (5, 2)
    assert found.rows_in["participants"] == 5
    assert found.rows_out["nights"] > 10


def test_cells_that_are_revised_or_vanished_are_counted_by_column(pair) -> None:
    cells = {(one.table, one.column): one[2:] for one in compare(*pair).cells}
    assert cells[("nights", "stress_0_10")] == (1, 0, 0)
    assert cells[("nights", "sol_min")] == (0, 0, 1)
    assert set(cells) <= {("nights", "stress_0_10"), ("nights", "sol_min"), ("participants", "country_code")}


def test_a_rule_that_changed_is_named_with_both_wordings(pair) -> None:
    (rule,) = compare(*pair).rules
    assert rule.startswith("N02: flag: another wording -> error: ")


def test_an_estimate_that_moved_is_given_with_both_numbers(pair) -> None:
    (moved,) = compare(*pair).estimates
    assert moved.name == "diary primary jerk_count caffeine 100 mg IRR"
    assert (moved.old, moved.new) == ("1.2 (1.1 to 1.3)", "1.25 (1.1 to 1.3)")


def test_without_estimates_it_says_that_none_are_compared(release) -> None:
    assert "estimates:\n  not in both releases\n" in shown(compare(release, release), "text")


def test_a_release_does_not_differ_from_itself(release) -> None:
    found = compare(release, release)
    assert (found.people_in, found.people_out, found.cells, found.columns, found.rules) == (0, 0, (), (), ())


@pytest.mark.parametrize("form", ["text", "json", "html"])
def test_each_form_has_the_facts_and_no_token(form: str, pair) -> None:
    said = shown(compare(*pair), form)
    assert "stress_0_10" in said
    assert "1.25 (1.1 to 1.3)" in said
    assert "p_" not in said.replace("--", "")


def test_json_is_json(pair) -> None:
    assert json.loads(shown(compare(*pair), "json"))["people_in"] == 5


def test_what_is_no_release_is_named(release, tmp_path) -> None:
    with pytest.raises(HypnicError, match="this is no release of hypnic"):
        compare(release, tmp_path)


def test_releases_of_two_studies_are_not_compared(release, tmp_path) -> None:
    other = write_release(assemble("open", "1", "2026 Q4", small(), k=5, inputs={}), tmp_path)
    with pytest.raises(HypnicError, match="releases of two studies, demo and open"):
        compare(release, other)


def test_nothing_of_an_open_release_says_synthetic(tmp_path) -> None:
    folder = write_release(assemble("open", "1", "2026 Q4", small(), k=5, inputs={}), tmp_path)
    assert [path.name for path in folder.rglob("*") if "SYNTHETIC" in path.name] == []
    assert "SYNTHETIC" not in (folder / "README.md").read_text("utf-8")
