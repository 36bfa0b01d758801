"""A form that hypnic makes, filled in and exported as its tool does, comes back as the tables it was made from."""

from __future__ import annotations

import csv
import io
import re
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import pytest
from respondent import evaluated

import hypnic
from hypnic.datasets.checking.types import typed
from hypnic.datasets.forms.together import convert_together
from hypnic.datasets.loading import data_folder
from hypnic.schemas import TABLES, columns
from hypnic.schemas.drinks import DRINKS
from hypnic.schemas.publish.form import form
from hypnic.schemas.publish.item import spell
from hypnic.schemas.publish.redcap import COLUMNS, as_redcap, code
from hypnic.schemas.publish.xlsform import sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

NAME, FORM, TYPE, CHOICES, LOGIC, NOTE = (COLUMNS[n] for n in (0, 1, 3, 5, 11, 17))
WINE = next(drink for drink in DRINKS if drink.name == "wine").amount
Row = dict[str, str]


def asked_of(table: str, truth: Row) -> Row:
    """Give what somebody with these cells would answer: their words, and drinks that make up their sums."""
    answers = {name: "" if cell == "-7" else cell for name, cell in truth.items()}
    answers |= {f"ask_{name}": cell for name, cell in answers.items()}
    still = (truth.get("movement_states"), truth.get("movement_pattern")) == ("unknown", "none")
    answers["movements_any"] = "no" if still else "yes"
    answers |= {"adult": "yes", "evening_nicotine_any": "yes" if answers.get("nicotine_evening_n") else "no"}
    when, caffeine, alcohol = ("day", "caffeine_mg", "alcohol_g") if table == "nights" else (
        "usual", "caffeine_usual_mg", "alcohol_usual_g_wk")  # fmt: skip
    late = "caffeine_after_14_mg" if table == "nights" else "caffeine_after_14_usual_mg"
    for gate, total in (("caffeine", caffeine), ("alcohol", alcohol)):
        said = truth[total]
        answers[f"{when}_{gate}_any"] = said if said.startswith("-") else "yes" if float(said or 0) > 0 else "no"
    counts = {
        "tablet_mg": truth[caffeine],
        "tablet_mg_late": truth[late],
        "wine": f"{float(truth[alcohol]) / WINE:.0f}",
    }
    for drink in DRINKS:
        for name in (drink.name, f"{drink.name}_late"):
            answers[f"{when}_{name}_n"] = counts.get(name, "0")
    answers["attention_item"] = "sometimes" if truth.get("attention_ok") == "true" else "often"
    return answers


def study() -> tuple[list[Row], list[Row]]:
    """Give four synthetic participants, one of 75 and over, and their nights; their wine in whole glasses."""
    tables = []
    for name in TABLES:
        with (data_folder() / "demo" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            tables.append(list(csv.DictReader(file)))
    everybody, every_night = tables
    sums = ("caffeine_usual_mg", "caffeine_after_14_usual_mg", "alcohol_usual_g_wk")
    keepers = {row["participant_id"] for row in every_night}
    able = [row for row in everybody if row["participant_id"] in keepers and not any(row[n][:1] == "-" for n in sums)]
    chosen: list[Row] = []
    for name, word in (
        ("nicotine_use", "smoked"),
        ("jerk_ever", "no"),
        ("red_flags", "numbness"),
        ("supplements", "b12"),
    ):
        chosen.append(next(row for row in able if word in row[name].split("|") and row not in chosen))
    chosen[0]["age_band"] = "75+"
    for row in chosen:  # the demo's people were asked what a form leaves out
        row["jerk_family_history"] = row["jerk_family_history"] if row["jerk_ever"] == "yes" else ""
        row["tests_done"] = "" if row["movement_pattern"] == "none" else row["tests_done"]
    nights = [row for one in chosen for row in every_night if row["participant_id"] == one["participant_id"]]
    for row, name in [*((row, "alcohol_g") for row in nights), *((row, sums[2]) for row in chosen)]:
        if not row[name].startswith("-"):
            glasses = round(float(row[name]) / WINE) or float(row[name]) > 0
            row[name] = f"{round(glasses * WINE, 1):g}"
    return chosen, nights


def write(path: Path, lines: list[Row]) -> Path:
    head = list(dict.fromkeys(name for line in lines for name in line))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, head, restval="")
        writer.writeheader()
        writer.writerows(lines)
    return path


def redcap_export(folder: Path, people: list[Row], nights: list[Row]) -> list[Path]:
    """Fill in the data dictionary as REDCap would, and export it raw: a record each, a repeated instance a night."""
    fields = list(csv.DictReader(io.StringIO(as_redcap(list(TABLES)))))
    lines = []
    for record, person in enumerate(people, 1):
        theirs = [night for night in nights if night["participant_id"] == person["participant_id"]]
        known = asked_of("participants", person)
        lines.append(redcap_line(fields, "participants", known, record, ""))
        for night in theirs:
            answers = known | asked_of("nights", night)
            lines.append(redcap_line(fields, "nights", answers, record, night["night_index"]))
    return [write(folder / "export.csv", lines)]


