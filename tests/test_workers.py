"""Work spread over processes comes back in order, and leaves the environment as it was."""

from __future__ import annotations

import logging
import os
import time
from math import sqrt
from multiprocessing import active_children

import pytest
from chores import interrupted, killed, shared_sum

from hypnic.errors import HypnicError
from hypnic.workers import ONE_THREAD, Crew, Piece, divided, hired, spread

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


PIECES = [Piece("one", shared_sum, (1,), cost=1), Piece("two", shared_sum, (2,), cost=2)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_pieces_give_the_same_and_say_the_same_in_order_whoever_does_them(jobs: int, caplog) -> None:
    caplog.set_level(logging.INFO, "hypnic.analysis")
    with pytest.warns(UserWarning, match="two is much"):
        done = divided(PIECES, [10, 20], jobs)
    assert [one.result for one in done] == [31, 32]
    assert [record.getMessage() for record in caplog.records] == ["adding 1", "adding 2"]


def test_each_piece_is_told_of_when_it_is_done() -> None:
    told: list[str] = []
    with pytest.warns(UserWarning, match="two is much"):
        divided(PIECES, [1], 2, lambda piece, _: told.append(piece.name))
    assert sorted(told) == ["one", "two"]


@pytest.mark.skipif(os.name == "nt", reason="killed as POSIX kills")
def test_a_worker_that_is_killed_is_one_line() -> None:
    with pytest.raises(HypnicError, match="a worker was killed, perhaps for want of memory: try it with --jobs 1"):
        divided([Piece("killed", killed), Piece("killed too", killed)], None, 2)


def test_where_something_goes_wrong_nobody_waits_for_the_rest(tmp_path) -> None:
    start, place = time.monotonic(), tmp_path / "left"
    with pytest.raises(TypeError):
        divided([Piece("wrong", shared_sum), Piece("long", interrupted, (str(place),))], [1], 2)
    assert time.monotonic() - start < 29
    assert not place.exists()


def test_a_crew_stays_for_several_rounds_and_looks_at_what_the_first_one_shared() -> None:
    with hired(2, "json") as hands:
        with pytest.warns(UserWarning, match="two is much"):
            first = divided(PIECES, [10, 20], hands)
        with pytest.warns(UserWarning, match="two is much"):
            second = divided(PIECES, None, hands)
    assert [done.result for done in first] == [done.result for done in second] == [31, 32]


def test_a_crew_without_work_is_let_go() -> None:
    with hired(2, "json", "no_such_module") as hands:
        assert isinstance(hands, Crew)
    assert not active_children()


def test_one_process_alone_needs_no_crew() -> None:
    with hired(1, "json") as hands:
        assert hands == 1
