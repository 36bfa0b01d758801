"""A large table that is read in one pass has the findings of a small one, row for row."""

from __future__ import annotations

import csv
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hypnic.datasets.checking import files, large, parts
from hypnic.datasets.loading import data_folder
from hypnic.schemas import TABLES, Nights, columns, conditions

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD = [
    "", " ", "-9", "-8", "-7", "-1", "0", "1", "3", "4", "7", "12", "30", "300", "9999", "1e3", "+3", " 5", "5 ", "nan",
    "inf", "1.050", "1.200", "82.5", "0.5", "0.75", "23.30", "23.5", "7:00", "11:30 pm", "31.0", "1234567",
    "0.123456789", "yes", "true", "false", "none", "unknown", "leg|arm", "arm|leg", "arm|arm", "#N/A", "Anna Schmidt",
    "someone@example.org", "+49 170 1234567", "2025-03-01", "é", "p_abcdefghij234567", "P_ABCDEFGHIJ234567", "x" * 300,
]  # fmt: skip
READ_WHOLE = ["a\x00b", "a\rb", 'say "no"']  # the ordinary reader takes them for marks of the file
with (data_folder() / "demo" / "nights.csv").open(encoding="utf-8") as file:
    HEADER, *DEMO = list(csv.reader(file))
PEOPLE = (data_folder() / "demo" / "participants.csv").read_text("utf-8").splitlines(keepends=True)
NIGHTS = [row for row in DEMO if row[0] in list(dict.fromkeys(row[0] for row in DEMO))[:4]]


@contextmanager
def of_size(least: int) -> Iterator[None]:
    """Call tables large from so many bytes on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "LARGE", least)
        yield


def both_ways(rows: list[list[str]], people: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Check rows as a small table and as a large one."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "nights.csv"]
        lines = "\n".join(",".join(row) for row in rows)
        paths[0].write_text(f"{lines}\n", "utf-8", newline="")
        if people is not None:
            paths.append(Path(folder) / "participants.csv")
            paths[1].write_text(people, "utf-8", newline="")
        found = []
        for least in (1 << 40, 0):
            with of_size(least):
                found.append(files.check(*paths))
        return found[0], found[1]


numbers = st.integers(0, len(NIGHTS) - 1)
edits = st.lists(st.tuples(numbers, st.integers(0, len(HEADER) - 1), st.sampled_from(ODD)), max_size=12)
rare = st.lists(st.tuples(numbers, st.integers(0, len(HEADER) - 1), st.sampled_from(READ_WHOLE)), max_size=1)


@st.composite
def tables(draw) -> list[list[str]]:
    """Draw nights with odd cells, nights that come twice, and the same answers on several nights; in any order."""
    rows = [list(row) for row in NIGHTS]
    for row, column, cell in draw(edits) + (draw(rare) if draw(st.integers(0, 9)) == 0 else []):
        rows[row][column] = cell
    for to, of in draw(st.lists(st.tuples(numbers, numbers), max_size=2)):
        rows[to] = list(rows[of])
    first, many = draw(numbers), draw(st.integers(1, 5))
    for row in rows[first + 1 : first + many]:
        row[2:] = rows[first][2:]
    rows = rows[: draw(st.integers(8, len(rows)))]
    return draw(st.permutations(rows)) if draw(st.booleans()) else rows


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=tables(), people=st.sampled_from([None, "".join(PEOPLE), "".join(PEOPLE[:3])]))
def test_the_findings_are_those_of_the_ordinary_check(rows, people) -> None:
    small, whole = both_ways([HEADER, *rows], people)
    assert small.to_dicts() == whole.to_dicts()


def with_cells(column: str, cells: list[str]) -> str:
    """Write nights with other cells in one column."""
    place = HEADER.index(column)
    rows = [[*row[:place], cell, *row[place + 1 :]] for row, cell in zip(NIGHTS, cells, strict=False)]
    return "\n".join(",".join(row) for row in [HEADER, *rows]) + "\n"


PLAIN = with_cells("night_index", [row[1] for row in NIGHTS[:30]])
OTHERWISE = {
    "quoted": PLAIN.replace(NIGHTS[3][0], f'"{NIGHTS[3][0]}"', 1),
    "a cell too few": "\n".join([*PLAIN.split("\n")[:5], PLAIN.split("\n")[5].rpartition(",")[0], ""]),
    "a cell too many": "\n".join([*PLAIN.split("\n")[:5], PLAIN.split("\n")[5] + ",1", ""]),
    "a blank line": PLAIN.replace("\n", "\n\n", 1),
    "blank lines at the end": PLAIN + "\n\n",
    "no end of the last line": PLAIN[:-1],
    "CRLF": PLAIN.replace("\n", "\r\n"),
    "a mark of the byte order": "\ufeff" + PLAIN,
    "not UTF-8": PLAIN.replace(NIGHTS[3][4], "\udce9", 1),
    "an unknown column": PLAIN.replace("sol_min", "coffee", 1),
    "a column twice": PLAIN.replace("sol_min", "waso_min", 1),
    "an empty row": PLAIN.replace("\n", "\n" + "," * (len(HEADER) - 1) + "\n", 1),
    "no proof of what the point is": with_cells("alcohol_g", ["10"] * 20 + ["1.050"]),
    "a proof of what the point is": with_cells("alcohol_g", ["10"] * 20 + ["1.050", "0.5"]),
    "amounts counted in cups": with_cells("caffeine_mg", ["3"] * 30),
    "clocks in parts of a day": with_cells("bed_clock_h", [f"0.9{n:02d}" for n in range(30)]),
    "times with minutes": with_cells("bed_clock_h", ["23.30", "22.45", "23.15", "23.50"] * 7),
}


@pytest.mark.parametrize("text", OTHERWISE.values(), ids=OTHERWISE)
def test_a_file_that_is_otherwise_made_has_its_own_findings_too(text: str, tmp_path: Path) -> None:
    path = tmp_path / "nights.csv"
    path.write_bytes(text.encode(errors="surrogateescape"))
    found = []
    for least in (1 << 40, 0):
        with of_size(least):
            found.append(files.check(path).to_dicts())
    assert found[0] == found[1]


def test_what_hypnic_writes_is_read_in_one_pass_and_only_what_may_be_wrong_is_kept(tmp_path: Path) -> None:
    rows = [list(row) for row in NIGHTS]
    rows[5][HEADER.index("sol_min")] = "ten"
    path = tmp_path / "nights.csv"
    path.write_text("\n".join(",".join(row) for row in (HEADER, *rows)) + "\n", "utf-8", newline="")
    sifting = large.sift(path, [])
    assert sifting is not None
    (kept,) = sifting.batches()
    assert kept.text.sheet_row(0) == 5 + 2
    assert kept.text.frame.rows() == [tuple(cell or None for cell in rows[5])]


@pytest.mark.parametrize("table", TABLES)
def test_a_condition_that_looks_at_several_rows_says_at_which(table: str) -> None:
    together = {c.name for c in conditions(TABLES[table]) if ".over(" in str(c.clause.holds)}
    assert together == {c.name for c in conditions(TABLES[table]) if c.clause.group}
    assert together


@pytest.mark.parametrize("table", TABLES)
def test_every_cell_is_held_to_something_so_that_an_odd_one_is_kept(table: str) -> None:
    for column in columns(TABLES[table]).values():
        assert column.kind != "text" or column.pattern.startswith("^")
        assert column.kind != "text" or column.pattern.endswith("$")
        assert column.kind not in {"integer", "number"} or column.low is not None
