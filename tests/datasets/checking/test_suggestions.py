"""What to type instead: exact where there is no choice, and never more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import hypnic
from hypnic.datasets.checking.changes import fix, listed
from hypnic.datasets.checking.suggestions import suggest
from hypnic.errors import HypnicError
from hypnic.schemas import Nights, Participants, columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Save = Callable[..., Path]
    Row = dict[str, str]

PAST = "clock hours run on past 24"
FACTS = columns(Participants) | columns(Nights)
CERTAIN = [
    ("bed_clock_h", "23:30", "23.5"), ("bed_clock_h", "11:30 pm", "23.5"), ("bed_clock_h", "00:30", "24.5"),
    ("bed_clock_h", "11:30PM", "23.5"), ("bed_clock_h", "1 am", "25.0"), ("bed_clock_h", "23h15", "23.25"),
    ("bed_clock_h", "1899-12-31 23:30:00", "23.5"), ("wake_clock_h", "07:00", "31.0"),
    ("wake_clock_h", "7:15 a.m.", "31.25"), ("caffeine_last_clock_h", "9:30", "9.5"), ("bed_clock_h", "23,5", "23.5"),
    ("evening_on_time", "Yes", "true"), ("evening_on_time", "y", "true"), ("evening_on_time", "1", "true"),
    ("evening_on_time", "TRUE", "true"), ("evening_on_time", "FAUX", "false"), ("jerk_ever", "Y", "yes"),
    ("stress_0_10", " 5", "5"), ("stress_0_10", "4.0", "4"), ("stress_0_10", "refused", "-9"),
    ("stress_0_10", "−8", "-8"), ("jerk_count", "don't know", "-8"), ("alcohol_g", "1,5", "1.5"),
    ("alcohol_g", "12 g", "12"), ("caffeine_mg", "200mg", "200"), ("exercise_min", "1.5 h", "90"),
    ("sleep_need_h", "450 min", "7.5"), ("unusual_night", " Travel ", "travel"),
    ("exercise_type", "Stretching or Yoga", "stretching_or_yoga"), ("exercise_type", "endurence", "endurance"),
    ("age_band", "25–34", "25-34"), ("country_code", "de", "DE"),
    ("participant_id", " P_ABCDEFGHIJ234567", "p_abcdefghij234567"),
    ("supplements", "Magnesium; iron", "iron|magnesium"), ("hydration", "-8.0", "-8"), ("schema_version", "1", "1.0"),
    ("evening_on_time", "1.0", "true"), ("evening_on_time", "0,0", "false"), ("jerk_ever", "TRUE", "yes"),
    ("country_code", "UK", "GB"), ("country_code", "el", "GR"), ("wake_clock_h", "14", "38.0"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "cell", "text"), CERTAIN)
def test_what_leaves_no_choice_has_an_exact_replacement(column: str, cell: str, text: str | None) -> None:
    found = suggest(cell, FACTS[column])
    assert (found.text if found and found.certain else None) == text


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("caffeine_mg", "1.5 cups"), ("caffeine_mg", "1,500"), ("bed_clock_h", "11:30"), ("wake_clock_h", "7:00"),
        ("bed_clock_h", "23:40"), ("caffeine_last_clock_h", "00:30"), ("age_band", "25-35"), ("age_band", "75"),
        ("jerk_count", "a few"), ("supplements", "none|iron"), ("participant_id", "Jane Doe"), ("stress_0_10", "4.5"),
        ("stress_0_10", "110"), ("jerk_count", "not asked"), ("unusual_night", "party"), ("bed_clock_h", "11"),
        ("wake_clock_h", "7"), ("bed_clock_h", "0.5"), ("bed_clock_h", "23.1"),
    ],
)  # fmt: skip
def test_what_leaves_a_choice_is_left_to_a_person(column: str, cell: str) -> None:
    found = suggest(cell, FACTS[column])
    assert found is None or not found.certain


def test_the_hint_types_the_replacement_says_what_time_it_is_and_the_level_stays_error(
    diary: list[Row], save: Save
) -> None:
    diary[3] |= {"bed_clock_h": "11:15 pm", "wake_clock_h": "07:00"}
    found = hypnic.check(save("nights", diary))
    assert found.select("rule", "level", "value", "hint").rows() == [
        ("type", "error", "11:15 pm", "type 23.25 for 23:15"),
        ("type", "error", "07:00", "type 31.0 for 07:00 (next day): clock hours run on past 24"),
    ]


def test_where_a_clock_leaves_a_choice_each_hour_is_named_the_likeliest_first(diary: list[Row], save: Save) -> None:
    diary[3] |= {"wake_clock_h": "7"}
    diary[4] |= {"bed_clock_h": "11"}
    diary[5] |= {"bed_clock_h": "23:10"}
    found = hypnic.check(save("nights", diary))
    assert found.select("rule", "hint").rows() == [
        ("range", "type 31.0 for 07:00 (next day), or 43.0 for 19:00 (next day), or 19.0 for 19:00: " + PAST),
        ("range", "type 23.0 for 23:00, or 35.0 for 11:00 (next day): " + PAST),
        ("type", "type 23.25 for 23:15, the nearest quarter of an hour"),
    ]


def test_a_night_after_the_last_one_of_a_diary_is_told_what_to_do_with_it(diary: list[Row], save: Save) -> None:
    diary[-1]["night_index"] = "29"
    found = hypnic.check(save("nights", diary))
    assert found.select("rule", "column").rows() == [("range", "night_index")]
    assert found["hint"].item().endswith("number them from the person's first one, and take later ones out")


def test_short_numbers_next_to_times_without_a_mark_are_no_hours_and_name_both(diary: list[Row], save: Save) -> None:
    for row, bed, wake in zip(diary, ("2315", "15", "2300"), ("715", "7", "730"), strict=False):
        row |= {"bed_clock_h": bed, "wake_clock_h": wake}
    found = hypnic.check(save("nights", diary[:3])).filter(pl.col("level") == "error")
    hints = dict(found.select("value", "hint").rows())
    assert hints["15"].startswith("type 24.25 for 00:15")
    assert hints["715"].startswith("type 31.25 for 07:15 (next day)")
    assert hints["7"].startswith("type 31.0 for 07:00 (next day), or 24.0 for 00:00")


def test_not_asked_is_taken_in_a_number_that_not_everybody_is_asked(diary: list[Row], save: Save) -> None:
    diary[3] |= {"sleep_quality_1_5": "-7"}
    assert hypnic.check(save("nights", diary)).is_empty()


def test_not_asked_is_offered_only_where_a_question_can_be_routed_away() -> None:
    numbers = {name: facts for name, facts in FACTS.items() if facts.kind in {"integer", "number"}}
    offered = {name for name, facts in numbers.items() if "-7 (not asked)" in facts.hint}
    assert offered == {name for name, facts in numbers.items() if facts.routing or not facts.required}


def test_a_blank_that_was_asked_is_not_offered_not_asked(diary: list[Row], save: Save) -> None:
    diary[3]["jerk_location"] = ""
    hint = hypnic.check(save("nights", diary))["hint"].item()
    assert hint.startswith("type leg or arm")
    assert "-7" not in hint


def test_a_list_of_words_has_its_finished_sorted_cell_as_hint_though_another_cell_is_broken(
    person: Row, save: Save
) -> None:
    person |= {"supplements": "magnesium|iron|b12", "strategies_tried": "a|b", "dx_conditions": "ms|adhd"}
    found = hypnic.check(save("participants", [person])).filter(rule="P06").select("column", "hint")
    assert found.rows() == [
        (
            "dx_conditions",
            (
                "type each word once, in alphabetical order, with | between them, and nothing together with none;"
                " yours is nearly right, and --fix OUT fixes it"
            ),
        ),
        ("supplements", "type b12|iron|magnesium"),
    ]


def test_a_private_word_is_not_echoed_in_a_hint(person: Row, save: Save) -> None:
    found = hypnic.check(
        save("participants", [person | {"sex_at_birth": "Femal", "participant_id": "P_abcdefghij234567"}])
    )
    assert found["hint"].str.ends_with("; yours is nearly right, and --fix OUT fixes it").all()
    assert "abcdefghij234567" not in str(found.rows())


MESSY = {"bed_clock_h": "23:15", "stress_0_10": " 4", "evening_on_time": "YES", "unusual_night": "No", "sol_min": "ten"}


def test_fix_types_what_leaves_no_choice_lists_it_and_leaves_the_rest(
    diary: list[Row], save: Save, tmp_path: Path
) -> None:
    diary[2] |= MESSY | {"participant_id": "P_ABCDEFGHIJ234567"}
    path, out = save("nights", diary), tmp_path / "fixed.csv"
    path.write_text(path.read_text().replace("night_index", "Night index", 1))
    before = path.read_bytes()
    assert [str(change) for change in fix(path, out).changes] == [
        "B1 column_unknown night_index: night_index", "A4 pattern participant_id: (not shown)",
        "C4 level evening_on_time: YES -> true", "L4 type stress_0_10:  4 -> 4", "Y4 level unusual_night: No -> no",
        "Z4 type bed_clock_h: 23:15 -> 23.25",
    ]  # fmt: skip
    assert path.read_bytes() == before
    assert hypnic.check(out).select("rule", "cell").rows() == [("type", "AA4")]
    assert fix(out, tmp_path / "again.csv").changes == []
    assert (tmp_path / "again.csv").read_bytes() == out.read_bytes()


def test_fix_never_writes_over_the_file_it_reads_nor_half_a_copy(diary: list[Row], save: Save, tmp_path: Path) -> None:
    path = save("nights", diary)
    (tmp_path / "link.csv").symlink_to(path)
    for out in (path, tmp_path / "link.csv"):
        with pytest.raises(HypnicError, match="the file that is read"):
            fix(path, out)
    path.write_text(path.read_text() + "p,1,2\n")
    with pytest.raises(HypnicError, match="line 14: fix the lines"):
        fix(path, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_the_same_change_of_several_cells_is_one_line_that_names_each(
    diary: list[Row], save: Save, tmp_path: Path
) -> None:
    for night in diary[:3]:
        night |= {"evening_on_time": "yes", "awake_flicker": "no"}
    assert listed(fix(save("nights", diary), tmp_path / "fixed.csv").changes) == [
        "C2, C3, C4 level evening_on_time: yes -> true",
        "AM2, AM3, AM4 level awake_flicker: no -> false",
    ]


def test_a_fixed_copy_holds_nothing_that_a_spreadsheet_would_run(diary: list[Row], save: Save, tmp_path: Path) -> None:
    rows = [
        night | {"spare": cell} for night, cell in zip(diary, ("=1+1", "+A1", "-A1", "@SUM(A1)", "-7"), strict=False)
    ]
    done = fix(save("nights", rows), tmp_path / "fixed.csv")
    spare = pl.read_csv(tmp_path / "fixed.csv", infer_schema=False)["spare"].to_list()
    assert spare == ["'=1+1", "'+A1", "'-A1", "'@SUM(A1)", "-7"]
    assert done.unrun == 4


def test_private_columns_and_cells_are_left_out_where_that_is_asked(
    diary: list[Row], save: Save, tmp_path: Path
) -> None:
    rows = [night | {"email": "a@example.org"} for night in diary]
    rows[2]["unusual_night"] = "someone@example.org"
    path = save("nights", rows)
    assert fix(path, tmp_path / "whole.csv").dropped == []
    assert fix(path, tmp_path / "fixed.csv", drop_private=True).dropped == ["column AO", "cell Y4"]
    assert "example" not in (tmp_path / "fixed.csv").read_text()


def test_empty_rows_are_one_finding_each_and_are_left_out_and_counted(
    diary: list[Row], save: Save, tmp_path: Path
) -> None:
    path = save("nights", diary)
    lines = path.read_text().splitlines()
    lines[3:3] = ["," * 39, ""]
    path.write_text("\n".join(lines))
    assert hypnic.check(path).select("rule", "line").rows() == [("file", 4), ("file", 5)]
    assert fix(path, tmp_path / "fixed.csv").empty == [4, 5]
    assert hypnic.check(tmp_path / "fixed.csv").is_empty()


def test_a_copy_in_which_too_many_cells_would_be_changed_is_refused_before_memory_is_full(
    diary, save, tmp_path, monkeypatch
) -> None:
    for night in diary:
        night["bed_clock_h"], night["unusual_night"] = "11:30 pm", "someone@example.org"
    path, out = save("nights", diary), tmp_path / "fixed.csv"
    monkeypatch.setattr("hypnic.datasets.checking.changes.CHANGE", 10 << 20)
    at_hand = 64 << 20
    with pytest.raises(
        HypnicError, match=r"nights.csv: more than \d+ cells would be changed, .* give more with --memory"
    ):
        fix(path, out, memory=at_hand + (50 << 20))
    assert not out.exists()
    assert len(fix(path, out, memory=at_hand + (400 << 20)).changes) == len(diary)
    with pytest.raises(HypnicError, match="cells would be changed"):
        fix(path, out, drop_private=True, memory=at_hand + (20 * len(diary) - 10 << 20))
