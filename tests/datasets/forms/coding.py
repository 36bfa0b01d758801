"""Exports of the synthetic cohort, laid out as the tools that write names and codes do; and their codebooks."""

from __future__ import annotations

import csv
from itertools import chain
from typing import TYPE_CHECKING

from exporting import asked, code, label, position, skipped, spoken, time, words, write

from hypnic.schemas import TABLES, columns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from exporting import Rows


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
