"""Each form tool's export, laid out as the tool lays it out, comes through to a table without findings."""

from __future__ import annotations

import csv
import html
import json
from itertools import chain
from typing import TYPE_CHECKING

import polars as pl
import pytest

from hypnic.datasets.casting import typed
from hypnic.datasets.loading import data_folder
from hypnic.schemas import Nights, Participants, columns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Rows = list[dict[str, str]]
MODELS = {"participants": Participants, "nights": Nights}
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
    with path.open("w", encoding=settings.pop("encoding", "utf-8"), newline="") as file:
        csv.writer(file, **settings).writerows(lines)


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


def position(token: str, facts) -> int:
    return [word for word in facts.words if not word.startswith("-")].index(token) + 1


def asked(facts) -> str:
    return facts.name if facts.question.startswith("(") else facts.question


def google_forms(path: Path, table: str, rows: Rows) -> None:
    """Write a timestamp, the address where it is collected, then the questions; checkboxes joined by a comma."""
    facts = [column for column in columns(MODELS[table]).values() if column.name != "participant_id"]
    lines = [["Timestamp", "Email Address", *(asked(column).replace(" ", "\u00a0", 1) for column in facts)]]
    for n, row in enumerate(rows):
        said = [
            ", ".join(label(token, f) for token in row[f.name].split("|"))
            if f.kind == "tokens" else label(row[f.name], f, pm=True)
            for f in facts
        ]  # fmt: skip
        address = f"{row['participant_id'][2:8]}@example.org"
        lines.append([f"2024/03/{n % 28 + 1:02} 9:05:00 PM GMT+1", address, *said])
    write(path, lines, quoting=csv.QUOTE_ALL)


META = ("StartDate", "EndDate", "Status", "IPAddress", "Progress", "Duration (in seconds)", "Finished", "RecordedDate",
        "ResponseId", "RecipientLastName", "RecipientFirstName", "RecipientEmail", "ExternalReference",
        "LocationLatitude", "LocationLongitude", "DistributionChannel", "UserLanguage")  # fmt: skip


def qualtrics(path: Path, table: str, rows: Rows) -> None:
    """Write three header rows, the second with markup and line breaks, the third JSON; a comma joins checkboxes."""
    facts = [column for column in columns(MODELS[table]).values() if column.name != "participant_id"]
    texts = [f"<div>{html.escape(asked(column))}&nbsp;</div>\n" for column in facts]
    names = [f"Q{n}" if column.question in texts[n] else column.name for n, column in enumerate(facts)]
    marks = [json.dumps({"ImportId": f"QID{n}"}) for n in range(len(META) + len(facts))]
    lines = [[*META, *names], [*META, *texts], marks]
    for n, row in enumerate(rows):
        said = [",".join(label(word, f) for word in row[f.name].split("|")) for f in facts]
        start = f"2024-03-{n % 28 + 1:02} 21:05:00"
        key = row["participant_id"][2:9]
        meta = [
            start,
            start,
            "IP Address",
            f"203.0.113.{n % 250}",
            "100",
            "412",
            "True",
            start,
            f"R_{n:015}",
            "",
            "",
            "",
        ]
        lines.append([*meta, key, "48.20", "16.37", "anonymous", "EN", *said])
    write(path, lines, encoding="utf-8-sig")


def redcap_cells(table: str, row: dict[str, str]) -> dict[str, str]:
    cells = {}
    for facts in columns(MODELS[table]).values():
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


def odk(path: Path, table: str, rows: Rows) -> None:
    """Write as ODK Central: group-field, choices by name and separated by spaces, times with a zone."""
    facts = columns(MODELS[table]).values()
    lines = [["SubmissionDate", *(f"form-{f.name}" for f in facts), "meta-instanceID", "KEY", "SubmitterName", "Edits"]]
    for n, row in enumerate(rows):
        said = [
            "" if skipped(row[f.name], f) else time(row[f.name]) + ":00.000+01:00"
            if f.unit == "clock h" and not row[f.name].startswith("-") else row[f.name].replace("|", " ") for f in facts
        ]  # fmt: skip
        lines.append(["2024-03-01T21:05:00.000Z", *said, f"uuid:{n:08}", f"uuid:{n:08}", "Someone", "0"])
    write(path, lines)


