"""Every rule finds its own fault, in its own place, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hypnic
from hypnic.datasets.checking import breaches
from hypnic.datasets.checking import opened as checking
from hypnic.errors import HypnicError
from hypnic.schemas import Nights, Participants, catalogue, columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hypnic.schemas import Rule

    Save = Callable[..., Path]
    Row = dict[str, str]

# Faults of one row are planted from the rule's own example; faults between rows and tables are planted below.
ONE_ROW = {
    f"{name}:{rule.id}": (name, rule)
    for name, model in {"participants": Participants, "nights": Nights}.items()
    for rule in catalogue(model).values()
    if rule.bad and set(rule.bad) <= set(columns(model)) and not any("(" in cell for cell in rule.bad.values())
}


def test_a_file_that_breaks_no_rule_has_no_findings(person: Row, diary: list[Row], save: Save) -> None:
    assert hypnic.check(save("participants", [person]), save("nights", diary)).is_empty()


@pytest.mark.parametrize(("table", "rule"), ONE_ROW.values(), ids=ONE_ROW)
def test_the_bad_example_of_a_rule_is_found_alone(
    table: str, rule: Rule, person: Row, diary: list[Row], save: Save
) -> None:
    rows = {"participants": [person], "nights": diary}
    rows[table][-1] |= rule.bad
    files = [save(name, rows[name]) for name in ("participants", "nights")]
    found = hypnic.check(*(files if table == "nights" else files[:1]))
    assert found["rule"].to_list() == (["N08", "N19"] if rule.id == "N19" else [rule.id])
    assert found["line"].unique().to_list() == [len(rows[table]) + 1]
    assert set(found["column"]) <= set(rule.bad)


@pytest.mark.parametrize(("table", "rule"), ONE_ROW.values(), ids=ONE_ROW)
def test_the_good_example_of_a_rule_does_not_break_it(
    table: str, rule: Rule, person: Row, diary: list[Row], save: Save
) -> None:
    rows = {"participants": [person], "nights": diary}
    rows[table][-1] |= rule.good
    found = hypnic.check(save("participants", rows["participants"]), save("nights", rows["nights"]))
    assert rule.id not in found["rule"]


def test_a_participant_who_comes_twice_is_found_at_the_second_row(person: Row, save: Save) -> None:
    found = hypnic.check(save("participants", [person, person | {"age_band": "18-24"}]))
    assert found.select("rule", "line", "column").rows() == [("P01", 3, "participant_id")]
    assert found["hint"].item() == "keep one row for each participant; the earlier one is A2"


def test_a_night_that_comes_twice_is_found_at_the_second_row(diary: list[Row], save: Save) -> None:
    diary[-1]["night_index"] = "1"
    found = hypnic.check(save("nights", diary))
    assert found.select("rule", "line", "cell").rows() == [("N01", 13, "B13")]
    assert found["hint"].item() == "keep one row for each night; the earlier one is B2"


def test_a_night_of_an_unknown_participant_is_found_only_where_the_participants_are_known(
    person: Row, diary: list[Row], save: Save
) -> None:
    person["participant_id"] = "p_zzzzzzzzzzzzzzzz"
    people, nights = save("participants", [person]), save("nights", diary)
    assert hypnic.check(nights).is_empty()
    assert hypnic.check(people, nights).select("rule", "column").unique().rows() == [("N01", "participant_id")]


def test_a_token_without_its_pattern_is_found(person: Row, save: Save) -> None:
    found = hypnic.check(save("participants", [person | {"participant_id": "Jane Doe"}]))
    assert found.select("rule", "column", "value").rows() == [("PV2", "participant_id", None)]
    assert "Jane" not in str(found.rows())


def test_an_abandoned_form_is_one_flag_and_not_thirty_blanks(person: Row, save: Save) -> None:
    kept = list(person)[:14]
    found = hypnic.check(save("participants", [{name: person[name] if name in kept else "" for name in person}]))
    assert found.filter(rule="P11").select("level", "line").rows() == [("flag", 2)]
    assert "required" not in found["rule"].filter(found["column"].is_in(["stress_usual_0_10", "attention_ok"]))


def test_shift_workers_are_only_warned_of_caffeine_clocks(person: Row, diary: list[Row], save: Save) -> None:
    diary[3]["caffeine_last_clock_h"] = "13.0"
    people, nights = save("participants", [person | {"shift_pattern": "night"}]), save("nights", diary)
    assert hypnic.check(nights)["level"].to_list() == ["error"]
    assert hypnic.check(people, nights).select("rule", "level").rows() == [("N04", "warning")]


def test_a_night_without_nicotine_use_has_no_nicotine(person: Row, diary: list[Row], save: Save) -> None:
    people, nights = save("participants", [person | {"nicotine_use": "none"}]), save("nights", diary)
    found = hypnic.check(people, nights)
    assert found["rule"].unique().to_list() == ["N16"]
    assert found["column"].unique().to_list() == ["nicotine_evening_n"]


def test_the_same_answers_on_four_nights_are_found_at_the_fourth(diary: list[Row], save: Save) -> None:
    for night in diary[:4]:
        night["sol_min"] = "20"
    assert hypnic.check(save("nights", diary)).select("rule", "line").rows() == [("N18", 5)]


@pytest.mark.parametrize(("nights", "level"), [(4, "flag"), (9, "warning")])
def test_a_short_diary_is_named_once(nights: int, level: str, diary: list[Row], save: Save) -> None:
    found = hypnic.check(save("nights", diary[:nights]))
    assert found.select("rule", "level", "line").rows() == [("N20", level, 2)]


def test_a_morning_part_after_36_hours_is_an_error(diary: list[Row], save: Save) -> None:
    diary[0]["morning_lag_h"] = "40"
    assert hypnic.check(save("nights", diary)).select("rule", "level", "value").rows() == [("N15", "error", "40")]


def test_details_that_all_disagree_with_the_count_are_one_finding_at_the_count_that_names_them(
    diary: list[Row], save: Save
) -> None:
    diary[2]["jerk_count"] = "0"
    found = hypnic.check(save("nights", diary))
    assert found.select("rule", "cell").rows() == [("N12", "AF4")]
    assert found["hint"].item() == (
        "fix jerk_count, or jerk_reporter (AG4), jerk_intensity_0_4 (AH4), jerk_location (AI4), jerk_sensation (AJ4)"
        " and jerk_timing (AK4)"
    )


def test_a_cell_that_is_no_number_is_not_also_out_of_range_or_missing(diary: list[Row], save: Save) -> None:
    diary[5]["jerk_count"] = "two"
    assert hypnic.check(save("nights", diary)).select("rule", "line", "value").rows() == [("type", 7, None)]


@pytest.mark.parametrize("cell", ["nan", "inf", "1,5", " 5", "1_000", "0x10"])
def test_what_is_no_plain_number_is_found(cell: str, diary: list[Row], save: Save) -> None:
    diary[5]["alcohol_g"] = cell
    assert hypnic.check(save("nights", diary))["rule"].to_list() == ["type"]


def test_a_long_number_is_never_echoed(diary: list[Row], save: Save) -> None:
    diary[5]["stress_0_10"] = "4915112345678"
    found = hypnic.check(save("nights", diary))
    assert found.select("rule", "value").rows() == [("PV2", None)]


def test_every_unknown_column_is_named_in_one_run(diary: list[Row], save: Save) -> None:
    more = [row | {"weather": "1", "mood": "2", "moon": "3"} for row in diary]
    found = hypnic.check(save("nights", more))
    assert found["rule"].to_list() == ["column_unknown"] * 3
    assert found["cell"].n_unique() == 3


def test_columns_missing_unknown_and_repeated_are_findings_at_the_header(diary: list[Row], save: Save) -> None:
    rows = [{name: night[name] for name in night if name != "wake_clock_h"} | {"coffee": "2"} for night in diary]
    path = save("nights", rows)
    path.write_text(path.read_text().replace("sol_min", "waso_min", 1))
    found = hypnic.check(path)
    assert sorted(found["rule"]) == ["column_missing", "column_repeated", "column_unknown"]
    assert "2 columns are missing: sol_min and wake_clock_h" in found["message"].to_list()
    assert found["line"].unique().to_list() == [1]
    assert "coffee" not in str(found.rows())


def test_extended_columns_may_be_left_out(diary: list[Row], person: Row, save: Save) -> None:
    for table, rows in {"nights": diary, "participants": [person]}.items():
        core = [name for name, facts in columns({"nights": Nights, "participants": Participants}[table]).items()
                if facts.tier == "core"]  # fmt: skip
        assert hypnic.check(save(table, [{name: row[name] for name in core} for row in rows])).is_empty()


def test_lines_are_counted_as_an_editor_counts_them(person: Row, save: Save) -> None:
    rows = [person | {"country_code": "D\nE"}, person | {"participant_id": "p_zzzzzzzzzzzzzzzz", "age_band": "x"}]
    found = hypnic.check(save("participants", rows))
    assert found.select("line", "row", "cell").rows() == [(2, 1, "F2"), (4, 2, "D3")]


def test_pandera_alone_finds_the_same_failures_as_the_quick_pass_before_it(diary: list[Row], save: Save) -> None:
    diary[1] |= {"stress_0_10": "11", "sol_min": "400", "jerk_count": "0"}
    diary[7] |= {"caffeine_mg": "7", "night_index": "1", "evening_on_time": "false"}
    path = save("nights", diary)
    quick = {failure.number for failure in breaches.failures(checking.open_table(path), [])}
    frame = checking.open_table(path).cast.frame
    with pytest.raises(pa.errors.SchemaErrors) as slow:
        Nights.validate(frame, lazy=True)
    assert {int(name.split(":")[2]) for name in slow.value.failure_cases["check"]} == quick


@given(
    bed=st.integers(48, 144).map(lambda n: n / 4),
    wake=st.integers(64, 192).map(lambda n: n / 4),
    sol=st.integers(0, 600),
    waso=st.integers(0, 720),
)
def test_a_clock_is_suspected_exactly_where_one_move_by_12_hours_alone_repairs_the_night(
    bed: float, wake: float, sol: int, waso: int
) -> None:
    def possible(bed: float, wake: float) -> bool:
        asleep = wake - bed - (sol + waso) / 60
        return wake > bed + sol / 60 and 0 < asleep <= 16

    moves = {("bed", 12): (bed + 12, wake), ("bed", -12): (bed - 12, wake),
             ("wake", 12): (bed, wake + 12), ("wake", -12): (bed, wake - 12)}  # fmt: skip
    repairs = [move for move, (b, w) in moves.items() if 12 <= b <= 36 and 16 <= w <= 48 and possible(b, w)]
    expected = repairs if len(repairs) == 1 and not possible(bed, wake) else []
    row = pl.DataFrame({"bed_clock_h": [bed], "wake_clock_h": [wake], "sol_min": [sol], "waso_min": [waso]})
    clauses = next(rule for rule in Nights.rules() if rule.id == "N19").clauses
    broken = [c for c in clauses if c.needs <= set(row.columns) and not row.select(c.holds).item()]
    assert [(c.column.split("_")[0], 12 if "add" in c.hint else -12) for c in broken] == expected


def test_no_legal_night_over_sixteen_hours_is_repaired_by_adding_twelve_to_bed() -> None:
    quarters = [n / 4 for n in range(48, 193)]
    legal = [(bed, wake) for bed in quarters if 12 <= bed <= 36 for wake in quarters if 16 <= wake <= 48]
    too_long = [(bed, wake) for bed, wake in legal if wake - bed > 16]
    assert too_long
    assert [(bed, wake) for bed, wake in too_long if bed + 12 <= 36 and not 16 <= wake - 12 <= 48] == []


AFTERNOON = {"bed_clock_h": "12.5", "wake_clock_h": "19.0"}


def test_a_night_that_lies_in_the_afternoon_is_suggested_to_be_a_clock_of_twelve_hours(
    diary: list[Row], save: Save
) -> None:
    diary[2] |= AFTERNOON
    found = hypnic.check(save("nights", diary))
    assert found.select("rule", "level", "cell").rows() == [("N19", "suggestion", "Z4")]
    assert found["hint"].item().startswith("add 12 to both if it was a night")


@pytest.mark.parametrize(("shift", "rules"), [("night", []), ("rotating", ["N19"]), ("none", ["N19"])])
def test_who_works_at_night_may_sleep_in_the_afternoon(
    shift: str, rules: list[str], person: Row, diary: list[Row], save: Save
) -> None:
    diary[2] |= AFTERNOON | {"caffeine_last_clock_h": "12.25", "caffeine_after_14_mg": "0"}
    diary[2] |= {"exercise_end_clock_h": "12.0"}
    people = save("participants", [person | {"shift_pattern": shift}])
    assert hypnic.check(people, save("nights", diary))["rule"].to_list() == rules


def test_a_header_alone_says_that_it_has_no_rows(save: Save) -> None:
    found = hypnic.check(save("nights", []))
    assert found.select("rule", "level", "line").rows() == [("no_rows", "warning", 1)]
    assert found["message"].item() == "the file has 0 rows below its header"


def test_a_table_that_is_named_wrongly_is_one_sentence(diary: list[Row], save: Save) -> None:
    with pytest.raises(HypnicError, match=r"40 of its columns are of nights and 1 of participants; type --table night"):
        hypnic.check(save("nights", diary), table="participants")


@pytest.mark.parametrize("table", ["participants", "nights", None])
def test_a_header_without_a_known_column_is_one_sentence_whatever_table_is_named(
    table: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(HypnicError, match="does not hold the column names"):
        checking.open_table(path, table)
