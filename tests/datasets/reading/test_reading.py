"""Whatever people save is read; what cannot be read is refused in one line."""

from __future__ import annotations

import gzip
import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import hypnic
from hypnic.datasets.checking.opened import open_table
from hypnic.datasets.reading import limits
from hypnic.datasets.reading.headers import put_right
from hypnic.datasets.reading.text import read_text
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable

    Save = Callable[..., Path]
    Row = dict[str, str]
TESTS = Path(__file__).parents[2]


def script(name: str) -> Any:
    """Import a script of tests/benchmarks by its path."""
    spec = importlib.util.spec_from_file_location(f"hypnic_{name}", TESTS / "benchmarks" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


DIALECTS = script("dialects")


@pytest.mark.parametrize("how", DIALECTS.dialects(), ids=lambda how: how.name)
def test_the_demo_saved_in_a_dialect_reads_as_the_plain_file(how: Any, tmp_path: Path) -> None:
    cells = DIALECTS.demo("nights", 5)
    plain = DIALECTS.save(cells, DIALECTS.Saved("utf-8", "comma", ".", "LF", 0), tmp_path / "plain.csv")
    assert DIALECTS.same(DIALECTS.save(cells, how, tmp_path / "saved.csv"), plain)


def test_a_workbook_reads_as_the_plain_file(tmp_path: Path) -> None:
    cells = DIALECTS.demo("participants", 5)
    plain = DIALECTS.save(cells, DIALECTS.Saved("utf-8", "comma", ".", "LF", 0), tmp_path / "plain.csv")
    book = DIALECTS.save_workbook(cells, tmp_path / "book.xlsx")
    assert DIALECTS.same(book, plain)
    assert open_table(book, sheet="answers").cast.frame.equals(open_table(plain).cast.frame)


@pytest.mark.parametrize(
    "path", sorted((TESTS / "reference" / "messy").glob("synthetic-*")), ids=lambda path: path.name
)
def test_the_messy_samples_hold_three_nights_with_one_fault(path: Path) -> None:
    assert open_table(path).cast.frame.height == 3
    found = hypnic.check(path).filter(level="error")
    assert found.select("line", "column", "rule").rows() == [(2, "exercise_type", "level")]


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8-sig", None), ("utf-16", "UTF-16, commas"), ("cp1252", "Windows-1252, commas")]
)
def test_what_was_detected_is_said_unless_it_is_plain(encoding: str, said: str | None, person: Row, save: Save) -> None:
    dialect = open_table(save("participants", [person | {"country_code": "é"}], encoding=encoding)).text.dialect
    assert (None if dialect.plain else str(dialect)) == said


def test_nul_bytes_are_left_out_and_said(diary: list[Row], save: Save) -> None:
    path = save("nights", diary)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\0\n") + b"\0" * 100)
    assert hypnic.check(path).is_empty()
    assert str(open_table(path).text.dialect) == "UTF-8, commas, NUL bytes left out"


@pytest.mark.parametrize(("extra", "line"), [(",1", 4), (None, 4)], ids=["too many cells", "too few cells"])
def test_a_ragged_line_is_one_finding_and_the_rest_is_checked(
    extra: str | None, line: int, diary: list[Row], save: Save
) -> None:
    diary[5]["stress_0_10"] = "11"
    path = save("nights", diary)
    lines = path.read_text().splitlines()
    lines[3] = lines[3] + extra if extra else lines[3].rsplit(",", 4)[0]
    path.write_text("\n".join(lines))
    assert hypnic.check(path).select("rule", "line").rows() == [("file", line), ("range", 7)]


def test_an_empty_line_between_others_is_one_finding_and_moves_no_address(diary: list[Row], save: Save) -> None:
    diary[5]["stress_0_10"] = "11"
    path = save("nights", diary)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:3], "", *lines[3:], "", ""]))
    assert hypnic.check(path).select("rule", "line", "row", "cell").rows() == [
        ("file", 4, 3, None),
        ("range", 8, 7, "L8"),
    ]


def test_a_quoted_line_break_keeps_physical_lines(diary: list[Row], save: Save) -> None:
    diary[1]["unusual_night"] = "tra\nvel"
    diary[5]["stress_0_10"] = "11"
    assert hypnic.check(save("nights", diary)).select("rule", "line", "cell").rows() == [
        ("level", 3, "Y3"),
        ("range", 8, "L7"),
    ]