def kobo(path: Path, table: str, rows: Rows) -> None:
    """Write as KoboToolbox: semicolons, group/field, and beside a list of choices one column for each."""
    facts = columns(MODELS[table]).values()
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
    facts = columns(MODELS[table]).values()
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
        subs = [word for word in f.words if not word.startswith("-")] if f.kind == "tokens" else []
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


def limesurvey_full(path: Path, table: str, rows: Rows) -> None:
    limesurvey(path, table, rows, full=True)


TOOLS = {
    "google-forms": google_forms, "qualtrics": qualtrics, "redcap": redcap, "odk": odk, "odk (Kobo)": kobo,
    "limesurvey": limesurvey, "limesurvey (full answers)": limesurvey_full,
}  # fmt: skip


@pytest.mark.parametrize("table", MODELS)
@pytest.mark.parametrize("tool", TOOLS)
def test_an_export_as_its_tool_lays_it_out_is_converted_without_findings(tool, table, hypnic, tmp_path: Path) -> None:
    rows = demo(table)
    TOOLS[tool](tmp_path / "export.csv", table, rows)
    run = hypnic("convert", tool.split(" ")[0], "export.csv", "-o", f"{table}.csv")
    assert (run.returncode, run.stderr) == (0, "")
    assert hypnic("check", f"{table}.csv").stdout == f"{table}.csv: no findings\n"
    made = pl.read_csv(tmp_path / f"{table}.csv", infer_schema=False)
    truth = pl.DataFrame(rows).with_columns(pl.when(pl.all() != "").then(pl.all()))
    assert typed(made.drop("participant_id"), MODELS[table]).equals(typed(truth.drop("participant_id"), MODELS[table]))
    pairs = set(zip(made["participant_id"], truth["participant_id"], strict=True))
    people = truth["participant_id"].n_unique()
    assert (len(pairs), made["participant_id"].n_unique()) == (people, people)


def test_one_redcap_export_of_both_forms_gives_both_tables_with_the_same_participants(hypnic, tmp_path: Path) -> None:
    nights = demo("nights")
    with (data_folder() / "demo" / "participants.csv").open(encoding="utf-8", newline="") as file:
        everybody = list(csv.DictReader(file))
    tokens = list(dict.fromkeys(row["participant_id"] for row in nights))
    known = {row["participant_id"]: row for row in everybody}
    people = [known[token] for token in tokens]
    lines: Rows = []
    for table, rows in (("participants", people), ("nights", nights)):
        redcap(tmp_path / f"{table}.raw", table, rows)
        with (tmp_path / f"{table}.raw").open(encoding="utf-8", newline="") as file:
            lines += csv.DictReader(file)
    head = dict.fromkeys(chain(*lines), "")
    write(tmp_path / "export.csv", [head, *((head | line).values() for line in lines)])
    assert hypnic("convert", "redcap", "export.csv", "-o", "study").returncode == 0
    files = ("study/participants.csv", "study/nights.csv")
    assert hypnic("check", *files).stdout == "participants.csv, nights.csv: no findings\n"
    heights = [pl.read_csv(tmp_path / file, infer_schema=False).height for file in files]
    assert heights == [len(people), len(nights)]


def test_the_formats_are_listed(hypnic) -> None:
    listed = [line.split()[0] for line in hypnic("convert", "--list").stdout.splitlines()]
    assert listed == sorted({tool.split(" ")[0] for tool in TOOLS})


def test_an_unknown_format_is_one_line_and_leaves_nothing(hypnic, tmp_path: Path) -> None:
    run = hypnic("convert", "paper", "export.csv", "-o", "nights.csv")
    assert (run.returncode, run.stderr.count("\n"), list(tmp_path.iterdir())) == (2, 1, [])
