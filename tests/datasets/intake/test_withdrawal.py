"""Whoever holds a code can leave; nothing shows the code, and the files stay as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

import hypnic
from hypnic.datasets import loading
from hypnic.datasets.intake.receipt import altered
from hypnic.datasets.intake.submission import problems, submit
from hypnic.datasets.intake.withdrawal import code_hash, new_code, tombstone, withdraw

IDS = ("p_abcdefghij234567", "p_" + "z" * 16)
CODES = ("w_" + "a" * 26, "w_" + "b" * 26)
MAPPING = "code_hash,participant_id\n" + "".join(
    f"{code_hash(code)},{token}\n" for code, token in zip(CODES, IDS, strict=True)
)


@pytest.fixture
def folder(contribute) -> Path:
    return contribute(title="Leaving", tokens=IDS, codes=CODES)


@pytest.fixture
def box(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    submit(folder, folder / "submissions")
    monkeypatch.setattr(loading, "data_folder", lambda: folder)
    return folder / "submissions"


@pytest.mark.parametrize("table", ["participants", "nights", "missingness", "participant_choices"])
def test_who_withdraws_is_in_no_table_from_then_on(table: str, box: Path) -> None:
    assert set(hypnic.load(table)["participant_id"]) == set(IDS)
    withdraw(CODES[0], box)
    assert set(hypnic.load(table)["participant_id"]) == {IDS[1]}


def test_a_withdrawal_says_how_many_left_and_leaving_twice_is_leaving_once(box: Path) -> None:
    assert [withdraw(code, box) for code in (CODES[0], CODES[0], CODES[1])] == [(1, 1), (0, 1), (1, 2)]
    assert hypnic.load("nights").is_empty()


def test_the_tombstone_is_a_hash_and_the_contributed_files_stay_as_they_were(box: Path) -> None:
    home = box / "leaving"
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    withdraw(CODES[1], box)
    withdraw(CODES[0], box)
    assert (home / "withdrawn.txt").read_text().split() == sorted(map(tombstone, CODES))
    assert {path.name: path.read_bytes() for path in home.iterdir() if path.name != "withdrawn.txt"} == before
    assert (list(altered(home)), problems(home)) == ([], [])


def test_a_code_may_be_typed_with_blanks_and_capitals(box: Path) -> None:
    assert withdraw(" W_AAAAAAAAAAAAA aaaaaaaaaaaaa\n", box) == (1, 1)


@pytest.mark.parametrize(
    ("code", "says"),
    [("w_" + "c" * 26, "no submission knows"), ("p_planted", "no withdrawal code"), (IDS[0], "no withdrawal code")],
)
def test_an_unknown_code_is_one_line_that_does_not_repeat_it(code: str, says: str, box: Path) -> None:
    with pytest.raises(hypnic.HypnicError, match=says) as caught:
        withdraw(code, box)
    assert code not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not list(box.glob("*/withdrawn.txt"))


def test_a_tombstone_made_without_the_code_takes_nobody_out_and_is_noticed(box: Path) -> None:
    (box / "leaving" / "withdrawn.txt").write_text(f"{code_hash(CODES[0])}\n")
    assert set(hypnic.load("participants")["participant_id"]) == set(IDS)
    assert problems(box / "leaving") == ["withdrawn.txt holds a tombstone that no code of this submission makes"]


def test_two_codes_are_never_the_same() -> None:
    assert len({new_code() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MAPPING.replace("code_hash", "code"), "its first line must be code_hash,participant_id"),
        (f"code_hash,participant_id\n{CODES[0]},{IDS[0]}\n", "line 2: send the hash of the code"),
        (MAPPING.replace(IDS[1], "p_" + "y" * 16), "line 3: the token is not in participants.csv"),
        (MAPPING + MAPPING.splitlines()[1] + "\n", "line 4: the hash or the token came before"),
        ("", "its first line must be"),
    ],
)
def test_a_faulty_list_of_hashes_is_refused_and_not_repeated(text: str, says: str, folder: Path) -> None:
    (folder / "withdrawals.csv").write_text(text)
    with pytest.raises(hypnic.HypnicError, match=says) as caught:
        submit(folder, folder / "submissions")
    assert not any(secret in str(caught.value) for secret in (*CODES, *IDS, "yyyy"))
