"""Work spread over processes comes back in order, and leaves the environment as it was."""

from __future__ import annotations

import os
from math import sqrt

import pytest

from hypnic.workers import ONE_THREAD, spread

NUMBERS = [float(n) for n in range(40)]


def test_two_processes_give_what_one_gives_in_the_same_order() -> None:
    assert list(spread(sqrt, NUMBERS, jobs=2)) == list(spread(sqrt, NUMBERS, jobs=1)) == [sqrt(n) for n in NUMBERS]


def test_the_environment_is_left_as_it_was(monkeypatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    list(spread(sqrt, NUMBERS, jobs=2))
    assert {name: os.environ.get(name) for name in ONE_THREAD} == before


def test_what_goes_wrong_in_a_process_is_told_here() -> None:
    with pytest.raises(ValueError, match=r"math domain|nonnegative"):
        list(spread(sqrt, [4.0, -1.0], jobs=2))
