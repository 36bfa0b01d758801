"""Faults planted in copies of the synthetic demo: how many are found in their place, and what else is found.

`python tests/benchmarks/planted.py` plants 1,000 over all rules and cells, many a file, each in a row and a person of
its own so that none hides another, and prints the share found with the right file, line, column and rule, by rule.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

import hypnic
from hypnic.datasets.loading import data_folder
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, Participants, columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hypnic.schemas import Column

FAULTS, SEED = 1000, 20260401
HABITS = ("bed_partner", "shift_pattern", "nicotine_use", "jerk_ever")
Row = dict[str, str | None]
Cells = dict[str, str | pl.Expr]
Place = tuple[str, str, str | None, int | None]  # file, rule, column, line


@dataclass(frozen=True)
class Plant:
    """A fault: the rule, the column it must be found at, which rows can carry it, and what is typed there.

    `also` are the places that the same fault is rightly found at too. `among`, instead of `cells`, changes all rows of
    the person: given them and the position of the chosen one, it gives the new rows and the position of the finding.
    """

    rule: str
    column: str
    where: pl.Expr = pl.lit(value=True)  # noqa: RUF009 -- an expression is never changed
    cells: Cells | None = None
    also: tuple[tuple[str, str], ...] = ()
    among: Callable[[list[Row], int], tuple[list[Row], int]] | None = None


class Planted(NamedTuple):
    """A fault in its place: every one of `places` must be found."""

    rule: str
    places: frozenset[Place]


class Outcome(NamedTuple):
    """What became of the planted faults: planted and found by rule, and the findings nobody planted."""

    planted: Counter[str]
    found: Counter[str]
    unplanted: list[Place]


def col(name: str) -> pl.Expr:
    """Give a column as text."""
    return pl.col(name)


def num(name: str) -> pl.Expr:
    """Give a column as numbers; null where there is none."""
    return pl.col(name).cast(pl.Float64, strict=False)


def text(number: pl.Expr) -> pl.Expr:
    """Give a number as it is typed."""
    return number.cast(pl.String)


def after_the_row_before(rows: list[Row], at: int) -> tuple[list[Row], int]:
    """Give the second person of two the first one's token."""
    return [rows[0], rows[1] | {"participant_id": rows[0]["participant_id"]}], at


def only(nights: int) -> Callable[[list[Row], int], tuple[list[Row], int]]:
    """Keep a person's first nights; the finding is at the first."""
    return lambda rows, _: (rows[:nights], 0)


def copied(rows: list[Row], _: int) -> tuple[list[Row], int]:
    """Type the first night's answers into the next three; the finding is at the fourth."""
    own = ("participant_id", "night_index", "evening_on_time", "morning_lag_h")
    return [rows[0] | {name: row[name] for name in own} for row in rows[:4]] + rows[4:], 3


def abandoned() -> Cells:
    """Leave everything blank after the fourteenth question."""
    return dict.fromkeys(list(columns(Participants))[14:], "")


JERKS, BED, ASLEEP_FAST = num("jerk_count") > 0, num("bed_clock_h"), num("sol_min") + num("waso_min") < 60
NO_JERKS, YES, NEVER = col("jerk_count") == "0", col("jerk_ever") == "yes", col("jerk_ever") == "no"
DETAILS = ("jerk_location", "jerk_sensation", "jerk_timing")
JERK: Cells = {
    "jerk_count": "1", "jerk_reporter": "self", "jerk_intensity_0_4": "2", "jerk_location": "leg",
    "jerk_sensation": "none", "jerk_timing": "drifting_off",
}  # fmt: skip
NO_COUNT: Cells = {"jerk_count": "-8", "jerk_reporter": "-8", "jerk_intensity_0_4": "-8"} | dict.fromkeys(DETAILS, "")
FOLLOW_UP = {
    "jerk_locations_usual": "leg", "jerk_sensations_usual": "falling", "jerk_distress_0_10": "3",
    "jerk_sleep_impact": "wakes_me", "strategies_tried": "none",
}  # fmt: skip

