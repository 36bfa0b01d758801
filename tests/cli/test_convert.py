"""`hypnic convert` as a person runs it: what it writes, says and refuses."""

from __future__ import annotations

import csv
import re
from itertools import chain
from typing import TYPE_CHECKING

import polars as pl
import pytest
from coding import data_dictionary, redcap
from exporting import demo, google_forms, people_of, write

from hypnic.schemas import TABLES

if TYPE_CHECKING:
    from pathlib import Path

    from exporting import Rows

PRIVATE = re.compile(r"203\.0\.113|example\.org|2024|48\.20|16\.37|someone", re.IGNORECASE)


def test_a_path_that_is_called_after_somebody_is_printed_without_the_name(hypnic, tmp_path: Path) -> None:
    google_forms(tmp_path / "export.csv", "nights", demo("nights"))
    (tmp_path / "anna").mkdir()
    made = hypnic("convert", "google-forms", "export.csv", "-o", "anna/nights.csv")
    assert made.stdout.endswith("wrote \u2026/nights.csv\nnext: hypnic check FILE\n")
    (tmp_path / "anna" / "katalin.csv").write_text("Abend,Wort\n1,ja\n2,nein\n", "utf-8")
    stopped = hypnic("convert", "spreadsheet", "anna/katalin.csv", "-o", "anna/katalin.nights.csv")
    asked = hypnic("check", "anna/katalin.csv")
    assert "hypnic convert spreadsheet FILE --map MAP.toml -o OUT.csv" in stopped.stderr
    assert "FILE" in asked.stderr
    assert not re.search("anna|katalin", made.stdout + stopped.stderr + asked.stderr, re.IGNORECASE)


def test_a_table_is_made_said_and_checked(hypnic, tmp_path: Path) -> None:
    google_forms(tmp_path / "export.csv", "nights", demo("nights"))
    run = hypnic("convert", "google-forms", "export.csv", "-o", "nights.csv")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.endswith("wrote nights.csv\nnext: hypnic check nights.csv\n")
    assert 'left out as private: A "Timestamp", B "Email Address"' in run.stdout
    assert not PRIVATE.search(run.stdout + (tmp_path / "nights.csv").read_text("utf-8"))
    assert hypnic("check", "nights.csv").stdout.splitlines()[0] == "nights.csv: no findings"


def test_without_a_file_to_write_the_table_is_printed_alone_and_the_rest_next_to_it(hypnic, tmp_path: Path) -> None:
    google_forms(tmp_path / "export.csv", "nights", demo("nights"))
    run = hypnic("convert", "google-forms", "export.csv")
    assert run.stdout.startswith("participant_id,night_index,")
    assert run.stderr.startswith("export.csv: Google Forms, ")


def test_two_forms_of_one_study_make_two_tables_with_the_same_participants(hypnic, tmp_path: Path) -> None:
    nights = demo("nights")
    google_forms(tmp_path / "diary.csv", "nights", nights)
    google_forms(tmp_path / "baseline.csv", "participants", people_of(nights))
    assert hypnic("convert", "google-forms", "diary.csv", "baseline.csv", "-o", "study").returncode == 0
    assert hypnic("check", "study").stdout.splitlines()[0] == "participants.csv, nights.csv: no findings"


def test_an_answer_that_cannot_be_read_is_left_blank_named_by_its_row_and_the_exit_code_says_so(
    hypnic, tmp_path: Path
) -> None:
    google_forms(tmp_path / "export.csv", "nights", [*demo("nights"), demo("nights")[0] | {"stress_0_10": "a lot"}])
    run = hypnic("convert", "google-forms", "export.csv", "-o", "nights.csv")
    assert run.returncode == 1
    assert f"not read, left blank: stress_0_10 in row {len(demo('nights')) + 2} of " in run.stdout
    assert "a lot" not in run.stdout + run.stderr


def test_what_is_there_already_is_overwritten_only_when_told(hypnic, tmp_path: Path) -> None:
    google_forms(tmp_path / "export.csv", "nights", demo("nights"))
    (tmp_path / "nights.csv").write_text("mine", "utf-8")
    run = hypnic("convert", "google-forms", "export.csv", "-o", "nights.csv")
    assert (run.returncode, run.stdout, (tmp_path / "nights.csv").read_text("utf-8")) == (2, "", "mine")
    assert run.stderr == (
        "hypnic: nights.csv: is there already; name another with --out, or overwrite it with --force\n"
    )
    assert hypnic("convert", "google-forms", "export.csv", "-o", "nights.csv", "--force").returncode == 0


