"""Workbooks as people keep them: hidden sheets, times, formulas, errors, merged cells, and far cells."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlwt
from openpyxl.utils.datetime import CALENDAR_MAC_1904

import hypnic
from hypnic.datasets.checking.opened import open_table
from hypnic.errors import HypnicError
from hypnic.schemas.filenames import sheet as sheet_named

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Row = dict[str, str]
    Keep = Callable[..., Path]


@pytest.fixture
def keep(diary: list[Row], tmp_path: Path) -> Keep:
    """Save the diary as a workbook; `change` is given the sheet."""

    def write(change: Callable[[Any], object] = lambda _: None, name: str = "nights.xlsx") -> Path:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.append(list(diary[0]))
        for night in diary:
            sheet.append([_cell(cell) for cell in night.values()])
        change(sheet)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def _cell(cell: str) -> str | float | bool | None:
    if cell in {"true", "false"}:
        return cell == "true"
    try:
        return float(cell)
    except ValueError:
        return cell or None


def at(diary: list[Row], column: str, row: int) -> str:
    return f"{openpyxl.utils.get_column_letter(list(diary[0]).index(column) + 1)}{row}"


@pytest.mark.parametrize(
    ("column", "typed", "hint"),
    [
        ("bed_clock_h", dt.time(23, 15), "type 23.25 for 23:15"),
        ("bed_clock_h", dt.timedelta(hours=25, minutes=15), "type 25.25 for 01:15 (next day)"),
        ("bed_clock_h", dt.time(0, 30), "type 24.5 for 00:30 (next day)"),
        ("wake_clock_h", dt.time(7), "type 31.0 for 07:00 (next day)"),
        ("wake_clock_h", dt.timedelta(hours=31), "type 31.0 for 07:00 (next day)"),
    ],
)  # fmt: skip
def test_a_time_or_a_duration_is_read_as_a_clock(column, typed, hint, keep, diary) -> None:
    found = hypnic.check(keep(lambda sheet: sheet.__setitem__(at(diary, column, 4), typed)))
    told = found.filter(column=column).select("rule", "line").rows()
    assert told == [("type", 4)]
    assert found.filter(column=column)["hint"][0].startswith(hint)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda sheet: sheet.__setitem__("L4", "=1/0"), "holds a formula without its value"),
        (lambda sheet: sheet.merge_cells("L4:L6"), "merged with another one"),
        (lambda sheet: (sheet.__setitem__("L4", "#N/A"), setattr(sheet["L4"], "data_type", "e")), "the error of a"),
        (lambda sheet: (sheet.__setitem__("L4", "#DIV/0!"), setattr(sheet["L4"], "data_type", "e")), "the error of a"),
    ],
    ids=["formula", "merged", "#N/A", "#DIV/0!"],
)  # fmt: skip
def test_what_is_not_blank_is_not_called_blank(change, said, keep) -> None:
    found = hypnic.check(keep(change)).filter(column="stress_0_10")
    assert set(found["rule"]) == {"type"}
    assert all(said in hint for hint in found["hint"])


def test_an_error_of_a_formula_is_named_in_a_csv_too(diary: list[Row], save: Callable[..., Path]) -> None:
    diary[2] |= {"stress_0_10": "#DIV/0!", "unusual_night": "#NV"}
    hints = hypnic.check(save("nights", diary))["hint"]
    assert all("error of a spreadsheet's formula" in hint for hint in hints)


def test_the_first_sheet_that_can_be_seen_and_looks_like_a_table_is_read_and_named(keep) -> None:
    def hide(sheet: Any) -> None:
        sheet.title = "answers"
        for number, state in enumerate(["hidden", "veryHidden", "visible"]):
            other = sheet.parent.create_sheet(f"other {number}", number)
            other.append(["night_index", "stress_0_10"] if number < 2 else ["Notes"])
            other.append([1, 99])
            other.sheet_state = state

    opened = open_table(keep(hide))
    assert opened.cast.frame.height == 12
    assert "its sheet 'answers', the first that can be seen" in str(opened.text.dialect)


def test_another_sheet_that_is_a_table_too_is_said_not_to_be_read(keep) -> None:
    def add(sheet: Any) -> None:
        other = sheet.parent.create_sheet("participants")
        other.append(["participant_id", "jerk_ever"])
        sheet.parent.create_sheet("Notes").append(["what I did"])

    said = str(open_table(keep(add)).text.dialect)
    assert said.endswith("but not 'participants', also a table: check that by itself (--sheet)")
    assert "but not" not in str(open_table(keep()).text.dialect)


def test_hidden_rows_are_read_and_said(keep) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = sheet.row_dimensions[5].hidden = True

    opened = open_table(keep(hide))
    assert opened.cast.frame.height == 12
    assert str(opened.text.dialect).endswith("2 hidden rows read too")


def test_empty_rows_above_the_header_move_no_address(keep) -> None:
    path = keep(lambda sheet: (sheet.__setitem__("L4", 99), sheet.insert_rows(1, 2)))
    assert hypnic.check(path).select("rule", "line", "cell").rows() == [("range", 6, "L6")]


def test_a_date_that_a_spreadsheet_made_says_so(keep) -> None:
    found = hypnic.check(keep(lambda sheet: sheet.__setitem__("I4", dt.datetime(2026, 5, 12))))  # noqa: DTZ001
    assert "where a spreadsheet made a date of it" in found["hint"][0]


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="1"><c r = "XFD1048576"><v>1</v></c></row>', '<row r="1"><c r="xfd1048576"><v>1</v></c></row>',
        '<row r="1"><c r="&#88;FD1048576"><v>1</v></c></row>', '<row r="1048576"><c r="AN1048576"/></row>',
        "<row r='1048576'>" + "<c><v>1</v></c>" * 40 + "</row>", '<row r="1"><c r="ZZZZ9"><v>1</v></c></row>',
        '<row><c r="AN0000000001048576"><v>1</v></c></row>', '<row r="900000"><c r=" CL900000 "><v>1</v></c></row>',
    ],
)  # fmt: skip
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/worksheets/data.xml", "xl/other.bin"])
def test_a_far_cell_is_refused_whatever_its_part_is_called_and_however_it_is_written(cell, part, keep) -> None:
    path = keep()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts.pop("xl/worksheets/sheet1.xml").replace(b"</sheetData>", cell.encode() + b"</sheetData>")
    parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
        b"worksheets/sheet1.xml", part.removeprefix("xl/").encode()
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**parts, part: sheet}.items():
            archive.writestr(name, content)
    with pytest.raises(HypnicError, match="too large to check"):
        hypnic.check(path)


def test_a_text_that_every_cell_points_to_is_refused_before_each_gets_its_own_copy(keep) -> None:
    path = keep()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/sharedStrings.xml"] = b"<sst><si><t>short</t></si><si><t>" + b"x" * 100_000 + b"</t></si></sst>"
    many = b'<row><c t="s"><v>1</v></c></row>' * 2_000
    cells = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = cells.replace(b"</sheetData>", many + b"</sheetData>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(HypnicError, match="more than 96 million characters"):
        hypnic.check(path)


def test_one_long_text_among_many_short_ones_is_not_too_much(keep, monkeypatch) -> None:
    monkeypatch.setattr("hypnic.datasets.reading.extents.MAX_TEXT", 100_000)  # then it is counted exactly
    found = hypnic.check(keep(lambda sheet: sheet.__setitem__("I4", "x" * 5_000)))
    assert found["cell"].to_list() == ["I4"]


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/worksheets/sheet1.xml", lambda xml: b'<?xml version="1.0" encoding="x-none"?>' + xml.partition(b"?>")[2]),
        ("docProps/core.xml", lambda xml: b"<a>" * 5_000 + xml.partition(b"?>")[2] + b"</a>" * 5_000),
        ("xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<t>", b"<t>&none;")),
    ],
)  # fmt: skip
def test_a_part_that_no_parser_gets_through_is_refused_in_a_line(part: str, change, keep) -> None:
    path = keep()
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, change(content) if name == part else content)
    with pytest.raises(HypnicError, match="not a workbook that can be read"):
        hypnic.check(path)


def test_sheets_that_reach_far_all_together_are_refused(keep) -> None:
    path = keep()
    far = b'<worksheet><sheetData><row r="999"><c r="ALL999"/></row></sheetData></worksheet>'
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(101):
            archive.writestr(f"xl/worksheets/more{number}.xml", far)
    with pytest.raises(HypnicError, match="its sheets reach over"):
        hypnic.check(path)


SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
    for short in ("office", "table", "text", "calcext", "meta")
)


def keep_ods(path: Path, *rows: str, more: str = "", meta: str = "") -> Path:
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {SPACES}><office:body><office:spreadsheet><table:table table:name='s'>{body}"
            f"</table:table>{more}</office:spreadsheet></office:body></office:document-content>",
        )
        if meta:
            archive.writestr("meta.xml", f"<office:document-meta {SPACES}>{meta}</office:document-meta>")
    return path


def ods(cell: str, kind: str = "string", value: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" {value}><text:p>{cell}</text:p></table:table-cell>'


def test_the_times_and_durations_of_an_ods_are_clocks(tmp_path: Path) -> None:
    head = "".join(map(ods, ("night_index", "bed_clock_h", "wake_clock_h", "sol_min")))
    night = "".join([
        ods("1"), ods("25:15", "time", 'office:time-value="PT25H15M00S"'),
        ods("07:00", "date", 'office:date-value="1899-12-30T07:00:00"'),
        '<table:table-cell table:formula="of:=1+1"/>',
    ])  # fmt: skip
    opened = open_table(keep_ods(tmp_path / "nights.ods", head, night))
    assert opened.text.frame.row(0) == ("1", "25:15", "07:00", "#FORMULA!")


def test_an_ods_that_repeats_its_cells_without_end_is_refused(tmp_path: Path) -> None:
    head = "".join(map(ods, ("night_index", "bed_clock_h", "wake_clock_h", "sol_min")))
    far = ods("1").replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="900000000"')
    with pytest.raises(HypnicError, match="too large to check"):
        hypnic.check(keep_ods(tmp_path / "nights.ods", head, far))


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ("<table:table-row table:number-rows-repeated='0000001000'>", ods("x" * 200_000)),
        ("<table:table-row table:number-rows-repeated='+1000'>", ods("x" * 200_000)),
        ("<table:table-row>", ods("<text:s text:c='1000000000'/>")),
        ("<table:table-row>", ods("1", value=f'table:number-columns-repeated="999" office:currency="{"x" * 200_000}"')),
    ],
)  # fmt: skip
def test_a_text_of_an_ods_that_repeats_is_counted_as_often(row: str, cell: str, tmp_path: Path) -> None:
    more = f"<table:table table:name='more'>{row}{cell}</table:table-row></table:table>"
    with pytest.raises(HypnicError, match="more than 96 million characters"):
        hypnic.check(keep_ods(tmp_path / "nights.ods", ods("night_index"), more=more))


def test_sheets_that_libreoffice_fills_up_with_empty_rows_are_not_too_large(diary: list[Row], tmp_path: Path) -> None:
    fill = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    sheets = "".join(f"<table:table table:name='{name}'>{fill}</table:table>" for name in ("help", "lists", "more"))
    rows = ["".join(ods(cell) for cell in row) for row in (diary[0].keys(), *(night.values() for night in diary))]
    path = keep_ods(tmp_path / "nights.ods", *rows, more=sheets)
    assert "error" not in hypnic.check(path)["level"].to_list()


def test_values_far_down_on_several_sheets_of_an_ods_are_counted_together(tmp_path: Path) -> None:
    far = f'<table:table-row table:number-rows-repeated="900000"/><table:table-row>{ods("1")}</table:table-row>'
    sheets = "".join(f"<table:table table:name='{name}'>{far}</table:table>" for name in ("a", "b", "c"))
    with pytest.raises(HypnicError, match="too large to check"):
        hypnic.check(keep_ods(tmp_path / "nights.ods", ods("night_index"), more=sheets))


def test_errors_and_truths_of_an_ods_are_words_and_its_hidden_rows_are_said(tmp_path: Path) -> None:
    head = "".join(map(ods, ("night_index", "sol_min", "leg_cramp", "awake_flicker")))
    error = ods("#DIV/0!", value='office:string-value="" calcext:value-type="error"')
    truth = ods("TRUE", "float", 'table:formula="of:=TRUE()" office:value="1"')
    false = ods("FALSE", "boolean", 'office:boolean-value="false"')
    path = keep_ods(tmp_path / "nights.ods", head, ods("1") + error + truth + false)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    last = parts["content.xml"].rfind("<table:table-row>") + len("<table:table-row")
    parts["content.xml"] = f'{parts["content.xml"][:last]} table:visibility="collapse"{parts["content.xml"][last:]}'
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    text = open_table(path).text
    assert text.frame.row(0) == ("1", "#DIV/0!", "true", "false")
    assert text.dialect.notes == ("1 hidden row read too",)


def test_a_hidden_column_of_an_ods_is_said(tmp_path: Path) -> None:
    hidden = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    row = ods("night_index") + ods("bed_clock_h")
    path = keep_ods(tmp_path / "a.ods", row, row)
    parts = {name: zipfile.ZipFile(path).read(name).decode() for name in zipfile.ZipFile(path).namelist()}
    at = parts["content.xml"].index("<table:table-row")
    parts["content.xml"] = parts["content.xml"][:at] + hidden + parts["content.xml"][at:]
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert "hidden column B read too" in open_table(path).text.dialect.notes


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_hidden_columns_with_answers_are_said_and_empty_ones_are_not(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"a.{ending}"
    rows = [["night_index", "bed_clock_h", "jerk_count"], ["1", "23.5", "0"]]
    if ending == "xls":
        book = xlwt.Workbook()
        sheet = book.add_sheet("Diary")
        for n, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(n, place, cell)
        for place in (1, 2, 9):
            sheet.col(place).hidden = True
        book.save(str(path))
    else:
        made = openpyxl.Workbook()
        for row in rows:
            made.active.append(row)
        for letter in "BCJ":
            made.active.column_dimensions[letter].hidden = True
        made.save(path)
    text = open_table(path).text
    assert text.frame.rows() == [("1", "23.5", "0")]
    assert "hidden columns B, C read too" in text.dialect.notes


@pytest.mark.parametrize("words", [("hypnic template",), ("hypnic", "template")])
def test_a_template_that_libreoffice_saved_as_ods_has_its_times_read_as_clocks(words, diary, tmp_path) -> None:
    keywords = "".join(f"<meta:keyword>{word}</meta:keyword>" for word in words)
    row = diary[0] | {"bed_clock_h": "23:15", "wake_clock_h": "07:00"}
    path = keep_ods(tmp_path / "n.ods", *["".join(map(ods, cells)) for cells in (row, row.values())], meta=keywords)
    assert "error" not in hypnic.check(path)["level"].to_list()


@pytest.mark.parametrize("name", ["Ben", "Zofia", "Dr Okafor", "anna week 2", "\u0410\u043d\u043d\u0430"])
def test_a_sheet_called_after_somebody_is_named_without_the_name(name: str, keep) -> None:
    def call(sheet) -> None:
        sheet.parent.create_sheet("Notes", 0)
        sheet.title = name

    path = keep(call)
    said = str(open_table(path).text.dialect)
    with pytest.raises(HypnicError) as error:
        open_table(path, sheet="no such sheet")
    for text in (said, str(error.value)):
        assert "\u2026" in text
        assert not {word for word in name.split() if len(word) > 2} - {"week"} & set(text.replace("'", " ").split())


@pytest.mark.parametrize("name", ["Tabelle1 (2)", "Schlaftagebuch", "Week 3", "Hoja de sue\u00f1o", "answers"])
def test_a_sheet_called_as_sheets_are_is_named_whole(name: str) -> None:
    assert sheet_named(name) == name


def test_times_of_a_workbook_that_counts_from_1904_are_read_as_clocks(diary: list[Row], keep: Keep) -> None:
    def on_an_old_mac(sheet) -> None:
        sheet.parent.epoch = CALENDAR_MAC_1904
        sheet[at(diary, "bed_clock_h", 2)] = dt.time(23, 15)
        sheet[at(diary, "wake_clock_h", 2)] = dt.timedelta(hours=31, minutes=30)

    text = open_table(keep(on_an_old_mac)).text
    assert text.frame.item(0, text.header.index("bed_clock_h")) == "23:15"
    assert text.frame.item(0, text.header.index("wake_clock_h")) == "31:30"