PEOPLE = [
    Plant("P01", "participant_id", among=after_the_row_before),
    Plant("P01", "consent_open_data", cells={"consent_open_data": "false"}),
    Plant("P02", "jerk_freq_12mo", NEVER, {"jerk_freq_12mo": "weekly"}),
    Plant("P02", "jerk_nights_30d", NEVER, {"jerk_nights_30d": "5"}),
    Plant("P02", "strategies_helped", NEVER, {"strategies_helped": "magnesium"}),
    *[Plant("P02", name, NEVER, {name: word}) for name, word in FOLLOW_UP.items()],
    Plant("P02", "jerk_ever", YES & (num("jerk_nights_30d") > 0), {"jerk_ever": "no"}),
    *[Plant("required", name, YES, {name: ""}) for name in FOLLOW_UP],
    Plant("required", "strategies_helped", ~col("strategies_tried").str.contains("none|refused|-7"),
          {"strategies_helped": ""}),
    Plant("P03", "jerk_freq_12mo", num("jerk_nights_30d") > 0, {"jerk_freq_12mo": "never"}),
    Plant("P03", "jerk_ever", (num("jerk_nights_30d") > 0) & (col("jerk_freq_12mo") != "never"),
          {"jerk_ever": "unsure"}),
    Plant("P03", "jerk_nights_30d", col("jerk_freq_12mo") == "never", {"jerk_nights_30d": "5", "jerk_ever": "unsure"}),
    Plant("P04", "jerk_nights_30d", col("jerk_freq_12mo") == "few_a_year", {"jerk_nights_30d": "9"}),
    Plant("P05", "strategies_helped",
          ~col("strategies_tried").str.contains("reassurance|none|refused") & col("strategies_helped").is_not_null(),
          {"strategies_helped": "reassurance"}),
    Plant("P07", "audit_c_q2", col("audit_c_q1") == "0", {"audit_c_q2": "2"}),
    Plant("P07", "audit_c_q3", col("audit_c_q1") == "0", {"audit_c_q3": "1"}),
    Plant("P07", "audit_c_q1", (num("audit_c_q2") > 0) & (num("audit_c_q3") > 0), {"audit_c_q1": "0"}),
    Plant("P08", "movement_states", col("bed_partner") == "never", {"movement_states": "asleep_told_by_other"}),
    Plant("P09", "med_change_30d", col("med_classes") == "none", {"med_change_30d": "started"}),
    Plant("P10", "caffeine_usual_mg", cells={"caffeine_usual_mg": "1500"}),
    Plant("P10", "rls_features", cells={"rls_features": "none", "dx_conditions": "rls"}),
    Plant("P11", "attention_ok", cells={"attention_ok": "false"}),
    Plant("P11", "participant_id", cells=abandoned()),
    Plant("range", "caffeine_after_14_usual_mg", num("caffeine_usual_mg").is_between(0, 900),
          {"caffeine_after_14_usual_mg": text(num("caffeine_usual_mg") + 50)}),
]  # fmt: skip
NIGHTS = [
    Plant("N01", "night_index", num("night_index") == 2, {"night_index": "1"}),
    Plant("N01", "participant_id", cells={"participant_id": "p_" + 16 * "z"}, also=(("N20", "participant_id"),)),
    Plant("N02", "caffeine_after_14_mg", num("caffeine_after_14_mg") > 0,
          {"caffeine_after_14_mg": text(num("caffeine_mg") + 50)}),
    Plant("N03", "caffeine_last_clock_h", num("caffeine_mg") > 0, {"caffeine_last_clock_h": "-7"}),
    Plant("N03", "caffeine_last_clock_h", col("caffeine_mg") == "0", {"caffeine_last_clock_h": "12"}),
    Plant("N04", "caffeine_last_clock_h", num("caffeine_after_14_mg") > 0, {"caffeine_last_clock_h": "12.5"}),
    Plant("N05", "caffeine_last_clock_h", num("caffeine_after_14_mg") > 0, {"caffeine_last_clock_h": text(BED + 1)}),
    Plant("N06", "exercise_intensity", num("exercise_min") > 0, {"exercise_intensity": "none"}),
    Plant("N06", "exercise_type", num("exercise_min") > 0, {"exercise_type": "none"}),
    Plant("N06", "exercise_end_clock_h", num("exercise_min") > 0, {"exercise_end_clock_h": "-7"}),
    Plant("N06", "exercise_end_clock_h", col("exercise_min") == "0", {"exercise_end_clock_h": "18"}),
    Plant("N06", "exercise_min", col("exercise_min") == "0", {"exercise_min": "30"}),
    Plant("N07", "exercise_end_clock_h", num("exercise_min") > 0, {"exercise_end_clock_h": text(BED + 1)}),
    Plant("N08", "wake_clock_h", BED.is_between(24.25, 25), {"wake_clock_h": text(BED - 0.5)}),
    Plant("N09", "wake_clock_h", (BED <= 23.5) & ASLEEP_FAST, {"wake_clock_h": text(BED + 17.5)}),
    Plant("N09", "wake_clock_h", (BED <= 23.5) & ASLEEP_FAST, {"wake_clock_h": text(BED + 15)}),
    Plant("N10", "waso_min", col("awakenings_n") == "0", {"waso_min": "20"}),
    *[Plant("N11", name, JERKS, {name: ""}) for name in DETAILS],
    Plant("N11", "jerk_intensity_0_4", JERKS, {"jerk_intensity_0_4": "0"}),
    Plant("N11", "jerk_reporter", JERKS, {"jerk_reporter": "none"}),
    Plant("N11", "jerk_count", NO_JERKS & (col("jerk_ever") != "no"), {"jerk_count": "2"}),
    *[Plant("N12", name, NO_JERKS, {name: JERK[name]}) for name in (*DETAILS, "jerk_intensity_0_4", "jerk_reporter")],
    Plant("N12", "jerk_count", JERKS, {"jerk_count": "0"}),
    *[Plant("N13", name, cells=NO_COUNT | {name: JERK[name]}) for name in JERK if name != "jerk_count"],
    Plant("N13", "jerk_count", JERKS, {"jerk_count": "-8"}),
    Plant("N14", "jerk_reporter", JERKS & (col("bed_partner") == "never"), {"jerk_reporter": "other_person"}),
    Plant("N14", "jerk_timing", JERKS & (col("jerk_reporter") == "self"), {"jerk_timing": "during_sleep"}),
    Plant("N14", "jerk_count", NO_JERKS & NEVER, JERK),
    Plant("N15", "evening_on_time", cells={"evening_on_time": "false"}),
    Plant("N15", "morning_lag_h", cells={"morning_lag_h": "30"}),
    Plant("N16", "nicotine_evening_n", col("nicotine_use") == "none", {"nicotine_evening_n": "3"}),
    Plant("required", "nicotine_evening_n", col("nicotine_use").is_in(["smoked", "vaped"]),
          {"nicotine_evening_n": ""}),
    Plant("N17", "alcohol_g", cells={"alcohol_g": "200"}),
    Plant("N17", "exercise_type", num("exercise_min") > 0,
          {"exercise_type": "stretching_or_yoga", "exercise_intensity": "vigorous"}),
    Plant("N17", "sol_min", (num("wake_clock_h") - BED > 7) & (num("waso_min") < 30), {"sol_min": "200"}),
    Plant("afternoon", "caffeine_last_clock_h",
          (num("caffeine_mg") > 0) & (num("caffeine_after_14_mg") == 0) & (col("shift_pattern") != "night"),
          {"caffeine_last_clock_h": "3"}),
    Plant("afternoon", "exercise_end_clock_h", (num("exercise_min") > 0) & (col("shift_pattern") != "night"),
          {"exercise_end_clock_h": "4"}),
    Plant("N18", "participant_id", among=copied),
    Plant("N19", "wake_clock_h", BED.is_between(22.5, 23.5) & num("wake_clock_h").is_between(30, 32),
          {"wake_clock_h": text(num("wake_clock_h") - 12)}, also=(("N08", "wake_clock_h"),)),
    Plant("N19", "wake_clock_h", ASLEEP_FAST & (BED < 24.5), {"bed_clock_h": "24.5", "wake_clock_h": "42"},
          also=(("N09", "wake_clock_h"),)),
    Plant("N19", "bed_clock_h", cells={"bed_clock_h": "36", "wake_clock_h": "36.25", "sol_min": "30"},
          also=(("N08", "wake_clock_h"),)),
    Plant("N20", "participant_id", among=only(4)),
    Plant("N20", "participant_id", among=only(7)),
    Plant("N19", "bed_clock_h", (col("shift_pattern") != "night") & ASLEEP_FAST,
          {"bed_clock_h": "12.5", "wake_clock_h": "19"}),
]  # fmt: skip


