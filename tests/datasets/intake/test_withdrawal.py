"""Whoever holds a code can leave; nothing shows the code, and the files stay as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

import hypnic
from hypnic.datasets import loading
from hypnic.datasets.intake.problems import problems
from hypnic.datasets.intake.published import read_published
from hypnic.datasets.intake.receipt import altered
from hypnic.datasets.intake.submission import submit
from hypnic.datasets.intake.withdrawal import code_hash, known, new_code, tombstone, withdraw

IDS = tuple("p_" + letter * 16 for letter in "abcdefghijkl")
CODES = tuple("w_" + letter * 26 for letter in "abcdefghijkl")
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


def published_as(box: Path, *codes: str) -> set[str]:
    """Give the tokens under which the holders of these codes are published."""
    codes_of = known(box / "leaving") or {}
    return {codes_of[code_hash(code)] for code in codes}


@pytest.mark.parametrize("table", ["participants", "nights", "missingness", "participant_choices"])
def test_who_withdraws_is_in_no_table_from_then_on_whatever_token_they_have_now(table: str, box: Path) -> None:
    everybody = published_as(box, *CODES)
    assert everybody.isdisjoint(IDS)
    assert set(hypnic.load(table)["participant_id"]) == everybody
    withdraw(CODES[0], box)
    assert set(hypnic.load(table)["participant_id"]) == everybody - published_as(box, CODES[0])


def test_a_code_stays_with_the_answers_of_its_holder_when_tokens_change(contribute, tmp_path: Path) -> None:
    folder = contribute(title="Leaving", tokens=IDS, codes=CODES)
    people = folder / "participants.csv"
    lines = people.read_text().splitlines()
    place = lines[0].split(",").index("stress_usual_0_10")
    row = next(n for n, line in enumerate(lines) if line.startswith(IDS[3]))
    cells = lines[row].split(",")
    lines[row] = ",".join([*cells[:place], "9", *cells[place + 1 :]])
    people.write_text("\n".join(lines) + "\n")
    submit(folder, tmp_path / "other")
    shown = read_published(tmp_path / "other" / "leaving")["participants"].filter(stress_usual_0_10=9)
    assert set(shown["participant_id"]) == published_as(tmp_path / "other", CODES[3])


def test_a_withdrawal_says_how_many_left_and_leaving_twice_is_leaving_once(box: Path) -> None:
    assert [withdraw(code, box) for code in (CODES[0], CODES[0], CODES[1])] == [(1, 1), (0, 1), (1, 2)]
    for code in CODES:
        withdraw(code, box)
    assert hypnic.load("nights").is_empty()


def test_the_tombstone_is_a_hash_and_the_published_files_stay_as_they_were(box: Path) -> None:
    home = box / "leaving"
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    withdraw(CODES[1], box)
    withdraw(CODES[0], box)
    assert (home / "withdrawn.txt").read_text().split() == sorted(map(tombstone, CODES[:2]))
    assert {path.name: path.read_bytes() for path in home.iterdir() if path.name != "withdrawn.txt"} == before
    assert (list(altered(home)), problems(home, new=False)) == ([], [])


@pytest.mark.parametrize("content", ["", "code_hash;participant_id\n1;2\n", "participant_id\n1\n", "code_hash\n\x00\n"])
def test_another_submission_with_a_broken_list_does_not_stop_a_withdrawal(content: str, box: Path) -> None:
    (box / "broken").mkdir()
    (box / "broken" / "withdrawals.csv").write_text(content)
    assert withdraw(CODES[0], box) == (1, 1)


def test_where_it_cannot_be_told_who_left_nobody_is_read(box: Path) -> None:
    withdraw(CODES[0], box)
    (box / "leaving" / "withdrawals.csv").write_text("code\n")
    with pytest.raises(hypnic.HypnicError, match="cannot be read, and somebody has withdrawn"):
        hypnic.load("participants")


def test_a_code_may_be_typed_with_blanks_and_capitals(box: Path) -> None:
    assert withdraw(" W_AAAAAAAAAAAAA aaaaaaaaaaaaa\n", box) == (1, 1)


@pytest.mark.parametrize(
    ("code", "says"),
    [("w_" + "z" * 26, "no submission knows"), ("p_planted", "no withdrawal code"), (IDS[0], "no withdrawal code")],
)
def test_an_unknown_code_is_one_line_that_does_not_repeat_it(code: str, says: str, box: Path) -> None:
    with pytest.raises(hypnic.HypnicError, match=says) as caught:
        withdraw(code, box)
    assert code not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not list(box.glob("*/withdrawn.txt"))


def test_a_tombstone_made_without_the_code_takes_nobody_out_and_is_noticed(box: Path) -> None:
    (box / "leaving" / "withdrawn.txt").write_text(f"{code_hash(CODES[0])}\n")
    assert hypnic.load("participants").height == len(IDS)
    assert problems(box / "leaving") == ["withdrawn.txt holds a tombstone that no code of this submission makes"]


def test_two_codes_are_never_the_same() -> None:
    assert len({new_code() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MAPPING.replace("code_hash", "code"), "its first line must be code_hash,participant_id"),
        (f"code_hash,participant_id\n{CODES[0]},{IDS[0]}\n", "line 2: send the hash of the code"),
        (MAPPING.replace(IDS[1], "p_" + "y" * 16), "line 3: the token is not in participants.csv"),
        (MAPPING + MAPPING.splitlines()[1] + "\n", "line 14: the hash or the token came before"),
        ("", "its first line must be"),
    ],
)
def test_a_faulty_list_of_hashes_is_refused_and_not_repeated(text: str, says: str, folder: Path) -> None:
    (folder / "withdrawals.csv").write_text(text)
    with pytest.raises(hypnic.HypnicError, match=says) as caught:
        submit(folder, folder / "submissions")
    assert not any(secret in str(caught.value) for secret in (*CODES, *IDS, "yyyy"))
