"""What a pull request brings is checked by code of ours, whatever it brings."""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from hypnic.datasets.intake.comment import as_comment
from hypnic.datasets.intake.published import as_csv, read_published
from hypnic.datasets.intake.receipt import receipt
from hypnic.datasets.intake.review import review
from hypnic.datasets.intake.submission import submit
from hypnic.datasets.intake.withdrawal import withdraw
from hypnic.schemas import PUBLISHED

CODE = "w_" + "a" * 26
HOME = "datasets/submissions/mine"
ADDED = [("A", f"{HOME}/participants.csv")]


@pytest.fixture(scope="module")
def submitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the folder in which the first test leaves the submission for the others: it takes longer than a review."""
    return tmp_path_factory.mktemp("submitted") / "submissions"


@pytest.fixture
def request_(submitted: Path, contribute, tmp_path: Path) -> Path:
    if not submitted.exists():
        submit(contribute(title="Mine", codes=[CODE]), submitted)
    shutil.copytree(submitted, tmp_path / "request" / "datasets" / "submissions")
    return tmp_path / "request"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "base"


def test_a_sound_submission_has_nothing_to_fix(request_: Path, base: Path) -> None:
    assert review(base, request_, ADDED) == [{"folder": "mine", "problems": [], "counts": {}, "findings": []}]
    assert "found no errors" in as_comment(json.dumps({"folders": review(base, request_, ADDED)}).encode())


def test_findings_are_counted_and_told_without_their_values(request_: Path, base: Path) -> None:
    file = request_ / HOME / "nights.csv"
    file.write_text(file.read_text().replace(",4,3,-8,", ",4321,3,-8,"))
    (result,) = review(base, request_, ADDED)
    assert result["counts"] == {"error": 144}
    assert result["problems"] == ["nights.csv is not as receipt.txt says; run `hypnic submit` again"]
    text = as_comment(json.dumps({"folders": [result]}).encode())
    assert "nights.csv K2: error range: stress_0_10 lies outside 0 to 10" in text
    assert "4321" not in text + json.dumps(result)


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda home: (home / "names.txt").touch(), "it may hold only plain files called"),
        (lambda home: (home / "nights.csv").rename(home / "n") and (home / "nights.csv").symlink_to("n"), "only plain"),
        (lambda home: (home / "participants.csv").unlink(), "there is no participants.csv"),
        (
            lambda home: (home / "participants.csv").write_text("a\n1\n"),
            "participants.csv: this is not in publishable form",
        ),
        (lambda home: (home / "withdrawals.csv").write_bytes(b"\xff\xfe"), "withdrawals.csv: it is not a CSV in UTF-8"),
        (lambda home: (home / "withdrawn.txt").write_bytes(b"\xff\xfe"), "withdrawn.txt holds a tombstone that no"),
        (lambda home: (home / "submission.toml").write_text("x = ["), "submission.toml: this is not TOML"),
    ],
)
def test_a_broken_submission_is_one_more_result(break_it, says: str, request_: Path, base: Path) -> None:
    break_it(request_ / HOME)
    (result,) = review(base, request_, ADDED)
    assert any(says in problem for problem in result["problems"])


@pytest.mark.parametrize("name", ["../../x", "a b", "$(id)", "-rf", "`id`", "A", "x" * 61, "\n::set-output", "@you"])
def test_a_folder_with_a_strange_name_is_not_even_opened(name: str, request_: Path, base: Path) -> None:
    (result,) = review(base, request_, [("A", f"datasets/submissions/{name}/nights.csv")]) or [{"folder": "?"}]
    assert result["folder"] == "?"


def test_an_accepted_submission_may_only_gain_tombstones(request_: Path, base: Path) -> None:
    withdraw(CODE, request_ / "datasets" / "submissions")
    assert review(base, request_, [("M", f"{HOME}/withdrawn.txt")])[0]["problems"] == []
    assert "may not change" in review(base, request_, [("M", f"{HOME}/nights.csv")])[0]["problems"][0]
    assert "may not change" in review(base, request_, [("D", f"{HOME}/receipt.txt")])[0]["problems"][0]


def test_nobody_who_left_can_be_brought_back(request_: Path, base: Path) -> None:
    withdraw(CODE, request_ / "datasets" / "submissions")
    request_.rename(base)
    (request_ / HOME).mkdir(parents=True)
    (result,) = review(base, request_, [("D", f"{HOME}/withdrawn.txt")])
    assert result["problems"] == ["who has withdrawn stays withdrawn; put the lines of withdrawn.txt back"]


@pytest.mark.parametrize("name", ["participants.csv", "withdrawals.csv"])
def test_a_packed_file_under_the_name_of_a_csv_is_refused(name: str, request_: Path, base: Path) -> None:
    file = request_ / HOME / name
    file.write_bytes(gzip.compress(file.read_bytes()))
    (result,) = review(base, request_, [("A", f"{HOME}/{name}")])
    assert result["problems"][0].startswith((f"{name}: this is not in publishable form", f"{name}: it is not a CSV"))


@pytest.mark.parametrize("name", ["receipt.txt", "withdrawals.csv", "withdrawn.txt", "submission.toml"])
def test_a_file_of_hundreds_of_megabytes_is_told_by_its_size_and_not_read(
    name: str, request_: Path, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (request_ / HOME / name).open("wb") as file:
        file.truncate(300 << 20)
    monkeypatch.setattr(Path, "read_bytes", refuse_large(Path.read_bytes))
    monkeypatch.setattr(Path, "read_text", refuse_large(Path.read_text))
    (result,) = review(base, request_, [("A", f"{HOME}/{name}")])
    assert [said for said in result["problems"] if name in said]


def refuse_large(read):
    def reading(path: Path, *how: str, **more: str):
        assert path.stat().st_size < 100 << 20, f"{path.name} was read"
        return read(path, *how, **more)

    return reading


def test_a_list_of_codes_with_a_fault_in_each_line_is_told_by_its_first(request_: Path, base: Path) -> None:
    (request_ / HOME / "withdrawals.csv").write_text("code_hash,participant_id\n" + "a,b\n" * 100_000)
    (result,) = review(base, request_, ADDED)
    assert len(result["problems"]) < 30


def test_four_hundred_loose_files_are_one_problem_and_do_not_hide_a_folder(request_: Path, base: Path) -> None:
    loose = [("A", f"datasets/submissions/f{number}.csv") for number in range(400)]
    results = review(base, request_, [*loose, *ADDED])
    assert [result["folder"] for result in results] == ["?", "mine"]
    assert results[0]["problems"][0].startswith("400 of its files")


def test_a_file_that_lies_in_no_folder_is_refused(request_: Path, base: Path) -> None:
    """A green check must never mean that a file was not looked at."""
    (result,) = review(base, request_, [("A", "datasets/submissions/participants.csv")])
    assert result["problems"] == [
        "1 of its files lie outside the folder of any submission; take them out, or put them into one"
    ]
    assert review(base, request_, [("M", "datasets/submissions/README.md")]) == []


def test_a_file_deep_in_a_folder_is_refused(request_: Path, base: Path) -> None:
    (request_ / HOME / "deep").mkdir()
    (request_ / HOME / "deep" / "nights.csv").write_text("x")
    (result,) = review(base, request_, [*ADDED, ("A", f"{HOME}/deep/nights.csv")])
    assert "it may hold only plain files" in result["problems"][0]


def test_every_folder_is_checked_however_many_there_are(request_: Path, base: Path) -> None:
    changes = [("A", f"datasets/submissions/s{number}/participants.csv") for number in range(30)]
    results = review(base, request_, changes)
    assert len(results) == 30
    assert all(result["problems"] == ["it is not there, or no folder"] for result in results)


def test_what_must_be_fixed_is_shown_first_of_many_folders() -> None:
    sound = {"folder": "sound", "problems": [], "counts": {}, "findings": []}
    text = as_comment(json.dumps({"folders": [sound] * 25 + [sound | {"folder": "late", "problems": ["p"]}]}).encode())
    assert "found something to fix" in text
    assert text.index("submission late") < text.index("submission sound")
    assert "and 6 more folders" in text


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 a renamed workbook", b"\x1f\x8b packed", b"\xef\xbb\xbfparticipant_id\n", "é".encode("latin-1"), b""],
)
def test_nothing_but_the_plain_publishable_form_is_read_as_a_table(content: bytes, request_: Path, base: Path) -> None:
    (request_ / HOME / "participants.csv").write_bytes(content)
    (result,) = review(base, request_, ADDED)
    assert result["problems"][0].startswith(
        "participants.csv: this is not in publishable form; run `hypnic submit DIR`"
    )
    assert result["findings"] == []


def test_a_real_workbook_under_the_name_of_a_table_is_refused(request_: Path, base: Path) -> None:
    from xlsxwriter import Workbook

    with Workbook(request_ / HOME / "participants.csv") as book:
        book.add_worksheet().write_row(0, 0, ["participant_id", "consent_open_data"])
        book.add_worksheet("planted").write(0, 0, "planted")
    (result,) = review(base, request_, ADDED)
    assert "this is not in publishable form" in result["problems"][0]


def test_a_folder_as_it_was_typed_is_refused_and_told_what_to_run(contribute, request_: Path, base: Path) -> None:
    home = request_ / "datasets" / "submissions" / "typed"
    contribute(home, title="Typed")
    (result,) = review(base, request_, [("A", "datasets/submissions/typed/participants.csv")])
    assert result["problems"][0].startswith("there is no receipt.txt, so it is not in publishable form; run `hypnic s")
    assert result["findings"] == []


def test_people_who_can_be_told_apart_are_refused_even_with_a_receipt(request_: Path, base: Path) -> None:
    home = request_ / HOME
    people = read_published(home)["participants"]
    lone = people.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("NL")).otherwise("country_code").alias("country_code")
        .cast(people.schema["country_code"])
    )  # fmt: skip
    (home / "participants.csv").write_bytes(as_csv(lone, PUBLISHED["participants"]))
    (home / "receipt.txt").write_text(receipt(home))
    (result,) = review(base, request_, ADDED)
    assert result["problems"][0].startswith("some of its people are alike to fewer than 5")


def test_a_receipt_that_says_more_than_the_files_is_refused(request_: Path, base: Path) -> None:
    with (request_ / HOME / "receipt.txt").open("a") as file:
        file.write("planted\n")
    (result,) = review(base, request_, ADDED)
    assert result["problems"][0].startswith("receipt.txt is not what these files make")


@pytest.mark.parametrize(("break_it", "code"), [(False, 0), (True, 1)])
def test_the_module_writes_its_result_and_ends_as_the_check_does(
    break_it: bool, code: int, request_: Path, base: Path, tmp_path: Path
) -> None:
    if break_it:
        (request_ / HOME / "receipt.txt").unlink()
    out = tmp_path / "result.json"
    changes = f"A\0{HOME}/nights.csv\0A\0{HOME}/receipt.txt\0".encode()
    command = [sys.executable, "-P", "-m", "hypnic.datasets.intake.review", base, request_, "7", out]
    assert subprocess.run(command, input=changes, check=False).returncode == code  # noqa: S603
    result = json.loads(out.read_text())
    assert (result["number"], [folder["folder"] for folder in result["folders"]]) == (7, ["mine"])