def cell_faults(column: Column) -> Iterator[Plant]:
    """Yield every fault that one column's facts let a cell have."""
    name = column.name
    if column.kind in {"integer", "number"}:
        yield Plant("type", name, cells={name: "lots"})
    if column.words:
        yield Plant("level", name, cells={name: "lots"})
    if column.required and column.routing is None:
        yield Plant("required", name, cells={name: ""})
    if column.low is not None and column.high is not None:
        step = column.step or 1
        for number in (column.low - step, column.high + step):
            yield Plant(column.range_rule, name, cells={name: f"{number:g}"})
    if column.step:
        yield Plant("step", name, cells={name: f"{(column.low or 0) + column.step * 0.4:g}"})
    if column.pattern:
        yield Plant("pattern", name, cells={name: "p_1"})
    if column.kind == "tokens":
        free = sorted(word for word in column.options if word not in {"none", *column.missing_words, "undisclosed"})
        yield Plant("P06", name, cells={name: "|".join(reversed(free[:2]))})


PLANTS = {
    table: [fault for column in columns(model).values() for fault in cell_faults(column)] + of_rows
    for (table, model), of_rows in zip(TABLES.items(), (PEOPLE, NIGHTS), strict=True)
}


def demo(table: str) -> pl.DataFrame:
    """Read a table of the demo as text, with what its rows need to be chosen by."""
    frame = pl.read_csv(data_folder() / "demo" / f"{table}.csv", infer_schema=False)
    if table == "participants":
        return frame
    answered = (num("jerk_count") >= 0).sum().over("participant_id")
    habits = demo("participants").select("participant_id", *HABITS)
    return frame.with_columns(answered=answered).join(habits, on="participant_id", maintain_order="left")


