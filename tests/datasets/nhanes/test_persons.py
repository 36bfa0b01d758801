"""The recodes of NHANES, on five synthetic persons whose answers are written out."""

from pathlib import Path

import polars as pl
import pytest

from hypnic.datasets.nhanes import files as nhanes_files
from hypnic.datasets.nhanes.persons import INGREDIENT_CODES, NOTICE, PRODUCT_CODES, leg_jerk_counts, load_persons
from hypnic.errors import HypnicError
from hypnic.schemas.cdc import SOURCES

BASE: dict[str, object] = {
    "RIAGENDR": 2,
    "RIDRETH1": 3,
    "RIDAGEYR": 40,
    "WTINT2YR": 1000,
    "WTMEC2YR": 1100,
    "SDMVSTRA": 44,
    "SDMVPSU": 1,
}
PHQ: dict[str, object] = {f"DPQ0{n}0": 1 for n in range(1, 10)}
# Synthetic persons: cycle, then CDC's variables; one that is absent here is "." there.
DRINKER = (
    "D",
    BASE | {"SEQN": 1, "SDDSRVYR": 4, "RIDAGEYR": 85, "DMDEDUC2": 4, "SLQ150": 2, "SLQ160": 4, "SLQ030": 3},
)
REFUSER = (
    "D",
    BASE | {"SEQN": 2, "SDDSRVYR": 4, "SLQ150": 7, "SLQ160": 9, "SLQ030": 9, "SLD010H": 77, "DMDEDUC2": 9},
)
CHILD = ("E", BASE | {"SEQN": 3, "SDDSRVYR": 5, "RIDAGEYR": 8})
ABSTAINER = ("E", BASE | {"SEQN": 4, "SDDSRVYR": 5, "SLQ150": 0})
WORKER = ("E", BASE | {"SEQN": 5, "SDDSRVYR": 5, "SLQ150": 4, "SLD010H": 5})
DRINKER[1].update(
    {
        "ALQ120Q": 2,
        "ALQ120U": 1,
        "ALQ130": 3,
        "ALQ140Q": 6,
        "ALQ140U": 3,
        "PAD200": 3,
        "SMQ020": 1,
        "SMQ040": 3,
        "SLD010H": 9,
    }
    | PHQ
    | {"DPQ030": 3, "HSQ480": 30, "WTDRD1": 1200, "WTDR2D": 1300}
    | {"DR1DAY": 1, "DR2DAY": 4}
    | {"DR1DRSTZ": 1, "DR1TCAFF": 200, "DR2DRSTZ": 1, "DR2TCAFF": 100, "DR1TMAGN": 300, "DR2TMAGN": 200}
)
REFUSER[1].update(
    {"ALQ120Q": 999, "PAD200": 9, "SMQ020": 7, "HSQ480": 99, "RXDUSE": 7}
    | PHQ
    | {"DPQ090": 9, "DR1DRSTZ": 1, "DR1TCAFF": 0, "DR2DRSTZ": 2, "DR2TCAFF": 500}
)
ABSTAINER[1].update({"ALQ110": 2, "PAQ605": 2, "PAQ650": 2, "SMQ020": 2, "RXDUSE": 2, "HSQ496": 12})
WORKER[1].update({"ALQ120Q": 0, "PAQ605": 1, "SMQ020": 1, "SMQ040": 2})
PERSONS: list[tuple[str, dict[str, object]]] = [DRINKER, REFUSER, CHILD, ABSTAINER, WORKER]

