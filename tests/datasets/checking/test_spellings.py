"""A number is read as it was meant, or said; it never becomes another one in silence."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "spellings.py"


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("spellings_benchmark", BENCHMARK)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_spelling_of_a_number_becomes_another_number_in_silence(benchmark, tmp_path: Path) -> None:
    cases = [(*case, ";") for case in benchmark.spellings()[::9]]
    ended = [
        (column, text, *benchmark.ended(column, text, tmp_path, mark), meant) for column, text, meant, mark in cases
    ]
    changed = [one for one in ended if one[3] is not None and abs(one[3] - one[4]) > 1e-9]
    assert changed == []
    assert {way for _, _, way, _, _ in ended} == {"read", "found", "fixed"}
