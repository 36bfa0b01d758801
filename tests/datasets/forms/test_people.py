"""Seven invented people fill in our forms: what they are asked concerns them, and what comes back has no findings."""

from __future__ import annotations

import csv
import io
from functools import cache
from typing import TYPE_CHECKING

import pytest
from respondent import Sitting, at_redcap, at_xlsform, refusal

import hypnic
from hypnic.datasets.forms.together import convert_together
from hypnic.schemas import TABLES
from hypnic.schemas.publish import xlsform
from hypnic.schemas.publish.checking import person_code
from hypnic.schemas.publish.redcap import COLUMNS, as_redcap, code
from hypnic.schemas.publish.template import AWAKE, JERK, LATE_COFFEE, NIGHT, PERSON, RUN
from hypnic.schemas.publish.translation import languages

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Row = dict[str, str]
sheets = cache(xlsform.sheets)  # as long to make as to fill in
GATES = {"adult": "yes", "attention_item": "sometimes", "evening_nicotine_any": "no", "nicotine_evening_n": "",
         "usual_caffeine_any": "yes", "usual_filter_coffee_n": "2", "usual_filter_coffee_late_n": "1",
         "usual_alcohol_any": "no", "day_caffeine_any": "yes", "day_filter_coffee_n": "2",
         "day_alcohol_any": "no"}  # fmt: skip
NO_JERKS = {"jerk_ever": "no", "movements_any": "no"}
AT_WORK = {"bed_clock_h": "32", "wake_clock_h": "39", "caffeine_last_clock_h": "26", "day_filter_coffee_late_n": "2"}
HEAVY = {"day_espresso_n": "6", "day_espresso_late_n": "3", "caffeine_last_clock_h": "18",
         "day_alcohol_any": "yes", "day_large_beer_n": "5", "evening_nicotine_any": "yes",
         "nicotine_evening_n": "12"}  # fmt: skip
TWITCHING = {"jerk_count": "12", "jerk_intensity_0_4": "4"}
PEOPLE: dict[str, tuple[Row, list[Row]]] = {
    "never jerks": (NO_JERKS, [{}, {"sol_min": "30"}, AWAKE]),
    "no exercise": ({"exercise_vigorous_min_wk": "0"}, [JERK, {}, {"stress_0_10": "7"}]),
    "night shift": ({"shift_pattern": "night"}, [AT_WORK, AT_WORK | JERK, AT_WORK | RUN]),
    "ordinary": ({}, [LATE_COFFEE | JERK | {"day_filter_coffee_late_n": "1"}, RUN, AWAKE]),
    "heavy user": (
        {"nicotine_use": "smoked", "usual_espresso_n": "6", "usual_alcohol_any": "yes", "usual_large_beer_n": "30",
         "audit_c_q1": "4", "audit_c_q2": "3", "audit_c_q3": "4", "med_classes": "opioid|stimulant",
         "jerk_freq_12mo": "every_night", "jerk_nights_30d": "30"},
        [HEAVY | JERK | TWITCHING, HEAVY | JERK, HEAVY | JERK | AWAKE],
    ),
    "unsure": (
        {"jerk_ever": "unsure", "jerk_freq_12mo": "monthly", "jerk_nights_30d": "3", "movements_any": "no"},
        [{}, JERK, RUN],
    ),
    "refuses everything": ({}, [{}, {}, {}]),
}  # fmt: skip
# What is of no concern to them: in the first form, and on each of their nights.
JERKS = {"ask_jerk_reporter", "ask_jerk_intensity_0_4", "jerk_location", "jerk_sensation", "jerk_timing"}
EXERCISE = {"ask_exercise_intensity", "ask_exercise_type", "exercise_end_clock_h"}
NICOTINE = {"ask_nicotine_evening_n", "nicotine_evening_n"}
CAFFEINE = {"day_espresso_n", "day_espresso_late_n", "caffeine_last_clock_h"}
BEERS = {"day_large_beer_n", "day_wine_n"}
POINTLESS: dict[str, tuple[set[str], set[str]]] = {
    "never jerks": (
        {"ask_jerk_freq_12mo", "ask_jerk_nights_30d", "jerk_locations_usual", "jerk_sensations_usual",
         "jerk_distress_0_10", "jerk_sleep_impact", "jerk_family_history", "strategies_tried", "strategies_helped",
         "ask_movement_states", "ask_movement_pattern", "ask_red_flags", "tests_done"},
        JERKS | {"ask_waso_min"},
    ),
    "no exercise": ({"ask_exercise_late_days_wk"}, EXERCISE),
    "night shift": ({"usual_espresso_late_n"}, BEERS | JERKS),
    "ordinary": ({"usual_wine_n", "movements_any"}, NICOTINE | EXERCISE | {"day_espresso_late_n", "ask_waso_min"}),
    "heavy user": (set(), {"ask_waso_min"}),
    "unsure": (
        {"ask_jerk_nights_30d", "jerk_locations_usual", "jerk_sensations_usual", "jerk_distress_0_10",
         "jerk_sleep_impact", "strategies_tried", "strategies_helped", "tests_done"},
        NICOTINE | {"ask_waso_min"},
    ),
    "refuses everything": (
        {"usual_espresso_n", "ask_audit_c_q2", "ask_audit_c_q3", "ask_exercise_late_days_wk", "ask_med_change_30d",
         "strategies_helped", "ask_movement_states", "ask_movement_pattern", "ask_red_flags", "tests_done"},
        JERKS | EXERCISE | NICOTINE | CAFFEINE | BEERS | {"ask_waso_min"},
    ),
}  # fmt: skip
NAME, FORM = COLUMNS[:2]