# Tables with several rows a person: (cycle, table) to rows.
MANY: dict[tuple[str, str], list[dict[str, object]]] = {
    ("D", "DR1IFF"): [
        {"SEQN": 1, "DR1_020": 8 * 3600, "DR1ICAFF": 120},
        {"SEQN": 1, "DR1_020": 14 * 3600, "DR1ICAFF": 50},
        {"SEQN": 1, "DR1_020": 20 * 3600, "DR1ICAFF": 30},
    ],
    ("D", "DR2IFF"): [{"SEQN": 1, "DR2_020": 14 * 3600 - 60, "DR2ICAFF": 100}],
    ("D", "RXQ_RX"): [
        {"SEQN": 1, "RXDUSE": 1, "RXDDRGID": "synthetic_combination"},
        {"SEQN": 1, "RXDUSE": 1, "RXDDRGID": ""},
        {"SEQN": 2, "RXDUSE": 7},
    ],
    ("E", "RXQ_RX"): [
        {"SEQN": 3, "RXDUSE": 2},
        {"SEQN": 4, "RXDUSE": 2},
        {"SEQN": 5, "RXDUSE": 1, "RXDDRGID": "synthetic_tablet"},
    ],
}
DRUGS: list[dict[str, object]] = [
    {"RXDDRGID": "synthetic_combination", "RXDICI2C": 208},  # a serotonin drug among the ingredients
    {"RXDDRGID": "synthetic_tablet", "RXDDCI1B": 58, "RXDICI1B": 71},  # caffeine in a headache tablet
]


def write_csv(path: Path, rows: list[dict[str, object]], columns: list[str]) -> None:
    lines = [",".join(columns), *(",".join(str(row.get(c, "NA")) for c in columns) for row in rows)]
    path.write_text("\n".join(lines) + "\n")


def write_folder(folder: Path) -> Path:
    """Write every table that is read, holding the synthetic persons alone."""
    for table in {item.table for item in SOURCES.values()}:
        for cycle in "DE":
            columns = [v for v, item in SOURCES.items() if item.table == table and cycle in item.cycles]
            one_each = [person for c, person in PERSONS if c == cycle]
            if table.endswith("IFF") or table == "RXQ_RX":
                one_each = []
            rows = MANY.get((cycle, table), one_each)
            write_csv(folder / f"{table}_{cycle}.csv", rows, ["SEQN", *columns])
    write_csv(folder / "RXQ_DRUG.csv", DRUGS, ["RXDDRGID", *PRODUCT_CODES, *INGREDIENT_CODES])
    return folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(nhanes_files, "RECORDS", {})
    return write_folder(tmp_path)


@pytest.fixture
def persons(folder: Path) -> pl.DataFrame:
    return load_persons(folder)


