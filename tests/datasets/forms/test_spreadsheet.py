"""A person's own spreadsheet: their own names, in their language, with the names in any of the first rows."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert, read_map, sketch
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from pathlib import Path

DIARIES = {
    "en": ["Night", "Stress", "Bedtime", "Wake time", "Minutes to fall asleep", "Jerks"],
    "de": ["Nacht", "Belastung", "Bettzeit", "Aufwachzeit", "Einschlafdauer", "Zuckungen"],
    "fr": [
        "Nuit",
        "niveau de stress",
        "heure du coucher",
        "heure du r\u00e9veil",
        "temps d'endormissement",
        "sursauts",
    ],
    "es": ["Noche", "estr\u00e9s", "hora de acostarse", "hora de despertar", "minutos para dormirse", "sacudidas"],
    "nl": ["Nacht", "Stressniveau", "Bedtijd", "Wektijd", "Minuten om in slaap te vallen", "Aantal schokken"],
    "it": ["Notte", "livello di stress", "ora di andare a letto", "sveglia", "minuti per addormentarsi", "scosse"],
    "pt": ["Noite", "estresse", "hora de deitar", "hora de acordar", "minutos para adormecer", "espasmos"],
}
ANSWERS = ["2", "4", "11:15 PM", "7:00 AM", "15", "1"]
READ = ("2", "4", "23.25", "31", "15", "1")


def write(path: Path, *lines: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    return path


@pytest.mark.parametrize("before", [0, 1, 12, 29])
@pytest.mark.parametrize("language", DIARIES)
def test_own_names_are_known_below_a_title_and_remarks(language: str, before: int, tmp_path: Path) -> None:
    title = [["My diary", *[""] * 5]] * before
    made = convert("spreadsheet", write(tmp_path / "a.csv", *title, DIARIES[language], ANSWERS))
    names = ("night_index", "stress_0_10", "bed_clock_h", "wake_clock_h", "sol_min", "jerk_count")
    assert (made.frame.select(names).row(0), made.complete) == (READ, True)


def test_a_map_holds_the_names_and_no_answer_and_is_read_again(tmp_path: Path) -> None:
    heads = ["Night", "Stress", "Bedtime", "Wake time", "Zzz", "Jerks"]
    path = write(tmp_path / "a.csv", heads, ["2", "4", "11:15 PM", "7:00 AM", "83", "1"])
    own = convert("spreadsheet", path).map
    assert '"Zzz" = ""' in own
    assert "83" not in own.replace("# ", "")
    (tmp_path / "map.toml").write_text(own.replace('"Zzz" = ""', '"Zzz" = "sol_min"'), "utf-8")
    made = convert("spreadsheet", path, codebook=read_map(tmp_path / "map.toml"))
    assert made.frame["sol_min"].to_list() == ["83"]


FORM = ["What is on your mind?", "Your team?", "Did you swim? How far?", "How did it go today?"]
STRANGE = ["work", "bob", "No", "not bad"]


@pytest.mark.parametrize("before", [[], [["mail", "ann", "30 minutes", "fine"]]], ids=["the first row", "the second"])
@pytest.mark.parametrize("answer", ["No", "nein", "Training", "45 min"])
def test_an_answer_is_never_taken_for_the_column_names_and_stands_in_no_map(
    answer: str, before: list[list[str]], tmp_path: Path
) -> None:
    rows = [[cell if cell != "No" else answer for cell in STRANGE]] * 2
    path = write(tmp_path / "a.csv", FORM, *before, *rows)
    with pytest.raises(HypnicError, match="row 1 was taken for the column names"):
        convert("spreadsheet", path)
    own = sketch(path)
    assert [head for head in FORM if f'"{head}" = ""' in own] == FORM
    assert not any(f'"{cell}"' in own for row in (*before, *rows) for cell in row)


def test_a_first_night_of_words_is_not_joined_to_the_column_names(tmp_path: Path) -> None:
    heads = ["Stress", "Jerks", "What did you do?", "Mood"]
    made = convert(
        "spreadsheet", write(tmp_path / "a.csv", heads, ["", "", "Training", "fine"], ["4", "1", "work", ""])
    )
    assert (made.frame["stress_0_10"].to_list(), "Training" in made.map) == (["4"], False)


@pytest.mark.parametrize("row", [["bob", "no", "no"], ["bob", "fine", "23:15"], ["bob", "4", "fine"]])
def test_a_table_without_names_is_refused_and_has_no_map(row: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", row, row)
    with pytest.raises(HypnicError, match="row 1 holds answers; put a row above the answers"):
        convert("spreadsheet", path)
    assert sketch(path) == ""


NIGHTS = [["Anna", "4", "1"], ["bob", "5", "0"], ["anna", "6", "2"], ["Bob", "7", "1"]]


@pytest.mark.parametrize(
    "head", ["Your nickname", "Nickname (make one up)", "Dein Name", "Votre pr\u00e9nom", "First name", "Your e-mail?"]
)
def test_a_private_column_tells_people_apart_and_is_not_kept(head: str, tmp_path: Path) -> None:
    made = convert("spreadsheet", write(tmp_path / "a.csv", [head, "Stress", "Jerks"], *NIGHTS))
    people = made.frame["participant_id"].to_list()
    assert (people[0] == people[2], people[1] == people[3], len({*people})) == (True, True, 2)
    assert made.frame["night_index"].to_list() == ["1", "1", "2", "2"]
    assert f'"{head}" = "respondent_id"' in made.map
    assert not any(name in text.casefold() for name in ("anna", "bob") for text in (*made.said, made.frame.write_csv()))


def test_a_private_column_with_one_cell_leaves_all_nights_one_persons(tmp_path: Path) -> None:
    nights = [["Anna", *night[1:]] for night in NIGHTS]
    made = convert("spreadsheet", write(tmp_path / "a.csv", ["Your nickname", "Stress", "Jerks"], *nights))
    assert made.frame["night_index"].to_list() == ["1", "2", "3", "4"]


def test_two_participants_of_one_first_name_stay_two(tmp_path: Path) -> None:
    rows = [["Anna", "34", "yes"], ["Anna", "41", "no"]]
    made = convert("spreadsheet", write(tmp_path / "a.csv", ["First name", "Age", "Jerk ever"], *rows), "participants")
    assert made.frame["participant_id"].n_unique() == 2


@pytest.mark.parametrize(("said", "people"), [("respondent_id", 2), ("", 1)])
def test_names_that_may_be_of_something_else_are_asked_about(said: str, people: int, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ["Name of the pet", "Stress", "Jerks"], *NIGHTS)
    with pytest.raises(HypnicError, match="A may tell people apart, and nothing else does; run it with --map"):
        convert("spreadsheet", path)
    line = '# "Name of the pet" = "respondent_id"'
    own = sketch(path)
    assert line in own
    (tmp_path / "map.toml").write_text(own.replace(line, f'"Name of the pet" = "{said}"'), "utf-8")
    made = convert("spreadsheet", path, codebook=read_map(tmp_path / "map.toml"))
    assert made.frame["participant_id"].n_unique() == people


def test_first_and_last_names_that_tell_apart_only_together_are_asked_about(tmp_path: Path) -> None:
    nights = [["Anna", "A", "4", "1"], ["Anna", "B", "5", "0"], ["Bob", "A", "6", "2"]]
    path = write(tmp_path / "a.csv", ["First name", "Last name", "Stress", "Jerks"], *nights)
    with pytest.raises(HypnicError, match="A, B may tell people apart"):
        convert("spreadsheet", path)


@pytest.mark.parametrize("text", ["", "[columns", '[columns]\n"Zzz" = "sleepiness"'])
def test_a_file_that_is_no_map_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(text, "utf-8")
    with pytest.raises(HypnicError, match=r"this is no map|are no column"):
        read_map(tmp_path / "map.toml")


def test_a_name_that_is_no_column_is_told_by_its_entry_and_never_printed(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_text('[columns]\n"Bed" = "bed_clock_h"\n"Zzz" = "sol_mins"\n"Who" = "Jane"\n', "utf-8")
    with pytest.raises(HypnicError, match=r"entry 2 \(perhaps sol_min\), entry 3 under \[columns\]") as told:
        read_map(path)
    assert "Jane" not in str(told.value)


YES_AND_NO = {"true": ["ja", "oui", "s\u00ed", "s\u00ec", "sim"], "false": ["nein", "non", "nee", "n\u00e3o"]}


@pytest.mark.parametrize(("typed", "read"), [(typed, read) for read in YES_AND_NO for typed in YES_AND_NO[read]])
def test_yes_and_no_are_read_in_seven_languages(typed: str, read: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ["Night", "Stress", "Jerks", "leg_cramp"], ["1", "4", "0", typed])
    assert convert("spreadsheet", path).frame["leg_cramp"].to_list() == [read]


@pytest.mark.parametrize(
    ("beds", "wakes", "read"),
    [(["2315", "30", "0015"], ["700", "645", "0730"], [("23.25", "31"), ("24.5", "30.75"), ("24.25", "31.5")]),
     (["0.96875", "0.0208", "0.9375"], ["0.2917", "0.3125", "0.28125"],
      [("23.25", "31"), ("24.5", "31.5"), ("22.5", "30.75")]),
     (["11.30", "10.45", "12.15"], ["31", "30", "31"], [("23.5", "31"), ("22.75", "30"), ("24.25", "31")])],
    ids=["without a mark", "parts of a day", "of twelve next to hours of the diary"],
)  # fmt: skip
def test_a_columns_own_pattern_tells_how_its_times_are_meant(
    beds: list[str], wakes: list[str], read: list[tuple[str, str]], tmp_path: Path
) -> None:
    rows = [[str(n), "4", bed, wake, "15", "1"] for n, (bed, wake) in enumerate(zip(beds, wakes, strict=True), 1)]
    made = convert("spreadsheet", write(tmp_path / "a.csv", DIARIES["en"], *rows))
    assert made.frame.select("bed_clock_h", "wake_clock_h").rows() == read


def test_a_stop_says_what_the_first_rows_look_like_which_names_are_known_and_what_to_run(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ["My log", "", ""], ["", "", ""], ["Bedtime", "Hops", "Anna"], ["23:15", "2", "x"])
    with pytest.raises(HypnicError) as stop:
        convert("spreadsheet", path)
    assert str(stop.value).startswith(
        "a.csv: row 1 has 1 filled cell; row 2 is blank; row 3 has 3 filled cells, 1 of them a known name;"
        " row 3 was taken for the column names; known: A is bed_clock_h; not known: B"
    )
    assert "run it with --map MAP.toml" in str(stop.value)
    assert "Anna" not in str(stop.value)


JAPANESE = ["\u591c", "\u5c31\u5bdd", "\u8d77\u5e8a", "\u30d4\u30af"]
RUSSIAN = ["\u041d\u043e\u0447\u044c", "\u041b\u0451\u0433", "\u0412\u0441\u0442\u0430\u043b", "\u0420\u0430\u0437"]


@pytest.mark.parametrize("heads", [JAPANESE, RUSSIAN], ids=["Japanese", "Russian"])
def test_names_of_another_script_are_told_by_a_map(heads: list[str], tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", heads, ["1", "23:15", "7:00", "0"], ["2", "0:30", "8:15", "2"])
    own = sketch(path)
    for head, name in zip(heads, ("night_index", "bed_clock_h", "wake_clock_h", "jerk_count"), strict=True):
        own = own.replace(f'"{head}" = ""', f'"{head}" = "{name}"')
    (tmp_path / "map.toml").write_text(own, "utf-8")
    made = convert("spreadsheet", path, codebook=read_map(tmp_path / "map.toml"))
    read = made.frame.select("night_index", "bed_clock_h", "wake_clock_h", "jerk_count").rows()
    assert read == [("1", "23.25", "31", "0"), ("2", "24.5", "32.25", "2")]


def test_a_code_whose_meaning_the_map_says_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv", ["Night", "Bedtime", "Jerks", "Stress"], ["1", "23:15", "0", "99"], ["2", "23:15", "0", "4"]
    )
    assert not convert("spreadsheet", path).complete
    own = convert("spreadsheet", path).map + '[values."Stress"]\n99 = "-8"\n'
    (tmp_path / "map.toml").write_text(own, "utf-8")
    made = convert("spreadsheet", path, codebook=read_map(tmp_path / "map.toml"))
    assert (made.frame["stress_0_10"].to_list(), made.complete) == (["-8", "4"], True)


def test_what_a_spreadsheet_made_of_a_cell_is_said_and_never_taken_for_an_answer(tmp_path: Path) -> None:
    rows = [["1", "23:15", "2026-02-03 00:00:00"], ["2", "#VALUE!", "1"], ["3", "#FORMULA!", "0"]]
    made = convert("spreadsheet", write(tmp_path / "a.csv", ["Night", "Bedtime", "Jerks"], *rows))
    assert made.frame["jerk_count"].to_list() == [None, "1", "0"]
    said = [line for line in made.said if line.startswith("not read, left blank")]
    assert 'jerk_count in row 2 of C "Jerks"; a spreadsheet made a date of this cell' in said[1]
    assert 'bed_clock_h in rows 3, 4 of B "Bedtime"; this is the error of a spreadsheet' in said[0]
    assert "this cell holds a formula without its value" in said[0]
