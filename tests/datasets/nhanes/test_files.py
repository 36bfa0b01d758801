"""NHANES tables as files, on tiny synthetic ones."""

import contextlib
import lzma
from pathlib import Path

import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from hypnic.datasets.nhanes import files as nhanes_files
from hypnic.datasets.nhanes.files import read_table
from hypnic.datasets.nhanes.persons import load_persons
from hypnic.errors import HypnicError

SYNTHETIC = pl.DataFrame(
    {"SEQN": [1.0, 2.0, 3.0, 4.0], "SYNA": [0.0, 7.0, None, 100000.0], "SYNTEXT": ["a1", None, "b2", "a1"]}
)
CSV = b'"SEQN","SYNA","SYNTEXT"\n1,0,"a1"\n2,7,""\n3,NA,"b2"\n4,1e+05,"a1"\n'


def write_xpt(path: Path, frame: pl.DataFrame = SYNTHETIC) -> Path:
    pyreadstat.write_xport(frame.with_columns(pl.col(pl.String).fill_null("")), path, table_name="SYN")
    return path


@pytest.fixture(autouse=True)
def no_folder_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(nhanes_files.FOLDER_VARIABLE, raising=False)


@pytest.mark.parametrize("name", ["SYN_D.xpt", "SYN_D.XPT", "syn_d.Xpt", "SYN_D.csv", "SYN_D.csv.xz", "SYN_D.CSV.XZ"])
def test_every_kind_of_file_reads_alike(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.lower().endswith(".xpt"):
        write_xpt(path)
    else:
        path.write_bytes(lzma.compress(CSV) if name.lower().endswith(".xz") else CSV)
    assert_frame_equal(read_table("SYN_D", source=tmp_path), SYNTHETIC)


@pytest.mark.parametrize("name", ["SYN_D.xpt", "SYN_D.csv"])
def test_only_the_columns_asked_for_are_read_in_that_order(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_xpt(path) if name.endswith("xpt") else path.write_bytes(CSV)
    assert_frame_equal(read_table("SYN_D", ["SYNTEXT", "SEQN"], tmp_path), SYNTHETIC.select("SYNTEXT", "SEQN"))


def test_the_folder_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "SYN_D.csv").write_bytes(CSV)
    monkeypatch.setenv(nhanes_files.FOLDER_VARIABLE, str(tmp_path))
    assert read_table("SYN_D").height == SYNTHETIC.height


def test_a_zero_in_an_xpt_stays_a_zero(tmp_path: Path) -> None:
    write_xpt(tmp_path / "SYN_D.xpt")
    assert read_table("SYN_D", ["SYNA"], tmp_path).item(0, 0) == 0.0


def test_a_column_without_any_value_is_numeric_in_both_kinds(tmp_path: Path) -> None:
    write_xpt(
        tmp_path / "SYN_D.xpt",
        pl.DataFrame({"SEQN": [1.0], "SYNA": [None]}, schema_overrides={"SYNA": pl.Float64}),
    )
    (tmp_path / "SYN_E.csv").write_bytes(b"SEQN,SYNA\n1,NA\n")
    assert_frame_equal(read_table("SYN_D", source=tmp_path), read_table("SYN_E", source=tmp_path))


def test_a_missing_folder_is_named_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(HypnicError, match=r"nowhere is not a folder: give one .* --from"):
        read_table("SLQ_D", source=tmp_path / "nowhere")


def test_a_missing_table_is_named_with_its_address(tmp_path: Path) -> None:
    with pytest.raises(HypnicError, match=r"has no SLQ_D.*get it from https://.*/2005/DataFiles/SLQ_D\.xpt"):
        read_table("SLQ_D", source=tmp_path)


def test_a_wrong_folder_is_told_all_the_tables_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "SLQ_D.csv").write_bytes(CSV)
    with pytest.raises(
        HypnicError, match=r"has no DEMO_D, DPQ_D, .*, SLQ_E, .*, RXQ_DRUG \(.*get each from .* and so on"
    ) as told:
        load_persons(tmp_path)
    assert "SLQ_D," not in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["SYN_D.xpt", "SYN_D.csv"])
