"""A type checker sees a wrong word before anything runs."""

from __future__ import annotations

from typing import get_overloads

import pytest
from refusals import marked, refused

from hypnic.datasets.sources import load

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("mypy")]


@pytest.fixture(scope="module")
def lines(tmp_path_factory):
    return refused("mypy", "--cache-dir", str(tmp_path_factory.mktemp("mypy")))


def test_there_are_twelve_mistakes():
    assert len(marked()) == 12
    assert len(marked("load(")) == 6


def test_mypy_refuses_wrong_words_of_fits_and_of_nothing_else(lines):
    assert lines - marked("load(") == marked() - marked("load(")


@pytest.mark.xfail(not get_overloads(load), reason="load says in no type which words it takes", strict=True)
def test_mypy_refuses_wrong_words_of_load(lines):
    assert lines & marked("load(") == marked("load(")
