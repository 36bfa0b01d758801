"""Every format is read back by what people read it with, and says what the Parquet says."""

from __future__ import annotations

import json
from io import StringIO

import duckdb
import fastexcel
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from hypnic.datasets.release.statistical import prepared
from hypnic.datasets.release.text import flat
from hypnic.schemas.publish.labels import LETTERS, MISSING, level_labels

TABLES = ("participants", "nights", "missingness", "participant_choices", "flags")
ENTERED = ("participants", "nights")


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Give text and numbers alone: levels as text, several words joined by |."""
    return flat(frame).with_columns(pl.selectors.enum().cast(pl.String))


@pytest.mark.parametrize("table", TABLES)
def test_parquet_gives_polars_the_very_frame(table: str, file, contents) -> None:
    again = pl.read_parquet(file(table, "parquet"))
    assert again.schema == contents.tables[table].schema
    assert again.equals(contents.tables[table])


@pytest.mark.parametrize("table", TABLES)
def test_arrow_is_told_of_an_order_only_where_the_scale_has_one(table: str, file, contents) -> None:
    schema = pq.read_schema(file(table, "parquet"))
    for column in contents.described[table].columns:
        dtype = schema.field(column.name).type
        dtype = dtype.value_type if pa.types.is_large_list(dtype) else dtype
        if pa.types.is_dictionary(dtype):
            assert dtype.ordered == column.ordered, column.name


def test_the_metadata_of_a_field_has_title_question_unit_and_labels(file) -> None:
    schema = pq.read_schema(file("nights", "parquet"))
    said = {key.decode(): text.decode() for key, text in schema.field("jerk_intensity_0_4").metadata.items()}
    assert said["title"] == "Strongest jerk"
    assert said["question"].startswith("How strong was the strongest one?")
    assert json.loads(said["labels"])["1"] == "felt only"
    assert schema.field("alcohol_g").metadata[b"unit"] == b"g ethanol"
    assert schema.metadata[b"version"] == b"1.0.0"
    assert schema.metadata[b"synthetic"] == b"true"


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_and_pandas_read_the_parquet(table: str, file, contents) -> None:
    path = file(table, "parquet")
    frame = contents.tables[table]
    with duckdb.connect() as connection:
        counted = connection.execute(f"SELECT count(*), count(DISTINCT participant_id) FROM '{path}'").fetchone()  # noqa: S608
    assert counted == (frame.height, frame["participant_id"].n_unique())
    assert pd.read_parquet(path).shape == frame.shape


@pytest.mark.parametrize("table", TABLES)
def test_csv_says_what_the_parquet_says(table: str, file, contents) -> None:
    frame = plain(contents.tables[table])
    assert pl.read_csv(file(table, "csv"), schema=frame.schema).equals(frame)


@pytest.mark.parametrize("reader", ["pandas", "duckdb", "polars"])
def test_namibia_and_a_region_survive_readers_that_are_told_nothing(reader: str, file) -> None:
    path = file("participants", "csv")
    match reader:
        case "pandas":
            found = pd.read_csv(path)["country_code"].to_list()
        case "duckdb":
            with duckdb.connect() as connection:
                found = [row[0] for row in connection.execute(f"SELECT country_code FROM '{path}'").fetchall()]  # noqa: S608
        case _:
            found = pl.read_csv(path)["country_code"].to_list()
    assert sorted(set(found)) == ["M49-155", "NAM"]
    assert found.count("NAM") == 1


@pytest.mark.parametrize("table", TABLES)
def test_excel_says_what_the_parquet_says(table: str, release, contents) -> None:
    frame = plain(contents.tables[table])
    book = fastexcel.read_excel(release / "data" / "study-demoSYNTHETIC.xlsx")
    sheet = book.load_sheet(table, dtypes=dict.fromkeys(frame.columns, "string")).to_polars()
    text = pl.read_csv(StringIO(frame.write_csv()), infer_schema=False)
    floats = [name for name, dtype in frame.schema.items() if dtype == pl.Float64]
    same = [pl.col(name).cast(pl.Float64).cast(pl.String) for name in floats]
    flags = [pl.col(name).str.to_lowercase() for name, dtype in frame.schema.items() if dtype == pl.Boolean]
    assert sheet.with_columns(same).with_columns(flags).equals(text.with_columns(same))


def test_the_first_sheet_says_what_each_column_holds(release) -> None:
    sheet = fastexcel.read_excel(release / "data" / "study-demoSYNTHETIC.xlsx").load_sheet("columns").to_polars()
    row = sheet.filter(table="nights", column="sol_min").row(0, named=True)
    assert (row["title"], row["unit"]) == ("Time to fall asleep", "min")


@pytest.mark.parametrize("table", TABLES)
def test_spss_has_the_answers_the_labels_and_why_an_answer_is_missing(table: str, file, contents) -> None:
    found, meta = pyreadstat.read_sav(file(table, "sav"), user_missing=True, output_format="polars")
    for column in prepared(contents, table):
        name = column.facts.name
        expected = column.cells.to_list()
        got = [None if cell == "" else cell for cell in found[name].to_list()]
        assert got == expected, name
        labels = {**column.labels, **{code: MISSING[code] for code in column.codes}}
        assert meta.variable_value_labels.get(name, {}) == labels
        assert meta.missing_ranges.get(name) == ([{"lo": -9, "hi": -6}] if column.codes else None)
        assert column.facts.title in meta.column_names_to_labels[name]


@pytest.mark.parametrize("table", ENTERED)
def test_spss_leaves_out_what_is_missing_as_the_parquet_does(table: str, file, contents) -> None:
    found, _ = pyreadstat.read_sav(file(table, "sav"), output_format="polars")
    for name, series in contents.tables[table].to_dict().items():
        if series.dtype.is_numeric():
            assert found[name].cast(pl.Float64).to_list() == series.cast(pl.Float64).to_list(), name


@pytest.mark.parametrize("table", TABLES)
def test_stata_has_the_answers_the_labels_and_letters_for_what_is_missing(table: str, file, contents) -> None:
    found, meta = pyreadstat.read_dta(file(table, "dta"), user_missing=True, output_format="polars")
    for column in prepared(contents, table):
        name = column.facts.name
        expected = [LETTERS.get(cell, cell) if column.codes else cell for cell in column.cells.to_list()]
        got = [None if cell == "" else cell for cell in found[name].to_list()]
        assert got == expected, name
        labels = {**column.labels, **{LETTERS[code]: MISSING[code] for code in column.codes}}
        assert meta.variable_value_labels.get(name, {}) == labels


def test_pandas_reads_the_stata_file_with_its_levels(file, contents) -> None:
    found = pd.read_stata(file("nights", "dta"), convert_missing=False)["unusual_night"]
    labels = {word: label for column in contents.described["nights"].columns if column.name == "unusual_night"
              for word, label in level_labels(column).items()}  # fmt: skip
    expected = [labels.get(word) for word in contents.tables["nights"]["unusual_night"].to_list()]
    assert [None if pd.isna(cell) else cell for cell in found] == expected


def test_every_reason_that_a_table_may_have_has_a_code() -> None:
    from hypnic.datasets.release.contents import REASONS
    from hypnic.schemas.column import REASONS as TYPED

    assert {*TYPED.values(), "unknown", "undisclosed"} == set(REASONS)
