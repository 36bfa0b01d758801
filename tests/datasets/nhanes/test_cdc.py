"""NHANES as CDC published it: needs its tables in the folder HYPNIC_NHANES, and the published counts next to them."""

import hashlib
import os
import re
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hypnic.datasets.nhanes.files import FOLDER_VARIABLE, RECORDS, SHA256, read_table
from hypnic.datasets.nhanes.persons import leg_jerk_counts, load_persons
from hypnic.schemas.cdc import CYCLES, SOURCES

pytestmark = pytest.mark.xdist_group("cdc")  # the persons are read once, in one process
OFF_AT_SOURCE = ["DSQ2_D", "WHQ_D"]
"""Tables of which the codebook's own counts are off by one to three."""


@pytest.fixture(scope="module")
def folder() -> Path:
    if not os.environ.get(FOLDER_VARIABLE):
        pytest.skip(f"{FOLDER_VARIABLE} does not name a folder of NHANES tables")
    return Path(os.environ[FOLDER_VARIABLE])


@pytest.fixture(scope="module")
def codebook(folder: Path) -> pl.DataFrame:
    """CDC's published counts: table, variable, code, label, count."""
    path = folder.parent / "expected" / "codebook_frequencies.csv"
    if not path.exists():
        pytest.skip("codebook_frequencies.csv is not next to the NHANES tables")
    return pl.read_csv(path, infer_schema=False).with_columns(
        pl.col("count").cast(pl.Int64), variable=pl.col("variable").str.to_uppercase()
    )


@pytest.fixture(scope="module")
def persons(folder: Path) -> pl.DataFrame:
    return load_persons(folder)


@pytest.mark.parametrize("name", sorted(SHA256))
def test_cdcs_xpt_and_the_csv_made_from_it_are_equal(name: str, folder: Path) -> None:
    originals = folder.parent / "xpt_original"
    if not originals.is_dir():
        pytest.skip("CDC's own XPT files are not next to the NHANES tables")
    xpt = read_table(name, source=originals)
    assert xpt.height == RECORDS[name]
    assert_frame_equal(xpt, read_table(name, source=folder), check_exact=True)
    assert hashlib.sha256((originals / f"{name}.XPT").read_bytes()).hexdigest() == SHA256[name]


def count(column: pl.Series, codes: list[str]) -> list[int]:
    """Count a column's values under each code of its codebook entry, in order.

    A code is one value, "." for missing, a range, or a description ("Generic drug name"); the last two take
    what no single value claims. The ends of a range are printed rounded.
    """
    keys = column.cast(pl.Float64, strict=False).cast(pl.String).fill_null(column.cast(pl.String))
    counts: dict[str | None, int] = dict(keys.value_counts().iter_rows())
    missing = counts.pop(None, 0)
    single = {code: str(float(code)) for code in codes if re.fullmatch(r"-?\d+(\.\d+)?", code)}
    rest = {key: n for key, n in counts.items() if key and key not in single.values()}

    def of(code: str) -> int:
        if code == ".":
            return missing
        if code in single:
            return counts.get(single[code], 0)
        if ends := re.fullmatch(r"(-?[\d.]+) to (-?[\d.]+)", code):
            low, high = (float(end) for end in ends.groups())
            slack = 1e-6 * max(abs(low), abs(high))
            return sum(n for key, n in rest.items() if low - slack <= float(key) <= high + slack)
        return sum(rest.values())

    return [of(code) for code in codes]


@pytest.mark.slow
def test_every_published_count_is_met(codebook: pl.DataFrame, folder: Path) -> None:
    # Two rows without a code or label (SMQ_E, brand and bar code) are blanks of the page, not statements.
    stated = codebook.filter(~pl.col("table").is_in(OFF_AT_SOURCE) & pl.col("code").is_not_null())
    compared, differing = 0, []
    for (name,), entries in stated.group_by(["table"], maintain_order=True):
        table = read_table(str(name), source=folder).rename(str.upper)
        for (variable,), rows in entries.group_by(["variable"], maintain_order=True):
            got = count(table[str(variable)], rows["code"].to_list())
            compared += len(got)
            differing += [
                (name, variable, code) for code, n, g in zip(rows["code"], rows["count"], got, strict=True) if n != g
            ]
    assert differing == []
    assert compared == 8361


def test_the_missing_codes_are_those_that_the_codebook_labels_so(codebook: pl.DataFrame) -> None:
    labelled = codebook.filter(pl.col("label").str.to_lowercase().is_in(["refused", "don't know"]))
    checked = 0
    for variable, item in SOURCES.items():
        for cycle in item.cycles:
            rows = codebook.filter(table=f"{item.table}_{cycle}", variable=variable)
            codes = labelled.filter(table=f"{item.table}_{cycle}", variable=variable)["code"].cast(pl.Int64)
            if not rows.is_empty():
                assert sorted(codes) == list(item.missing), variable
                checked += 1
    assert checked == 108


def test_the_record_counts_are_the_codebooks(codebook: pl.DataFrame) -> None:
    totals = codebook.filter(pl.col("count") > 0).group_by("table", "variable").agg(pl.col("count").sum())
    published = dict(totals.group_by("table").agg(pl.col("count").max()).iter_rows())
    known = {name: n for name, n in RECORDS.items() if name in published}
    assert len(known) == 24
    assert known == {name: published[name] for name in known}


def test_the_sample_is_whole_and_the_design_has_31_strata_of_two_psus(persons: pl.DataFrame) -> None:
    assert persons.height == RECORDS["DEMO_D"] + RECORDS["DEMO_E"]
    psus = persons.group_by("stratum").agg(pl.col("psu").n_unique())
    assert psus.height == 31
    assert psus["psu"].unique().to_list() == [2]


