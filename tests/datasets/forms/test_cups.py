"""Columns that count drinks: those of a part of the day, and those in another unit than cups and glasses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert, read_map
from hypnic.datasets.forms.drinks import counted

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.forms.conversion import Conversion

MG, LATE, G = "caffeine_mg", "caffeine_after_14_mg", "alcohol_g"


def diary(folder: Path, names: str, *nights: str) -> Conversion:
    """Convert nights with a number, a bedtime and jerks, and columns of drinks behind them."""
    path = folder / "diary.csv"
    rows = [f"{n};23:{15 + n};{n % 2};{night}" for n, night in enumerate(nights, 1)]
    path.write_text("\n".join([f"Night;Bedtime;Jerks;{names}", *rows]), "utf-8")
    return convert("spreadsheet", path)


@pytest.mark.parametrize(
    "names",
    [
        "Coffee;of which after 2pm", "Kaffee;davon nach 14 Uhr", "Cafés;dont après 14 h", "Cafés;Cafés por la tarde",
        "Coffees;Afternoon coffees", "Coffee;Coffee after lunch", "Kaffee;Kaffee nachmittags",
        "Caffè;di cui dopo le 14",
        "Koffie;Koffie na 14.00 uur", "Cafés;Cafés à tarde", "Café;Café l'après-midi", "Koffie;waarvan 's middags",
        "Caffè;Caffè di pomeriggio", "Cafés;Cafés por la tarde (después de las 2)", "Coffee;Coffees after 2",
        "Cafés;de los cuales después de las 14", "Coffee (cups);after 2 pm (cups)",
    ],
)  # fmt: skip
def test_the_drinks_of_the_afternoon_are_a_part_of_the_day_and_not_added_to_it(names: str, tmp_path: Path) -> None:
    made = diary(tmp_path, names, "3;1", "2;0")
    assert (made.frame[MG].to_list(), made.frame[LATE].to_list()) == (["270", "180"], ["90", "0"])
    assert made.complete


def test_what_comes_after_14_belongs_to_the_column_before_it(tmp_path: Path) -> None:
    made = diary(tmp_path, "Coffee;of which after 2pm;Tea;of which after 2pm", "3;1;2;2")
    assert made.frame.select(MG, LATE).row(0) == ("370", "190")
    milligrams = diary(tmp_path, "Caffeine (mg);of which after 2 pm", "180;90", "120;0")
    assert (milligrams.frame[MG].to_list(), milligrams.frame[LATE].to_list()) == (["180", "120"], ["90", "0"])


def test_of_two_drinks_before_it_the_late_ones_are_not_guessed(tmp_path: Path) -> None:
    made = diary(tmp_path, "Coffee;Tea;of which after 2pm", "3;1;2")
    assert (made.frame[MG].to_list(), made.frame[LATE].to_list()) == (["320"], ["-8"])


def test_drinks_before_14_and_after_it_make_the_day_together(tmp_path: Path) -> None:
    made = diary(tmp_path, "Coffee before 2pm;Coffee after 2pm", "2;1", "3;2")
    assert (made.frame[MG].to_list(), made.frame[LATE].to_list()) == (["270", "450"], ["90", "180"])
    again = diary(tmp_path, "Coffee;Morning coffees;Coffee after 2pm", "3;2;1")
    assert again.frame.select(MG, LATE).row(0) == ("270", "90")
    alone = diary(tmp_path, "Coffee in the morning", "2", "3")
    assert MG not in alone.frame.columns
    assert not alone.complete


def test_the_map_proposes_the_drinks_after_14_and_says_how_they_are_named(tmp_path: Path) -> None:
    made = diary(tmp_path, "Coffee;Double espressos after 2 pm", "3;1", "2;0")
    line = '"Double espressos after 2 pm" = "espresso_60_after_14"'
    assert f"# {line}" in made.map
    assert "filter_coffee_200_after_14" in made.map.partition("[columns]")[0]
    (tmp_path / "map.toml").write_text(f'[columns]\n"Coffee" = "espresso_60"\n{line}\n', "utf-8")
    again = convert("spreadsheet", tmp_path / "diary.csv", codebook=read_map(tmp_path / "map.toml"))
    assert again.frame.select(MG, LATE).rows() == [("240", "80"), ("160", "0")]


@pytest.mark.parametrize(
    ("names", "count", "name", "read"),
    [
        ("Coffee (ml)", "400", MG, "180"),
        ("coffee_ml", "400", MG, "180"),
        ("Kaffee in ml", "400", MG, "180"),
        ("ml of coffee", "300", MG, "135"),
        ("Café (cl)", "40", MG, "180"),
        ("Koffie (dl)", "4", MG, "180"),
        ("Kaffee (Liter)", "0,4", MG, "180"),
        ("Caffè (l)", "0.4", MG, "180"),
        ("Coffee (oz)", "12", MG, "160"),
        ("Coffee (mg)", "180", MG, "180"),
        ("Wine (ml)", "150", G, "14.2"),
        ("Wein (Liter)", "0,5", G, "47.3"),
        ("Vin (cl)", "15", G, "14.2"),
        ("Bier (l)", "0.5", G, "19.7"),
        ("Beer (ml)", "330", G, "13"),
        ("Cerveza (ml)", "330", G, "13"),
    ],
)
def test_the_unit_of_a_header_is_that_of_its_drinks(names: str, count: str, name: str, read: str, tmp_path) -> None:
    made = diary(tmp_path, names, count, "0")
    assert (made.frame[name].to_list(), made.complete) == ([read, "0"], True)


@pytest.mark.parametrize("names", ["Beer (pints)", "Wine (bottles)", "Wine (g)", "Coffee (g)", "Coffee;Coffee (ml)"])
def test_a_unit_that_says_no_amount_and_two_units_of_one_drink_are_asked_about(names: str, tmp_path: Path) -> None:
    made = diary(tmp_path, names, "2;300" if ";" in names else "2")
    assert not {MG, G} & {*made.frame.columns}
    assert not made.complete


def test_a_drink_that_a_map_names_is_counted_in_the_unit_of_its_header(tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text('[columns]\n"Mein Kaffee (ml)" = "filter_coffee_200"\n', "utf-8")
    diary(tmp_path, "Mein Kaffee (ml);Stress", "400;3", "0;2")
    made = convert("spreadsheet", tmp_path / "diary.csv", codebook=read_map(tmp_path / "map.toml"))
    assert made.frame[MG].to_list() == ["180", "0"]


def test_more_cups_than_anybody_drinks_in_a_day_are_left_blank_and_the_unit_is_asked_for(tmp_path: Path) -> None:
    made = diary(tmp_path, "Coffee", "250", "2", "21")
    assert (made.frame[MG].to_list(), made.complete) == ([None, "180", None], False)
    assert 'in rows 2, 4 of D "Coffee"; that is more than anybody drinks in a day; if a column counts ml' in " ".join(
        made.said
    )


def test_a_size_in_ounces_is_one_of_the_drink() -> None:
    cola = counted("Cans of cola (12 oz)")
    assert cola is not None
    assert round(cola.amount, 1) == 40.0


@pytest.mark.parametrize(
    "name", ["coffee_last", "Time of the last coffee", "Uhrzeit letzter Kaffee", "Heure du dernier café"]
)
def test_the_time_of_the_last_coffee_is_that_and_leaves_the_drinks_alone(name: str, tmp_path: Path) -> None:
    made = diary(tmp_path, f"Coffee;{name};Wine", "2;15:30;1", "1;9:00;0")
    assert made.frame.select(MG, "caffeine_last_clock_h", G).rows() == [("180", "15.5", "14.2"), ("90", "9", "0")]


@pytest.mark.parametrize("name", ["Time of the last glass of wine", "When was the last mate", "Letztes Bier (Uhrzeit)"])
def test_the_time_of_another_drink_is_left_out_alone(name: str, tmp_path: Path) -> None:
    made = diary(tmp_path, f"Coffee;{name};Wine", "2;15:30;1", "1;9:00;0")
    assert made.frame.select(MG, G).rows() == [("180", "14.2"), ("90", "0")]
    assert any(line.startswith("left out as no question of nights: E") for line in made.said)


def test_a_drink_of_a_time_of_the_day_is_still_a_drink(tmp_path: Path) -> None:
    assert G not in diary(tmp_path, "Wine;Wine at dinner time", "1;2", "0;1").frame.columns


def test_times_below_a_name_of_a_drink_are_no_counts_and_are_offered_as_the_last_coffee(tmp_path: Path) -> None:
    made = diary(tmp_path, "Coffee;Coffee time;Wine", "2;15:30;1", "1;9:00;0")
    assert made.frame.select(MG, G).rows() == [("180", "14.2"), ("90", "0")]
    assert '"Coffee time" = ""  # perhaps caffeine_last_clock_h' in made.map