def spare(table: str) -> pl.Expr:
    """Tell which rows may carry a fault: of people without a diary, and of diaries with nights to lose."""
    if table == "nights":
        return pl.col("answered") >= 12
    return ~pl.col("participant_id").is_in(demo("nights")["participant_id"].unique().to_list())


def plant(table: str, faults: list[Plant], path: Path, rng: random.Random) -> tuple[list[Planted], list[Plant]]:
    """Write a copy of a table with `faults`; give what must be found, and the faults that found no place."""
    frame = demo(table)
    names = list(columns(TABLES[table]))
    people = [rows.select(names).rows(named=True) for (_,), rows in
              frame.group_by("participant_id", maintain_order=True)]  # fmt: skip
    places = [(person, night) for person, rows in enumerate(people) for night in range(len(rows))]
    free = frame.select(spare(table)).to_series().to_list()
    left: list[Plant] = []
    used: set[int] = set()
    at: list[tuple[Plant, int, int]] = []
    chosen = _choices(frame, faults)
    for fault in faults:
        rows = [places[row] for row in chosen[id(fault)] if free[row] and places[row][0] not in used]
        pair = fault.among is after_the_row_before
        rows = [(p, n) for p, n in rows if not pair or (p and p - 1 not in used and free[p - 1])]
        if not rows:
            left.append(fault)
            continue
        person, night = rng.choice(rows)
        used |= {person, person - 1} if pair else {person}
        at.append((fault, person, _type(fault, people, person, night)))
    starts = [2]
    for rows in people:
        starts.append(starts[-1] + len(rows))
    pl.DataFrame([row for rows in people for row in rows], schema=dict.fromkeys(names, pl.String)).write_csv(path)
    return [_planted(fault, path.name, starts[person] + night) for fault, person, night in at], left


def _choices(frame: pl.DataFrame, faults: Iterable[Plant]) -> dict[int, list[int]]:
    kinds = {id(fault): fault.where for fault in faults}
    return {
        key: frame.select((where & pl.lit(value=True)).fill_null(value=False).arg_true()).to_series().to_list()
        if where.meta.root_names()
        else list(range(frame.height))
        for key, where in kinds.items()
    }


def _type(fault: Plant, people: list[list[Row]], person: int, night: int) -> int:
    """Type a fault into the rows of a person; give the row that it must be found in."""
    rows = people[person]
    if fault.among is after_the_row_before:
        _, people[person][0] = fault.among([people[person - 1][0], rows[0]], 0)[0]
        return 0
    if fault.among:
        people[person], night = fault.among(rows, night)
        return night
    row = pl.DataFrame([rows[night]], schema=dict.fromkeys(rows[night], pl.String))
    typed = row.select(pl.lit(v).alias(k) if isinstance(v, str) else v.alias(k) for k, v in (fault.cells or {}).items())
    people[person][night] = rows[night] | typed.row(0, named=True)
    return night