def test_an_upper_case_padded_or_misspelt_header_is_one_finding_that_names_the_column(
    diary: list[Row], save: Save
) -> None:
    path = save("nights", diary)
    text = path.read_text()
    for right, wrong in {"night_index": "NIGHT_INDEX", "sol_min": " sol min ", "caffeine_mg": "cafeine_mg"}.items():
        text = text.replace(right, wrong, 1)
    path.write_text(text.replace(",180,", ",abc,", 1))
    found = hypnic.check(path)
    assert found.select("rule", "cell").rows() == [
        ("column_unknown", "B1"), ("column_unknown", "F1"), ("column_unknown", "AA1"), ("type", "F2"),
    ]  # fmt: skip
    assert found["hint"].to_list()[:3] == [f"type {n} in the header" for n in ("night_index", "caffeine_mg", "sol_min")]


def test_a_name_that_the_file_has_already_is_not_given_twice() -> None:
    assert put_right(["sol_min", "SOL_MIN"], {"sol_min", "waso_min"}, set()).names == ("sol_min", "SOL_MIN")


def test_a_column_without_a_name_is_found_only_where_it_has_cells(diary: list[Row], save: Save) -> None:
    path = save("nights", diary)
    lines = path.read_text().splitlines()
    path.write_text("\n".join(f"{line},,{'x' if n == 2 else ''}" for n, line in enumerate(lines)))
    assert hypnic.check(path).select("rule", "cell", "column").rows() == [("column_unknown", "AP1", None)]


def test_a_repeated_unknown_column_is_not_named(diary: list[Row], save: Save) -> None:
    path = save("nights", diary)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([f"{lines[0]},J Doe,J Doe", *(f"{line},1,1" for line in lines[1:])]))
    found = hypnic.check(path)
    assert set(found["rule"]) == {"PV1"}
    assert "Doe" not in str(found.rows())


def refusal(path: Path) -> str:
    with pytest.raises(HypnicError) as caught:
        open_table(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_gzip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"0" * (8 << 20)))
    assert "it has a line of 1 MiB" in refusal(path)


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [
        ("MAX_BYTES", 100, "larger than"), ("MAX_ROWS", 5, "more than 5 lines"),
        ("MAX_CELLS", 400, "more than 10 lines"), ("MAX_COLUMNS", 10, "more than 10 columns"),
    ],
)  # fmt: skip
def test_a_table_over_a_limit_is_refused(  # noqa: PLR0913, PLR0917 -- three are the case, three are fixtures
    limit: str, value: int, words: str, diary: list[Row], save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, limit, value)
    assert words in refusal(save("nights", diary))


def test_a_table_that_would_take_more_memory_than_it_may_says_what_to_do(
    diary: list[Row], save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CELL", 1 << 20)
    path = save("nights", diary)
    with pytest.raises(HypnicError, match=r"it would take 0\.\d GB .* of which it may take 0\.1; .*--memory 1GB"):
        hypnic.check(path, memory="100MB")
    assert hypnic.check(path, memory="1GB").is_empty()


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text("," * 900_000 + "participant_id\n")
    assert "more than 1,000 columns" in refusal(path)


def test_two_cells_far_apart_in_a_workbook_are_refused(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "participant_id")
        sheet.write(1_000_000, 900, "1")
    assert "too large to check" in refusal(path)


def test_random_and_mutated_bytes_end_in_findings_or_one_line() -> None:
    ended = list(script("fuzz").endings(60, 5))
    assert len(ended) == 60
    assert not [ending for ending, _ in ended if "DEFECT" in ending]


def test_a_mark_of_utf_8_before_other_bytes_proves_nothing(diary: list[Row], save: Save) -> None:
    diary[1]["unusual_night"] = "é"
    path = save("nights", diary, encoding="cp1252")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + b",\n")
    assert open_table(path).text.dialect.encoding == "Windows-1252"


def test_a_diary_without_any_answer_lacks_columns(save: Save) -> None:
    path = save("nights", [{"participant_id": "p_abcdefghij234567", "night_index": "1"}])
    assert set(hypnic.check(path).filter(level="error")["rule"]) == {"column_missing"}


def test_a_large_table_that_is_no_rectangle_is_refused_with_its_first_such_line(
    diary: list[Row], save: Save, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_RAGGED_CELLS", 100)
    path = save("nights", diary)
    path.write_text(path.read_text() + "p,1\n")
    assert "line 14 is the first" in refusal(path)


@pytest.mark.parametrize("start", ["<html><table>", "<!DOCTYPE html>", '\n<?xml version="1.0"?><Workbook>', "<meta a>"])
def test_a_web_page_that_is_named_as_a_table_says_what_to_save(start: str, tmp_path: Path) -> None:
    (tmp_path / "export.xls").write_text(f"{start}<tr><td>night_index</td></tr>", "utf-8")
    with pytest.raises(HypnicError, match="a web page or XML"):
        read_text(tmp_path / "export.xls")