def values(persons: pl.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return persons.select(columns).rows()


def test_every_sample_person_has_one_row_asked_or_not(persons: pl.DataFrame) -> None:
    assert values(persons, "seqn", "cycle") == [
        (1, "2005-2006"),
        (2, "2005-2006"),
        (3, "2007-2008"),
        (4, "2007-2008"),
        (5, "2007-2008"),
    ]


def test_leg_jerks_become_an_answer_and_its_nights(persons: pl.DataFrame) -> None:
    assert values(persons, "leg_jerks", "leg_jerks_lo", "leg_jerks_hi") == [
        ("sometimes", 2, 4),
        (None, None, None),
        (None, None, None),
        ("never", 0, 0),
        ("almost_always", 16, 30),
    ]


def test_refused_and_unknown_are_null_everywhere(persons: pl.DataFrame) -> None:
    asked = [
        "leg_jerks",
        "leg_cramps",
        "snoring",
        "education",
        "smoking",
        "sleep_h",
        "sleep_loss_h",
        "distress",
    ]
    asked += ["alcohol_g_day", "poor_mental_days", "exercise", "ssri_snri"]
    assert values(persons, *asked)[1] == (None,) * len(asked)


def test_age_is_top_coded_alike_in_both_cycles(persons: pl.DataFrame) -> None:
    assert persons["age"].to_list() == [80, 40, 8, 40, 40]


def test_two_year_weights_are_halved_and_zero_outside_their_sample(persons: pl.DataFrame) -> None:
    weights = values(persons, "weight_interview", "weight_exam", "weight_diet1", "weight_diet2")
    assert weights[:2] == [(500, 550, 600, 650), (500, 550, 0, 0)]


def test_caffeine_is_the_mean_of_reliable_recalls_alone(persons: pl.DataFrame) -> None:
    assert persons["caffeine_mg"].to_list() == [150, 0, None, None, None]


def test_the_afternoon_starts_at_14_and_a_recall_without_food_counts_as_none(persons: pl.DataFrame) -> None:
    assert persons["caffeine_after_14_mg"].to_list() == [(80 + 0) / 2, 0, None, None, None]


def test_alcohol_is_drinking_days_times_drinks_and_zero_for_abstainers(persons: pl.DataFrame) -> None:
    assert persons["alcohol_g_day"].to_list() == [2 * 52 * 3 * 14 / 365, None, None, 0, 0]


def test_each_reliable_recall_keeps_its_amount_and_its_weekday(persons: pl.DataFrame) -> None:
    columns = ("caffeine_day1_mg", "caffeine_day2_mg", "recall_weekday1", "recall_weekday2")
    assert values(persons, *columns)[:2] == [(200, 100, 1, 4), (0, None, None, None)]


def test_who_drank_before_and_not_this_year_is_a_former_drinker(persons: pl.DataFrame) -> None:
    assert persons["drinking"].to_list() == ["current", None, None, "never", "former"]


def test_days_with_five_drinks_are_counted_by_the_month_and_none_without_a_drink(persons: pl.DataFrame) -> None:
    assert persons["binge_days_month"].to_list() == [0.5, None, None, 0, 0]


def test_distress_leaves_the_sleep_item_out(persons: pl.DataFrame) -> None:
    assert persons["distress"].to_list() == [8, None, None, None, None]


def test_anxious_days_exist_in_the_second_cycle_alone(persons: pl.DataFrame) -> None:
    assert persons["anxious_days"].to_list() == [None, None, None, 12, None]


def test_unable_to_exercise_is_no_and_vigorous_work_is_yes(persons: pl.DataFrame) -> None:
    assert persons["exercise"].to_list() == [False, None, None, False, True]


def test_smoking_needs_both_questions(persons: pl.DataFrame) -> None:
    assert persons["smoking"].to_list() == ["former", None, None, "never", "current"]


def test_sleep_loss_is_counted_against_seven_and_a_half_hours(persons: pl.DataFrame) -> None:
    assert persons["sleep_loss_h"].to_list() == [-1.5, None, None, None, 2.5]


def test_a_class_is_known_by_ingredient_and_unknown_with_an_unnamed_drug(persons: pl.DataFrame) -> None:
    assert persons["ssri_snri"].to_list() == [True, None, False, False, False]
    assert persons["dopaminergic"].to_list() == [None, None, False, False, False]
    assert persons["gabapentinoid"].to_list() == [None, None, False, False, False]


def test_caffeine_in_a_tablet_makes_no_stimulant(persons: pl.DataFrame) -> None:
    assert persons["stimulant"].to_list() == [None, None, False, False, False]


def test_counts_put_refused_and_unknown_in_one_row(folder: Path) -> None:
    assert leg_jerk_counts(folder).select("answer", "2005-2006", "2007-2008").rows() == [
        ("never", 0, 1),
        ("rarely", 0, 0),
        ("sometimes", 1, 0),
        ("often", 0, 0),
        ("almost_always", 0, 1),
        ("refused_or_unknown", 1, 1),
    ]


@pytest.mark.parametrize("bad", ["9,3,6,4", "25,3,2,4", "9,3,x,4"], ids=["unknown code", "out of range", "text"])
def test_a_value_outside_the_codebook_is_refused_in_one_line(folder: Path, bad: str) -> None:
    path = folder / "SLQ_D.csv"
    content = path.read_text()
    assert "1,9,3,2,4\n" in content  # SEQN, SLD010H, SLQ030, SLQ150, SLQ160 of the first person
    path.write_text(content.replace("1,9,3,2,4\n", f"1,{bad}\n"))
    with pytest.raises(HypnicError, match=r"^an NHANES table holds a value outside CDC's codebook"):
        load_persons(folder)


def test_a_person_twice_in_a_table_is_refused(folder: Path) -> None:
    path = folder / "SLQ_D.csv"
    path.write_text(path.read_text() + "1,9,3,2,4\n")
    with pytest.raises(HypnicError, match="or a person twice"):
        load_persons(folder)


def test_the_notice_says_what_the_agreement_asks() -> None:
    for words in ("statistical reporting and analysis only", "identity", "link", "CDC/NCHS", "Multum"):
        assert words in NOTICE
