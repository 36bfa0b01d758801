"""Units that a header names: the same by its name and by a map, converted where that is certain, and never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.datasets.forms import convert, read_map

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.forms.conversion import Conversion


def diary(tmp_path: Path, head: str, cells: tuple[str, str], mapped: str = "") -> Conversion:
    """Convert a diary with one column more, by a map that names it."""
    path = tmp_path / "diary.csv"
    path.write_text(f'Night,Bedtime,Jerks,"{head}"\n1,23:15,1,{cells[0]}\n2,23:45,0,{cells[1]}\n', "utf-8")
    if not mapped:
        return convert("spreadsheet", path, "nights")
    (tmp_path / "map.toml").write_text(f'[columns]\n"{head}" = "{mapped}"\n', "utf-8")
    return convert("spreadsheet", path, "nights", codebook=read_map(tmp_path / "map.toml"))


@pytest.mark.parametrize(
    ("head", "cells", "column", "read"),
    [
        ("nap (h)", ("1", "2"), "nap_min", ["60", "120"]),
        ("exercise_hours", ("1.5", "0"), "exercise_min", ["90", "0"]),
        ("sleep latency (h)", ("1", "0.5"), "sol_min", ["60", "30"]),
        ("sleep latency (s)", ("300", "90"), "sol_min", ["5", "2"]),
    ],
)
def test_the_map_that_was_written_gives_the_same_as_no_map(
    head: str, cells: tuple[str, str], column: str, read: list[str], tmp_path: Path
) -> None:
    first = diary(tmp_path, head, cells)
    (tmp_path / "written.toml").write_text(first.map, "utf-8")
    second = convert("spreadsheet", tmp_path / "diary.csv", "nights", codebook=read_map(tmp_path / "written.toml"))
    assert first.frame[column].to_list() == second.frame[column].to_list() == read
    assert [line for line in first.said if line.startswith("changed")] == [
        line for line in second.said if line.startswith("changed")
    ]
    assert any(line.startswith(f"changed: {column} in row 2") for line in second.said)


@pytest.mark.parametrize(
    ("head", "cells", "column", "read"),
    [
        ("zzz_s", ("600", "0"), "sol_min", ["10", "0"]),
        ("Zzz (hours)", ("1", "2"), "nap_min", ["60", "120"]),
        ("Zzz (min)", ("15", "20"), "sol_min", ["15", "20"]),
        ("zzz hours in bed", ("1", "2"), "nap_min", ["60", "120"]),
        ("zzz hours per night", ("1", "2"), "nap_min", ["60", "120"]),
        ("Hours of zzz", ("1", "2"), "exercise_min", ["60", "120"]),
        ("Zzz (min/day)", ("15", "20"), "exercise_min", ["15", "20"]),
        ("Second zzz", ("15", "20"), "nap_min", ["15", "20"]),
        ("Zzz in the last 24 hours", ("80", "0"), "caffeine_mg", ["80", "0"]),
    ],
)
def test_a_column_mapped_by_hand_is_read_in_the_unit_of_its_header(
    head: str, cells: tuple[str, str], column: str, read: list[str], tmp_path: Path
) -> None:
    made = diary(tmp_path, head, cells, column)
    assert (made.frame[column].to_list(), made.complete) == (read, True)


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("stress_vas_100", "stress_0_10"),
        ("Tension (1-5)", "stress_0_10"),
        ("etoh_units", "alcohol_g"),
        ("Cups after 2pm", "caffeine_after_14_mg"),
        ("Tension out of 5", "stress_0_10"),
        ("zzz min per week", "exercise_min"),
        ("Zzz (h/week)", "exercise_min"),
        ("Zzz (g)", "caffeine_mg"),
    ],
)
def test_a_column_mapped_by_hand_in_another_unit_or_scale_is_refused_with_a_way_on(
    head: str, column: str, tmp_path: Path
) -> None:
    made = diary(tmp_path, head, ("3", "2"), column)
    assert (column in made.frame.columns, made.complete) == (False, False)
    said = [line for line in made.said if line.startswith("not taken: D")]
    assert len(said) == 1
    assert f"as {column}: its header names another unit or scale than" in said[0]
    assert "name it in the header in brackets" in said[0]


def test_a_column_mapped_by_hand_without_a_unit_is_said_to_be_in_that_of_its_column(tmp_path: Path) -> None:
    made = diary(tmp_path, "of those after 2pm", ("80", "0"), "caffeine_after_14_mg")
    assert made.frame["caffeine_after_14_mg"].to_list() == ["80", "0"]
    assert [line for line in made.said if line.startswith("by your map")] == [
        (
            "by your map, as the headers say no unit: caffeine_after_14_mg (D) mg;"
            " if one is not, name its unit in its header"
        ),
    ]


def test_a_count_mapped_by_hand_has_no_unit_to_lose(tmp_path: Path) -> None:
    made = diary(tmp_path, "Zzz", ("2", "0"), "awakenings_n")
    assert not any(line.startswith("by your map") for line in made.said)


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("How stressed were you today? (1-5)", "stress_0_10"),
        ("How stressed are you (1 = not, 5 = very)", "stress_0_10"),
        ("cups of caffeine", "caffeine_mg"),
    ],
)
def test_a_map_never_suggests_a_column_of_another_unit_or_scale(head: str, column: str, tmp_path: Path) -> None:
    made = diary(tmp_path, head, ("3", "2"))
    assert "# perhaps" not in made.map
    assert not any("rename it to" in line for line in made.said)
    assert column not in made.frame.columns


def test_a_map_says_of_a_near_name_that_its_scale_is_another(tmp_path: Path) -> None:
    made = diary(tmp_path, "How stressed were you today? (1-5)", ("3", "2"))
    assert '= ""  # has another unit or scale than stress_0_10' in made.map
    same = diary(tmp_path, "How stressed were you today? (0-10)", ("3", "2"))
    assert "another unit" not in same.map


@pytest.mark.parametrize("head", ["Bier", "Beer (pints)", "Alcoholic drinks"])
def test_a_drink_that_can_only_be_alcohol_leaves_the_caffeine_computed_and_stands_in_the_map(
    head: str, tmp_path: Path
) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(f"Night,Bedtime,Jerks,coffee,{head}\n1,23:15,1,2,1\n2,23:45,0,0,2\n", "utf-8")
    first = convert("spreadsheet", path, "nights")
    assert (first.frame["caffeine_mg"].to_list(), first.complete) == (["180", "0"], False)
    assert any("so alcohol_g is not computed" in line for line in first.said)
    assert f'# "{head}" = "small_beer_330"  # take the first # away' in first.map
    (tmp_path / "map.toml").write_text(first.map, "utf-8")
    second = convert("spreadsheet", path, "nights", codebook=read_map(tmp_path / "map.toml"))
    assert second.frame.drop("participant_id").equals(first.frame.drop("participant_id"))
    assert second.complete is False


@pytest.mark.parametrize(
    ("head", "meant", "grams"),
    [
        ("Bier", "small_beer_330", ["13", "26"]),
        ("Birre", "large_beer_568", ["22.4", "44.8"]),
        ("Alcohol", "wine_150", ["14.2", "28.4"]),
    ],
)
def test_a_map_says_which_drink_a_column_counts_and_gives_the_same_again(head, meant, grams, tmp_path: Path) -> None:
    path, kept = tmp_path / "diary.csv", tmp_path / "map.toml"
    path.write_text(f"Night,Bedtime,Jerks,coffee,{head}\n1,23:15,1,2,1\n2,23:45,0,0,2\n", "utf-8")
    kept.write_text(f'[columns]\n"{head}" = "{meant}"\n', "utf-8")
    first = convert("spreadsheet", path, "nights", codebook=read_map(kept))
    assert first.frame["alcohol_g"].to_list() == grams
    assert f'"{head}" = "{meant}"' in first.map
    kept.write_text(first.map, "utf-8")
    again = convert("spreadsheet", path, "nights", codebook=read_map(kept))
    assert again.frame["alcohol_g"].to_list() == grams


@pytest.mark.parametrize("head", ["Non-alcoholic drinks", "Beer and cola", "Cups of mate", "Bottles"])
def test_a_drink_that_may_hold_caffeine_leaves_no_sum_that_is_too_small(head: str, tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(f"Night,Bedtime,Jerks,coffee,{head}\n1,23:15,1,2,1\n2,23:45,0,0,2\n", "utf-8")
    assert not {"caffeine_mg", "alcohol_g"} & set(convert("spreadsheet", path, "nights").frame.columns)


@pytest.mark.parametrize(
    ("column", "header"),
    [
        ("sleep_quality_1_5", "Schlafqualität (1 = sehr gut, 5 = sehr schlecht)"),
        ("sleep_quality_1_5", "Sleep quality (1-5; 1 = best)"),
        ("sleep_quality_1_5", "Sleep quality (very good = 1, very bad = 5)"),
        ("sleep_quality_1_5", "Calidad del sueño (1 = +, 5 = -)"),
        ("sleep_quality_1_5", "Sleep quality %"),
        ("stress_0_10", "Stress (0 = very stressed, 10 = calm)"),
        ("stress_0_10", "Stress (10 = entspannt)"),
        ("fatigue_bedtime_0_10", "Fatigue (0 = exhausted, 10 = wide awake)"),
    ],
)
def test_a_scale_that_is_turned_round_is_not_taken_for_the_columns_own(column: str, header: str, tmp_path) -> None:
    made = convert("spreadsheet", scaled(tmp_path, header))
    assert column not in made.frame.columns
    assert "left out as no question of nights: E" in " ".join(made.said)
    (tmp_path / "map.toml").write_text(f'[columns]\n"{header}" = "{column}"\n', "utf-8")
    mapped = convert("spreadsheet", tmp_path / "diary.csv", codebook=read_map(tmp_path / "map.toml"))
    assert column not in mapped.frame.columns or mapped.frame[column].drop_nulls().is_in(["-8"]).all()


@pytest.mark.parametrize(
    ("column", "header"),
    [
        ("sleep_quality_1_5", "Schlafqualität (1 = sehr schlecht, 5 = sehr gut)"),
        ("sleep_quality_1_5", "Qualité du sommeil [1 mauvais, 5 très bon]"),
        ("stress_0_10", "Stress (0 = calm, 10 = the most you can imagine)"),
        ("stress_0_10", "Stress (0 not at all, 10 very much)"),
        ("stress_0_10", "Estrés (0 = nada, 10 = muchísimo)"),
    ],
)
def test_a_scale_whose_ends_are_called_as_the_columns_are_is_read(column: str, header: str, tmp_path) -> None:
    made = convert("spreadsheet", scaled(tmp_path, header))
    assert made.frame[column].to_list() == ["1", "5"]


@pytest.mark.parametrize("header", ["Time to fall asleep (hh:mm)", "Einschlafdauer (h:mm)"])
def test_a_duration_typed_as_hours_and_minutes_is_read_where_its_header_says_so(header: str, tmp_path) -> None:
    made = convert("spreadsheet", scaled(tmp_path, header, ("0:15", "1:05")))
    assert made.frame["sol_min"].to_list() == ["15", "65"]


@pytest.mark.parametrize(
    ("beds", "read"),
    [
        (("2315", "0030"), ["23.25", "24.5"]),
        (("23.5", "22.3"), [None, None]),  # half past, or ten to; twenty past, or half past
        (("23.75", "22.3"), ["23.75", "22.25"]),
    ],
)
def test_times_without_a_colon_are_read_only_where_the_column_proves_how(beds, read, tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text("Night,Bedtime,Jerks\n" + "".join(f"{n},{bed},0\n" for n, bed in enumerate(beds, 1)), "utf-8")
    made = convert("spreadsheet", path)
    assert made.frame["bed_clock_h"].to_list() == read
    assert made.complete == (None not in read)


def test_a_last_coffee_at_3_is_asked_about_and_an_evening_clock_leaves_hours_past_noon_alone(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text("Night,Bedtime,Last coffee,Jerks\n1,23:15,3,0\n2,22:30,15:30,1\n", "utf-8")
    asked = convert("spreadsheet", path)
    assert asked.frame["caffeine_last_clock_h"].to_list() == [None, "15.5"]
    assert any(line.startswith("question:") for line in asked.said)
    (tmp_path / "map.toml").write_text('[columns]\n[readings]\nclock = "evening"\n', "utf-8")
    made = convert("spreadsheet", path, codebook=read_map(tmp_path / "map.toml"))
    assert made.frame["caffeine_last_clock_h"].to_list() == ["15", "15.5"]
    assert made.frame["bed_clock_h"].to_list() == ["23.25", "22.5"]


def scaled(folder: Path, header: str, answers: tuple[str, str] = ("1", "5")) -> Path:
    """Save two nights with one more column."""
    path = folder / "diary.csv"
    lines = ["Night\tBedtime\tWake time\tJerks\t" + header]
    lines += [f"{night}\t23:15\t7:00\t0\t{one}" for night, one in enumerate(answers, 1)]
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.mark.parametrize(("head", "told"), [("Stress level", True), ("stress_0_10", False)])
def test_a_forms_question_of_its_own_words_is_looked_at_for_its_scale(head: str, told: bool, tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    rows = [f"a,{night},{night % 5 + 1},0,10" for night in range(1, 11)]
    path.write_text("\n".join([f"respondent_id,night,{head},jerk_count,sol_min", *rows]) + "\n", "utf-8")
    made = convert("google-forms", path)
    assert made.frame["stress_0_10"].len() == 10
    assert any("take the column out of the export" in line for line in made.said) == told
