"""Numbers as people spell them: what can be read in two ways is never read in one of them without a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hypnic
from hypnic.datasets.checking.changes import fix
from hypnic.datasets.checking.opened import open_table
from hypnic.datasets.checking.suggestions import suggest
from hypnic.schemas import Nights, columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Save = Callable[..., Path]
    Row = dict[str, str]

FACTS = columns(Nights)


def save_with(save: Save, diary: list[Row], separator: str, column: str, cells: list[str]) -> Path:
    path = save("nights", [night | {column: cell} for night, cell in zip(diary, cells, strict=False)])
    head, *lines = path.read_text().replace(",", separator).splitlines()
    swapped = [line.replace("@", ",") for line in lines]
    path.write_text("\n".join([head, *swapped, ""]))
    return path


@pytest.mark.parametrize("separator", ["\t", ";", "|"])
@pytest.mark.parametrize("mark", ["@", "."])
def test_thousands_next_to_whole_numbers_are_an_error_with_both_readings(separator, mark, diary, save) -> None:
    night = [row | dict.fromkeys(FRACTIONS, "0") for row in diary]
    path = save_with(save, night, separator, "caffeine_mg", ["180", f"1{mark}050", "210"])
    found = hypnic.check(path)
    hint = "type 1050 where the mark stands before thousands, or 1.05 where it stands before decimals"
    told = found.filter(column="caffeine_mg").select("line", "rule", "level", "value", "hint").rows()
    assert told == [(3, "type", "error", f"1{mark}050".replace("@", ","), hint)]


FRACTIONS = ("morning_lag_h", "alcohol_g")


def test_a_column_with_a_value_that_can_only_have_decimals_is_read_with_decimals(diary, save) -> None:
    for proof in ("12@5", "0@250", "0@5"):
        night = [row | {"morning_lag_h": "1"} for row in diary]
        path = save_with(save, night, ";", "alcohol_g", ["10", "1@050", proof])
        path.write_text(re.sub(r"(\d)\.(\d)", r"\1,\2", path.read_text()))
        opened = open_table(path)
        assert opened.cast.frame["alcohol_g"].to_list()[:2] == [10, 1.05]
        assert opened.cast.faults.is_empty()


def test_the_proof_of_one_column_does_not_speak_for_another(diary, save) -> None:
    path = save_with(save, [row | {"morning_lag_h": "0@5"} for row in diary], ";", "alcohol_g", ["10", "1@050", "12"])
    path.write_text(re.sub(r"(\d)\.(\d)", r"\1,\2", path.read_text()))
    assert open_table(path).cast.faults.rows() == [(1, "alcohol_g", "type")]


def test_a_fixed_copy_leaves_what_can_be_read_in_two_ways_as_it_was(diary, save, tmp_path) -> None:
    path = save_with(save, [row | {"morning_lag_h": "0@5"} for row in diary], ";", "alcohol_g", ["10", "1@050", "12"])
    path.write_text(re.sub(r"(\d)\.(\d)", r"\1,\2", path.read_text()))
    fix(path, tmp_path / "fixed.csv")
    told = hypnic.check(tmp_path / "fixed.csv").filter(column="alcohol_g").select("rule", "value").rows()
    assert told == [("type", "1,050")]


def test_a_fixed_copy_does_not_prove_what_the_file_left_open(diary, save, tmp_path) -> None:
    path = save_with(save, diary, ";", "caffeine_mg", ["82@5", "1.200", "90"])
    before = hypnic.check(path).filter(column="caffeine_mg", level="error")["value"].to_list()
    fix(path, tmp_path / "fixed.csv")
    fix(tmp_path / "fixed.csv", tmp_path / "again.csv")
    for name in ("fixed.csv", "again.csv"):
        assert "1.200" in hypnic.check(tmp_path / name).filter(column="caffeine_mg", level="error")["value"].to_list()
    assert "1.200" in before


@pytest.mark.parametrize("cell", ["1,000", "1.000", "2,000", "2.000 ", "-8,000", "1.050 mg", "2,000 min", "5²", "1½"])
@pytest.mark.parametrize("column", ["stress_0_10", "caffeine_mg", "alcohol_g", "exercise_min", "evening_on_time"])
def test_three_digits_after_a_mark_are_never_changed_for_anybody(cell: str, column: str) -> None:
    found = suggest(cell, FACTS[column])
    assert found is None or not found.certain


def meant(spelling: str, value: int, places: int) -> set[float]:
    """Give what a person can have meant by a spelling of value / 10**places."""
    readings = {value / 10**places}
    if re.fullmatch(r"\D*[1-9]\d{0,2}[.,]\d{3}\D*", spelling):
        readings |= {float(re.sub(r"\D", "", spelling)), float(re.sub(r"[^\d.]", "", spelling.replace(",", ".")))}
    return readings


SPELLINGS = [
    "{0:.{1}f}", "{0:,.{1}f}", "{comma}", "{swiss}", "{german}", " {0:.{1}f}", "{0:.{1}f} ", "+{0:.{1}f}", "{comma} mg",
    "{0:.{1}f}mg", "{0:.{1}f} mg", "'{comma}", '"{0:.{1}f}"', "{0:e}", "{0:.6E}", "{space}", "{thin}", "{wide}",
    "{indian}", "{0:.3f}", "{comma3}", "{0:.4f}", "00{0:.{1}f}", "{0:.{1}f}.", "~{0:.{1}f}", "{0:.{1}f}-",
    "{0:.{1}f}²", "{0:.{1}f} - {0:.{1}f}", "{0:.{1}f}/2", "{arabic}", "{0:.{1}f}½", "({0:.{1}f})",
]  # fmt: skip

ROUNDED = {"{0:.3f}", "{comma3}"}


def spelt(form: str, value: int, places: int) -> str:
    number = value / 10**places
    plain = f"{number:,.{places}f}"
    return form.format(
        number, places, comma=f"{number:.{places}f}".replace(".", ","), swiss=plain.replace(",", "'"),
        german=plain.translate(str.maketrans(",.", ".,")), space=plain.replace(",", " "),
        thin=plain.replace(",", "\u202f"), wide="".join(chr(ord(c) + 0xFEE0) for c in f"{number:.{places}f}"),
        indian=f"{number:.{places}f}".replace(".", "\u00b7"), comma3=f"{number:.3f}".replace(".", ","),
        arabic="".join(chr(0x660 + int(c)) if c.isdigit() else c for c in f"{number:.{places}f}"),
    )  # fmt: skip


@given(st.sampled_from(SPELLINGS), st.integers(0, 2_000_000), st.integers(0, 4), st.sampled_from(sorted(FACTS)))
def test_no_spelling_of_a_number_changes_its_value_without_a_word(form, value, places, column) -> None:
    if FACTS[column].kind not in {"integer", "number"} or FACTS[column].unit == "clock h":
        return
    if form in {"{0:.3f}", "{comma3}"}:  # which have no room for a fourth decimal
        places = min(places, 3)
    spelling = spelt(form, value, places)
    found = suggest(spelling, FACTS[column])
    if found and found.certain and found.text not in {"-7", "-8", "-9"}:
        if form in ROUNDED:  # what is written is another number, and that is meant
            value, places = round(value / 10 ** (places - 3)), 3
        readings = meant(spelling, value, places)
        hours = {60 * n for n in readings} if "h" in spelling else set()
        assert any(abs(float(found.text) - n) <= 5e-5 for n in {*readings, *hours}), spelling


@settings(max_examples=40)
@given(st.sampled_from(SPELLINGS), st.lists(st.tuples(st.integers(0, 2_000_000), st.integers(0, 4)), max_size=3))
def test_a_column_of_spellings_is_read_as_meant_or_is_an_error(tmp_path_factory, form, numbers) -> None:
    typed = [spelt(form, value, places) for value, places in numbers]
    path = tmp_path_factory.mktemp("spelt") / "nights.csv"
    quoted = [cell.replace('"', '""') for cell in typed]
    path.write_text("\n".join(["night_index;caffeine_mg", *(f'1;"{cell}"' for cell in quoted)]), "utf-8")
    opened = open_table(path)
    read = opened.cast.frame["caffeine_mg"].to_list() if typed else []
    for cell, (value, places), number in zip(typed, numbers, read, strict=True):
        assert number is None or abs(number - value / 10**places) <= 0.0005 + 1e-6 * number, cell
