"""`hypnic submit`, `hypnic withdraw` and `hypnic check FOLDER`, as a user runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hypnic.datasets.intake.withdrawal import tombstone
from hypnic.datasets.loading import data_folder

CODE = "w_" + "a" * 26


pytestmark = pytest.mark.usefixtures("mine")


@pytest.fixture
def mine(contribute, tmp_path: Path) -> Path:
    return contribute(tmp_path / "mine", title="Sent by hand", codes=[CODE])


def test_a_folder_is_checked_like_its_two_files(hypnic) -> None:
    together = hypnic("check", "mine")
    assert together.returncode == 0
    first, diary, survey, publication = together.stdout.splitlines()
    assert first == "participants.csv, nights.csv: no findings"
    assert [line.partition(":")[0] for line in (diary, survey)] == ["diary", "survey"]
    assert publication.startswith("of so few people publication makes more answers coarser")
    assert together.stdout == hypnic("check", "mine/participants.csv", "mine/nights.csv").stdout


def test_submit_says_where_the_submission_lies_and_what_comes_next(hypnic, tmp_path: Path) -> None:
    (tmp_path / "datasets" / "submissions").mkdir(parents=True)
    home = tmp_path / "datasets" / "submissions" / "sent-by-hand"
    run = hypnic("submit", "mine")
    assert (run.returncode, run.stderr) == (0, "")
    lines = run.stdout.splitlines()
    assert f"{home}: 12 participants, 144 nights; receipt.txt there says what leaves, byte for byte" in lines
    assert "commit this folder and open a pull request with it, as CONTRIBUTING.md says" in lines
    assert lines[-3].startswith("diary: enters sleep loss")
    assert lines[-2].startswith("survey: not caffeine")
    assert lines[-1].startswith("to see it in the study open now: hypnic report --study open --from")


def test_what_was_submitted_is_loaded_from_its_folder_without_installing_anew(hypnic) -> None:
    assert hypnic("submit", "mine", "--to", "box").returncode == 0
    run = hypnic("load", "nights", "--from", "box")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.count("\n") == 1 + 144


def test_submit_then_withdraw_leaves_one_line_without_the_code(hypnic, tmp_path: Path) -> None:
    assert hypnic("submit", "mine", "--to", "box").returncode == 0
    run = hypnic("withdraw", CODE, "--in", "box")
    assert (run.returncode, run.stdout) == (0, "1 person left now; 1 has left in all. Commit box/*/withdrawn.txt\n")
    assert (tmp_path / "box" / "sent-by-hand" / "withdrawn.txt").read_text() == f"{tombstone(CODE)}\n"


def test_a_dry_run_prints_what_is_taken_away_and_the_receipt(hypnic, tmp_path: Path) -> None:
    run = hypnic("submit", "mine", "--to", "box", "--dry-run")
    assert run.returncode == 0
    (line,) = [line for line in run.stdout.splitlines() if line.startswith("  other_stimulant")]
    assert line.split() == ["other_stimulant", "never", "published", "12", "people", "144", "cells"]
    assert "whether they kept a diary everybody looks like 11 others at least" in run.stdout
    assert "participants.csv " in run.stdout
    *_, diary, survey, last = run.stdout.splitlines()
    assert (diary.partition(" ")[0], survey.partition(" ")[0]) == ("diary:", "survey:")
    assert last == "box/sent-by-hand: 12 participants, 144 nights; nothing was written"
    assert not (tmp_path / "box").exists()


def test_a_dry_run_needs_no_clone_and_says_whom_it_was_judged_with(hypnic, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    run = hypnic("submit", "mine", "--dry-run")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.endswith(
        "sent-by-hand: 12 participants, 144 nights; nothing was written, and it was judged with the submissions that"
        " came with this package\n"
    )
    assert sorted(tmp_path.rglob("*")) == before


def test_a_published_folder_is_not_checked_as_one_that_was_typed(hypnic) -> None:
    hypnic("submit", "mine", "--to", "box")
    run = hypnic("check", "box/sent-by-hand")
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == (
        "hypnic: box/sent-by-hand: this is in publishable form, and judged when it is reviewed; check the folder that"
        " you keep\n"
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (
            ("submit", "mine"),
            "this is no clone of the hypnic repository; run it inside one, or name a folder with --to",
        ),
        (("submit", "mine/nights.csv", "--dry-run"), "mine/nights.csv: this is a file; name the folder"),
        (("submit", "nowhere", "--to", "box"), "nowhere: there is no participants.csv"),
        (("submit", "mine", "--to", "mine/nights.csv"), "mine cannot be published in mine/nights.csv"),
        (("withdraw", CODE, "--in", "box"), "no submission knows this withdrawal code"),
        (("withdraw", "w_secret", "--in", "box"), "this is no withdrawal code"),
        (("check", "."), ".: this folder holds neither participants.csv nor nights.csv"),
    ],
)
def test_what_can_be_fixed_is_one_line(arguments: tuple[str, ...], says: str, hypnic) -> None:
    run = hypnic(*arguments)
    assert run.returncode == 2
    assert run.stderr.startswith(f"hypnic: {says}")
    assert run.stderr.count("\n") == 1
    assert not any(secret in run.stderr + run.stdout for secret in (CODE, "w_secret"))


def test_a_copy_of_the_demo_can_be_submitted_as_it_lies_and_says_that_it_is_synthetic(hypnic, tmp_path: Path) -> None:
    shutil.copytree(data_folder() / "demo", tmp_path / "demo")
    run = hypnic("submit", "demo", "--to", "box")
    assert (run.returncode, run.stderr) == (0, "")
    sent = tmp_path / "box" / "demo-a-synthetic-cohort"
    assert f"{sent.relative_to(tmp_path)}: 1200 participants, 5339 nights" in run.stdout
    assert 'data_state = "synthetic"' in (sent / "submission.toml").read_text()


def test_in_a_pipe_nothing_is_asked_and_what_lacks_is_named(hypnic, mine: Path, tmp_path: Path) -> None:
    (mine / "submission.toml").unlink()
    run = hypnic("submit", "mine", "--to", "box")
    assert run.stderr == (
        "hypnic: submission.toml: there is no title, data_state, collection, period, consent, licence, contact_role\n"
    )
    assert not (tmp_path / "box").exists()


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="Windows has no terminals of this kind")
def test_on_a_terminal_what_lacks_is_asked_until_it_will_do(mine: Path, tmp_path: Path) -> None:
    told = (mine / "submission.toml").read_text()
    (mine / "submission.toml").write_text(told.replace('period = "2026 Q3"\n', ""))
    keyboard, terminal = os.openpty()
    os.write(keyboard, b"August 2026\n2026 Q3\n")
    command = shutil.which("hypnic", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    run = subprocess.run(  # noqa: S603
        [command, "submit", "mine", "--to", "box"],
        cwd=tmp_path, stdin=terminal, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert run.stderr.count("When, as year and quarter?") == 2
    assert "type a year and a quarter, such as 2026 Q3" in run.stderr
    assert 'period = "2026 Q3"' in (tmp_path / "box" / "sent-by-hand" / "submission.toml").read_text()