def voice(kind: str, answers: Row) -> Callable[[str, list[str]], str]:
    """Answer as somebody with these cells would; a drink that is not in them is not drunk."""

    def answer(name: str, offered: list[str]) -> str:
        if name in answers and (kind != "refuses everything" or name in {"participant_id", "night_index"}):
            return answers[name]
        if kind == "refuses everything" and name != "withdrawal_code":
            return refusal(name, offered)
        return answers.get(name.removeprefix("ask_"), "0" if name.endswith("_n") else "")

    return answer


def voices(kind: str) -> tuple[Callable[[str, list[str]], str], list[Callable[[str, list[str]], str]]]:
    """Give how somebody answers the first form, and that of each night."""
    own, nights = PEOPLE[kind]
    who = {"participant_id": person_code()}
    numbered = enumerate(nights if kind == "refuses everything" else nights * 4, 1)
    rows = [
        NIGHT | GATES | who | {"night_index": str(n), "fatigue_bedtime_0_10": str(n % 10)} | one for n, one in numbered
    ]
    return voice(kind, PERSON | GATES | own | who), [voice(kind, row) for row in rows]


def write(path: Path, lines: list[Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(name for line in lines for name in line)), restval="")
        writer.writeheader()
        writer.writerows(lines)
    return path


def on_odk(kind: str, folder: Path) -> tuple[list[Path], list[Sitting]]:
    """Sit at both XLSForms, and export them as ODK Central does."""
    first, nights = voices(kind)
    files, all_sittings = [], []
    for table, voiced in (("participants", [first]), ("nights", nights)):
        made = sheets(table)
        sittings = [at_xlsform(made["survey"][1], made["choices"][1], one) for one in voiced]
        lines = [{name: cell.replace("|", " ") for name, cell in one.record.items()} for one in sittings]
        files.append(write(folder / f"{table}.csv", [line | {"KEY": f"uuid:{n}"} for n, line in enumerate(lines)]))
        all_sittings += sittings
    return files, all_sittings


