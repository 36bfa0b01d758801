"""Core columns that a person's diary never asked: filled with -8 and said, unless one of its own may be theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import hypnic
from hypnic.datasets.forms import convert, convert_together, read_map
from hypnic.datasets.writing import write_table

if TYPE_CHECKING:
    from pathlib import Path

EXERCISE = ["exercise_min", "exercise_intensity", "exercise_end_clock_h"]
DIARY = "Night,Bedtime,Wake time,Minutes to fall asleep,Stress,Caffeine (mg),Caffeine after 14 (mg),Alcohol (g),Jerks"
NIGHT = "{},23:15,7:00,15,4,100,0,0,1"


def diary(path: Path, heads: str = DIARY, night: str = NIGHT) -> Path:
    path.write_text("\n".join([heads, *(night.format(n) for n in range(1, 8))]) + "\n", "utf-8")
    return path


def test_a_diary_that_never_asked_about_exercise_is_clean_after_conversion_and_says_what_was_filled_in(
    tmp_path,
) -> None:
    made = convert("spreadsheet", diary(tmp_path / "diary.csv"))
    assert made.complete
    assert set(made.frame.select(EXERCISE).row(0)) == {"-8"}
    assert f"filled: -8 (do not know) in every row of {', '.join(EXERCISE)}" in " ".join(made.said)
    write_table(made.frame, tmp_path / "nights.csv")
    assert "error" not in hypnic.check(tmp_path / "nights.csv")["level"].to_list()


def test_what_follows_from_a_nought_is_filled_in_as_that(tmp_path: Path) -> None:
    rows = "Night,Bedtime,Jerks,Exercise (min),Caffeine (mg)\n1,23:15,1,0,0\n2,23:15,1,30,90\n3,23:15,1,some,0\n"
    (tmp_path / "diary.csv").write_text(rows, "utf-8")
    frame = convert("spreadsheet", tmp_path / "diary.csv").frame
    assert frame.select("exercise_intensity", "exercise_end_clock_h", "caffeine_after_14_mg").rows() == [
        ("none", "-7", "0"), ("-8", "-8", "-8"), (None, None, "0"),
    ]  # fmt: skip


def test_a_column_that_may_be_one_of_them_is_asked_about_and_the_map_keeps_the_answer(tmp_path: Path) -> None:
    path = diary(tmp_path / "diary.csv", f"{DIARY},Leibes\u00fcbungen", f"{NIGHT},20")
    made = convert("spreadsheet", path)
    assert not set(EXERCISE) & set(made.frame.columns)
    assert "no column for exercise_min" in " ".join(made.said)
    for way, there in {"yes": True, "no": False}.items():
        (tmp_path / "map.toml").write_text(made.map.replace('not_asked = ""', f'not_asked = "{way}"'), "utf-8")
        again = convert("spreadsheet", path, codebook=read_map(tmp_path / "map.toml"))
        assert (set(EXERCISE) <= set(again.frame.columns)) == there


def test_the_night_itself_and_its_jerks_are_never_filled_in(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").write_text("Night,Stress,Coffee (cups)\n1,4,2\n2,5,1\n", "utf-8")
    frame = convert("spreadsheet", tmp_path / "diary.csv").frame
    assert not {"bed_clock_h", "wake_clock_h", "jerk_count"} & set(frame.columns)


def test_a_column_of_another_file_of_the_study_is_not_filled_in(tmp_path: Path) -> None:
    one = diary(tmp_path / "one.csv")
    (tmp_path / "two.csv").write_text("Night,Exercise (min),Intensity\n1,20,light\n2,0,none\n", "utf-8")
    nights = convert_together("spreadsheet", [one, tmp_path / "two.csv"])[0].frame
    assert nights["exercise_min"].to_list()[:2] == ["20", "0"]


def test_what_follows_from_no_jerk_no_exercise_and_no_waking_is_filled_where_it_was_left_blank(tmp_path) -> None:
    names = "Night,Bedtime,Jerks,jerk_intensity_0_4,jerk_reporter,Awakenings,Minutes awake,Exercise (min),exercise_type"
    nights = ["1,23:15,0,,,0,,0,", "2,23:30,2,,,2,,30,", "3,23:30,0,0,none,0,0,0,none"]
    (tmp_path / "diary.csv").write_text("\n".join([names, *nights]), "utf-8")
    made = convert("spreadsheet", tmp_path / "diary.csv")
    each = ("jerk_intensity_0_4", "jerk_reporter", "waso_min", "exercise_type")
    assert made.frame.select(each).rows() == [("0", "none", "0", "none"), (None,) * 4, ("0", "none", "0", "none")]
    assert "filled: none in 1 row of jerk_reporter, where jerk_count is 0" in made.said