def _planted(fault: Plant, file: str, line: int) -> Planted:
    pairs = ((fault.rule, fault.column), *fault.also)
    return Planted(fault.rule, frozenset((file, rule, column, line) for rule, column in pairs))


def headers(folder: Path) -> Iterator[tuple[Path, Planted]]:
    """Write files with one faulty header each, and one without any; give each with what must be found."""
    for table, model in TABLES.items():
        frame = demo(table).select(list(columns(model)))
        frame = frame.filter(
            pl.col("participant_id").is_in(frame["participant_id"].unique(maintain_order=True)[:10].to_list())
        )
        extended = [name for name, column in columns(model).items() if column.tier == "extended"]
        faulty: list[tuple[str, str | None, pl.DataFrame | None]] = [
            ("column_missing", name, frame.drop(name)) for name in frame.columns if name not in extended
        ]
        faulty += [("column_unknown", None, frame.rename({name: "coffee"})) for name in extended[:2]]
        faulty += [("column_repeated", "participant_id", frame.rename({name: "again"})) for name in extended[:2]]
        faulty.append(("file", None, None))
        for number, (rule, column, sample) in enumerate(faulty):
            path = folder / f"{table}-{number}.csv"
            content = "" if sample is None else sample.write_csv()
            path.write_text(content.replace("again", "participant_id", 1), "utf-8")
            line = None if sample is None else 1
            yield path, Planted(rule, frozenset({(path.name, rule, column, line)}))


def findings(*paths: Path) -> list[Place]:
    """Check files; a file that cannot be read at all is one finding of the rule `file`."""
    try:
        found = hypnic.check(*paths)
    except HypnicError as error:
        return [(str(error).partition(":")[0].partition(",")[0], "file", None, None)]
    return found.select("file", "rule", "column", "line").rows()


def score(planted: Iterable[Planted], found: list[Place]) -> Outcome:
    """Count what was planted and found by rule; twice the same finding is one that was not planted."""
    planted = list(planted)
    expected = frozenset().union(*(fault.places for fault in planted))
    seen = Counter(found)
    return Outcome(
        Counter(fault.rule for fault in planted),
        Counter(fault.rule for fault in planted if fault.places <= seen.keys()),
        [place for place, times in seen.items() for _ in range(times - (place in expected))],
    )


def run(folder: Path, faults: int, seed: int) -> Outcome:
    """Plant `faults` in copies of the demo below `folder` and check them."""
    rng = random.Random(seed)  # noqa: S311 -- it chooses rows
    outcomes = [score([fault], findings(path)) for path, fault in headers(folder)][:faults]
    wanted = faults - len(outcomes)
    kinds = [(table, fault) for table, several in PLANTS.items() for fault in several]
    rng.shuffle(kinds)
    queue = [kinds[number % len(kinds)] for number in range(wanted)]
    copy = 0
    while queue:
        copy += 1
        place = folder / f"copy-{copy}"
        place.mkdir()
        planted: list[Planted] = []
        rest: list[tuple[str, Plant]] = []
        batch, queue = queue[:250], queue[250:]
        for table in TABLES:
            done, left = plant(table, [fault for of, fault in batch if of == table], place / f"{table}.csv", rng)
            planted += done
            rest += [(table, fault) for fault in left]
        if not planted:
            message = f"no row of the demo can carry {rest[0][1].rule} at {rest[0][1].column}"
            raise RuntimeError(message)
        queue += rest
        outcomes.append(score(planted, findings(place / "participants.csv", place / "nights.csv")))
    return Outcome(
        sum((o.planted for o in outcomes), Counter()),
        sum((o.found for o in outcomes), Counter()),
        [place for o in outcomes for place in o.unplanted],
    )


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        planted, found, unplanted = run(Path(folder), FAULTS, SEED)
    wrong = Counter(rule for _, rule, _, _ in unplanted)
    print(f"{'rule':<16}{'planted':>8}{'found':>8}{'not planted':>13}")
    for rule in sorted(planted | wrong):
        print(f"{rule:<16}{planted[rule]:>8}{found[rule]:>8}{wrong[rule]:>13}")
    share = found.total() / planted.total()
    print(f"{planted.total()} planted, seed {SEED}: {share:.1%} found in their place (want 100 %)")
    for place in unplanted:
        print(f"  not planted: {place}")
    print(f"{len(unplanted)} findings that were not planted (want 0)")


if __name__ == "__main__":
    main()