def on_redcap(kind: str, folder: Path) -> tuple[list[Path], list[Sitting]]:
    """Sit at both instruments of the REDCap project, and export the record raw."""
    first, nights = voices(kind)
    fields = list(csv.DictReader(io.StringIO(as_redcap(list(TABLES)))))[1:]
    forms = {name: [row for row in fields if row[FORM] == name] for name in TABLES}
    sittings = [at_redcap(forms["participants"], {}, first)]
    sittings += [at_redcap(forms["nights"], sittings[0].record, one) for one in nights]
    lines = []
    for number, sitting in enumerate(sittings):
        here = {row[NAME] for row in forms["nights" if number else "participants"]}
        line = {"record_id": "1", "redcap_repeat_instrument": "nights" if number else "",
                "redcap_repeat_instance": str(number or "")}  # fmt: skip
        for row in fields:
            name, kind_of = row[NAME], row["Field Type"]
            cell = sitting.record.get(name, "") if name in here else ""
            if kind_of == "checkbox":
                words = [choice.split(", ", 1)[0] for choice in row[COLUMNS[5]].split(" | ")]
                ticked = {*map(code, cell.split("|"))}
                line |= {f"{name}___{word.lower()}": str(int(word in ticked)) if name in here else "" for word in words}
            elif kind_of != "descriptive":
                line[name] = code(cell) if kind_of in {"radio", "dropdown"} else cell
        lines.append(line)
    return [write(folder / "export.csv", lines)], sittings


TOOLS = {"odk": on_odk, "redcap": on_redcap}


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("kind", PEOPLE)
def test_somebody_is_asked_what_concerns_them_and_comes_back_without_findings(
    kind: str, tool: str, tmp_path: Path
) -> None:
    files, (first, *nights) = TOOLS[tool](kind, tmp_path)
    before, on_a_night = POINTLESS[kind]
    assert before & {*first.asked} == set()
    assert on_a_night & {*nights[0].asked} == set()
    for made in convert_together(tool, files):
        assert (made.complete, [line for line in made.said if line.startswith("not read")]) == (True, [])
        made.frame.write_csv(tmp_path / f"{made.table}.csv")
    found = hypnic.check(tmp_path / "participants.csv", tmp_path / "nights.csv")
    # Who refuses more than half, or to say when the night was written down, is kept out of the analysis, and `check`
    # tells so: that is no fault of the form.
    expected = {("P11", "flag"), ("N15", "flag"), ("N20", "flag")} if kind == "refuses everything" else set()
    assert set(found.select("rule", "level").iter_rows()) == expected


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_an_export_by_labels_comes_back_in_each_language(language: str, tmp_path: Path) -> None:
    files, _ = on_odk("ordinary", tmp_path)
    made = sheets("nights")
    title = languages()[language].title
    heads = {row["name"]: row.get(f"label::{title}", "") for row in made["survey"][1] if "name" in row}
    labels = {(row["list_name"], row["name"]): row[f"label::{title}"] for row in made["choices"][1]}
    with files[1].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    said = [
        {heads.get(name) or name: labels.get((name, cell), cell) for name, cell in row.items() if name != "night_index"}
        | {"night_index": row["night_index"]}
        for row in rows
    ]
    by_label = convert_together("odk", [files[0], write(tmp_path / "labels.csv", said)])[1].frame
    by_code = convert_together("odk", files)[1].frame
    assert [name for name in by_code.columns if by_label[name].to_list() != by_code[name].to_list()] == []


def test_a_dash_in_an_export_without_codes_is_left_unread(tmp_path: Path) -> None:
    files, _ = on_odk("ordinary", tmp_path)
    with files[1].open(encoding="utf-8", newline="") as file:
        rows = [row | {"leg_cramp": "-"} for row in csv.DictReader(file)]
    made = convert_together("odk", [files[0], write(tmp_path / "dashes.csv", rows)])[1]
    assert set(made.frame["leg_cramp"]) <= {None, ""}
    assert any("leg_cramp" in line and line.startswith("not read") for line in made.said)


def test_a_night_with_jerks_exercise_and_awakenings_asks_about_each(tmp_path: Path) -> None:
    _, (_, jerk, run, awake, *_) = on_odk("ordinary", tmp_path)
    assert {*jerk.asked} >= JERKS
    assert {*run.asked} >= EXERCISE
    assert "ask_waso_min" in awake.asked