def redcap_line(fields: list[Row], form: str, answers: Row, record: int, instance: str) -> Row:
    line = {"record_id": str(record), "redcap_event_name": "baseline_arm_1",
            "redcap_repeat_instrument": "nights" if instance else "", "redcap_repeat_instance": instance,
            "redcap_data_access_group": "", "redcap_survey_identifier": ""}  # fmt: skip
    for field in fields[1:]:
        name, kind = field[NAME], field[TYPE]
        here = field[FORM] == form
        asked = here and (not field[LOGIC] or evaluated(field[LOGIC], answers))
        cell = answers.get(name, "") if asked else ""
        computed = re.search(r"@CALCTEXT\((.*)\)$", field[NOTE]) or (
            kind == "calc" and re.match("(.*)", field[CHOICES])
        )
        if here and computed:
            found = evaluated(computed[1], answers)
            cell = found if isinstance(found, str) else f"{found:g}"
        choices = [choice.split(", ", 1)[0] for choice in field[CHOICES].split(" | ")]
        if kind == "checkbox":
            ticked = [code(word) for word in cell.split("|") if word]
            assert set(ticked) <= set(choices)
            line |= {f"{name}___{choice.lower()}": str(int(choice in ticked)) if here else "" for choice in choices}
        elif kind != "descriptive":
            assert kind not in {"radio", "dropdown"} or not cell or code(cell) in choices
            line[name] = code(cell) if kind in {"radio", "dropdown"} else cell
    return line | {f"{form}_timestamp": "2024-03-01 21:05:00", f"{form}_complete": "2"}


def odk_export(folder: Path, people: list[Row], nights: list[Row], *, kobo: bool = False) -> list[Path]:
    """Fill in both XLSForms and export each: group-field from ODK Central, group/field and split choices from Kobo."""
    return [odk_file(folder, table, rows, kobo=kobo) for table, rows in (("participants", people), ("nights", nights))]


def odk_file(folder: Path, table: str, rows: list[Row], *, kobo: bool) -> Path:
    made = sheets(table)
    lines = []
    for number, row in enumerate(rows, 1):
        answers = asked_of(table, row)
        when = "2024-03-01T21:05:00.000+01:00"
        line = {"start": when, "end": when} if kobo else {"SubmissionDate": when}
        for name, cell in odk_cells(made["survey"][1], answers, "/" if kobo else "-"):
            line[name] = cell.replace("|", " ")
            field = re.split("[/-]", name)[-1]
            if kobo and columns(TABLES[table]).get(field, None) and columns(TABLES[table])[field].kind == "tokens":
                words = [choice["name"] for choice in made["choices"][1] if choice["list_name"] == field]
                line |= {f"{name}/{word}": str(int(word in cell.split("|"))) if cell else "" for word in words}
        tail = {"_id": str(number), "_uuid": f"00000000-0000-4000-8000-{number:012}", "_submission_time": when,
                "_validation_status": "", "_notes": "", "_status": "submitted_via_web", "_submitted_by": "someone",
                "__version__": "vAbC", "_tags": "", "_index": str(number)} if kobo else {
                "meta-instanceID": f"uuid:{number}", "KEY": f"uuid:{number}", "SubmitterID": "12",
                "SubmitterName": "Someone", "AttachmentsPresent": "0", "AttachmentsExpected": "0", "Status": "",
                "ReviewState": "approved", "DeviceID": "collect:abc", "Edits": "0", "FormVersion": "1.0"}  # fmt: skip
        lines.append(line | tail)
    return write(folder / f"{table}-export.csv", lines)


def odk_cells(survey: list[Row], answers: Row, between: str) -> Iterable[tuple[str, str]]:
    group = ""
    for item in survey:
        if item["type"] == "begin_group":
            group = item["name"] + between
        elif item["type"] == "end_group":
            group = ""
        elif item["type"] == "calculate":
            found = evaluated(item["calculation"], answers)
            yield group + item["name"], found if isinstance(found, str) else f"{found:g}"
        else:
            asked = not item.get("relevant") or evaluated(item["relevant"], answers)
            yield group + item["name"], answers.get(item["name"], "") if asked else ""


TOOLS: dict[str, Callable[..., list[Path]]] = {
    "redcap": redcap_export, "odk": odk_export, "odk (Kobo)": partial(odk_export, kobo=True),
}  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
def test_what_was_answered_on_a_form_of_ours_comes_back_without_findings(tool: str, tmp_path: Path) -> None:
    people, nights = study()
    made = convert_together(tool.partition(" ")[0], TOOLS[tool](tmp_path, people, nights))
    for one, truth in zip(made, (people, nights), strict=True):
        expected = pl.DataFrame(truth).with_columns(pl.when(pl.all() != "").then(pl.all()))
        if tool != "redcap" and one.table == "nights":  # alone, the nights' form asks everybody whether they smoked
            expected = expected.with_columns(pl.col("nicotine_evening_n").replace("-7", "0"))
        model = TABLES[one.table]
        missed = [line for line in one.said if line.startswith(("not read", "left out as no question", "drink"))]
        assert (missed, one.complete) == ([], True)
        assert typed(one.frame, model).to_dicts() == typed(expected, model).select(one.frame.columns).to_dicts()
        assert set(one.frame.columns) == model.names()
        one.frame.write_csv(tmp_path / f"{one.table}.csv")
    assert hypnic.check(tmp_path / "participants.csv", tmp_path / "nights.csv").to_dicts() == []


@pytest.mark.parametrize("table", TABLES)
def test_caffeine_after_14_is_rounded_as_the_days_is_and_so_never_above_it(table: str) -> None:
    sums = [item.calculation for item in form(table) if item.name.startswith("caffeine") and item.calculation]
    asked = re.findall(r"{(\w+)}", "".join(sums))
    for tablets in range(1, 11):  # milligrams, all of them late
        drunk = {name: "yes" if name.endswith("_any") else f"{tablets * ('tablet' in name)}" for name in asked}
        day, late = (evaluated(spell(one, "[{}]", "[{}({})] = '1'"), drunk) for one in sums)
        assert late == day


def test_the_forms_have_an_age_that_redcap_cannot_spell() -> None:
    people, _ = study()
    assert code(people[0]["age_band"]) == "75_plus"
