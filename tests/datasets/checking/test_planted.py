"""Faults planted in copies of the synthetic demo: each is found in its place, and nothing else."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

import hypnic
from hypnic.datasets.loading import data_folder
from hypnic.schemas import Nights, Participants, catalogue, conditions
from hypnic.schemas.privacy import PRIVATE

PLANTED = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "planted.py"))
PLANTS, score, plant, findings = (PLANTED[name] for name in ("PLANTS", "score", "plant", "findings"))


def test_the_demo_has_no_findings() -> None:
    demo = data_folder() / "demo"
    assert hypnic.check(demo / "participants.csv", demo / "nights.csv").is_empty()


def test_a_fault_of_every_kind_is_found_in_its_place_and_nothing_else(tmp_path: Path) -> None:
    rng = PLANTED["random"].Random(7)
    results = [plant(table, PLANTS[table], tmp_path / f"{table}.csv", rng) for table in PLANTS]
    assert [left for _, left in results] == [[], []]
    planted = [fault for faults, _ in results for fault in faults]
    outcome = score(planted, findings(tmp_path / "participants.csv", tmp_path / "nights.csv"))
    assert outcome.unplanted == []
    assert outcome.found == outcome.planted


def test_a_faulty_header_is_found_and_nothing_else(tmp_path: Path) -> None:
    for path, fault in PLANTED["headers"](tmp_path):
        outcome = score([fault], findings(path))
        assert (outcome.unplanted, outcome.found) == ([], outcome.planted)


def test_a_fault_that_nobody_planted_and_one_that_is_missed_are_counted() -> None:
    here = ("nights.csv", "range", "sol_min", 4)
    planted = [PLANTED["Planted"]("range", frozenset({here})), PLANTED["Planted"]("type", frozenset({(*here[:3], 9)}))]
    outcome = score(planted, [here, here])
    assert (outcome.planted, outcome.found) == ({"range": 1, "type": 1}, {"range": 1})
    assert outcome.unplanted == [here]


@pytest.mark.parametrize(("table", "model"), [("participants", Participants), ("nights", Nights)])
def test_every_rule_is_planted_at_every_column_that_it_speaks_of(table: str, model: type) -> None:
    planted = {(fault.rule, fault.column) for fault in PLANTS[table]}
    assert {(condition.rule, condition.clause.column) for condition in conditions(model)} <= planted
    files = {
        "file",
        "no_rows",
        "repeated",
        "unit",
        "day_part",
        "PV3",
    }  # test_files.py, test_repeats.py, test_amounts.py, test_clocks.py; private ones: test_privacy.py
    headers = files | {"column_missing", "column_unknown", "column_repeated", *PRIVATE}
    unused = {"participants": {"step"} - {rule for rule, _ in planted}, "nights": {"P06"}}[table]
    assert {rule for rule, _ in planted} | headers | unused >= set(catalogue(model))


@pytest.mark.parametrize("cells", [{"participant_id": "p_1"}, {"participant_id": ""}, {"waso_min": "721"}])
def test_a_consequence_is_not_found_next_to_its_cause(cells, person, diary, save) -> None:
    diary[-1] |= cells
    found = hypnic.check(save("participants", [person]), save("nights", diary))
    assert found.select("column", "line").rows() == [(next(iter(cells)), 13)]


def test_a_token_without_its_pattern_finds_nobody_though_both_tables_have_it(person, diary, save) -> None:
    wrong = {"participant_id": "p_1"}
    diary[-1] |= wrong | {"nicotine_evening_n": "-7"}
    found = hypnic.check(save("participants", [person, person | wrong]), save("nights", diary))
    assert found.select("table", "rule", "line").rows() == [("participants", "pattern", 3), ("nights", "pattern", 13)]
