"""One fault for each rule, planted in a copy of the synthetic demo: each is found, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import polars as pl
import pytest

import hypnic
from hypnic.datasets.loading import data_folder
from hypnic.schemas import Nights, Participants, catalogue

if TYPE_CHECKING:
    from pathlib import Path

ROW_BEFORE = "(the token of the row before)"
Cells = dict[str, str | pl.Expr]


@dataclass
class Plant:
    """A fault: the rule, the column it must be found at, which rows can carry it, and what is typed there."""

    rule: str
    column: str
    where: pl.Expr
    cells: Cells
    also: tuple[tuple[str, str], ...] = field(default=())


def col(name: str) -> pl.Expr:
    return pl.col(name)


def num(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Float64, strict=False)


def text(number: pl.Expr) -> pl.Expr:
    return number.cast(pl.String)


JERKS, BED = num("jerk_count") > 0, num("bed_clock_h")
PEOPLE = [
    Plant("P01", "participant_id", pl.lit(value=True), {"participant_id": ROW_BEFORE}),
    Plant("P02", "jerk_freq_12mo", col("jerk_ever") == "no", {"jerk_freq_12mo": "weekly"}),
    Plant("P03", "jerk_freq_12mo", num("jerk_nights_30d") > 0, {"jerk_freq_12mo": "never"}),
    Plant("P04", "jerk_nights_30d", col("jerk_freq_12mo") == "few_a_year", {"jerk_nights_30d": "9"}),
    Plant(
        "P05", "strategies_helped",
        ~col("strategies_tried").str.contains("reassurance|none|refused") & col("strategies_helped").is_not_null(),
        {"strategies_helped": "reassurance"},
    ),
    Plant("P06", "supplements", pl.lit(value=True), {"supplements": "magnesium|iron"}),
    Plant("P07", "audit_c_q2", col("audit_c_q1") == "0", {"audit_c_q2": "2"}),
    Plant("P08", "movement_states", col("bed_partner") == "never", {"movement_states": "asleep_told_by_other"}),
    Plant("P09", "med_change_30d", col("med_classes") == "none", {"med_change_30d": "started"}),
    Plant("P10", "caffeine_usual_mg", pl.lit(value=True), {"caffeine_usual_mg": "1500"}),
    Plant("P11", "attention_ok", pl.lit(value=True), {"attention_ok": "false"}),
    Plant("pattern", "participant_id", pl.lit(value=True), {"participant_id": "p_1"}),
    Plant("level", "country_code", pl.lit(value=True), {"country_code": "Germany"}),
]  # fmt: skip
NIGHTS = [
    Plant("N01", "night_index", num("night_index") == 2, {"night_index": "1"}),
    Plant("N02", "caffeine_after_14_mg", num("caffeine_after_14_mg") > 0,
          {"caffeine_after_14_mg": text(num("caffeine_mg") + 50)}),
    Plant("N03", "caffeine_last_clock_h", num("caffeine_mg") > 0, {"caffeine_last_clock_h": "-7"}),
    Plant("N04", "caffeine_last_clock_h", (num("caffeine_after_14_mg") > 0) & (col("shift_pattern") == "none"),
          {"caffeine_last_clock_h": "12.5"}),
    Plant("N05", "caffeine_last_clock_h", num("caffeine_after_14_mg") > 0, {"caffeine_last_clock_h": text(BED + 1)}),
    Plant("N06", "exercise_intensity", num("exercise_min") > 0, {"exercise_intensity": "none"}),
    Plant("N07", "exercise_end_clock_h", num("exercise_min") > 0, {"exercise_end_clock_h": text(BED + 1)}),
    Plant("N08", "wake_clock_h", BED.is_between(24.25, 25), {"wake_clock_h": text(BED - 0.5)}),
    Plant("N09", "wake_clock_h", (BED <= 23.5) & (num("sol_min") + num("waso_min") < 60),
          {"wake_clock_h": text(BED + 17.5)}),
    Plant("N10", "waso_min", col("awakenings_n") == "0", {"waso_min": "20"}),
    Plant("N11", "jerk_intensity_0_4", JERKS, {"jerk_intensity_0_4": "0"}),
    Plant("N12", "jerk_reporter", (col("jerk_count") == "0") & (col("bed_partner") != "never"),
          {"jerk_reporter": "both"}),
    Plant("N13", "jerk_location", col("jerk_count") == "-8", {"jerk_location": "leg"}),
    Plant("N14", "jerk_timing", JERKS & (col("jerk_reporter") == "self"), {"jerk_timing": "during_sleep"}),
    Plant("N15", "evening_on_time", pl.lit(value=True), {"evening_on_time": "false"}),
    Plant("N16", "nicotine_evening_n", col("nicotine_use") == "none", {"nicotine_evening_n": "3"}),
    Plant("N17", "alcohol_g", pl.lit(value=True), {"alcohol_g": "200"}),
    Plant("N19", "wake_clock_h", BED.is_between(22.5, 23.5) & num("wake_clock_h").is_between(30, 32),
          {"wake_clock_h": text(num("wake_clock_h") - 12)}, also=(("N08", "wake_clock_h"),)),
    Plant("type", "sol_min", pl.lit(value=True), {"sol_min": "ten"}),
    Plant("required", "stress_0_10", pl.lit(value=True), {"stress_0_10": ""}),
    Plant("range", "stress_0_10", pl.lit(value=True), {"stress_0_10": "11"}),
    Plant("step", "wake_clock_h", pl.lit(value=True), {"wake_clock_h": text(num("wake_clock_h") + 0.1)}),
]  # fmt: skip
ELSEWHERE = {"N18", "N20", "file", "column_missing", "column_unknown", "column_repeated", "PV1", "PV2"}


def read(name: str) -> pl.DataFrame:
    return pl.read_csv(data_folder() / "demo" / f"{name}.csv", infer_schema=False).with_row_index("line", offset=2)


def plant(frame: pl.DataFrame, plants: list[Plant], spare: pl.Expr) -> tuple[pl.DataFrame, set[tuple[str, str, int]]]:
    """Type each fault into a row of its own, of a person of its own; give what must be found: rule, column, line."""
    expected, used = set(), set()
    for fault in plants:
        rows = frame.filter(spare & fault.where & ~pl.col("participant_id").is_in(list(used)) & (pl.col("line") > 2))
        line, person = rows.row(0, named=True)["line"], rows["participant_id"][0]
        before = frame.filter(line=line - 1)["participant_id"].item()
        used |= {person, before}
        typed = {k: pl.lit(v.replace(ROW_BEFORE, before)) if isinstance(v, str) else v for k, v in fault.cells.items()}
        at = pl.col("line") == line
        frame = frame.with_columns(pl.when(at).then(v).otherwise(pl.col(k)).alias(k) for k, v in typed.items())
        expected |= {(rule, column, line) for rule, column in ((fault.rule, fault.column), *fault.also)}
    return frame, expected


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, set[tuple[str, str, int]]]:
    folder = tmp_path_factory.mktemp("synthetic")
    people, nights = read("participants"), read("nights")
    diarist = pl.col("participant_id").is_in(nights["participant_id"].unique().to_list())
    people_out, in_people = plant(people, PEOPLE, ~diarist & ~diarist.shift(1))
    habits = people.select("participant_id", "bed_partner", "shift_pattern", "nicotine_use")
    joined = nights.join(habits, on="participant_id", maintain_order="left")
    nights_out, in_nights = plant(joined, NIGHTS, pl.lit(value=True))
    people_out.select(people.columns[1:]).write_csv(folder / "participants.csv")
    nights_out.select(nights.columns[1:]).write_csv(folder / "nights.csv")
    return folder, in_people | in_nights


def test_the_demo_has_no_findings() -> None:
    demo = data_folder() / "demo"
    assert hypnic.check(demo / "participants.csv", demo / "nights.csv").is_empty()


def test_each_planted_fault_is_found_in_its_place_and_nothing_else(
    planted: tuple[Path, set[tuple[str, str, int]]],
) -> None:
    folder, expected = planted
    found = hypnic.check(folder / "participants.csv", folder / "nights.csv")
    assert set(found.select("rule", "column", "line").iter_rows()) == expected
    assert found.height == len(expected)


def test_every_rule_is_planted() -> None:
    rules = set(catalogue(Participants)) | set(catalogue(Nights))
    assert {fault.rule for fault in (*PEOPLE, *NIGHTS)} | ELSEWHERE == rules
