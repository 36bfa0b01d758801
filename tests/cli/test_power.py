"""`hypnic power` as a user runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

PLAN = ("power", "--persons", "40", "--nights", "6", "--irr", "1.5", "--simulations", "4", "--jobs", "1")


def test_in_a_pipe_it_prints_the_table_and_nothing_else(hypnic, tmp_path: Path) -> None:
    run = hypnic(*PLAN, "--out", "plan")
    lines = run.stdout.splitlines()
    assert (run.returncode, run.stderr) == (0, "")
    assert lines[0] == ("caffeine, true ratio 1.5 per 100 mg, diaries of 6 nights; 4 synthetic studies in each row")
    assert [line.split()[0] for line in lines[1:5]] == ["persons", "20", "40", "80"]
    assert pl.read_csv(tmp_path / "plan" / "power.csv")["persons"].to_list() == [20, 40, 80]
    assert "(synthetic data)" in (tmp_path / "plan" / "power.svg").read_text("utf-8")


def test_the_help_shows_an_example(hypnic) -> None:
    assert "  hypnic power --persons 500 --nights 14 --irr 1.1" in hypnic("power", "--help").stdout
