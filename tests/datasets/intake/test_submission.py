"""A folder becomes its publishable form: whole or not at all, never twice, and the folder stays as it is."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import polars as pl
import pytest

import hypnic
from hypnic.datasets import loading
from hypnic.datasets.intake.account import SHOWN, shown, written
from hypnic.datasets.intake.facts import faults
from hypnic.datasets.intake.problems import problems
from hypnic.datasets.intake.published import read_published
from hypnic.datasets.intake.receipt import altered
from hypnic.datasets.intake.submission import submissions_folder, submit
from hypnic.datasets.intake.withdrawal import code_hash, new_code
from hypnic.schemas.submission import FACTS

OTHER = "p_" + "z" * 16


@pytest.fixture
def folder(contribute, tmp_path: Path) -> Path:
    (tmp_path / "contacts.txt").write_text("not to be sent")
    return contribute()


@pytest.fixture
def box(tmp_path: Path) -> Path:
    return tmp_path / "box"


def retitle(folder: Path, title: str) -> None:
    text = (folder / "submission.toml").read_text()
    (folder / "submission.toml").write_text(text.replace(text.splitlines()[0], f'title = "{title}"'))


def test_a_submission_is_the_publishable_form_with_a_receipt_and_the_folder_stays_as_it_is(
    folder: Path, box: Path
) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    sent = submit(folder, box)
    assert sent[:2] == (box / "diary-of-an-open-day", {"participants": 12, "nights": 144})
    assert {path.name for path in sent.folder.iterdir()} == {
        "participants.csv", "nights.csv", "submission.toml", "receipt.txt",
    }  # fmt: skip
    assert [path.name for path in box.iterdir()] == ["diary-of-an-open-day"]
    assert {path: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before
    assert (list(altered(sent.folder)), problems(sent.folder)) == ([], [])


def test_a_folder_is_judged_with_submissions_that_lie_elsewhere(folder: Path, box: Path, tmp_path: Path) -> None:
    """So a dry run leaves them alone, and still knows titles and people that were sent before."""
    submit(folder, box)
    with pytest.raises(hypnic.HypnicError, match="diary-of-an-open-day already; give yours another title"):
        submit(folder, tmp_path / "else", among=box)
    retitle(folder, "The same people again")
    with pytest.raises(hypnic.HypnicError, match="the same answers as rows of the submission diary-of-an-open-day"):
        submit(folder, tmp_path / "else", among=box)
    sent = submit(folder, tmp_path / "else", among=tmp_path / "none-yet")
    assert sent.folder == tmp_path / "else" / "the-same-people-again"
    assert [path.name for path in box.iterdir()] == ["diary-of-an-open-day"]


def test_the_sender_and_the_receipt_count_the_same_in_the_same_words(contribute, box: Path) -> None:
    """What published files show has one line, which both have; each cell of it is listed."""
    folder = contribute()
    lines = (folder / "participants.csv").read_text().splitlines(keepends=True)
    lines[3] = lines[3].replace("DE", "AT")
    (folder / "participants.csv").write_text("".join(lines))
    sent = submit(folder, box)
    (line,) = written(sent.account.filter(pl.col("reason").is_in(SHOWN)))
    assert line.split() == ["country_code", "few", "people", "alike", "12", "people", "12", "cells"]
    assert line in sent.receipt.splitlines()
    assert sent.receipt.count(" country_code 155: few people alike\n") == 12
    assert shown(read_published(sent.folder)).equals(sent.account.filter(pl.col("reason").is_in(SHOWN)))


def test_some_people_without_nights_among_diarists_are_refused_and_the_sender_is_told_whom_to_leave_out(
    folder: Path, box: Path
) -> None:
    nights = [line for line in (folder / "nights.csv").read_text().splitlines() if not line.startswith("p_bbb")]
    (folder / "nights.csv").write_text("\n".join(nights) + "\n")
    with pytest.raises(hypnic.HypnicError, match=r"1 person is without nights.*leave them out of participants\.csv"):
        submit(folder, box)
    assert not box.exists()


def test_what_was_taken_away_changes_no_byte_of_what_leaves_the_receipt_included(
    contribute, tmp_path: Path, seeded
) -> None:
    """Two folders that differ in what is coarsened, merged, rounded or never published are published alike."""
    homes = []
    for name, cells in (
        ("one", {"DE": "AT", ",search,": ",clinic,", ",210,": ",209,"}),
        ("two", {"DE": "LI", ",search,": ",other,", ",210,": ",211,"}),
    ):
        folder = contribute(tmp_path / name)
        lines = (folder / "participants.csv").read_text().splitlines(keepends=True)
        for old, new in cells.items():
            lines[3] = lines[3].replace(old, new)
        (folder / "participants.csv").write_text("".join(lines))
        homes.append(submit(folder, tmp_path / f"{name}-box", rng=seeded()).folder)
    one, two = ({path.name: path.read_bytes() for path in home.iterdir()} for home in homes)
    assert one == two
    assert b",155," in one["participants.csv"]


def test_no_token_that_was_typed_is_published_anywhere(folder: Path, box: Path) -> None:
    home = submit(folder, box).folder
    typed = (folder / "participants.csv").read_text().splitlines()[1:]
    tokens = [line.split(",")[0] for line in typed]
    published = "".join(path.read_text() for path in home.iterdir())
    assert len(tokens) == 12
    assert not any(token in published for token in tokens)


def test_a_comment_in_the_facts_stays_at_home(folder: Path, box: Path) -> None:
    facts = folder / "submission.toml"
    facts.write_text(facts.read_text() + "# ask the planted sister\n")
    home = submit(folder, box).folder
    assert "planted" not in (home / "submission.toml").read_text()
    (home / "submission.toml").write_bytes(facts.read_bytes())
    assert any("submission.toml: it holds more than its facts" in problem for problem in problems(home))


def test_a_submission_altered_after_its_receipt_is_noticed(folder: Path, box: Path) -> None:
    home = submit(folder, box).folder
    (home / "nights.csv").write_text((home / "nights.csv").read_text().replace(",180,", ",185,"))
    assert list(altered(home)) == ["nights.csv"]
    assert problems(home) == ["nights.csv is not as receipt.txt says; run `hypnic submit` again"]


@pytest.mark.parametrize("receipt", ["", "{}", "nights.csv 1 bytes sha256 x", "[" * 100_000])
def test_a_receipt_that_is_none_is_noticed(receipt: str, folder: Path, box: Path) -> None:
    home = submit(folder, box).folder
    (home / "receipt.txt").write_text(receipt)
    assert "receipt.txt" in list(altered(home))


def test_fewer_than_five_people_cannot_be_hidden_and_are_refused_in_one_line(contribute, box: Path) -> None:
    with pytest.raises(hypnic.HypnicError, match="too few people are alike: 5 at least") as caught:
        submit(contribute(tokens=[OTHER]), box)
    assert "\n" not in str(caught.value)
    assert not box.exists()


def test_a_person_alone_is_hidden_among_those_like_them_who_were_accepted_before(
    folder: Path, box: Path, contribute
) -> None:
    (folder / "nights.csv").unlink()
    submit(folder, box)
    one = contribute(tokens=[OTHER], title="One more")
    with pytest.raises(hypnic.HypnicError, match="too few people are alike"):
        submit(one, box)  # nobody else has nights
    (one / "nights.csv").unlink()
    home = submit(one, box).folder
    assert read_published(home)["participants"].select("age_band", "country_code").row(0) == ("35-44", "DE")
    assert problems(home) == []


def test_errors_refuse_the_folder_and_name_the_command_that_shows_them(folder: Path, box: Path) -> None:
    text = (folder / "nights.csv").read_text()
    (folder / "nights.csv").write_text(text.replace("p_abcdefghij234567,3,", f"{OTHER},3,"))
    with pytest.raises(hypnic.HypnicError, match=r": 1 error; `hypnic check .*` shows them"):
        submit(folder, box)
    assert not box.exists()


def test_the_same_answers_are_noticed_under_another_title_and_other_tokens(folder: Path, box: Path) -> None:
    submit(folder, box)
    retitle(folder, "New diary of an open day")
    with pytest.raises(hypnic.HypnicError, match="rows give the same answers as rows of the submission diary-of-an-op"):
        submit(folder, box)


def test_the_same_withdrawal_codes_are_noticed(contribute, box: Path) -> None:
    code = "w_" + "a" * 26
    submit(contribute(codes=[code]), box)
    with pytest.raises(hypnic.HypnicError, match="1 of its codes are in the submission diary-of-an-open-day already"):
        submit(contribute(codes=[code], title="Again"), box)


def test_codes_of_people_who_never_answered_are_left_out_and_counted(contribute, box: Path) -> None:
    """A study draws a code for everybody before it starts."""
    folder = contribute(codes=[new_code() for _ in range(12)])
    with (folder / "withdrawals.csv").open("a") as file:
        file.write(f"{code_hash(new_code())},{OTHER}\n")
    sent = submit(folder, box)
    assert sent.spare == 1
    assert (sent.folder / "withdrawals.csv").read_text().count("\n") == 13


def test_a_code_of_nobody_is_refused_where_somebody_has_none(contribute, box: Path) -> None:
    """A token may be mistyped there."""
    folder = contribute(codes=[new_code() for _ in range(11)])
    with (folder / "withdrawals.csv").open("a") as file:
        file.write(f"{code_hash(new_code())},{OTHER}\n")
    with pytest.raises(hypnic.HypnicError, match="the token is not in participants"):
        submit(folder, box)


def test_a_taken_name_is_refused_and_the_earlier_submission_stays(folder: Path, box: Path, contribute) -> None:
    home = submit(folder, box).folder
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    contribute(tokens=[OTHER])
    with pytest.raises(hypnic.HypnicError, match="there is a submission called diary-of-an-open-day already"):
        submit(folder, box)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before
    assert len(list(box.iterdir())) == 1


def test_nights_without_participants_have_no_consent_and_are_refused(folder: Path, box: Path) -> None:
    (folder / "participants.csv").unlink()
    with pytest.raises(hypnic.HypnicError, match=r"no participants\.csv; .* consent"):
        submit(folder, box)


@pytest.mark.parametrize(
    ("there", "says"),
    [("Participants.CSV", "in small letters"), ("data/participants.csv", "they lie in a folder in it"),
     ("mine.xlsx", "a workbook lies in it")],
)  # fmt: skip
def test_tables_that_lie_otherwise_are_said(there: str, says: str, folder: Path, box: Path) -> None:
    (folder / there).parent.mkdir(exist_ok=True)
    (folder / "participants.csv").rename(folder / there)
    (folder / "nights.csv").unlink()
    for work in (lambda: submit(folder, box), lambda: hypnic.check(folder)):
        with pytest.raises(hypnic.HypnicError, match=says):
            work()


def test_a_workbook_or_a_packed_file_under_the_name_of_a_csv_is_refused(folder: Path, box: Path) -> None:
    """It may hold what nobody has looked at: hidden sheets, comments, an author."""
    from xlsxwriter import Workbook

    table = folder / "participants.csv"
    text = table.read_bytes()
    with Workbook(table) as book:
        sheet = book.add_worksheet()
        for row, line in enumerate(text.decode().splitlines()):
            sheet.write_row(row, 0, line.split(","))
        book.add_worksheet("more").hide()
    with pytest.raises(hypnic.HypnicError, match=r"^participants\.csv: this is a workbook, whatever its name says"):
        submit(folder, box)
    for name in ("participants.csv", "nights.csv"):
        kept = (folder / name).read_bytes() if name == "nights.csv" else text
        (folder / name).write_bytes(gzip.compress(kept))
        with pytest.raises(hypnic.HypnicError, match=rf"^{name}: this is a packed file"):
            submit(folder, box)
        (folder / name).write_bytes(kept)
    assert not box.exists()


def test_a_folder_called_after_somebody_is_not_named(folder: Path, box: Path) -> None:
    theirs = folder.rename(folder.with_name("anna_schmidt"))
    (theirs / "participants.csv").write_text((theirs / "participants.csv").read_text().replace("true", "maybe"))
    for refuse in (lambda: submit(theirs, box), lambda: hypnic.load("nights", data=theirs)):
        with pytest.raises(hypnic.HypnicError, match=r"errors?; `hypnic check DIR` shows them") as said:
            refuse()
        assert not {"anna", "schmidt"} & set(re.findall(r"[a-z]+", str(said.value)))


def test_nights_under_the_name_of_participants_are_refused(folder: Path, box: Path) -> None:
    (folder / "nights.csv").rename(folder / "participants.csv")
    with pytest.raises(hypnic.HypnicError, match=r"participants\.csv holds the other table"):
        submit(folder, box)


def test_a_table_without_rows_is_refused(save, folder: Path, box: Path) -> None:
    save("participants", [])
    (folder / "nights.csv").unlink()
    with pytest.raises(hypnic.HypnicError, match="has no rows"):
        submit(folder, box)


def test_what_is_lacking_is_asked_and_added_to_the_copy_only(folder: Path, box: Path) -> None:
    partial = "\n".join(
        line
        for line in (folder / "submission.toml").read_text().splitlines()
        if not line.startswith(("title", "period"))
    )
    (folder / "submission.toml").write_text(partial)
    answers = {"title": 'Our "café" \\ survey', "period": "2026 Q1 to 2026 Q2"}
    home = submit(folder, box, ask=lambda fact: answers[fact.key]).folder
    assert home.name == "our-cafe-survey"
    assert problems(home) == []
    assert (folder / "submission.toml").read_text() == partial


def test_without_anybody_to_ask_what_is_lacking_is_named(folder: Path, box: Path) -> None:
    (folder / "submission.toml").write_text('title = "A diary"\n')
    with pytest.raises(hypnic.HypnicError, match="there is no data_state, collection, period, consent, licence, conta"):
        submit(folder, box)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('period = "2026-08"', "period: type a year and a quarter"),
        ('period = "August 2026"', "period: type a year and a quarter"),
        ('period = "2026 Q4 to 2026 Q1"', "period: type a year and a quarter"),
        ("period = 2026-08-01", "period: type a year and a quarter"),
        ('title = "Diary of 14 August"', "title: it holds a calendar date"),
        ('title = "Diary of 2026-08-14"', "title: it holds a calendar date"),
        ('consent = "Agreed on 3.8.2026"', "consent: it holds a calendar date"),
        ('consent = "Ask planted.name@example.org"', "consent: it holds an e-mail address"),
        ('consent = "See https://example.org/planted.name"', "consent: it holds a web address"),
        ('consent = "Call +49 (151) 555-0123"', "consent: it holds a number of 7 or more digits"),
        ('title = "Diary of Dr. Planted.Name"', "title: it holds somebody's name"),
        ('title = "Sleep of Planted Name"', "title: it holds somebody's name, or a place"),
        ('consent = "Agreed with P. Planted"', "consent: it holds somebody's name, or a place"),
        ('consent = "Signed at Planted Road 12, Bristol"', "consent: it holds somebody's name, or a place"),
        ('title = "Diary of the University of Planted"', "title: it holds an employer or school"),
        ('contact_role = "Planted.Name"', "contact_role: type one of: study coordinator"),
        ('licence = "CC-BY-NC"', "licence: type one of: CC0-1.0"),
        ('data_state = "real"', "data_state: type one of: survey, synthetic"),
        ('planted.name = "x"', "there is a key that is none of title"),
        ('consent = ""', "consent: type the sentence"),
        ('title = "two\\nlines"', "title: type one line"),
        (f'title = "{"long" * 100}"', "title: type one line of at most 250"),
        ('title = "睡眠"', "title: use some Latin letters"),
        ("title = ", "this is not TOML"),
    ],
)
def test_a_fact_that_says_too_much_or_nothing_is_refused_and_not_repeated(
    line: str, says: str, folder: Path, box: Path
) -> None:
    key = line.split(" = ", maxsplit=1)[0]
    kept = [old for old in (folder / "submission.toml").read_text().splitlines() if not old.startswith(f"{key} =")]
    (folder / "submission.toml").write_text("\n".join([*kept, line]))
    with pytest.raises(hypnic.HypnicError, match=f"submission.toml: {says}") as caught:
        submit(folder, box)
    assert "planted" not in str(caught.value).lower()
    assert not box.exists()


def test_the_facts_of_the_readme_are_sound() -> None:
    import tomllib

    page = (loading.data_folder() / "submissions" / "README.md").read_text("utf-8")
    facts = tomllib.loads(page.split("```toml\n")[1].split("```")[0])
    assert list(facts) == list(FACTS)
    assert list(faults(facts)) == []


@pytest.mark.parametrize(("state", "rows"), [("survey", 144), ("synthetic", 0)])
def test_an_accepted_survey_fills_the_open_study_and_a_synthetic_one_does_not(
    state: str, rows: int, folder: Path, contribute, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(contribute(data_state=state), folder / "submissions")
    monkeypatch.setattr(loading, "data_folder", lambda: folder)
    if rows:
        nights = hypnic.load("nights", study="open")
    else:
        with pytest.warns(UserWarning, match="'open' is empty"):
            nights = hypnic.load("nights", study="open")
    assert nights.height == rows


def test_a_folder_as_it_was_typed_is_never_read_as_accepted(
    contribute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "submissions").mkdir()
    contribute(tmp_path / "submissions" / "typed")
    monkeypatch.setattr(loading, "data_folder", lambda: tmp_path)
    with pytest.raises(hypnic.HypnicError, match="typed: this submission is not in publishable form"):
        hypnic.load("participants")


def test_the_submissions_are_found_from_anywhere_in_a_clone(tmp_path: Path) -> None:
    inner = tmp_path / "datasets" / "submissions" / "deep"
    inner.mkdir(parents=True)
    assert submissions_folder(inner) == inner.parent
    with pytest.raises(hypnic.HypnicError, match=r"no clone .* --to"):
        submissions_folder(Path("/"))


def test_a_folder_is_checked_as_its_tables_together(folder: Path) -> None:
    (folder / "nights.csv").write_text((folder / "nights.csv").read_text().replace("p_abcdefghij234567", OTHER))
    assert set(hypnic.check(folder)["rule"]) == {"N01"}
    (folder / "participants.csv").unlink()
    assert hypnic.check(folder).is_empty()


@pytest.mark.parametrize(
    "codes", [b"\xef\xbb\xbfcode_hash,participant_id\nx,y\n", b"Code_Hash,Participant_ID\n", b"\xff\xfec\0"]
)
def test_people_are_known_again_where_another_submissions_codes_are_broken(
    codes: bytes, folder: Path, box: Path
) -> None:
    """Nobody can tell then who has left it; they hide nobody, and are not published twice."""
    sent = submit(folder, box).folder
    (sent / "withdrawals.csv").write_bytes(codes)
    (sent / "withdrawn.txt").write_text("0" * 64 + "\n")
    retitled = (folder / "submission.toml").read_text().replace('title = "', 'title = "Again, ')
    (folder / "submission.toml").write_text(retitled)
    with pytest.raises(hypnic.HypnicError, match=r"give the same answers as rows of the submission"):
        submit(folder, box)
