"""Whose a night is and which of the diary: by keys and numbers of the export, and never by counting its rows."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hypnic.datasets.forms import convert, convert_together
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence

PERSON = {"jerk_ever": "yes", "age_band": "35-44", "consent_open_data": "true"}
NIGHT = {"stress_0_10": "4", "sol_min": "15", "jerk_count": "1"}


def write(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([list(rows[0]), *(list(row.values()) for row in rows)])
    return path


def numbers(form: str, path: Path) -> tuple[list[str | None], bool]:
    made = convert(form, path, "nights")
    return made.frame["night_index"].to_list(), made.complete


@pytest.mark.parametrize(
    ("name", "cells"),
    [("redcap_event_name", ["night_1_arm_1", "night_2_arm_1", "night_4_arm_1b"]),
     ("Event Name", ["Night 1 (Arm 1: Diary)", "Night 2 (Arm 1: Diary)", "Night 4 (Arm 2: Diary)"]),
     ("visit", ["visit 01", "visit 02", "visit 04"]), ("redcap_repeat_instance", ["1", "2", "4"])],
)  # fmt: skip
def test_the_event_or_visit_numbers_the_night_and_a_gap_stays(name: str, cells: list[str], tmp_path: Path) -> None:
    rows = [NIGHT | {"record_id": "1", name: cell} for cell in cells]
    assert numbers("redcap", write(tmp_path / "a.csv", rows)) == (["1", "2", "4"], True)


def test_an_event_numbers_the_night_where_the_instance_does_not_tell_nights_apart(tmp_path: Path) -> None:
    rows = [
        NIGHT | {"record_id": "1", "redcap_repeat_instance": "1", "redcap_event_name": f"day_{n}_arm_1"} for n in (3, 5)
    ]
    assert numbers("redcap", write(tmp_path / "a.csv", rows)) == (["3", "5"], True)


def test_an_event_with_two_numbers_is_not_guessed(tmp_path: Path) -> None:
    rows = [NIGHT | {"record_id": "1", "redcap_event_name": event} for event in ("night_1_arm_1", "week_2_day_3_arm_1")]
    assert numbers("redcap", write(tmp_path / "a.csv", rows)) == (["1", None], False)


def test_rows_that_nothing_numbers_are_counted_and_said_and_the_table_is_not_called_complete(tmp_path: Path) -> None:
    rows = [NIGHT | {"respondent_id": "1"}] * 2
    made = convert("google-forms", write(tmp_path / "a.csv", rows))
    assert (made.frame["night_index"].to_list(), made.complete) == (["1", "2"], False)
    assert any(line.startswith("night_index: numbered by each person's rows") for line in made.said)


@pytest.mark.parametrize(
    "title", ["Which night is this about?\n(date of the evening)", "Datum der Nacht", "Which night is it?"]
)
def test_nights_of_a_form_are_numbered_by_the_date_that_it_asks_for(title: str, tmp_path: Path) -> None:
    dates = ["2026/03/09", "2026/03/12", "2026/03/10"]
    rows = [{"Timestamp": f"2026/03/1{n}"} | NIGHT | {"respondent_id": "1", title: day} for n, day in enumerate(dates)]
    made = convert("google-forms", write(tmp_path / "a.csv", rows))
    assert (made.frame["night_index"].to_list(), made.complete) == (["1", "4", "2"], True)
    again = convert("google-forms", write(tmp_path / "b.csv", [*rows, rows[0]]))
    assert any("the same number twice for one person in rows 2, 5" in line for line in again.said)


def test_neither_the_tools_own_time_nor_another_date_numbers_the_nights(tmp_path: Path) -> None:
    days = [{"Timestamp": f"2026/03/0{day}", "Date of birth": f"2001-01-0{day}"} for day in (1, 5)]
    made = convert("google-forms", write(tmp_path / "a.csv", [day | NIGHT | {"respondent_id": "1"} for day in days]))
    assert made.frame["night_index"].to_list() == ["1", "2"]


def test_the_same_number_twice_for_one_person_is_said(tmp_path: Path) -> None:
    rows = [NIGHT | {"respondent_id": "1", "night": "2"}] * 2
    made = convert("google-forms", write(tmp_path / "a.csv", rows))
    assert not made.complete
    assert any("the same number twice for one person in rows 2, 3" in line for line in made.said)


def odk(folder: Path, nights: Sequence[tuple[str, int]], consents: Sequence[str]) -> list[Path]:
    people = [PERSON | {"consent_open_data": said, "KEY": f"uuid:{n}"} for n, said in enumerate(consents)]
    rows = [
        NIGHT | {"sol_min": str(n), "PARENT_KEY": f"uuid:{who}", "KEY": f"uuid:{who}/night[{n}]"} for who, n in nights
    ]
    return [write(folder / "form.csv", people), write(folder / "form-night.csv", rows)]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(st.tuples(st.sampled_from("012"), st.integers(1, 14)), min_size=1, max_size=12, unique=True))
def test_repeats_find_their_person_by_parent_key_in_any_order_and_with_any_gap(nights, tmp_path: Path) -> None:
    people, diary = convert_together("odk", odk(tmp_path, nights, ["true"] * 3))
    tokens = people.frame["participant_id"].to_list()
    made = diary.frame.select("participant_id", "night_index", "sol_min").rows()
    assert made == [(tokens[int(who)], str(n), str(n)) for who, n in nights]


def test_nights_of_a_person_who_does_not_consent_are_left_out(tmp_path: Path) -> None:
    people, diary = convert_together("odk", odk(tmp_path, [("0", 1), ("1", 1)], ["true", "false"]))
    assert diary.frame["participant_id"].to_list() == people.frame["participant_id"].to_list()
    assert any(line.startswith("left out: row 3: no consent") for line in diary.said)


def test_nights_that_name_people_of_another_export_stop_with_what_to_do(tmp_path: Path) -> None:
    people, diary = odk(tmp_path, [("7", 1)], ["true"])
    with pytest.raises(HypnicError, match=r"form-night.csv: its keys in .* lead to none of the participants"):
        convert_together("odk", [people, diary])


def test_no_night_is_kept_where_nobody_consents(tmp_path: Path) -> None:
    people, *nights = convert_together("odk", odk(tmp_path, [("0", 1)], ["false"]))
    assert people.frame.is_empty()
    assert [one.frame.height for one in nights] in ([], [0])


@pytest.mark.parametrize(("said", "kept"), [("no", 0), ("", 0), ("yes", 2)])
def test_nights_of_somebody_who_does_not_consent_are_left_out_whatever_the_key(said, kept, tmp_path: Path) -> None:
    people = [PERSON | {"respondent_id": "ab", "consent_open_data": said}, PERSON | {"respondent_id": "cd"}]
    nights = [NIGHT | {"respondent_id": who, "night": night} for who in ("AB", "cd") for night in "12"]
    one, two = convert_together("google-forms", [write(tmp_path / "p.csv", people), write(tmp_path / "n.csv", nights)])
    assert (one.frame.height, two.frame.height) == (1 + bool(kept), 2 + kept)
    assert bool(kept) != any(line.startswith("left out: rows 2, 3: no consent") for line in two.said)


def test_who_consents_and_later_does_not_is_left_out_whole(tmp_path: Path) -> None:
    people = [PERSON | {"respondent_id": "ab", "consent_open_data": said} for said in ("yes", "no")]
    nights = [NIGHT | {"respondent_id": "ab", "night": "1"}]
    made = convert_together("google-forms", [write(tmp_path / "p.csv", people), write(tmp_path / "n.csv", nights)])
    assert [one.frame.height for one in made] == [0, 0]


def kobo(folder: Path, people: Sequence[dict[str, str]], nights: Sequence[dict[str, str]]) -> list[Path]:
    return [
        write(folder / "main.csv", [PERSON | keys for keys in people]),
        write(folder / "night.csv", [NIGHT | {"_index": str(n)} | keys for n, keys in enumerate(nights, 1)]),
    ]


def test_a_night_whose_index_fits_and_whose_uuid_is_of_another_study_is_nobodys(tmp_path: Path) -> None:
    people = [{"_uuid": "a", "_index": "1"}, {"_uuid": "b", "_index": "2"}]
    nights = [{"_parent_index": "1", "_submission__uuid": key} for key in ("a", "z")]
    made = convert_together("odk", kobo(tmp_path, people, nights))
    assert made[1].frame["participant_id"].to_list() == made[0].frame["participant_id"].to_list()[:1]
    assert "left out: row 3: no respondent named" in made[1].said


def test_an_index_that_stands_for_two_people_of_two_exports_links_nobody(tmp_path: Path) -> None:
    paths = kobo(tmp_path, [{"_index": "1"}], [{"_parent_index": "1"}])
    other = write(tmp_path / "other.csv", [PERSON | {"_index": "1"}])
    with pytest.raises(HypnicError, match="lead to none of the participants"):
        convert_together("odk", [*paths, other])


def test_kobos_parent_index_links_repeats_and_its_own_index_numbers_them(tmp_path: Path) -> None:
    people = write(tmp_path / "form.csv", [PERSON | {"_index": str(n)} for n in (1, 2)])
    rows = [NIGHT | {"_index": index, "_parent_index": who} for index, who in (("1", "1"), ("3", "1"), ("4", "2"))]
    one, two = convert_together("odk", [people, write(tmp_path / "night.csv", rows)])
    first, second = one.frame["participant_id"].to_list()
    assert two.frame.select("participant_id", "night_index").rows() == [(first, "1"), (first, "3"), (second, "1")]
    assert two.complete


def test_repeats_of_another_export_are_told_apart_from_repeats_without_a_key(tmp_path: Path) -> None:
    people = write(tmp_path / "form.csv", [PERSON | {"KEY": "uuid:a"}])
    rows = [NIGHT | {"_index": "1", "_parent_index": "4", "_submission__uuid": "u"}]
    night = write(tmp_path / "night.csv", rows)
    with pytest.raises(HypnicError, match=r"its keys in \w+, \w+ lead to none of the participants that were read"):
        convert_together("odk", [people, night])
    with pytest.raises(HypnicError, match="no column tells which nights are of the same person"):
        convert_together("odk", [write(tmp_path / "bare.csv", [NIGHT])])


def test_evening_and_morning_forms_are_joined_by_person_and_night(tmp_path: Path) -> None:
    keys = [{"respondent_id": who, "night": night} for who, night in (("a", "1"), ("a", "3"), ("b", "1"))]
    evening = write(tmp_path / "e.csv", [key | {"stress_0_10": "4", "exercise_min": "30"} for key in keys])
    morning = write(tmp_path / "m.csv", [key | {"sol_min": "15", "jerk_count": "1"} for key in reversed(keys)])
    (made,) = convert_together("google-forms", [evening, morning])
    assert made.frame.select("night_index", "stress_0_10", "sol_min").rows() == [
        ("1", "4", "15"), ("3", "4", "15"), ("1", "4", "15")
    ]  # fmt: skip
    assert made.complete


def test_answers_in_which_two_exports_differ_are_left_blank_and_said(tmp_path: Path) -> None:
    row = NIGHT | {"respondent_id": "a", "night": "1"}
    exports = [write(tmp_path / f"{n}.csv", [row | {"sol_min": n}]) for n in ("10", "20")]
    (made,) = convert_together("google-forms", exports)
    assert (made.frame["sol_min"].to_list(), made.frame["stress_0_10"].to_list()) == ([None], ["4"])
    assert not made.complete
    assert any("sol_min in 1 row; the exports contradict each other" in line for line in made.said)


CASES = Path(__file__).parents[4] / "shared" / "cases" / "F06-odk-repeats"


@pytest.mark.skipif(not CASES.exists(), reason="the reduced inputs lie next to the repository, and are not there")
def test_reduced_inputs_of_repeats_are_linked_and_numbered() -> None:
    people, nights = convert_together("odk", [CASES / "form.csv", CASES / "form-night.csv"])
    one, two = people.frame["participant_id"].to_list()
    rows = nights.frame.select("participant_id", "night_index").rows()
    assert rows == [(one, "1"), (one, "2"), (two, "1"), (two, "2")]
    kobo = convert("odk", CASES / "kobo_night.csv", "nights").frame
    assert (kobo["participant_id"].n_unique(), kobo["night_index"].to_list()) == (2, ["1", "2", "1"])


def test_a_redcap_export_with_a_teams_own_labels_leaves_no_answer_out(tmp_path: Path) -> None:
    heads = [
        "Record ID",
        "Repeat Instance",
        "Stress today (0-10)",
        "Jerks noticed",
        "Went to bed at",
        "Minutes to sleep",
    ]
    cells = ["7", "2", "4", "1", "23:15", "15"]
    made = convert("redcap", write(tmp_path / "a.csv", [dict(zip(heads, cells, strict=True))]))
    names = ("night_index", "stress_0_10", "jerk_count", "bed_clock_h", "sol_min")
    assert (made.frame.select(names).row(0), made.complete) == (("2", "4", "1", "23.25", "15"), True)
