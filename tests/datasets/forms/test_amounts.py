"""Amounts in words become mg, g and minutes by the drink table, each said; what is not certain is left for `check`."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hypnic.datasets.forms import convert
from hypnic.datasets.forms.amounts import amount
from hypnic.schemas import Nights, Participants, columns
from hypnic.schemas.drinks import ALCOHOL, CAFFEINE, Drink

NIGHT = {"respondent_id": "7", "stress_0_10": "4", "sol_min": "15", "jerk_count": "1"}
FACTS = dict(columns(Participants)) | dict(columns(Nights))


def write(path: Path, row: dict[str, str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(row), list(row.values())])
    return path


@pytest.mark.parametrize(
    ("typed", "column", "number"),
    [("2 coffees, 1 espresso", "caffeine_mg", "260"), ("2 coffees,1 espresso", "caffeine_mg", "260"),
     ("Two coffees and a tea", "caffeine_mg", "230"), ("3x espresso", "caffeine_mg", "240"),
     ("330 ml cola", "caffeine_mg", "35"), ("180 mg", "caffeine_mg", "180"), ("half a coffee", "caffeine_mg", "45"),
     ("2 x 0.5 l beer", "alcohol_g", "39.4"), ("0,33 l beer", "alcohol_g", "13"),
     ("a glass of wine + 1 large beer", "alcohol_g", "33.9"), ("7 glasses of wine", "alcohol_usual_g_wk", "99.4"),
     ("1 h 20", "exercise_min", "80"), ("1h20min", "exercise_min", "80"), ("1.5 hours", "exercise_min", "90"),
     ("1 Glas Wein", "alcohol_g", "14.2"), ("2 Gl\u00e4ser Rotwein", "alcohol_g", "28.4"),
     ("1 Bier (0,5)", "alcohol_g", "19.7"), ("ca. 15 min", "sol_min", "15"), ("~ 1,5 h", "exercise_min", "90"),
     ("45 min joggen", "exercise_min", "45"), ("about 1 h of walking", "exercise_min", "60"),
     ("about 2 coffees", "caffeine_mg", "180"), ("45 min", "nap_min", "45"),
     ("1,5 h", "exercise_vigorous_min_wk", "90")],
)  # fmt: skip
def test_an_amount_in_words_is_read_in_the_unit_of_its_column(typed: str, column: str, number: str) -> None:
    read = amount(typed, FACTS[column])
    assert read is not None
    assert float(read.number) == float(number)


@pytest.mark.parametrize(
    ("typed", "column"),
    [("2 Bier (0,5)", "alcohol_g"), ("3 Bier", "alcohol_g"), ("1 Mate", "caffeine_mg"), ("ca. 15", "sol_min"),
     ("45 joggen", "exercise_min"), ("45 min walk, 20 min swim", "exercise_min"), ("30 min yoga", "nap_min"),
     ("about 10-15 min", "sol_min"), ("1 coffee (0,5)", "alcohol_g"),
     ("2 beers", "alcohol_g"), ("2 coffees, 1 mate", "caffeine_mg"), ("a double espresso", "caffeine_mg"),
     ("14 coffees a week", "caffeine_usual_mg"), ("2 or 3 coffees", "caffeine_mg"), ("2-3 coffees", "caffeine_mg"),
     ("2 coffees 400 ml", "caffeine_mg"), ("1 glass of wine", "caffeine_mg"), ("2 coffees", "alcohol_g"),
     ("1 coffee after 14:00", "caffeine_mg"), ("no coffee", "caffeine_mg"), ("coffee", "caffeine_mg"),
     ("1/2 coffee", "caffeine_mg"), ("1 h 75", "exercise_min"), ("1.333 h", "exercise_min"), ("1:20", "exercise_min"),
     ("2 x 0.5 l beer 8%", "alcohol_g"), ("2 coffees", "stress_0_10"), ("1.5 min", "exercise_min")],
)  # fmt: skip
def test_an_amount_that_could_be_two_things_is_not_read(typed: str, column: str) -> None:
    assert amount(typed, FACTS[column]) is None


DRINK = st.sampled_from([drink for drink in (*CAFFEINE, *ALCOHOL) if drink.ml])


@given(drink=DRINK, count=st.integers(1, 12))
def test_every_drink_of_the_table_is_read_by_its_own_name(drink: Drink, count: int) -> None:
    column = "alcohol_g" if drink.strength else "caffeine_mg"
    read = amount(f"{count} {drink.name.replace('_', ' ')}", FACTS[column])
    assert read is not None
    assert float(read.number) == pytest.approx(count * drink.amount, abs=0.1 if drink.strength else 2.5)


@given(hours=st.integers(0, 12), minutes=st.integers(0, 59))
def test_hours_and_minutes_add_up(hours: int, minutes: int) -> None:
    read = amount(f"{hours} h {minutes} min", FACTS["exercise_min"])
    assert read is not None
    assert read.number == str(hours * 60 + minutes)


@given(typed=st.text(max_size=30), column=st.sampled_from(["caffeine_mg", "alcohol_g", "exercise_min"]))
def test_whatever_is_typed_is_a_number_that_is_not_negative_or_unread(typed: str, column: str) -> None:
    read = amount(typed, FACTS[column])
    assert read is None or float(read.number) >= 0


def test_each_change_is_said_with_its_row_and_what_cannot_be_read_is_listed(tmp_path: Path) -> None:
    row = NIGHT | {"caffeine_mg": "2 coffees, 1 espresso", "exercise_min": "1 h 20", "alcohol_g": "2 beers"}
    made = convert("odk", write(tmp_path / "a.csv", row))
    assert made.frame.select("caffeine_mg", "exercise_min", "alcohol_g").row(0) == ("260", "80", None)
    assert [line for line in made.said if line.startswith("changed")] == [
        "changed: caffeine_mg in row 2: 2 filter_coffee 200 ml + 1 espresso 60 ml = 260 mg",
        "changed: exercise_min in row 2: 1 h 20 min = 80 min",
    ]
    assert any(line.startswith("not read, left blank: alcohol_g in row 2") for line in made.said)


@pytest.mark.parametrize("typed", ["n/a", "-7", "not asked"])
def test_nobody_was_not_asked_what_everybody_is_asked(typed: str, tmp_path: Path) -> None:
    made = convert("odk", write(tmp_path / "a.csv", NIGHT | {"nap_min": "5", "stress_0_10": typed}))
    assert (made.frame["stress_0_10"].item(), made.complete) == (None, False)


CASE = Path(__file__).parents[4] / "shared" / "cases" / "F14-not-asked-everywhere" / "kobo_na.csv"


@pytest.mark.skipif(not CASE.exists(), reason="the reduced inputs lie next to the repository, and are not there")
def test_the_reduced_input_of_a_question_that_is_asked_everywhere_is_left_blank_and_said() -> None:
    made = convert("odk", CASE)
    assert (made.frame["stress_usual_0_10"].item(), made.complete) == (None, False)


@pytest.mark.parametrize(
    ("typed", "read"), [("3 Bier", "59.1"), ("a bottle of beer", "19.7"), ("1 pint of beer", None)]
)
def test_a_beer_has_the_size_that_a_person_says_unless_its_own_word_is_another(typed: str, read: str | None) -> None:
    found = amount(typed, FACTS["alcohol_g"], "500 ml")
    assert (found.number if found else None) == read


@pytest.mark.parametrize(
    ("column", "cells", "read"),
    [("caffeine_mg", ("2 coffees", "3", "180"), ["180", None, "180"]),
     ("alcohol_g", ("1 Glas Wein", "2"), ["14.2", None]),
     ("exercise_min", ("1 h 20", "1", "45"), ["80", None, "45"]), ("caffeine_mg", ("180 mg", "5"), ["180", "5"]),
     ("sol_min", ("1 h", "5"), ["60", "5"])],
)  # fmt: skip
def test_a_small_bare_number_next_to_counted_cups_glasses_or_hours_is_no_amount(
    column: str, cells: tuple[str, ...], read: list[str | None], tmp_path: Path
) -> None:
    rows = [NIGHT | {"night_index": str(n), column: cell} for n, cell in enumerate(cells, 1)]
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(rows[0]), *(list(row.values()) for row in rows)])
    made = convert("google-forms", path)
    assert (made.frame[column].to_list(), made.complete) == (read, None not in read)
