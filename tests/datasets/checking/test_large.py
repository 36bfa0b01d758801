"""A large table that is read in one pass has the findings of a small one, row for row."""

from __future__ import annotations

import csv
import json
import os
import signal
import tempfile
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hypnic.cluster import connect
from hypnic.datasets.checking import context, files, large, parts, sieve
from hypnic.datasets.checking.capping import bytes_of
from hypnic.datasets.checking.engines import Dask
from hypnic.datasets.findings import Format, summary
from hypnic.datasets.loading import data_folder
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, Nights, columns, conditions

if TYPE_CHECKING:
    from collections.abc import Iterator

ODD = [
    "", " ", "-9", "-8", "-7", "-1", "-0", "0", "1", "007", "3", "4", "7", "12", "30", "300", "9999", "1e3", "+3", " 5",
    "5 ", "nan", "inf", "1.050", "1.200", "82.5", "0.5", "0.75", "23.30", "23.5", "7:00", "11:30 pm", "31.0", "1234567",
    "0.123456789", "yes", "true", "false", "none", "unknown", "leg|arm", "arm|leg", "arm|arm", "#N/A", "Anna Schmidt",
    "someone@example.org", "+49 170 1234567", "2025-03-01", "é", "p_abcdefghij234567", "P_ABCDEFGHIJ234567", "x" * 300,
]  # fmt: skip
READ_WHOLE = ["a\x00b", "a\rb", 'say "no"']  # the ordinary reader takes them for marks of the file
with (data_folder() / "demo" / "nights.csv").open(encoding="utf-8") as file:
    HEADER, *DEMO = list(csv.reader(file))
PEOPLE = (data_folder() / "demo" / "participants.csv").read_text("utf-8").splitlines(keepends=True)
FOUR = list(dict.fromkeys(row[0] for row in DEMO))[:4]
NIGHTS = [row for row in DEMO if row[0] in FOUR]
SOME = [PEOPLE[0], *(line for line in PEOPLE if line.startswith(tuple(FOUR))), *PEOPLE[1:60:2]]


