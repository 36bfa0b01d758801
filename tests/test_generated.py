"""What is committed and generated equals what the code makes: `nox -s data` rebuilds it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hypnic.commands.release import contents
from hypnic.datasets.cohort.simulation import simulate, write
from hypnic.datasets.loading import data_folder
from hypnic.datasets.release import write_release
from hypnic.datasets.release.names import stem
from hypnic.schemas.publish import dictionary

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["participants.csv", "nights.csv", "truth.json"])
def test_the_demo_is_what_its_seed_draws(name: str, tmp_path: Path) -> None:
    write(simulate(), tmp_path)
    assert (tmp_path / name).read_bytes() == (data_folder() / "demo" / name).read_bytes()


def test_the_release_of_the_demo_is_what_the_demo_gives(tmp_path: Path) -> None:
    packaged = data_folder() / "released" / "demo-1"
    made = contents("demo", "1")
    again = write_release(made, tmp_path)
    assert (again / "datapackage.json").read_bytes() == (packaged / "datapackage.json").read_bytes()
    sums = dict(line.split("  ")[::-1] for line in (packaged / "SHA256SUMS").read_text("utf-8").splitlines())
    for name, frame in made.tables.items():
        path = f"data/{stem('demo', name)}.parquet"
        assert hashlib.sha256((packaged / path).read_bytes()).hexdigest() == sums[path]
        assert pl.read_parquet(packaged / path).equals(frame)


@pytest.mark.parametrize(("page", "made"), [("dictionary", dictionary.as_markdown), ("rules", dictionary.rule_table)])
def test_the_pages_of_the_dictionary_are_up_to_date(page: str, made) -> None:
    committed = data_folder().parent / "schemas" / f"{page}.md"
    assert committed.read_text("utf-8") == made()
