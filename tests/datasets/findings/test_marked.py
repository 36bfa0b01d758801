"""A person's table as a workbook with its faults marked: every cell stands there as it was typed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import openpyxl
import pytest

from hypnic.datasets.checking import check_opened, open_table
from hypnic.datasets.findings.marked import as_marked_workbook

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1.050", "1.050"), ("23.30", "23.30"), ("12,5", "12,5"), ("12.5", 12.5), ("007", "007"), ("4", 4)],
)
def test_a_number_that_would_lose_something_as_a_number_stays_text(
    typed: str, kept: str | float, tmp_path: Path
) -> None:
    path = tmp_path / "nights.csv"
    path.write_text(f"participant_id;night_index;alcohol_g;bed_clock_h\np_aaaaaaaaaaaaaaaa;1;{typed};23\n", "utf-8")
    opened = open_table(path)
    book = openpyxl.load_workbook(io.BytesIO(as_marked_workbook(check_opened([opened]), opened)))
    assert book["nights"]["C2"].value == kept
