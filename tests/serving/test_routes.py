"""The page of `hypnic serve`: what it answers, and what it refuses."""

from __future__ import annotations

import base64
import csv
import io
import json
import random
import runpy
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import anyio
import openpyxl
import pytest

from hypnic.datasets.intake import code_hash, new_code
from hypnic.serving import application
from hypnic.serving.asking import BODY, SIZE
from hypnic.serving.guard import ABREAST, Pace

PORT, TOKEN = 8123, "token-of-this-test"
HOME = f"127.0.0.1:{PORT}"
FACTS = {
    "title": "Diary of an open day",
    "data_state": "survey",
    "collection": "online form",
    "period": "2026 Q3",
    "consent": "Every respondent agreed to open data.",
    "licence": "CC0-1.0",
    "contact_role": "study coordinator",
}
OURS = {"host": HOME, "origin": f"http://{HOME}", "content-type": "application/json"}


class Answer:
    """What came back: the status, the headers, and the body."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status: int = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    def json(self) -> Any:
        return json.loads(self.body)


def asked(
    app, path: str, body: bytes | None = b"", method: str = "GET", headers: dict[str, str] | None = None
) -> Answer:
    """Ask the application as a server would."""
    said = {"host": HOME} if headers is None else headers
    messages: list[dict[str, Any]] = []
    parts = [{"type": "http.request", "body": body, "more_body": False}] if body is not None else []

    async def receive():
        return parts.pop() if parts else {"type": "http.disconnect"}

    async def send(message):
        messages.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "server": ("127.0.0.1", PORT),
        "client": ("127.0.0.1", 1), "headers": [(name.encode(), value.encode()) for name, value in said.items()],
    }  # fmt: skip
    anyio.run(app, scope, receive, send)
    return Answer(messages)


def post(app, what: str, said: object, **headers: str) -> Answer:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    all_of_them = {**OURS, "content-length": str(len(body)), **{n.replace("_", "-"): v for n, v in headers.items()}}
    return asked(app, f"/{TOKEN}/{what}", body, "POST", all_of_them)


def dropped(path: Path | tuple[str, str], edits: dict[str, str] | None = None, drop=()) -> dict[str, object]:
    name, content = (path.name, path.read_bytes()) if isinstance(path, Path) else (path[0], path[1].encode())
    return {"name": name, "content": base64.b64encode(content).decode(), "edits": edits or {}, "drop": list(drop)}


@pytest.fixture
def app():
    return application(PORT, TOKEN)


@pytest.fixture
def late(diary, save) -> Path:
    """Give a diary with two times of day and a word that nobody can read."""
    diary[0]["bed_clock_h"], diary[2]["leg_cramp"], diary[3]["sol_min"] = "11:30 pm", "ja", "a while"
    return save("nights", diary)


def test_the_page_its_script_and_its_style_are_there_and_say_what_they_may_load(app) -> None:
    page, script, style = (asked(app, f"/{TOKEN}/{name}") for name in ("", "app.js", "style.css"))
    assert [one.status for one in (page, script, style)] == [200, 200, 200]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert b"<style" not in page.body
    assert page.body.count(b"<script") == page.body.count(b"<script src=") == 1
    assert b"innerHTML" not in script.body
    assert page.headers["cache-control"] == "no-store"


def test_findings_are_told_with_their_cell_and_what_to_type_instead(app, late) -> None:
    said = post(app, "check", {"files": [dropped(late)]}).json()
    cells = {cell["cell"]: [way["text"] for way in cell["instead"]] for g in said["groups"] for cell in g["cells"]}
    assert cells["Z2"] == ["23.5"]
    assert said["certain"] == {"nights.csv": {"Z2": "23.5", "AN4": "true"}}
    assert said["errors"] == 3


@pytest.fixture
def two_sheets(diary, tmp_path) -> Path:
    """Give a workbook with a diary in each of two sheets; the second has a fault, and a third is empty."""
    book = openpyxl.Workbook()
    for name, last in (("nights", "23.5"), ("Anna", "ten")):
        sheet = book.create_sheet(name)
        sheet.append(list(diary[0]))
        for night in diary:
            sheet.append([*(night | {"sol_min": last if last == "ten" else night["sol_min"]}).values()])
    book.remove(book["Sheet"])
    book.create_sheet("empty")
    path = tmp_path / "nights.xlsx"
    book.save(path)
    return path


def test_another_sheet_of_a_workbook_is_read_when_it_is_picked_and_no_name_in_it_is_told(app, two_sheets) -> None:
    first = post(app, "check", {"files": [dropped(two_sheets)]}).json()
    second = post(app, "check", {"files": [dropped(two_sheets) | {"sheet": 2}]})
    assert [(one["sheets"], one["sheet"]) for one in (first["files"][0], second.json()["files"][0])] == [
        (["nights", "\u2026"], 1), (["nights", "\u2026"], 2),
    ]  # fmt: skip
    assert first["errors"] == 0 < second.json()["errors"]
    assert "--sheet" not in first["files"][0]["read"]
    assert b"Anna" not in second.body


def test_the_sheets_of_what_is_no_table_are_told_and_one_of_them_is_converted(app, tmp_path) -> None:
    book = openpyxl.Workbook()
    for name, nights in (("Week 1", 2), ("Week 2", 3)):
        sheet = book.create_sheet(name)
        sheet.append(["Nacht", "Bettzeit", "Aufwachzeit", "Einschlafdauer"])
        for night in range(nights):
            sheet.append([night + 1, "23:30", "7:00", 20])
    book.remove(book["Sheet"])
    book.save(path := tmp_path / "mine.xlsx")
    file = dropped(path)
    assert post(app, "sheets", {"files": [file]}).json() == {"files": [{"sheets": ["Week 1", "Week 2"], "sheet": 0}]}
    made = post(app, "convert", {"files": [file | {"sheet": 2}], "facts": {"form": "spreadsheet"}}).json()
    assert made["files"][0]["csv"].count("\n") == 4


OWN = "When,In bed,Up,Kicks\n2026-01-12,23:30,7:00,2\n2026-01-13,23:00,6:45,0\n2026-01-14,22:45,7:15,1\n"


def convert_own(app, path: Path, own_map: str = "") -> dict[str, Any]:
    facts = {"form": "spreadsheet", "map": own_map}
    return post(app, "convert", {"files": [dropped(path)], "facts": facts}).json()


def test_a_person_says_on_the_page_what_the_columns_of_their_spreadsheet_stand_for(app, tmp_path) -> None:
    (path := tmp_path / "mine.csv").write_text(OWN, "utf-8")
    first = convert_own(app, path)
    assert first["map"].startswith("[columns]\n")
    assert '"Kicks" = ""' in first["map"]
    named = first["map"].replace('"Kicks" = ""', '"Kicks" = "jerk_count"').replace('"When" = ""', '"When" = "date"')
    again = convert_own(app, path, named)
    (nights,) = again["files"]
    assert [row["jerk_count"] for row in csv.DictReader(io.StringIO(nights["csv"]))] == ["2", "0", "1"]
    assert again["map"] == named.strip()


def test_a_spreadsheet_of_which_hardly_a_name_is_known_comes_with_its_names_to_fill_in(app, tmp_path) -> None:
    (path := tmp_path / "mine.csv").write_text("A1,B1,C1\n1,2,3\n4,5,6\n", "utf-8")
    found = convert_own(app, path)
    assert (found["files"], found["complete"]) == ([], False)
    assert '"B1" = ""' in found["map"]
    assert found["said"][0].endswith("say below what its columns stand for, and convert it again")


def test_no_sentence_of_the_page_names_an_option_of_a_command(app, tmp_path) -> None:
    (path := tmp_path / "mine.csv").write_text(OWN, "utf-8")
    assert not [line for line in convert_own(app, path)["said"] if "--" in line]


def test_a_map_that_is_none_is_one_line_that_says_where(app, tmp_path) -> None:
    (path := tmp_path / "mine.csv").write_text(OWN, "utf-8")
    answer = post(app, "convert", {"files": [dropped(path)], "facts": {"form": "spreadsheet", "map": "[columns"}})
    assert answer.status == 422
    assert "columns.toml" in answer.json()["error"]


@pytest.mark.parametrize("sheet", [3, 51, -1, "nights", True, 1.5, None])
def test_a_sheet_that_is_not_there_is_refused(sheet: object, app, two_sheets) -> None:
    assert post(app, "check", {"files": [dropped(two_sheets) | {"sheet": sheet}]}).status == 400


def test_a_file_that_is_no_workbook_has_no_sheets(app, late) -> None:
    assert post(app, "check", {"files": [dropped(late)]}).json()["files"][0]["sheets"] == []
    assert post(app, "check", {"files": [dropped(late) | {"sheet": 1}]}).status == 400


def test_what_leaves_no_choice_is_accepted_and_the_rest_typed_until_it_is_clean_and_saved(app, late) -> None:
    certain = post(app, "check", {"files": [dropped(late)]}).json()["certain"]["nights.csv"]
    once = post(app, "check", {"files": [dropped(late, certain)]}).json()
    assert [cell["cell"] for group in once["groups"] for cell in group["cells"]] == ["AA5"]
    twice = dropped(late, certain | {"AA5": "25"})
    assert post(app, "check", {"files": [twice]}).json()["summary"] == "no findings"
    (saved,) = post(app, "save", {"files": [twice]}).json()["files"]
    rows = list(csv.DictReader(io.StringIO(saved["csv"])))
    assert saved["name"] == "nights-fixed.csv"
    assert (rows[0]["bed_clock_h"], rows[2]["leg_cramp"], rows[3]["sol_min"]) == ("23.5", "true", "25")
    assert post(app, "check", {"files": [dropped(("nights.csv", saved["csv"]))]}).json()["summary"] == "no findings"


def test_a_cell_typed_into_a_table_with_decimal_commas_does_not_break_the_others(app, diary, save) -> None:
    diary[0]["bed_clock_h"] = "23:30"
    text = save("nights", diary).read_text().replace(",", ";").replace(".", ",")
    file = ("nights.csv", text)
    certain = post(app, "check", {"files": [dropped(file)]}).json()["certain"]["nights.csv"]
    assert certain == {"Z2": "23.5"}
    assert post(app, "check", {"files": [dropped(file, certain)]}).json()["summary"] == "no findings"
    (saved,) = post(app, "save", {"files": [dropped(file, certain)]}).json()["files"]
    assert next(csv.DictReader(io.StringIO(saved["csv"])))["bed_clock_h"] == "23.5"


def test_a_private_column_is_hidden_can_be_left_out_and_the_others_keep_their_letters(app, diary, save) -> None:
    rows = [{"e-mail": f"some{n}@example.org"} | night | {"sol_min": "x"} for n, night in enumerate(diary)]
    file = save("nights", rows)
    said = post(app, "check", {"files": [dropped(file)]})
    assert b"example.org" not in said.body
    assert {column for group in said.json()["groups"] for column in group["drop"]} == {"A"}
    after = post(app, "check", {"files": [dropped(file, drop="A")]}).json()
    assert {cell["cell"] for group in after["groups"] for cell in group["cells"] if group["rule"] == "type"} == {
        f"AB{n}" for n in range(2, 14)
    }
    (saved,) = post(app, "save", {"files": [dropped(file, drop="A")]}).json()["files"]
    assert saved["csv"].startswith("participant_id,night_index,")


def test_an_empty_row_is_left_out_and_is_no_finding(app, diary, save) -> None:
    lines = save("nights", diary).read_text().splitlines()
    file = ("nights.csv", "\n".join([*lines[:3], "," * lines[0].count(","), *lines[3:]]))
    assert post(app, "check", {"files": [dropped(file)]}).json()["summary"] == "no findings"
    (saved,) = post(app, "save", {"files": [dropped(file)]}).json()["files"]
    assert saved["csv"].splitlines() == lines


def test_a_misspelt_header_is_typed_right_by_a_click(app, diary, save) -> None:
    file = ("nights.csv", save("nights", diary).read_text().replace("sol_min", "Sol Min"))
    certain = post(app, "check", {"files": [dropped(file)]}).json()["certain"]["nights.csv"]
    assert certain == {"AA1": "sol_min"}
    assert post(app, "check", {"files": [dropped(file, certain)]}).json()["summary"] == "no findings"


def test_the_publishable_folder_comes_with_codes_that_are_told_to_the_sender_alone(app, contribute) -> None:
    folder = contribute()
    files = [dropped(folder / name) for name in ("participants.csv", "nights.csv")]
    said = post(app, "publish", {"files": files, "facts": FACTS}).json()
    codes = dict(list(csv.reader(io.StringIO(said["codes"])))[1:])
    packed = zipfile.ZipFile(io.BytesIO(base64.b64decode(said["zip"])))
    assert said["name"] == "diary-of-an-open-day.zip"
    names = ("nights.csv", "participants.csv", "receipt.txt", "submission.toml", "withdrawals.csv")
    assert packed.namelist() == [f"diary-of-an-open-day/{name}" for name in names]
    content = b"".join(map(packed.read, packed.namelist())).decode()
    assert len(codes) == 12
    assert all(code_hash(code) in content and code not in content for code in codes.values())
    assert not any(token in content for token in codes)


def test_the_senders_own_list_of_codes_is_taken_and_none_is_drawn(app, contribute) -> None:
    folder = contribute(codes=[code := new_code()])
    files = [dropped(folder / name) for name in ("participants.csv", "nights.csv", "withdrawals.csv")]
    said = post(app, "publish", {"files": files, "facts": FACTS}).json()
    packed = zipfile.ZipFile(io.BytesIO(base64.b64decode(said["zip"])))
    assert said["codes"] == ""
    assert code_hash(code) in packed.read("diary-of-an-open-day/withdrawals.csv").decode()


def test_a_time_that_can_be_read_in_two_ways_is_offered_in_both_and_not_typed_at_once(app, diary, save) -> None:
    for night in diary:
        night["bed_clock_h"] = "23.30"
    said = post(app, "check", {"files": [dropped(save("nights", diary))]}).json()
    ways = [way["text"] for group in said["groups"] for way in group["cells"][0]["instead"]]
    assert (ways, said["certain"]) == (["23.5", "23.25"], {"nights.csv": {}})
    assert b"--fix" not in json.dumps(said).encode()


def test_a_fact_that_names_somebody_and_a_table_with_errors_are_refused_in_a_line(app, contribute) -> None:
    folder = contribute()
    files = [dropped(folder / name) for name in ("participants.csv", "nights.csv")]
    named = post(app, "publish", {"files": files, "facts": FACTS | {"title": "Anna's sleep diary"}})
    assert (named.status, named.json()["error"]) == (
        422, "submission.toml: title: it holds somebody's name, or a place; take it out",
    )  # fmt: skip
    faulty = post(app, "publish", {"files": [files[0], dropped(files_with_a_fault(folder))], "facts": FACTS})
    assert (faulty.status, faulty.json()["error"]) == (422, "your tables: 1 error")


def files_with_a_fault(folder: Path) -> Path:
    path = folder / "nights.csv"
    path.write_text(path.read_text().replace(",23.25,", ",very late,", 1))
    return path


def test_nothing_of_a_file_is_left_on_disk(app, late, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    for what in ("check", "save", "publish"):
        post(app, what, {"files": [dropped(late)], "facts": {}})
    assert list((tmp_path / "temporary").iterdir()) == []


def test_a_spreadsheet_of_ones_own_is_converted_and_what_was_done_is_said(app) -> None:
    file = dropped(("mine.csv", "Nacht,Bettzeit,Aufwachzeit,Einschlafdauer\n1,23:30,7:00,20\n2,22:45,6:45,15\n"))
    assert post(app, "check", {"files": [file]}).status == 422
    made = post(app, "convert", {"files": [file], "facts": {"form": "spreadsheet"}}).json()
    (table,) = made["files"]
    rows = list(csv.DictReader(io.StringIO(table["csv"])))
    assert (table["name"], [row["bed_clock_h"] for row in rows]) == ("nights.csv", ["23.5", "22.75"])
    assert made["said"][0].endswith("somebody's own spreadsheet, 2 rows -> nights, 2 rows")
    assert post(app, "convert", {"files": [file], "facts": {"form": "nothing"}}).status == 422


def test_markup_in_a_file_comes_back_as_the_text_it_is(app, diary, save) -> None:
    diary[0]["sol_min"] = "<img src=x onerror=alert(1)>"
    said = post(app, "check", {"files": [dropped(save("nights", diary))]})
    assert said.headers["content-type"] == "application/json"
    assert said.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"host": f"evil.example:{PORT}"}, 421),
        ({"host": "127.0.0.1"}, 421),
        ({"host": "127.0.0.1:1"}, 421),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": f"http://localhost:{PORT}"}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"content_type": "text/plain"}, 415),
        ({"content_type": "multipart/form-data; boundary=x"}, 415),
        ({"content_length": "-1"}, 411),
        ({"content_length": str(BODY + 1)}, 413),
    ],
)
def test_what_does_not_come_from_the_page_is_refused(app, late, headers, status) -> None:
    answer = post(app, "check", {"files": [dropped(late)]}, **headers)
    assert answer.status == status
    assert "access-control-allow-origin" not in answer.headers


def test_a_request_without_an_origin_a_host_or_the_token_is_refused(app) -> None:
    body = b'{"files": []}'
    length = {"content-length": str(len(body))}
    without = {name: value for name, value in OURS.items() if name != "origin"} | length
    assert asked(app, f"/{TOKEN}/check", body, "POST", without).status == 403
    assert asked(app, f"/{TOKEN}/", headers={}).status == 421
    assert [asked(app, path).status for path in ("/", "/check", f"/{TOKEN}", f"/{TOKEN}x/", f"//{TOKEN}/")] == [404] * 5


def test_paths_and_methods_that_are_not_the_pages_own_are_refused(app) -> None:
    assert [asked(app, f"/{TOKEN}/{p}").status for p in ("../app.js", "page/app.js", "%2e%2e", "guard.py")] == [404] * 4
    assert [asked(app, f"/{TOKEN}/", method=m).status for m in ("PUT", "DELETE", "OPTIONS", "TRACE")] == [405] * 4


def test_files_that_are_too_large_together_are_refused_before_they_are_read(app) -> None:
    files = [{"name": f"{n}.csv", "content": base64.b64encode(bytes(SIZE // 2 + 1)).decode()} for n in range(2)]
    answer = post(app, "check", {"files": files})
    assert (answer.status, "20 MB" in answer.json()["error"]) == (422, True)


def test_a_body_that_is_longer_than_it_says_is_cut_off(app) -> None:
    assert post(app, "check", b" " * (BODY + 1), content_length="10").status == 413


def test_a_request_that_is_broken_off_is_no_fault_of_ours(app, capsys) -> None:
    headers = {**OURS, "content-length": "9"}
    assert asked(app, f"/{TOKEN}/check", None, "POST", headers).status == 400
    assert capsys.readouterr().err == ""


def test_only_few_requests_are_held_in_memory_at_once(app) -> None:
    app.inside = ABREAST
    assert post(app, "check", b"{}").status == 429
    assert asked(app, f"/{TOKEN}/").status == 200
    assert app.inside == ABREAST


def test_more_requests_than_a_person_makes_are_told_to_wait() -> None:
    now = [0.0]
    app = application(PORT, TOKEN, Pace(pace=1, burst=2, clock=lambda: now[0]))
    assert [post(app, "check", b"{}").status for _ in range(3)] == [400, 400, 429]
    now[0] = 1.5
    assert [post(app, "check", b"{}").status for _ in range(2)] == [400, 429]


def test_random_requests_get_an_answer_and_never_a_fault_of_the_server() -> None:
    benchmark = runpy.run_path(str(Path(__file__).parents[1] / "benchmarks" / "serving.py"))
    counts = benchmark["statuses"](60, random.Random(5))  # noqa: S311 -- the same each time
    assert counts.total() == 60
    assert max(counts) < 500


def test_the_nights_of_one_person_are_told_from_their_tables_as_they_are_now(diary, person, save) -> None:
    seen: list[list[str]] = []

    def told(folder: Path) -> dict[str, Any]:
        seen.append(sorted(path.name for path in folder.iterdir()))
        return {"summary": "nights"}

    app = application(PORT, TOKEN, nights=told)
    files = [dropped(save("participants", [person])), dropped(save("nights", diary), {"AA2": "25"})]
    assert post(app, "check", {"files": files}).json()["own"]
    assert post(app, "nights", {"files": files}).json() == {"summary": "nights"}
    assert seen == [["nights.csv", "participants.csv"]]


def test_a_page_that_cannot_draw_has_no_such_address(app, diary, save) -> None:
    assert post(app, "nights", {"files": [dropped(save("nights", diary))]}).status == 404


def test_nights_of_two_people_are_nobodys_own(app, diary, save) -> None:
    two = [*diary, *(night | {"participant_id": "p_cccccccccccccccc"} for night in diary)]
    assert not post(app, "check", {"files": [dropped(save("nights", two))]}).json()["own"]


def test_a_form_of_which_no_question_is_known_comes_with_its_map(app) -> None:
    file = dropped(("form.csv", "Timestamp,Tense?,Rested?\n2026-03-02,4,3\n"))
    first = post(app, "convert", {"files": [file], "facts": {"form": "google-forms"}}).json()
    assert (first["files"], "--map" in " ".join(first["said"])) == ([], False)
    own = first["map"].replace('"Tense?" = ""', '"Tense?" = "stress_usual_0_10"')
    own = own.replace('"Rested?" = ""', '"Rested?" = "sleep_usual_h"')
    again = post(app, "convert", {"files": [file], "facts": {"form": "google-forms", "map": own}}).json()
    assert [one["name"] for one in again["files"]] == ["participants.csv"]
