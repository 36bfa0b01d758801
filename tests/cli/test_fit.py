"""`hypnic fit` gives the primary ratio of a report, whatever engine takes the sums."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from hypnic.analysis import questions, study
from hypnic.analysis.scale.estimand import estimand_named, fit_estimand
from hypnic.analysis.studies.diary import diary_set
from hypnic.datasets.loading import data_folder, gather
from hypnic.errors import HypnicError


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("diary")
    tables = gather([data_folder() / "demo"], "nights", "participants", "flags")
    tables["nights"].write_parquet(place / "nights.parquet")
    tables["participants"].select("participant_id", "sleep_need_h").write_csv(place / "participants.csv")
    tables["flags"].write_parquet(place / "flags.parquet")
    return place


@pytest.mark.parametrize("few", [50_000, 100], ids=["rows", "persons"])
@pytest.mark.parametrize("exposure", ["caffeine", "exercise"])
def test_it_is_the_primary_ratio_of_the_report(folder: Path, exposure: str, few: int, monkeypatch) -> None:
    monkeypatch.setattr("hypnic.analysis.scale.routes._FEW", few)
    found = fit_estimand(folder, estimand_named(f"diary:{exposure}"))
    (asked,) = (one for one in questions(study("demo").sets[0]) if one.estimand.exposure == exposure)
    expected = asked.fit()
    assert found.info["route"] == ("rows" if few > 100 else "persons")
    names = ("estimate", "std_error", "conf_low", "conf_high", "df")
    for name in names:
        one, other = (made.contrast({exposure: 1})[name].item() for made in (found, expected))
        assert one == pytest.approx(other, rel=1e-8)
    assert (found.info["n_rows"], found.info["n_groups"]) == (expected.info["n_rows"], expected.info["n_groups"])


def test_the_command_says_ratio_route_and_rows(hypnic, folder: Path) -> None:
    ran = hypnic("fit", folder, "--estimand", "diary:caffeine")
    assert ran.returncode == 0
    assert "caffeine per 100 mg, within persons:\nrate ratio 1." in ran.stdout
    assert "nights of" in ran.stdout
    assert "route: rows, exact" in ran.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--estimand", "diary:tea"], "no estimand 'diary:tea': choose from diary:caffeine, diary:alcohol"),
        (["--estimand", "diary:stress", "--scheduler", "tcp://x:1"], "--scheduler is read by --engine dask alone"),
    ],
)
def test_what_cannot_be_done_is_one_plain_line(hypnic, folder: Path, words: list[str], said: str) -> None:
    ran = hypnic("fit", folder, *words)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_a_folder_without_nights_says_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(HypnicError, match=r"has no nights\.parquet, no nights\.csv and no folder nights"):
        fit_estimand(tmp_path, estimand_named("diary:stress"))


def test_answers_as_they_were_typed_are_refused_where_they_hold_codes(folder: Path, tmp_path: Path) -> None:
    clean = pl.read_parquet(folder / "nights.parquet")
    coded = clean.with_columns(stress_0_10=pl.when(pl.int_range(pl.len()) == 7).then(-8).otherwise("stress_0_10"))
    coded.write_parquet(tmp_path / "nights.parquet")
    (tmp_path / "participants.csv").write_bytes((folder / "participants.csv").read_bytes())
    with pytest.raises(HypnicError, match=r"stress_0_10 holds codes of missing answers .*hypnic load TABLE"):
        fit_estimand(tmp_path, estimand_named("diary:caffeine"))


def test_a_column_that_nobody_was_asked_or_that_is_always_the_same_is_not_adjusted_for(
    folder: Path, tmp_path: Path, hypnic
) -> None:
    lean = pl.read_parquet(folder / "nights.parquet").drop("next_day_free").with_columns(caffeine_mg=pl.lit(200.0))
    lean = lean.with_columns(caffeine_after_14_mg=pl.lit(100.0))
    lean.write_parquet(tmp_path / "nights.parquet")
    (tmp_path / "participants.csv").write_bytes((folder / "participants.csv").read_bytes())
    ran = hypnic("fit", tmp_path, "--estimand", "diary:alcohol")
    assert ran.returncode == 0
    assert "not adjusted for " in ran.stdout
    told = ran.stdout.partition("not adjusted for ")[2].partition(":")[0].split(", ")
    assert "next_day_free" in told
    assert any(name.startswith("caffeine") for name in told)


def test_flags_leave_out_whom_they_leave_out_of_a_report(tmp_path: Path) -> None:
    """A form left nearly empty (P11, trap item passed or left open) keeps its nights; a failed trap item does not."""
    tables = gather([data_folder() / "demo"], "nights", "participants", "flags")
    diarists = tables["nights"]["participant_id"].unique(maintain_order=True)
    spared, failed = diarists[0], diarists[1]
    people = tables["participants"].with_columns(
        attention_ok=pl.when(pl.col("participant_id") == spared).then(None)
        .when(pl.col("participant_id") == failed).then(False).otherwise("attention_ok")
    )  # fmt: skip
    marked = pl.DataFrame({"participant_id": [spared, failed], "night_index": [None, None], "rule": ["P11", "P11"]})
    flags = pl.concat([tables["flags"], marked], how="diagonal_relaxed")
    tables["nights"].write_parquet(tmp_path / "nights.parquet")
    people.select("participant_id", "sleep_need_h", "attention_ok").write_parquet(tmp_path / "participants.parquet")
    flags.write_parquet(tmp_path / "flags.parquet")
    found = fit_estimand(tmp_path, estimand_named("diary:caffeine"))
    data = diary_set(tables["nights"], people, flags)
    (asked,) = (one for one in questions(data) if one.estimand.exposure == "caffeine")
    assert failed not in data.frame["participant_id"]
    assert spared in data.frame["participant_id"]
    one, other = (made.contrast({"caffeine": 1})["estimate"].item() for made in (found, asked.fit()))
    assert one == pytest.approx(other, rel=1e-8)
    assert found.info["n_rows"] == asked.fit().info["n_rows"]
