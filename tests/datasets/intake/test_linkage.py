"""Nobody is found among published answers by who they are, and nobody who left is in them; the attack can tell."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import polars as pl
import pytest
from linkage import CLOCKS, KEY, by_three_nights, by_who_they_are, names_of, published_names

from hypnic.datasets.checking.opened import open_table
from hypnic.datasets.cohort.simulation import simulate
from hypnic.datasets.intake.publishing import publishable

if TYPE_CHECKING:
    from collections.abc import Mapping

    Tables = Mapping[str, pl.DataFrame]


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Draw sixty synthetic people, half of them with a diary."""
    drawn, folder = simulate(60, 30, 7, 5), tmp_path_factory.mktemp("raw")
    tables = {}
    for name in ("participants", "nights"):
        getattr(drawn, name).write_csv(folder / f"{name}.csv")
        tables[name] = open_table(folder / f"{name}.csv", name).cast.frame
    return tables


@pytest.fixture(scope="module")
def done(raw: Tables) -> Tables:
    return publishable(published_names(raw), rng=random.Random(1)).tables  # noqa: S311 -- synthetic


def test_nobody_is_found_by_age_sex_country_and_shift_and_most_were_before(raw: Tables, done: Tables) -> None:
    itself = {token: token for token in raw["participants"][KEY]}
    before, after = by_who_they_are(raw, raw, itself), by_who_they_are(raw, done, names_of(done))
    assert before.alone > 0.5
    assert after.alone == 0
    assert after.chance <= 0.1


def test_nor_by_whether_they_kept_a_diary_too(raw: Tables, done: Tables) -> None:
    found = by_who_they_are(raw, done, names_of(done), diary=True)
    assert found.alone == 0
    assert found.chance <= 0.1


def test_no_token_of_the_raw_folder_is_in_the_published_one(raw: Tables, done: Tables) -> None:
    text = done["participants"].write_csv() + done["nights"].write_csv()
    assert [token for token in raw["participants"][KEY] if token in text] == []


def test_three_nights_known_exactly_are_a_fingerprint_and_known_roughly_they_are_not(raw: Tables, done: Tables) -> None:
    exactly = by_three_nights(raw, done, names_of(done))
    roughly = by_three_nights(raw, done, names_of(done), CLOCKS, off=0.08)
    assert exactly.alone > 0.9  # no rounding that leaves a diary of use can help it
    assert roughly.alone < 0.2
