"""What `hypnic check` says of how a file was saved, and of what it fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl

if TYPE_CHECKING:
    from pathlib import Path

MESSY = {"bed_clock_h": "23:15", "stress_0_10": " 4", "evening_on_time": "YES", "unusual_night": "No", "sol_min": "ten"}


def test_the_command_says_what_it_read_changed_and_left(hypnic, diary, save) -> None:
    diary[2] |= MESSY
    path = save("nights", diary)
    path.write_bytes(path.read_text().replace(",", ";").replace("\n", "\r\n").encode("utf-16"))
    run = hypnic("check", str(path), "--fix", "fixed.csv")
    assert run.returncode == 1
    assert "nights.csv: changed Z4 type bed_clock_h: 23:15 -> 23.25\n" in run.stdout
    assert "fixed.csv: 4 cells changed" in run.stdout
    assert "1 error in 1 file" in run.stdout
    assert "nights.csv: read as UTF-16, semicolons, CRLF\n" in hypnic("check", str(path)).stdout


def test_a_folder_and_several_files_are_fixed_into_a_folder(hypnic, diary, person, save, tmp_path) -> None:
    diary[2] |= {"bed_clock_h": "23:15"}
    save("nights", diary)
    save("participants", [person | {"jerk_ever": "YES"}])
    run = hypnic("check", str(tmp_path), "--fix", "fixed")
    assert "nights.csv: changed Z4 type bed_clock_h: 23:15 -> 23.25\n" in run.stdout
    assert "participants.csv: changed" in run.stdout
    assert "no findings\n" in run.stdout
    assert run.returncode == 0
    assert hypnic("check", "nights.csv", "participants.csv", "--fix", "one.csv").returncode == 2


def test_what_is_left_out_of_a_fixed_copy_is_said(hypnic, diary, save) -> None:
    path = save("nights", [night | {"email": "a@example.org"} for night in diary])
    run = hypnic("check", str(path), "--fix", "fixed.csv", "--drop-private")
    assert "nights.csv: left out as private: column AO\n" in run.stdout
    assert "example" not in run.stdout


def test_a_marked_workbook_lists_the_faults_and_marks_their_cells(hypnic, diary, save, tmp_path) -> None:
    diary[2] |= {"bed_clock_h": "23:15", "unusual_night": "someone@example.org"}
    run = hypnic("check", str(save("nights", diary)), "--format", "xlsx", "--out", "marked.xlsx")
    assert (run.returncode, run.stderr) == (1, "")
    book = openpyxl.load_workbook(tmp_path / "marked.xlsx")
    assert book.sheetnames == ["hypnic findings", "nights"]
    assert {row[0].value: row[2].value for row in book["hypnic findings"].iter_rows(min_row=2)} == {
        "Y4": "PV2", "Z4": "type"
    }  # fmt: skip
    assert "type 23.25 for 23:15" in book["nights"]["Z4"].comment.text
    assert "example" not in book["nights"]["Y4"].comment.text
    assert hypnic("check", "marked.xlsx").returncode == 1
    again = hypnic("check", "marked.xlsx", "--format", "xlsx", "--out", "again.xlsx")
    assert again.returncode == 1
    assert openpyxl.load_workbook(tmp_path / "again.xlsx").sheetnames == ["hypnic findings", "nights"]


def test_a_marked_workbook_needs_a_place(hypnic, diary, save) -> None:
    run = hypnic("check", str(save("nights", diary)), "--format", "xlsx")
    assert (run.returncode, run.stderr) == (2, "hypnic: --format xlsx: name the workbook with --out MARKED.xlsx\n")


def test_a_table_with_names_of_its_own_is_told_with_the_columns_that_are_known_and_what_to_run(
    hypnic, tmp_path: Path
) -> None:
    (tmp_path / "log.csv").write_text("My sleep\n\nNacht;Bettzeit;Hopser\n1;23:15;0\n2;23:30;1\n", "utf-8")
    run = hypnic("check", "log.csv")
    assert (run.returncode, run.stdout) == (2, "")
    assert "row 3 was taken for the column names; known: A is the night, B is bed_clock_h; not known: C" in run.stderr
    assert run.stderr.endswith("run: hypnic convert spreadsheet log.csv -o nights.csv\n")


def test_an_option_is_not_taken_for_the_value_of_another(hypnic, tmp_path: Path) -> None:
    (tmp_path / "nights.csv").write_text("participant_id,night_index\n", "utf-8")
    run = hypnic("check", "nights.csv", "--fix", "--out", "fixed.csv")
    assert (run.returncode, run.stderr) == (
        2,
        "hypnic: --fix wants a value, and --out stands there; type it behind --fix\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["nights.csv"]