def test_a_missing_column_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    write_xpt(path) if name.endswith("xpt") else path.write_bytes(CSV)
    with pytest.raises(HypnicError, match=r"SYN_D\.\w+ has no column SLQ150"):
        read_table("SYN_D", ["SEQN", "SLQ150"], tmp_path)


def test_only_a_cut_that_fits_both_card_and_record_needs_the_published_count(tmp_path: Path) -> None:
    rows = pl.DataFrame({"SEQN": [float(i) for i in range(20)], "SYNA": [1.5] * 20, "SYNB": [2.5] * 20})
    path = write_xpt(tmp_path / "SYN_D.xpt", rows)  # 20 records of 24 bytes fill 6 cards of 80 bytes exactly
    content = path.read_bytes()
    unnoticed = []
    for lost in range(1, 480):
        path.write_bytes(content[:-lost])
        with contextlib.suppress(HypnicError):
            read_table("SYN_D", source=tmp_path)
            unnoticed.append(lost)
    assert unnoticed == [240]


def test_a_file_cut_between_records_fails_the_published_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(nhanes_files.RECORDS, "SYN_D", 4)
    (tmp_path / "SYN_D.csv").write_bytes(CSV[: CSV.index(b"4,1e+05")])
    with pytest.raises(HypnicError, match=r"SYN_D\.csv holds 3 records, CDC published 4"):
        read_table("SYN_D", source=tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("SYN_D.csv", CSV[:-9]),
        ("SYN_D.csv", b""),
        ("SYN_D.csv.xz", lzma.compress(CSV)[:-20]),
        ("SYN_D.csv.xz", b"not xz\n"),
        ("SYN_D.xpt", b"<html>page not found</html>"),
        ("SYN_D.xpt", b""),
    ],
    ids=["cut csv", "empty csv", "cut xz", "no xz", "web page", "empty xpt"],
)
def test_a_damaged_file_is_refused_in_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(HypnicError, match=r"SYN_D\.\S+ .*: delete it and get it again$") as caught:
        read_table("SYN_D", source=tmp_path)
    assert "\n" not in str(caught.value)


class Cdc:
    """Stands in for pooch's downloader: writes the given bytes, or fails as a dead network does."""

    content: bytes | None = None
    calls = 0

    def __init__(self, **_options: object) -> None:
        """Take what HTTPDownloader takes."""

    def __call__(self, _url: str, output: str, _pooch: object) -> None:
        Cdc.calls += 1
        if Cdc.content is None:
            raise ConnectionError
        Path(output).write_bytes(Cdc.content)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("pooch.HTTPDownloader", Cdc)
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / project)
    monkeypatch.setattr(Cdc, "calls", 0)
    return tmp_path / "hypnic" / "nhanes"


def test_without_a_folder_the_table_is_fetched_once_and_kept(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cdc, "content", write_xpt(tmp_path / "synthetic.xpt").read_bytes())
    assert_frame_equal(read_table("SYN_D"), SYNTHETIC)
    assert_frame_equal(read_table("SYN_D"), SYNTHETIC)
    assert Cdc.calls == 1
    assert (cache / "SYN_D.xpt").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [("SYN_D", None), ("SYN_D", b"<html>page not found</html>"), ("SLQ_D", b"HEADER RECORD, other bytes")],
    ids=["no network", "web page", "wrong checksum"],
)
def test_a_failed_download_says_how_to_go_on_and_keeps_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes | None
) -> None:
    monkeypatch.setattr(Cdc, "content", content)
    with pytest.raises(HypnicError, match=rf"could not get https://\S+{name}\.xpt .* pass --from DIR$"):
        read_table(name)
    assert not (cache / f"{name}.xpt").exists()