@contextmanager
def of_size(least: int, block: int = 24 << 20, batch: int = 200_000) -> Iterator[None]:
    """Call tables large from so many bytes on, and read so many bytes, and judge so many rows, at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "LARGE", least)
        patch.setattr(large, "MOST", block)
        patch.setattr(large, "LEAST", min(block, 1 << 20))
        patch.setattr(large, "BATCH", batch)
        yield


def both_ways(
    rows: list[list[str]], people: str | None, block: int = 24 << 20, batch: int = 200_000
) -> tuple[pl.DataFrame, pl.DataFrame]:
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
            with of_size(least, block, batch):
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


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    rows=tables(),
    people=st.sampled_from([None, "".join(dict.fromkeys(SOME)), "".join(PEOPLE[:3])]),
    block=st.sampled_from([300, 1500, 24 << 20]),
)
def test_the_findings_are_those_of_the_ordinary_check_however_the_file_is_cut(rows, people, block) -> None:
    small, whole = both_ways([HEADER, *rows], people, block)
    assert small.to_dicts() == whole.to_dicts()


def test_a_night_that_comes_again_in_a_block_where_nothing_else_is_wrong_is_found() -> None:
    rows = [NIGHTS[14], *NIGHTS[1:24]]
    small, whole = both_ways([HEADER, *rows], None, 1500)
    assert [(one["rule"], one["line"]) for one in whole.to_dicts()] == [("N01", 16)]
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
    "times without a mark": with_cells("bed_clock_h", ["2315", "2245", "30", "2350"] * 7),
    "one time without a mark": with_cells("bed_clock_h", ["23.25"] * 9 + ["2315"] + ["30"] * 9),
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


FAULTY = [
    [*row[:place], cell, *row[place + 1 :]]
    for row, (place, cell) in zip(
        NIGHTS,
        [(HEADER.index(name), cell) for name, cell in (
            ("sol_min", "ten"), ("bed_clock_h", "23.3"), ("wake_clock_h", "7:00"), ("stress_0_10", ""),
            ("unusual_night", "party"), ("night_index", "2"), ("caffeine_mg", "99999"), ("jerk_count", "-8"),
        )] * 20,
        strict=False,
    )
]  # fmt: skip


def saved(folder: Path, name: str, rows: list[list[str]]) -> Path:
    """Write nights as CSV, Parquet or Arrow, by the ending: numbers as numbers where all are, else as text."""
    path = folder / name
    frame = pl.DataFrame(rows, schema=dict.fromkeys(HEADER, pl.String), orient="row")
    frame = frame.with_columns(pl.when(pl.all() != "").then(pl.all()))
    path.parent.mkdir(exist_ok=True)
    if path.suffix == ".csv":
        frame.write_csv(path)
        return path
    for column in columns(Nights).values():
        text = frame[column.name]
        typed = text.cast(column.raw_dtype, strict=False)
        frame = frame if typed.null_count() > text.null_count() else frame.with_columns(typed)
    (frame.write_parquet if path.suffix == ".parquet" else frame.write_ipc)(path)
    return path


@pytest.mark.parametrize("ending", [".parquet", ".arrow"])
@pytest.mark.parametrize("block", [1500, 24 << 20])
def test_columnar_files_are_read_as_their_csv_is(ending: str, block: int, tmp_path: Path) -> None:
    # A number that was text before is written again as a program does: 22 is 22.0 there, and no value shows it.
    text = saved(tmp_path, "nights.csv", FAULTY)
    other = saved(tmp_path, f"nights{ending}", FAULTY)
    said = files.check(text).drop("file")
    for least in (1 << 40, 0):
        with of_size(least, block):
            assert files.check(other).drop("file").to_dicts() == said.to_dicts()


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_a_table_in_parts_has_the_findings_of_the_whole_each_at_its_part_and_row(ending: str, tmp_path: Path) -> None:
    whole = files.check(saved(tmp_path, "whole.csv", FAULTY))
    cuts = [0, 9, 10, 37, len(FAULTY)]  # in the midst of participants
    for number, (start, stop) in enumerate(pairwise(cuts)):
        saved(tmp_path, f"app/nights-{number}{ending}", FAULTY[start:stop])
    found = files.check(tmp_path / "app")
    first = {f"nights-{number}{ending}": start for number, start in enumerate(cuts[:-1])}
    rows = found["row"] + found["file"].replace_strict(first, return_dtype=pl.Int64)
    assert sorted(zip(rows, found["column"], found["rule"], found["message"], strict=True)) == sorted(
        whole.select("row", "column", "rule", "message").rows()
    )
    assert found.height == whole.height > 20
    assert found["file"].is_sorted()


def test_what_is_judged_in_batches_is_told_in_the_order_of_the_lines() -> None:
    small, whole = both_ways([HEADER, *FAULTY], None, block=1500, batch=7)
    assert small.drop("hint").to_dicts() == whole.drop("hint").to_dicts()


def test_a_large_table_of_participants_has_the_findings_of_a_small_one_and_is_known_to_the_nights(
    tmp_path: Path,
) -> None:
    header, *rows = list(csv.reader(PEOPLE))
    rows[3][header.index("jerk_ever")] = "YES"
    rows[9] = rows[4]
    for row in rows[20:40]:
        row[header.index("bed_partner")] = "never"
    people, nights = tmp_path / "participants.csv", tmp_path / "nights.csv"
    people.write_text("\n".join(",".join(row) for row in [header, *rows]) + "\n", "utf-8")
    nights.write_text("\n".join(",".join(row) for row in [HEADER, *DEMO]) + "\n", "utf-8")
    found = []
    for least in (1 << 40, 0):
        with of_size(least, 1 << 14):
            found.append([files.check(*several).to_dicts() for several in ((people,), (people, nights))])
    assert found[0] == found[1]
    assert {"level", "P01", "N14"} & {row["rule"] for row in found[0][1]}


def test_many_participants_are_looked_up_by_a_hash_and_found_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    people = pl.read_csv("".join(PEOPLE).encode(), infer_schema=False)
    nights = pl.DataFrame(DEMO[::7], schema=dict.fromkeys(HEADER, pl.String), orient="row").head(200)
    nights[3, "participant_id"] = "p_aaaaaaaaaaaaaaaa"
    few = context.Context([people]).around(nights)
    monkeypatch.setattr(context, "FEW", 1)
    assert context.Context([people]).around(nights).equals(few)


def test_a_smaller_memory_means_smaller_blocks_and_the_same_findings(tmp_path: Path) -> None:
    path = saved(tmp_path, "nights.csv", FAULTY)
    with of_size(0):
        found = [files.check(path, memory=size).to_dicts() for size in ("64MB", "4GB")]
    assert found[0] == found[1]


@pytest.mark.parametrize("size", ["lots", "10MB", "-1GB"])
def test_a_memory_that_is_none_is_refused_in_a_line(size: str) -> None:
    with pytest.raises(HypnicError, match=f"--memory {size}: "):
        bytes_of(size)


def test_findings_of_a_rule_are_capped_and_the_rest_is_counted_in_text_and_json(tmp_path: Path) -> None:
    path = saved(tmp_path, "nights.csv", FAULTY)
    whole = files.check(path)
    with of_size(0, 1500, 7):
        found, rest = files.check_capped(files.open_tables([path]), 2)
    counts = dict(whole.group_by("rule", "level").len().select(pl.concat_str("rule", "level"), "len").iter_rows())
    listed = dict(found.group_by("rule", "level").len().select(pl.concat_str("rule", "level"), "len").iter_rows())
    more = {rule + level: count for _, rule, level, count in rest.iter_rows()}
    assert max(listed.values()) == 2
    assert {key: listed[key] + more.get(key, 0) for key in counts} == counts
    text, lines = (form.render(found, [path], rest) for form in (Format.text, Format.json))
    assert f"nights.csv: error type: {more['typeerror']:,} more are not listed; --most 0 lists them" in text
    assert summary(found, rest) == summary(whole)
    told = [json.loads(line) for line in lines.splitlines()]
    assert {"file": "nights.csv", "rule": "type", "level": "error", "more": more["typeerror"]} in told


def test_what_is_surely_not_listed_is_counted_without_being_worded(tmp_path: Path, monkeypatch) -> None:
    path = saved(tmp_path, "nights.csv", FAULTY)
    found, rest = files.check_capped(files.open_tables([path]), 2)
    monkeypatch.setattr("hypnic.datasets.checking.capping.A_LINE", 40)
    sooner, others = files.check_capped(files.open_tables([path]), 2)
    assert sooner.to_dicts() == found.to_dicts()
    assert others.sort("rule", "level").to_dicts() == rest.sort("rule", "level").to_dicts()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_workers_of_a_cluster_find_the_same(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs the extra cluster")
    path = saved(tmp_path, "nights.csv", FAULTY[::-1])
    small = files.check(path)
    with connect(None, 2) as client, of_size(0, 1500):
        found = files.check_opened(files.open_tables([path], engine=Dask(client)))
    assert found.to_dicts() == small.to_dicts()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_worker_that_is_killed_in_mid_check_changes_no_finding(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs the extra cluster")
    path = saved(tmp_path, "nights.csv", FAULTY[::-1])
    small = files.check(path)
    killed: list[int] = []

    class Killing(Dask):
        """Kills a worker process once the first block has come back."""

        def map(self, work, things):
            for found in super().map(work, things):
                yield found
                if not killed:
                    killed.append(next(iter(self._client.run(os.getpid).values())))
                    os.kill(killed[0], signal.SIGKILL)

    with connect(None, 2) as client, of_size(0, 1500):
        found = files.check_opened(files.open_tables([path], engine=Killing(client)))
    assert len(killed) == 1
    assert found.to_dicts() == small.to_dicts()


def test_a_fault_of_our_own_is_no_reason_to_read_the_whole_file(tmp_path: Path, monkeypatch) -> None:
    def fails(*_: object) -> None:
        raise pl.exceptions.SchemaError

    path = saved(tmp_path, "nights.csv", FAULTY)
    monkeypatch.setattr(sieve.Sieve, "judge", fails)
    with of_size(0), pytest.raises(pl.exceptions.SchemaError):
        files.check(path)


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
