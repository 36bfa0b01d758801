"""What a pull request brings is checked by code of ours, whatever it brings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from hypnic.datasets.intake.comment import as_comment
from hypnic.datasets.intake.review import review
from hypnic.datasets.intake.submission import submit
from hypnic.datasets.intake.withdrawal import withdraw

CODE = "w_" + "a" * 26
HOME = "datasets/submissions/mine"
ADDED = [("A", f"{HOME}/participants.csv")]


@pytest.fixture
def request_(contribute, tmp_path: Path) -> Path:
    (tmp_path / "request" / "datasets").mkdir(parents=True)
    submit(contribute(title="Mine", codes=[CODE]), tmp_path / "request" / "datasets" / "submissions")
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
    assert result["counts"] == {"error": 12}
    assert result["problems"] == ["nights.csv is not as receipt.json says; run `hypnic submit` again"]
    text = as_comment(json.dumps({"folders": [result]}).encode())
    assert "nights.csv L2: error range: stress_0_10 lies outside 0 to 10" in text
    assert "4321" not in text + json.dumps(result)


@pytest.mark.parametrize(
    ("break_it", "says"),
    [
        (lambda home: (home / "names.txt").touch(), "it may hold only plain files called"),
        (lambda home: (home / "nights.csv").rename(home / "n") and (home / "nights.csv").symlink_to("n"), "only plain"),
        (lambda home: (home / "participants.csv").unlink(), "there is no participants.csv"),
        (lambda home: (home / "participants.csv").write_text("a\n1\n"), "participants.csv: the first line does not"),
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
    assert "may not change" in review(base, request_, [("D", f"{HOME}/receipt.json")])[0]["problems"][0]


def test_nobody_who_left_can_be_brought_back(request_: Path, base: Path) -> None:
    withdraw(CODE, request_ / "datasets" / "submissions")
    request_.rename(base)
    (request_ / HOME).mkdir(parents=True)
    (result,) = review(base, request_, [("D", f"{HOME}/withdrawn.txt")])
    assert result["problems"] == ["who has withdrawn stays withdrawn; put the lines of withdrawn.txt back"]


@pytest.mark.parametrize(("break_it", "code"), [(False, 0), (True, 1)])
def test_the_module_writes_its_result_and_ends_as_the_check_does(
    break_it: bool, code: int, request_: Path, base: Path, tmp_path: Path
) -> None:
    if break_it:
        (request_ / HOME / "receipt.json").unlink()
    out = tmp_path / "result.json"
    changes = f"A\0{HOME}/nights.csv\0A\0{HOME}/receipt.json\0".encode()
    command = [sys.executable, "-P", "-m", "hypnic.datasets.intake.review", base, request_, "7", out]
    assert subprocess.run(command, input=changes, check=False).returncode == code  # noqa: S603
    result = json.loads(out.read_text())
    assert (result["number"], [folder["folder"] for folder in result["folders"]]) == (7, ["mine"])
