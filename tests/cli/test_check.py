"""What `hypnic check` says of how a file was saved, and of what it fixed."""

from __future__ import annotations

import openpyxl

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
