"""Each form tool's export, laid out as the tool lays it out, comes through to a table without findings."""

from __future__ import annotations

import csv
import datetime as dt
import html
import json
import re
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

import polars as pl
import pytest
import xlsxwriter

from hypnic.datasets.checking.files import check
from hypnic.datasets.checking.types import typed
from hypnic.datasets.forms.codebook import read_codebook
from hypnic.datasets.forms.conversion import convert
from hypnic.datasets.loading import data_folder
from hypnic.datasets.writing import write_table
from hypnic.schemas import TABLES, columns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Rows = list[dict[str, str]]
WORDS = {"-7": "Not applicable", "-8": "I don't know", "-9": "Prefer not to say", "refused": "Prefer not to say"}


def demo(table: str) -> Rows:
    """Give the answers of forty respondents of the synthetic cohort, or three diaries with some kicks at even gaps."""
    with (data_folder() / "demo" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if table == "participants":
        return rows[:40]
    people = list(dict.fromkeys(row["participant_id"] for row in rows if row["rhythmic_leg_moves"] == "yes"))[:3]
    return [row for row in rows if row["participant_id"] in people]


def write(path: Path, lines: Iterable[Iterable[str]], **settings) -> None:
    if path.suffix == ".xlsx":
        write_workbook(path, lines)
        return
    with path.open("w", encoding=settings.pop("encoding", "utf-8"), newline="") as file:
        csv.writer(file, **settings).writerows(lines)


def write_workbook(path: Path, lines: Iterable[Iterable[str]]) -> None:
    """Write what looks like a number as one, and a time of day with its AM or PM as a workbook's own."""
    with xlsxwriter.Workbook(path) as book:
        sheet, clock = book.add_worksheet("Form responses 1"), book.add_format({"num_format": "h:mm:ss AM/PM"})
        for row, cells in enumerate(lines):
            for column, cell in enumerate(cells):
                if re.fullmatch(r"-?\d+(\.\d+)?", cell):
                    sheet.write_number(row, column, float(cell))
                elif re.fullmatch(r"\d+:\d\d:\d\d [AP]M", cell):
                    moment = dt.datetime.strptime(cell, "%I:%M:%S %p").time()  # noqa: DTZ007 -- a time of day
                    sheet.write_datetime(row, column, moment, clock)
                else:
                    sheet.write_string(row, column, cell)


def skipped(cell: str, facts) -> bool:
    """Whether the form did not ask: -7 where the question it hangs on is of the same table."""
    return cell == "-7" and facts.routing is not None and "." not in facts.routing.on


def time(cell: str, *, pm: bool = False) -> str:
    minutes = round(float(cell) * 60) % 1440
    if not pm:
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{(minutes // 60 - 1) % 12 + 1}:{minutes % 60:02}:00 {'AM' if minutes < 720 else 'PM'}"


def label(cell: str, facts, *, pm: bool = False) -> str:
    """Say an answer in words, as a form's choices do."""
    if not cell or skipped(cell, facts):
        return ""
    if facts.unit == "clock h" and not cell.startswith("-"):
        return time(cell, pm=pm)
    if facts.name == "attention_ok":
        return "Sometimes" if cell == "true" else "Often"
    if facts.kind == "flag" and not cell.startswith("-"):
        return "Yes" if cell == "true" else "No"
    return WORDS.get(cell, cell if facts.kind in {"integer", "number", "text"} or cell.isupper() else spoken(cell))


def spoken(token: str) -> str:
    return token.replace("_", " ").capitalize()


def code(cell: str, facts, mark: str = "") -> str:
    """Say an answer as a position among the choices."""
    if not cell or skipped(cell, facts):
        return ""
    if facts.unit == "clock h" and not cell.startswith("-"):
        return time(cell)
    if facts.kind == "choice" and not cell.startswith("-") and facts.name != "country_code":
        return f"{mark}{position(cell, facts)}"
    if facts.kind == "flag" and not cell.startswith("-"):
        return "1" if cell == "true" else "0"
    return cell


def words(facts) -> list[str]:
    """Give the choices of a question with checkboxes."""
    return [word for word in facts.words if not word.startswith("-")] if facts.kind == "tokens" else []


def position(token: str, facts) -> int:
    return [word for word in facts.words if not word.startswith("-")].index(token) + 1


def asked(facts) -> str:
    return facts.name if facts.question.startswith("(") else facts.question


def google_forms(path: Path, table: str, rows: Rows) -> None:
    """Write a timestamp, the address where it is collected, then the questions; checkboxes joined by a comma.

    The last question was deleted and asked again, so that it is there twice, and each answer in one of both.
    """
    facts = [column for column in columns(TABLES[table]).values() if column.name != "participant_id"]
    heads = [asked(column).replace(" ", "\u00a0", 1) for column in facts]
    lines = [["Timestamp", "Email Address", *heads, f"{heads[-1]}.1"]]
    for n, row in enumerate(rows):
        said = [
            ", ".join(label(token, f) for token in row[f.name].split("|"))
            if f.kind == "tokens" else label(row[f.name], f, pm=True)
            for f in facts
        ]  # fmt: skip
        address = f"{row['participant_id'][2:8]}@example.org"
        lines.append([f"2024/03/{n % 28 + 1:02} 9:05:00 PM GMT+1", address, *said, ""])
        if n > len(rows) / 2:
            lines[-1][-2:] = ["", said[-1]]
    write(path, lines, quoting=csv.QUOTE_ALL)


META = ("StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate",
        "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference",
        "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage")  # fmt: skip


def qualtrics(path: Path, table: str, rows: Rows, *, split: bool = False) -> None:
    """Write three header rows (a workbook: two), the second with markup and line breaks, the third JSON.

    With `split`, a question with checkboxes has a column for each.
    """
    facts = [column for column in columns(TABLES[table]).values() if column.name != "participant_id"]
    texts, names = [], []
    for n, f in enumerate(facts):
        text = f"<div>{html.escape(asked(f))}&nbsp;</div>\n"
        name = f"Q{n}" if f.question in text else f.name
        parts = words(f) if split else []
        texts += [f"{asked(f)} - Selected Choice - {spoken(word)}" for word in parts] or [text]
        names += [f"{name}_{place}" for place in range(1, len(parts) + 1)] or [name]
    own = [json.dumps({"ImportId": name[0].lower() + name[1:], "timeZone": "America/Denver"}) for name in META]
    marks = [*own, *(json.dumps({"ImportId": f"QID{n}_TEXT"}) for n in range(len(names)))]
    spaced = [re.sub("(?<=[a-z])(?=[A-Z])", " ", name).replace("Response Id", "Response ID") for name in META]
    lines = [[*META, *names], [*spaced, *texts], *([marks] if path.suffix == ".csv" else [])]
    for n, row in enumerate([rows[0], *rows]):
        said: list[str] = []
        for f in facts:
            ticked = row[f.name].split("|")
            each = [spoken(word) if word in ticked else "" for word in words(f)] if split else []
            said += each or [",".join(label(word, f) for word in ticked)]
        start = f"2024-03-{n % 28 + 1:02} 21:05:00"
        key, status = row["participant_id"][2:9], "IP Address" if n else "Survey Preview"
        meta = [start, start, status, f"203.0.113.{n % 250}", "100", "412", "True", start, f"R_{n:015}", "", "", ""]
        lines.append([*meta, key, "48.20", "16.37", "anonymous", "EN", *said])
    write(path, lines, encoding="utf-8-sig")


def redcap_cells(table: str, row: dict[str, str]) -> dict[str, str]:
    cells = {}
    for facts in columns(TABLES[table]).values():
        if facts.kind == "tokens":
            ticked = row[facts.name].split("|")
            for token in (word for word in facts.words if not word.startswith("-")):
                cells[f"{facts.name}___{position(token, facts)}"] = str(int(token in ticked))
        elif facts.name not in {"participant_id", "night_index"}:
            cells[facts.name] = code(row[facts.name], facts)
    return cells


def redcap(path: Path, table: str, rows: Rows) -> None:
    """Write raw codes, a column a checkbox, the record's own columns; checkboxes are 0 where not ticked."""
    records = {token: n for n, token in enumerate(dict.fromkeys(row["participant_id"] for row in rows), 1)}
    lines = []
    for row in rows:
        repeats = table == "nights"
        lines.append({
            "record_id": str(records[row["participant_id"]]), "redcap_event_name": "diary_arm_1",
            "redcap_repeat_instrument": "nights" if repeats else "", "redcap_survey_identifier": "",
            "redcap_repeat_instance": row["night_index"] if repeats else "",
            f"{table}_timestamp": "2024-03-01 21:05:00",
            **redcap_cells(table, row), f"{table}_complete": "2",
        })  # fmt: skip
    write(path, [lines[0], *(line.values() for line in lines)])


def data_dictionary(path: Path, tables: Iterable[str]) -> None:
    """Write what the positions stand for, as the project's data dictionary does."""
    lines = [["Variable / Field Name", "Field Type", "Field Label", "Choices, Calculations, OR Slider Labels"]]
    for facts in chain(*(columns(TABLES[table]).values() for table in tables)):
        said = [f"{position(word, facts)}, {spoken(word)}" for word in facts.words if not word.startswith("-")]
        lines.append(
            [facts.name, "radio", asked(facts), " | ".join(said if facts.kind in {"choice", "tokens"} else [])]
        )
    write(path, lines)


def list_of_labels(path: Path, table: str) -> None:
    """Write what the positions stand for, as a plain list, by LimeSurvey's names and codes."""
    lines = [["column", "code", "label"]]
    for facts in columns(TABLES[table]).values():
        mark = {"tokens": "SQ{:03}", "choice": "A{}"}.get(facts.kind, "")
        said = [word for word in facts.words if mark and not word.startswith("-")]
        name = facts.name.replace("_", "")[:20]
        lines += [[name, mark.format(position(word, facts)), spoken(word)] for word in said]
    write(path, lines)


def odk(path: Path, table: str, rows: Rows) -> None:
    """Write as ODK Central: group-field, choices by name and separated by spaces, times with a zone."""
    facts = columns(TABLES[table]).values()
    lines = [["SubmissionDate", *(f"form-{f.name}" for f in facts), "meta-instanceID", "KEY", "SubmitterName", "Edits"]]
    for n, row in enumerate(rows):
        said = [
            "" if skipped(row[f.name], f) else time(row[f.name]) + ":00.000+01:00"
            if f.unit == "clock h" and not row[f.name].startswith("-") else row[f.name].replace("|", " ") for f in facts
        ]  # fmt: skip
        lines.append(["2024-03-01T21:05:00.000Z", *said, f"uuid:{n:08}", f"uuid:{n:08}", "Someone", "0"])
    write(path, lines)


def kobo(path: Path, table: str, rows: Rows) -> None:
    """Write as KoboToolbox: semicolons, group/field, and next to a list of choices one column for each."""
    facts = columns(TABLES[table]).values()
    tail = ["_id", "_uuid", "_submission_time", "_validation_status", "_notes", "_status", "_submitted_by",
            "__version__", "_tags", "_index"]  # fmt: skip
    head = [[f"form/{f.name}", *(f"form/{f.name}/{word}" for word in f.options if f.kind == "tokens")] for f in facts]
    lines = [["start", "end", *chain(*head), *tail]]
    for row in rows:
        said: list[str] = []
        for f in facts:
            said.append("" if skipped(row[f.name], f) else row[f.name].replace("|", " "))
            said += [str(int(word in row[f.name].split("|"))) for word in f.options if f.kind == "tokens"]
        when = "2024-03-01T21:05:00.000+01:00"
        lines.append([when, when, *said, "7", "u", when, "", "", "submitted_via_web", "someone", "v1", "", "1"])
    write(path, lines, delimiter=";", quoting=csv.QUOTE_ALL)


def limesurvey(path: Path, table: str, rows: Rows, *, full: bool = False) -> None:
    """Write codes of letters and digits, sub-questions in brackets, Y or nothing; with `full`, whole texts."""
    facts = columns(TABLES[table]).values()
    meta = [
        "id",
        "submitdate",
        "lastpage",
        "startlanguage",
        "seed",
        "token",
        "startdate",
        "datestamp",
        "ipaddr",
        "refurl",
    ]
    head: list[str] = []
    for f in (f for f in facts if f.name != "participant_id"):
        name = f.name.replace("_", "")[:20]
        text = f"{name}. {asked(f)}" if full else name
        subs = words(f)
        head += [f"{text} [{spoken(word)}]" if full else f"{name}[SQ{n:03}]" for n, word in enumerate(subs, 1)] or [
            text
        ]
    lines = [[*meta, *head]]
    for n, row in enumerate(rows, 1):
        said: list[str] = []
        for f in (f for f in facts if f.name != "participant_id"):
            if f.kind == "tokens":
                ticked, marks = row[f.name].split("|"), ("Yes", "No") if full else ("Y", "")
                said += [marks[word not in ticked] for word in f.words if not word.startswith("-")]
            elif full:
                said.append(label(row[f.name], f) or "N/A")
            else:
                cell = code(row[f.name], f, "A")
                said.append({"0": "N", "1": "Y"}.get(cell, cell) if f.kind == "flag" else cell)
        when = "2024-03-01 21:05:00"
        lines.append([str(n), when, "4", "en", "17", row["participant_id"][2:], when, when, "203.0.113.9", "", *said])
    write(path, lines, encoding="utf-8-sig", quoting=csv.QUOTE_ALL)


TOOLS = {
    "google-forms": google_forms,
    "qualtrics": qualtrics,
    "qualtrics (split)": partial(qualtrics, split=True),
    "redcap": redcap,
    "odk": odk,
    "odk (Kobo)": kobo,
    "limesurvey": limesurvey,
    "limesurvey (full answers)": partial(limesurvey, full=True),
}
WORKBOOKS = ("google-forms", "qualtrics", "odk (Kobo)")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("tool", "ending"), [*((tool, ".csv") for tool in TOOLS), *((tool, ".xlsx") for tool in WORKBOOKS)]
)
def test_an_export_as_its_tool_lays_it_out_is_converted_without_findings(tool, ending, table, tmp_path: Path) -> None:
    rows = demo(table)
    TOOLS[tool](tmp_path / f"export{ending}", table, rows)
    codebook = None
    if tool in {"redcap", "limesurvey"}:  # their codes are positions, which nothing in the export explains
        made = {"redcap": lambda path: data_dictionary(path, [table]), "limesurvey": lambda p: list_of_labels(p, table)}
        made[tool](tmp_path / "codebook.csv")
        codebook = read_codebook(tmp_path / "codebook.csv")
    conversion = convert(tool.partition(" ")[0], tmp_path / f"export{ending}", codebook=codebook)
    assert (conversion.table, conversion.complete) == (table, True)
    assert not [line for line in conversion.said if line.startswith("left out as no question")]
    write_table(conversion.frame, tmp_path / f"{table}.csv")
    assert check(tmp_path / f"{table}.csv").to_dicts() == []
    made = pl.read_csv(tmp_path / f"{table}.csv", infer_schema=False)
    truth = pl.DataFrame(rows).with_columns(pl.when(pl.all() != "").then(pl.all()))
    assert typed(made.drop("participant_id"), TABLES[table]).equals(typed(truth.drop("participant_id"), TABLES[table]))
    pairs = set(zip(made["participant_id"], truth["participant_id"], strict=True))
    people = truth["participant_id"].n_unique()
    assert (len(pairs), made["participant_id"].n_unique()) == (people, people)


PRIVATE = re.compile(r"203\.0\.113|example\.org|2024|48\.20|16\.37|someone", re.IGNORECASE)


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
    assert f"not read, left blank: stress_0_10 in row {len(demo('nights')) + 2}; type a whole number" in run.stdout
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


def people_of(nights: Rows) -> Rows:
    """Give the participants who kept these nights."""
    with (data_folder() / "demo" / "participants.csv").open(encoding="utf-8", newline="") as file:
        known = {row["participant_id"]: row for row in csv.DictReader(file)}
    return [known[token] for token in dict.fromkeys(row["participant_id"] for row in nights)]


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


def test_the_formats_are_listed(hypnic) -> None:
    listed = [line.split()[0] for line in hypnic("convert", "--list").stdout.splitlines()]
    assert listed == sorted({tool.split(" ")[0] for tool in TOOLS} | {"microsoft-forms", "spreadsheet", "surveymonkey"})


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