def test_leg_jerks_are_counted_as_published(folder: Path, persons: pl.DataFrame) -> None:
    assert leg_jerk_counts(folder).rows() == [
        ("never", 0, 0, 4867, 5100),
        ("rarely", 1, 1, 431, 482),
        ("sometimes", 2, 4, 487, 511),
        ("often", 5, 15, 192, 243),
        ("almost_always", 16, 30, 118, 191),
        ("refused_or_unknown", None, None, 44, 19),
    ]
    assert persons["leg_jerks"].count() == 12_622
    assert persons.filter(pl.col("leg_jerks").is_not_null())["age"].min() == 16


@pytest.mark.parametrize(("cycle", "mild", "severe"), [("D", 24.4, 5.8), ("E", 25.5, 6.1)])
def test_weighted_leg_cramps_agree_with_grandner_and_winkelman(
    persons: pl.DataFrame, cycle: str, mild: float, severe: float
) -> None:
    # Adults who answered, interview weight; mild is up to 4 times a month (PLoS ONE 2017, PMC5460850).
    adults = persons.filter(pl.col("leg_cramps").is_not_null(), pl.col("age") >= 20, cycle=CYCLES[cycle])
    weight = pl.col("weight_interview")
    is_mild = pl.col("leg_cramps").is_in(["rarely", "sometimes"])
    is_severe = pl.col("leg_cramps").is_in(["often", "almost_always"])
    share = [100 * weight.filter(which).sum() / weight.sum() for which in (is_mild, is_severe)]
    found = adults.select(mild=share[0], severe=share[1])
    assert found.with_columns(pl.all().round(1)).row(0) == (mild, severe)


@pytest.mark.parametrize("day", [1, 2])
@pytest.mark.parametrize("cycle", CYCLES)
def test_the_foods_of_a_reliable_recall_add_up_to_its_caffeine(folder: Path, cycle: str, day: int) -> None:
    foods = read_table(f"DR{day}IFF_{cycle}", ["SEQN", f"DR{day}ICAFF"], folder)
    totals = read_table(f"DR{day}TOT_{cycle}", ["SEQN", f"DR{day}DRSTZ", f"DR{day}TCAFF"], folder)
    reliable = totals.filter(pl.col(f"DR{day}DRSTZ") == 1)
    summed = reliable.join(foods.group_by("SEQN").agg(pl.all().sum()), on="SEQN", how="left")
    assert summed.height > 7000
    assert (summed[f"DR{day}ICAFF"].fill_null(0) == summed[f"DR{day}TCAFF"]).all()


def test_no_afternoon_holds_more_caffeine_than_its_day(persons: pl.DataFrame) -> None:
    assert persons["caffeine_after_14_mg"].null_count() == persons["caffeine_mg"].null_count()
    assert persons.select((pl.col("caffeine_after_14_mg") <= pl.col("caffeine_mg")).all()).item()


def test_diet_weights_are_for_those_with_a_recall(persons: pl.DataFrame) -> None:
    in_sample = persons.select((pl.col("weight_diet1", "weight_diet2") > 0).sum())
    assert in_sample.row(0) == (9349 + 9255, 8429 + 7838)
    assert persons.filter(pl.col("weight_diet1") == 0)["caffeine_mg"].count() == 0
    breastfed = persons.filter(pl.col("weight_diet1") > 0, pl.col("caffeine_mg").is_null())
    assert breastfed["age"].max() == 2


def test_the_pooled_interview_weights_add_up_to_one_average_year(persons: pl.DataFrame, folder: Path) -> None:
    years = [read_table(f"DEMO_{cycle}", ["WTINT2YR"], folder)["WTINT2YR"].sum() for cycle in "DE"]
    assert persons["weight_interview"].sum() == pytest.approx(sum(years) / 2, rel=1e-12)
    assert 290e6 < persons["weight_interview"].sum() < 300e6


@pytest.mark.parametrize("cycle", ["D", "E"])
def test_the_two_day_weight_is_that_of_two_reliable_recalls(cycle: str, folder: Path) -> None:
    first = read_table(f"DR1TOT_{cycle}", ["SEQN", "WTDR2D", "DR1DRSTZ"], folder)
    both = first.join(read_table(f"DR2TOT_{cycle}", ["SEQN", "DR2DRSTZ"], folder), on="SEQN")
    weaned = both.filter((pl.col("DR1DRSTZ") != 4) & (pl.col("DR2DRSTZ") != 4))  # 4: breast-fed
    assert weaned.height > 9500
    reliable = (weaned["DR1DRSTZ"] == 1) & (weaned["DR2DRSTZ"] == 1)
    assert ((weaned["WTDR2D"].fill_null(0) > 0) == reliable).all()


@pytest.mark.parametrize(("cycle", "day"), [("D", 1), ("D", 2), ("E", 1), ("E", 2)])
def test_the_caffeine_of_the_foods_adds_up_to_the_day(cycle: str, day: int, folder: Path) -> None:
    foods = read_table(f"DR{day}IFF_{cycle}", ["SEQN", f"DR{day}ICAFF"], folder).group_by("SEQN").agg(pl.all().sum())
    days = read_table(f"DR{day}TOT_{cycle}", ["SEQN", f"DR{day}TCAFF"], folder).drop_nulls().join(foods, on="SEQN")
    assert days.height > 5000
    assert (days[f"DR{day}TCAFF"] - days[f"DR{day}ICAFF"]).abs().max() < 0.5