MOVING = {"jerk_ever": "no", "movements_any": "yes", "movement_states": "awake_active|waking_up",
          "movement_pattern": "skin_flicker_no_limb_move", "red_flags": "numbness|spreading"}  # fmt: skip


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(("own", "kept"), [
    (MOVING, {name: MOVING[name] for name in ("movement_states", "movement_pattern", "red_flags")}),
    (NO_JERKS, {"movement_states": "unknown", "movement_pattern": "none", "red_flags": "none"}),
    (NO_JERKS | {"movements_any": "-9"},
     {"movement_states": "unknown", "movement_pattern": "dont_know", "red_flags": "refused"}),
])  # fmt: skip
def test_who_never_jerks_is_asked_of_movements_only_if_they_have_any(
    own: Row, kept: Row, tool: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(PEOPLE, "never jerks", (own, PEOPLE["never jerks"][1]))
    files, (first, *_) = TOOLS[tool]("never jerks", tmp_path)
    assert ("ask_movement_states" in first.asked, "doctor" in first.told) == (own == MOVING, own == MOVING)
    person = convert_together(tool, files)[0].frame.to_dicts()[0]
    assert {name: person[name] for name in kept} == kept


@pytest.mark.parametrize(("answers", "asked"), [
    ({"adult": "no"}, ["adult"]),
    ({"adult": "yes", "consent_open_data": "false"}, ["adult", "consent_open_data"]),
])  # fmt: skip
def test_who_is_under_18_or_does_not_consent_is_asked_nothing_more(answers: Row, asked: list[str]) -> None:
    fields = list(csv.DictReader(io.StringIO(as_redcap(["participants"]))))[1:]
    sitting = at_redcap(fields, {}, lambda name, _: answers[name])
    assert (sitting.asked, sitting.told) == (asked, ["information"])
    made = sheets("participants")
    with pytest.raises(AssertionError, match=f"{asked[-1]}: .* is refused"):
        at_xlsform(made["survey"][1], made["choices"][1], lambda name, _: answers[name])


def test_no_heading_stands_before_consent() -> None:
    made = sheets("participants")
    survey = [row | {"constraint": "", "required": ""} for row in made["survey"][1]]
    for consents, headed in (("", ["consent"]), ("true", ["consent", "you"])):
        answers = {"adult": "yes", "consent_open_data": consents}
        sitting = at_xlsform(survey, made["choices"][1], lambda name, _, said=answers: said.get(name, ""))
        assert sitting.headed == headed


@pytest.mark.parametrize(("code_of", "shown"), [("w_" + "a" * 26, "withdrawal_shown"), ("", "withdrawal_card")])
def test_the_withdrawal_code_of_a_link_is_shown_else_that_of_a_card_is_named(code_of: str, shown: str) -> None:
    made = sheets("participants")
    first, _ = voices("ordinary")
    sitting = at_xlsform(
        made["survey"][1],
        made["choices"][1],
        lambda *asked: code_of if asked[0] == "withdrawal_code" else first(*asked),
    )
    assert {*sitting.told} & {"withdrawal_shown", "withdrawal_card"} == {shown}


def test_a_withdrawal_code_in_an_export_stays_out_of_the_table_and_is_not_repeated(tmp_path: Path) -> None:
    (file, _), _ = on_odk("ordinary", tmp_path)
    with file.open(encoding="utf-8", newline="") as opened:
        rows = [row | {"withdrawal_code": "w_" + "b" * 26} for row in csv.DictReader(opened)]
    made = convert_together("odk", [write(tmp_path / "shown.csv", rows)])
    assert "w_bbb" not in "".join(one.frame.write_csv() + " ".join(one.said) for one in made)


def test_a_code_with_a_wrong_character_is_refused_by_the_form() -> None:
    made = sheets("nights")
    right = person_code()
    wrong = right[:5] + ("a" if right[5] != "a" else "b") + right[6:]
    _, (night, *_) = voices("ordinary")
    with pytest.raises(AssertionError, match=r"participant_id: p_.* is refused"):
        at_xlsform(
            made["survey"][1],
            made["choices"][1],
            lambda *asked: wrong if asked[0] == "participant_id" else night(*asked),
        )
