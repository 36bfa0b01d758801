"""The XLSForm is taken by pyxform, and by ODK Validate where Java is."""

from __future__ import annotations

import re
import shutil
import sys
import warnings
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, columns
from hypnic.schemas.publish.translation import languages
from hypnic.schemas.publish.xlsform import sheets, write_xlsform

if TYPE_CHECKING:
    from pathlib import Path

EACH_TABLE = pytest.mark.parametrize("table", TABLES)


def survey(table: str) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in sheets(table)["survey"][1] if "name" in row}


def converted(table: str, path: Path, *, validate: bool) -> str:
    from pyxform.xls2xform import convert

    file = path / f"{table}.xlsx"
    write_xlsform(table, file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # pyxform's and openpyxl's own
        made = convert(file, validate=validate)
    assert made.warnings == []
    return str(made.xform)


@EACH_TABLE
def test_pyxform_converts_it_without_a_warning(table: str, tmp_path: Path) -> None:
    made = ET.fromstring(converted(table, tmp_path, validate=False))  # noqa: S314 -- made here
    nodes = {bind.get("nodeset").rsplit("/", 1)[1] for bind in made.iter("{http://www.w3.org/2002/xforms}bind")}
    assert set(columns(TABLES[table])) <= nodes


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")
@EACH_TABLE
def test_odk_validate_understands_every_expression(table: str, tmp_path: Path) -> None:
    assert converted(table, tmp_path, validate=True)


@EACH_TABLE
def test_the_same_form_has_the_same_bytes(table: str, tmp_path: Path) -> None:
    files = [tmp_path / "a.xlsx", tmp_path / "b.xlsx"]
    for file in files:
        write_xlsform(table, file)
    assert files[0].read_bytes() == files[1].read_bytes()


@EACH_TABLE
def test_names_are_fit_for_xml_and_come_once_and_expressions_name_what_is_there(table: str) -> None:
    rows = [row for row in sheets(table)["survey"][1] if "name" in row]
    names = [row["name"] for row in rows]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z_][a-z0-9_]*", name) for name in names)
    used = {name for row in rows for cell in row.values() for name in re.findall(r"\${(\w+)}", cell)}
    assert used <= set(names)


@EACH_TABLE
def test_a_choice_has_no_space_and_a_label(table: str) -> None:
    rows = sheets(table)["choices"][1]
    for language in languages().values():
        assert all(row[f"label::{language.title}"] and " " not in row["name"] for row in rows)
    assert len({(row["list_name"], row["name"]) for row in rows}) == len(rows)


@EACH_TABLE
def test_a_constraint_says_what_to_do(table: str) -> None:
    for row in survey(table).values():
        for language in languages().values():
            said = row.get(f"constraint_message::{language.title}", "")
            assert bool(row.get("constraint")) == bool(said)
            assert not set(re.findall(r"\w+", said)) & set(columns(TABLES[table]))


def test_routing_ranges_and_exclusive_words_are_held_to() -> None:
    nights, people = survey("nights"), survey("participants")
    assert nights["jerk_location"]["relevant"] == "${jerk_count} > 0"
    assert nights["sol_min"]["constraint"] == "(. >= 0 and . <= 600) or . = -8 or . = -9"
    assert people["supplements"]["type"] == "select_multiple supplements"
    assert people["supplements"]["constraint"] == (
        "count-selected(.) = 1 or not(selected(., 'none') or selected(., 'refused'))"
    )
    assert people["strategies_helped"]["choice_filter"].startswith("selected(${strategies_tried}, name) or ")
    assert people["consent_open_data"]["constraint"] == ". = 'true'"


def test_computed_columns_are_calculated_from_drinks_and_a_missing_answer_is_never_zero() -> None:
    row = survey("nights")["alcohol_g"]
    assert row["type"] == "calculate"
    assert row["calculation"].startswith("if(${day_alcohol_any} = 'yes', round(${day_small_beer_n} * 13 + ")
    assert row["calculation"].endswith("if(${day_alcohol_any} = 'no', 0, if(${day_alcohol_any} = '-8', -8, -9)))")


def test_the_notice_about_a_doctor_is_shown_after_a_sign() -> None:
    notice = survey("participants")["doctor"]
    assert notice["type"] == "note"
    assert "selected(${ask_red_flags}, 'weakness')" in notice["relevant"]
    assert "'none'" not in notice["relevant"]


def test_without_xlsxwriter_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    with pytest.raises(HypnicError, match=r"pip install 'hypnic\[forms\]'"):
        write_xlsform("nights", tmp_path / "n.xlsx")
