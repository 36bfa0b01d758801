"""The SARIF log has what pull requests need, and no answer of anybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import hypnic
from hypnic.datasets.findings.sarif import SHOWN, as_sarif
from hypnic.schemas import Nights, Participants, catalogue

if TYPE_CHECKING:
    from collections.abc import Callable

    Save = Callable[..., Path]
    Row = dict[str, str]


@pytest.fixture
def faulty(diary: list[Row], save: Save) -> Path:
    diary[1] |= {"stress_0_10": "11"}
    diary[3] |= {"evening_on_time": "false"}
    diary[5] |= {"participant_id": "p_xyz"}
    diary[6] |= {"wake_clock_h": "19.0"}
    return save("nights", diary)


def run_of(found: pl.DataFrame, *paths: Path) -> dict[str, Any]:
    log = json.loads(as_sarif(found, paths))
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    return log["runs"][0]


def test_a_clean_file_has_a_log_without_results(diary: list[Row], save: Save) -> None:
    path = save("nights", diary)
    run = run_of(hypnic.check(path), path)
    assert run["results"] == []
    assert run["tool"]["driver"]["name"] == "hypnic"


def test_the_rules_of_the_log_are_the_catalogue(faulty: Path) -> None:
    rules = run_of(hypnic.check(faulty), faulty)["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == set(catalogue(Participants)) | set(catalogue(Nights))
    assert len({rule["id"] for rule in rules}) == len(rules)


def test_each_finding_is_a_result_with_its_rule_level_and_line(faulty: Path) -> None:
    found = hypnic.check(faulty)
    run = run_of(found, faulty)
    results = run["results"]
    assert len(results) == found.height
    for result in results:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    lines = {(r["ruleId"], r["locations"][0]["physicalLocation"]["region"]["startLine"]) for r in results}
    assert lines == set(found.select("rule", "line").iter_rows())
    assert {r["ruleId"]: r["level"] for r in results if r["ruleId"] in {"range", "N15", "N19"}} == {
        "range": "error", "N15": "warning", "N19": "note",
    }  # fmt: skip


def test_only_the_first_cell_of_a_line_has_a_known_column(faulty: Path) -> None:
    results = run_of(hypnic.check(faulty), faulty)["results"]
    regions = {r["ruleId"]: r["locations"][0]["physicalLocation"]["region"] for r in results}
    assert regions["pattern"] == {"startLine": 7, "startColumn": 1}
    assert regions["range"] == {"startLine": 3}


def test_no_cell_is_echoed(faulty: Path) -> None:
    text = as_sarif(hypnic.check(faulty), [faulty])
    assert "p_xyz" not in text
    assert "p_abcdefghij234567" not in text


def test_a_file_is_named_by_its_path_below_the_current_folder_and_never_above(
    faulty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, folder = hypnic.check(faulty), faulty.parent / "a study"
    folder.mkdir()

    def uri() -> str:
        place = run_of(found, faulty)["results"][0]["locations"][0]["physicalLocation"]
        return place["artifactLocation"]["uri"]

    monkeypatch.chdir(folder)
    assert uri() == "nights.csv"
    monkeypatch.chdir(folder.parent.parent)
    assert uri() == f"{folder.parent.name}/nights.csv"


def test_what_github_would_not_show_is_counted(faulty: Path) -> None:
    found = hypnic.check(faulty)
    run = run_of(pl.concat([found] * (SHOWN // found.height + 1)), faulty)
    assert len(run["results"]) == SHOWN
    assert {result["level"] for result in run["results"]} >= {"error"}
    assert "more findings" in run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
