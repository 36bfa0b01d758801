"""What is committed and generated equals what the code makes: `nox -s data` rebuilds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.cohort.simulation import simulate, write
from hypnic.datasets.loading import data_folder
from hypnic.schemas.publish import dictionary

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["participants.csv", "nights.csv", "truth.json"])
def test_the_demo_is_what_its_seed_draws(name: str, tmp_path: Path) -> None:
    write(simulate(), tmp_path)
    assert (tmp_path / name).read_bytes() == (data_folder() / "demo" / name).read_bytes()


@pytest.mark.parametrize(("page", "made"), [("dictionary", dictionary.as_markdown), ("rules", dictionary.rule_table)])
def test_the_pages_of_the_dictionary_are_up_to_date(page: str, made) -> None:
    committed = data_folder().parent / "schemas" / f"{page}.md"
    assert committed.read_text("utf-8") == made()
