"""Exports of the synthetic cohort, laid out as the form tools that write questions lay them out."""

from __future__ import annotations

import csv
import datetime as dt
import html
import json
import re
from typing import TYPE_CHECKING

import xlsxwriter

from hypnic.datasets.loading import data_folder
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


def people_of(nights: Rows) -> Rows:
    """Give the participants who kept these nights."""
    with (data_folder() / "demo" / "participants.csv").open(encoding="utf-8", newline="") as file:
        known = {row["participant_id"]: row for row in csv.DictReader(file)}
    return [known[token] for token in dict.fromkeys(row["participant_id"] for row in nights)]


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
