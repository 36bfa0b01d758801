"""What fails in a table is told some rows at a time, and by pandera or by expressions, with the same findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import hypnic
from hypnic.datasets.checking import breaches

if TYPE_CHECKING:
    from conftest import Row, Save

ODD = ["x", "", "-7", "2330", "23:30", "1,5", "someone@example.org", "99", "0.5", "=1+1"]


@pytest.mark.parametrize("rows", [1, 3])
def test_a_few_rows_at_a_time_are_found_to_break_what_all_at_once_do(
    rows: int, diary: list[Row], save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = [{**night, name: ODD[(at + n) % len(ODD)]} for n, night in enumerate(diary) for at, name in enumerate(night)
           if at % 3 == n % 3]  # fmt: skip
    path = save("nights", [*odd, *diary, diary[0]])  # each night comes again, too
    at_once = hypnic.check(path)
    monkeypatch.setattr(breaches, "CELLS", rows * len(diary[0]))
    assert hypnic.check(path).equals(at_once)
    assert at_once["rule"].n_unique() > 5
