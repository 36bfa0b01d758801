"""Old Excel workbooks (.xls): read as new ones are, and refused in a line where they cannot be."""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import xlwt

import hypnic
from hypnic.datasets.forms import convert
from hypnic.datasets.reading.text import read_text
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from pathlib import Path

TIME, DATE, LONG = (xlwt.easyxf(num_format_str=form) for form in ("hh:mm", "dd.mm.yyyy", "[h]:mm"))
STYLES = {dt.time: TIME, dt.date: DATE}


def save(path: Path, rows: list[list[Any]], name: str = "nights", *, cover: bool = False) -> Path:
    book = xlwt.Workbook()
    if cover:
        book.add_sheet("About").write(0, 0, "kept by hand")
    sheet = book.add_sheet(name)
    for row, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            sheet.write(row, place, cell, STYLES.get(type(cell), xlwt.Style.default_style))
    book.save(str(path))
    return path


def test_numbers_words_times_dates_and_errors_are_text_as_in_a_new_workbook(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("nights")
    for place, name in enumerate(("night_index", "stress_0_10", "bed_clock_h", "wake_clock_h", "sol_min", "nap_min")):
        sheet.write(0, place, name)
    for place, (cell, style) in enumerate((
        (1, None), (2.5, None), (dt.time(23, 15), TIME), (25.25 / 24, LONG), ("", None), (True, None),
    )):  # fmt: skip
        sheet.write(1, place, cell, style or xlwt.Style.default_style)
    sheet.merge(2, 2, 0, 1)
    sheet.write(2, 0, 7)
    sheet.write(2, 2, dt.datetime(2026, 3, 1), DATE)  # noqa: DTZ001 -- a date on paper
    sheet.row(2).set_cell_error(4, 0x2A)
    book.save(str(tmp_path / "a.xls"))
    text = read_text(tmp_path / "a.xls")
    assert text.frame.rows() == [
        ("1", "2.5", "23:15", "25:15", None, "true"),
        ("7", "#MERGED!", "2026-03-01 00:00:00", None, "#N/A", None),
    ]


def test_a_diary_below_a_title_on_a_second_sheet_is_converted(tmp_path: Path) -> None:
    rows = [
        ["Schlaf"],
        ["Datum", "Bettzeit", "Aufwachzeit", "Einschlafdauer (min)", "Zuckungen"],
        [dt.date(2026, 3, 1), dt.time(23, 15), dt.time(7), 15, 1],
        [dt.date(2026, 3, 3), dt.time(0, 30), dt.time(7, 30), 20, 0],
    ]
    made = convert("spreadsheet", save(tmp_path / "a.xls", rows, "Nacht", cover=True))
    columns = ("night_index", "bed_clock_h", "sol_min", "wake_clock_h", "jerk_count")
    assert made.frame.select(columns).rows() == [("1", "23.25", "15", "31", "1"), ("3", "24.5", "20", "31.5", "0")]


def test_a_sheet_that_reaches_far_and_is_nearly_empty_is_refused(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("nights")
    sheet.write(0, 0, "night_index")
    sheet.write(65_535, 255, 1)
    book.save(str(tmp_path / "a.xls"))
    with pytest.raises(HypnicError, match="nearly all of it is empty"):
        read_text(tmp_path / "a.xls")


def test_a_broken_one_is_refused_or_read_and_never_ends_the_program(tmp_path: Path) -> None:
    rows = [["night_index", "stress_0_10", "bed_clock_h"], *[[n, n % 10, dt.time(23)] for n in range(1, 15)]]
    sound = save(tmp_path / "a.xls", rows).read_bytes()
    draw = random.Random(3)  # noqa: S311 -- a plan that anybody can repeat
    for _ in range(60):
        broken = bytearray(sound)
        for _ in range(draw.randint(1, 8)):
            broken[draw.randrange(8, len(broken))] = draw.randrange(256)
        (tmp_path / "b.xls").write_bytes(broken[: draw.choice((len(broken), draw.randrange(len(broken))))] or b"\xd0")
        with suppress(HypnicError):
            assert hypnic.check(tmp_path / "b.xls", table="nights").width > 1


def test_a_workbook_with_a_password_and_one_of_another_program_say_what_to_save(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))
    with pytest.raises(HypnicError, match=r"as \.xlsx, or as CSV"):
        read_text(tmp_path / "a.xlsx")
    for part, said in (("xl/workbook.bin", "xlsb"), ("Index/Document.iwa", "Numbers document; export it")):
        with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
            archive.writestr(part, "x")
        with pytest.raises(HypnicError, match=said):
            read_text(tmp_path / "b.zip")


def test_a_template_that_was_saved_as_an_old_workbook_has_its_times_read_as_clocks(diary, tmp_path: Path) -> None:
    rows = [list(diary[0]), *([*(night | {"bed_clock_h": dt.time(23, 15)}).values()] for night in diary)]
    path = save(tmp_path / "nights.xls", rows)
    assert "type 23.25 for 23:15" in " ".join(hypnic.check(path)["hint"])
    mark = b"\x1e\0\0\0\x11\0\0\0hypnic, template\0"  # among its properties, as LibreOffice writes them
    path.write_bytes(path.read_bytes() + mark)
    assert "error" not in hypnic.check(path)["level"].to_list()