def test_one_redcap_export_of_both_forms_gives_both_tables_with_the_same_participants(hypnic, tmp_path: Path) -> None:
    nights = demo("nights")
    people = people_of(nights)
    lines: Rows = []
    for table, rows in (("participants", people), ("nights", nights)):
        redcap(tmp_path / f"{table}.raw", table, rows)
        with (tmp_path / f"{table}.raw").open(encoding="utf-8", newline="") as file:
            lines += csv.DictReader(file)
    head = dict.fromkeys(chain(*lines), "")
    write(tmp_path / "export.csv", [head, *((head | line).values() for line in lines)])
    data_dictionary(tmp_path / "dictionary.csv", TABLES)
    run = hypnic("convert", "redcap", "export.csv", "--codebook", "dictionary.csv", "-o", "study")
    assert run.returncode == 0
    files = ("study/participants.csv", "study/nights.csv")
    assert hypnic("check", *files).stdout.splitlines()[0] == "participants.csv, nights.csv: no findings"
    heights = [pl.read_csv(tmp_path / file, infer_schema=False).height for file in files]
    assert heights == [len(people), len(nights)]


def test_a_map_is_written_once_kept_and_used(hypnic, tmp_path: Path) -> None:
    write(tmp_path / "diary.csv", [["Night", "Stress", "Jerks", "Zzz"], ["1", "4", "0", "15"]])
    run = hypnic("convert", "spreadsheet", "diary.csv", "--map", "map.toml", "-o", "nights.csv")
    assert "wrote map.toml" in run.stderr
    own = (tmp_path / "map.toml").read_text("utf-8").replace('"Zzz" = ""', '"Zzz" = "sol_min"')
    (tmp_path / "map.toml").write_text(own, "utf-8")
    hypnic("convert", "spreadsheet", "diary.csv", "--map", "map.toml", "-o", "nights.csv", "--force")
    assert pl.read_csv(tmp_path / "nights.csv", infer_schema=False)["sol_min"].to_list() == ["15"]
    assert (tmp_path / "map.toml").read_text("utf-8") == own


def test_a_codebook_may_stand_next_to_a_map(hypnic, tmp_path: Path) -> None:
    write(tmp_path / "diary.csv", [["Night", "Stress", "Bedtime", "EXINT"], ["1", "4", "23:15", "2"]])
    hypnic("convert", "spreadsheet", "diary.csv", "--map", "map.toml", "-o", "nights.csv")
    own = (tmp_path / "map.toml").read_text("utf-8").replace('"EXINT" = ""', '"EXINT" = "exercise_intensity"')
    (tmp_path / "map.toml").write_text(own.replace('not_asked = ""', 'not_asked = "yes"'), "utf-8")
    write(tmp_path / "codes.csv", [["column", "code", "label"], ["EXINT", "2", "moderate"]])
    arguments = ("diary.csv", "--map", "map.toml", "--codebook", "codes.csv", "-o", "nights.csv", "--force")
    assert hypnic("convert", "spreadsheet", *arguments).returncode == 0
    assert pl.read_csv(tmp_path / "nights.csv")["exercise_intensity"].to_list() == ["moderate"]


def test_a_map_of_which_nothing_is_open_is_only_to_be_kept(hypnic, tmp_path: Path) -> None:
    write(tmp_path / "diary.csv", [["Night", "Stress", "Bedtime", "Jerks"], ["1", "4", "23:15", "2"]])
    run = hypnic("convert", "spreadsheet", "diary.csv", "--map", "map.toml", "-o", "nights.csv")
    assert run.stderr == "wrote map.toml: nothing is left open; keep it, and give it with --map each time\n"


def test_a_file_of_unknown_names_stops_with_the_command_to_paste(hypnic, tmp_path: Path) -> None:
    write(tmp_path / "my own.csv", [["Qqq", "Zzz"], ["23:15", "4"]])
    run = hypnic("convert", "spreadsheet", "my own.csv", "-o", "nights.csv")
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert "run: hypnic convert spreadsheet 'my own.csv' --map MAP.toml -o nights.csv, type in that file" in run.stderr


def test_the_formats_are_listed(hypnic) -> None:
    listed = [line.split()[0] for line in hypnic("convert", "--list").stdout.splitlines()]
    assert listed == [
        "google-forms", "limesurvey", "microsoft-forms", "odk", "qualtrics", "redcap", "spreadsheet", "surveymonkey",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("paper", "export.csv", "-o", "nights.csv"), "choose one of google-forms"),
        (("odk", "nowhere.csv", "-o", "nights.csv"), "there is no such file"),
        (("odk", "export.csv", "-o", "nights.csv"), "hardly a column"),
        (("qualtrics", "export.csv"), "not laid out as Qualtrics exports"),
        (("odk", "export.csv", "--sheet", "one"), "leave --sheet out"),
        (("odk", "export.csv", "export.csv", "-o", "nights.csv"), "name a folder"),
        (("odk", "export.csv", "--out", "nights.txt"), "hardly a column"),
    ],
)
def test_what_cannot_be_converted_is_one_line_and_leaves_nothing(arguments, words: str, hypnic, tmp_path: Path) -> None:
    write(tmp_path / "export.csv", [["a", "b"], ["1", "2"]])
    run = hypnic("convert", *arguments)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (2, "", 1)
    assert words in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]
