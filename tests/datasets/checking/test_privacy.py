"""What is private is found in names and cells, told by its place alone, and never repeated."""

from __future__ import annotations

import importlib.util
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hypnic
from hypnic.datasets.checking.gate import Gate
from hypnic.datasets.checking.headings import private_name
from hypnic.datasets.checking.privacy import private_value
from hypnic.datasets.findings import Format
from hypnic.datasets.findings.text import as_text
from hypnic.datasets.reading.text import read_text
from hypnic.errors import HypnicError
from hypnic.schemas import Nights, Participants, columns, languages
from hypnic.schemas.outputs import Findings

if TYPE_CHECKING:
    from collections.abc import Callable

    Save = Callable[..., Path]
    Row = dict[str, str]

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "privacy.py"
FACTS = {fact.name: fact for model in (Participants, Nights) for fact in columns(model).values()}


@pytest.fixture(scope="module")
def benchmark():
    spec = importlib.util.spec_from_file_location("privacy_benchmark", BENCHMARK)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_identifiers_of_every_kind_are_found_at_their_cell_and_no_output_repeats_them(benchmark, tmp_path) -> None:
    grids, planted = benchmark.plant(benchmark.demo(40), 114, seed=3)
    files = benchmark.save(grids, tmp_path)
    assert len({p.kind for p in planted}) >= 14
    assert benchmark.missed(hypnic.check(*files), planted) == []
    assert benchmark.leaks(benchmark.outputs(files), planted) == []


def test_harmless_cells_raise_no_alarm(benchmark) -> None:
    assert benchmark.false_alarms(benchmark.harmless(benchmark.demo(200), 2000, seed=3)) == []


def test_words_of_thirty_languages_are_judged_rightly_in_headers_titles_and_cells(benchmark) -> None:
    assert {name: wrong for name, _, wrong in benchmark.judged() if wrong} == {}


@pytest.mark.parametrize("name", [
    "Heimatgemeinde", "Gemeinde der Geburt", "nom du m\u00e9decin", "policy holder", "kontoNr", "prontu\u00e1rio",
    "Familienn.", "Rufn.", "ausfuelldatum", "tel_nr", "recorded on",
])  # fmt: skip
def test_two_words_are_private_together_and_a_word_is_known_where_it_is_cut_short(name: str) -> None:
    assert private_name(name)


@pytest.mark.parametrize("name", [
    "Schlafqualit\u00e4t (Note 1-6)", "note de la nuit (sur 10)", "Nota del sue\u00f1o (1-10)", "Erholung (Note)",
    "str_0_10", "mel_mg", "Temp. (min)", "Ort der Zuckung", "name of night",
])  # fmt: skip
def test_a_mark_on_a_scale_and_an_amount_are_no_remark_and_no_street(name: str) -> None:
    assert private_name(name) is None


THINGS = ("name", "phone", "email", "address", "town", "birth", "number", "kin", "work", "account", "image", "text")


@pytest.mark.parametrize("path", sorted(languages.FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_every_language_says_what_each_private_thing_is_called_and_a_header_is_told_by_it(path: Path) -> None:
    asked = json.loads(path.read_text("utf-8"))["asked"]
    assert tuple(asked) == THINGS
    words = [word.lstrip("=") for said in asked.values() for word in said if word[0] not in "~-"]
    assert [word for word in words if not private_name(word)] == []


def test_there_are_lists_for_many_languages() -> None:
    assert len(languages.languages()) >= 50


@pytest.mark.parametrize("name", [
    "Mik\u00e4 on nimesi?", "nimenne", "adresinizi", "nazwiskiem", "Kundenadresse", "Kontaktnavn", "felhasználónév",
    "numéro(s) de téléphone", "Telefon (optional)", "E-posta_1", "*Adress*", "Vorname_2", "هل عنوانك", "וכתובתך",
    "您的手机号码是多少?", "お名前(漢字)を入力", "เบอร์โทรศัพท์มือถือ", "\u0424.\u0418.\u041e.", "\u03a4.\u039a.",
    "Geb.-Dat.",
])  # fmt: skip
def test_endings_compounds_questions_and_scripts_without_spaces_hide_no_private_word(name: str) -> None:
    assert private_name(name)


@pytest.mark.parametrize("name", [
    "minimi", "Kan Grubu", "Hjertefrekvens", "نوع السرير", "משך זמן", "Dag van de week", "sterkte van de schok",
    "Husband noticed", "случаен ред", "room number of pillows", "dispositivo", "睡眠质量",
])  # fmt: skip
def test_a_harmless_header_in_any_script_is_nobodys_name(name: str) -> None:
    assert private_name(name) is None


@pytest.mark.parametrize("typed", ["42 Jahre", "37 ans", "29 años", "31 lat", "anna_k_88", "owl#4821", "near Fulda"])
def test_an_age_a_handle_and_a_place_near_home_are_private_in_a_word_column(typed: str) -> None:
    assert private_value(typed, FACTS["unusual_night"])


def test_the_instruments_own_names_and_questions_are_never_refused() -> None:
    said = [text for fact in FACTS.values() for text in (fact.name, fact.title, fact.question, fact.name.title())]
    assert [text for text in said if private_name(text)] == []


@pytest.mark.parametrize("name", ["lastName", "E-Mail", "phone_2", "Start Date", "IPAddress", "emailaddress", "LAT"])
def test_a_refused_word_is_found_in_a_name_however_it_is_joined(name: str) -> None:
    assert private_name(name)


@pytest.mark.parametrize("name", ["sexAtBirth", "Birth sex", "age group", "update", "context", "coffee", "stress_0-10"])
def test_a_word_that_only_holds_a_refused_one_may_stay(name: str) -> None:
    assert private_name(name) is None


@pytest.mark.parametrize(
    "name",
    ["Kennitala", "personnr", "Personnummer", "f\u00f8dselsnr", "BSN", "DNI/NIE", "codice fiscale", "NHS number", "SSN",
     "CPF", "nr PESEL", "AHV-Nummer", "num\u00e9ro AVS", "CPR nr.", "HETU", "PPSN", "Aadhaar no",
     "rodn\u00e9 \u010d\u00edslo", "KVNR", "NINO", "CNP", "T.C. Kimlik No", "\u8eab\u4efd\u8bc1\u53f7"],
)  # fmt: skip
def test_a_national_number_is_refused_by_its_name(name: str) -> None:
    assert private_name(name)


@pytest.mark.parametrize(
    "typed",
    ["120174-3399", "131052A308T", "ABCDE1234F", "L01X00T471", "RSSMRA85T10A562S", "X1234567L", "2 55 08 14 168 025 38",
     "811218+9876", "756.9217.0769.85", "AB123456C", "S1234567D"],
)  # fmt: skip
@pytest.mark.parametrize("column", ["sol_min", "unusual_night", "supplements"])
def test_a_national_number_is_refused_in_any_column(typed: str, column: str) -> None:
    assert private_value(typed, FACTS[column])


@pytest.mark.parametrize("name", ["nie (never)", "nie_geschlafen", "Kaffee nie", "sin caf\u00e9", "tai chi minutes"])
def test_a_word_that_is_short_for_a_national_number_elsewhere_may_stay(name: str) -> None:
    assert private_name(name) is None


@pytest.mark.parametrize(("name", "fact"), FACTS.items())
def test_words_that_a_column_offers_are_never_private_however_they_are_typed(name: str, fact) -> None:
    typed = [form for word in fact.words for form in (word, word.upper(), word.replace("_", " ").title(), f" {word} ")]
    assert [word for word in typed if private_value(word, fact)] == [], name


@given(st.sampled_from(["participants", "nights"]), st.floats(-9, 2000), st.integers(0, 20))
def test_an_honest_number_is_never_private_in_a_number_column(table: str, number: float, places: int) -> None:
    fact = FACTS["caffeine_usual_mg" if table == "participants" else "bed_clock_h"]
    typed = f"{number:.{places}f}"
    assert private_value(typed, fact) is None
    assert private_value(typed.replace(".", ","), fact) is None


@given(st.text(alphabet="0123456789", min_size=7, max_size=15), st.data())
def test_seven_digits_are_found_whatever_stands_between_them(digits: str, data) -> None:
    gaps = data.draw(st.lists(st.sampled_from(["", " ", "-", ".", "/", "\u00a0", "\u200b", "\u2013"]),
                              min_size=len(digits), max_size=len(digits)))  # fmt: skip
    assert private_value("".join(a + b for a, b in zip(digits, gaps, strict=True)), FACTS["jerk_location"])


def test_full_width_characters_hide_nothing() -> None:
    assert private_value("\uff10\uff13\uff10\uff11\uff12\uff13\uff14\uff15", FACTS["jerk_location"])


@given(st.text())
def test_any_text_is_judged_without_fault(text: str) -> None:
    assert private_value(text) is None or text
    assert private_name(text) is None or text


@pytest.mark.parametrize("piece", ["a", "a.", "1 ", "name", "namee", "a-", "Aa ", "f:", "A.", "1a", "@a", "\u0130"])
def test_no_text_however_made_holds_the_search_up(piece: str) -> None:
    start = time.perf_counter()
    assert private_value(piece * 100_000 + "\0")
    assert private_name(piece * 100_000 + "\0") or piece
    assert time.perf_counter() - start < 2


def test_a_token_with_its_pattern_is_exempt_though_it_has_seven_digits(person: Row, save: Save) -> None:
    assert hypnic.check(save("participants", [person | {"participant_id": "p_2345672345672345"}])).is_empty()


def test_a_private_cell_is_not_also_a_word_that_is_not_offered(diary: list[Row], save: Save) -> None:
    diary[3]["unusual_night"] = "someone@example.org"
    diary[4]["stress_0_10"] = "+49 30 1234567"
    found = hypnic.check(save("nights", diary))
    assert found.select("rule", "column", "cell", "line", "value").rows() == [
        ("PV2", "unusual_night", "Y5", 5, None),
        ("PV2", "stress_0_10", "L6", 6, None),
    ]


def test_a_bare_first_name_is_at_least_a_word_that_is_not_offered_and_is_not_repeated(
    diary: list[Row], save: Save
) -> None:
    diary[3]["unusual_night"] = "Rosalind"
    found = hypnic.check(save("nights", diary))
    assert found.select("rule", "value").rows() == [("level", None)]
    assert "Rosalind" not in as_text(found, [Path("nights.csv")]) + found.write_ndjson()


def test_a_refused_column_is_one_finding_at_its_header_and_says_neither_its_name_nor_that_it_is_unknown(
    diary: list[Row], save: Save
) -> None:
    rows = [night | {"Rosalind's e-mail": "someone@example.org"} for night in diary]
    found = hypnic.check(save("nights", rows))
    assert found.select("rule", "column", "cell", "row", "line").rows() == [("PV1", None, "AO1", None, 1)]
    assert "Rosalind" not in as_text(found, [Path("nights.csv")]) + found.write_ndjson()


def test_every_private_cell_of_a_row_is_found_though_two_columns_share_a_name(diary: list[Row], save: Save) -> None:
    path = save("nights", [night | {"spare": "a@example.org", "other": "b@example.org"} for night in diary[:10]])
    path.write_text(path.read_text().replace("spare,other", "other,other", 1))
    found = hypnic.check(path)
    assert set(found.filter(rule="PV2", row=1)["cell"]) == {"AO2", "AP2"}
    assert not found.write_ndjson().count("example")


def test_a_repeated_unknown_name_is_not_repeated_by_its_finding(diary: list[Row], save: Save) -> None:
    path = save("nights", [night | {"Rosalind": "1", "other": "1"} for night in diary])
    path.write_text(path.read_text().replace(",other\n", ",Rosalind\n", 1))
    found = hypnic.check(path)
    assert "column_repeated" in found["rule"]
    assert "Rosalind" not in as_text(found, [Path("nights.csv")]) + found.write_ndjson()


def test_what_is_private_is_told_first_and_stops_the_sending(person: Row, diary: list[Row], save: Save) -> None:
    diary[9]["unusual_night"] = "2024-01-15 23:30"
    people, nights = save("participants", [person | {"age_band": "x"}]), save("nights", diary)
    found = hypnic.check(people, nights)
    assert found["rule"].to_list() == ["PV2", "level"]
    assert found["hint"][0].endswith("do not send the file to anybody before")
    assert as_text(found, []).startswith("Do not send nights.csv to anybody: 1 private thing must be taken out first")
    assert pl.DataFrame(schema=found.schema).equals(Findings.validate(found).clear())


def test_a_file_that_cannot_be_read_repeats_nothing_either(diary: list[Row], save: Save, tmp_path: Path) -> None:
    ragged, headless = save("nights", diary), tmp_path / "headless.csv"
    ragged.write_text(ragged.read_text() + "Rosalind,someone@example.org," * 30)
    headless.write_text("Rosalind,someone@example.org\nAda,other@example.org\n")
    with pytest.raises(HypnicError) as said:
        hypnic.check(headless)
    for output in (str(said.value), str(hypnic.check(ragged).rows())):
        assert "Rosalind" not in output
        assert "example" not in output


def test_the_gate_stands_alone_for_other_doors(diary: list[Row], save: Save) -> None:
    diary[0]["jerk_location"] = "https://example.org"
    gate = Gate(read_text(save("nights", diary)), Nights)
    failures = [*gate.of_the_file(), *gate.of_cells(0, len(diary))]
    assert [(f.rule, f.row, f.column, f.kind) for f in failures] == [("PV2", 0, "jerk_location", "a web address")]


@pytest.mark.parametrize(
    "name", ["anna_schmidt.csv", "Tagebuch Wojciech.csv", "me@example.org.csv", "0151-5550123.csv"]
)
def test_a_private_file_name_is_not_repeated(name: str, diary: list[Row], save: Save, tmp_path: Path) -> None:
    diary[0]["stress_0_10"] = "99"
    path = save("nights", diary).rename(tmp_path / name)
    found = hypnic.check(path)
    said = "".join(form.render(found, [path]) for form in Format)
    assert not [part for part in ("anna", "schmidt", "Wojciech", "example", "5550123") if part in said]


def test_a_workbook_is_warned_of_that_names_somebody_outside_its_cells(diary: list[Row], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(list(diary[0]))
    for night in diary:
        book.active.append(list(night.values()))
    book.save(tmp_path / "plain.xlsx")
    assert "PV3" not in hypnic.check(tmp_path / "plain.xlsx")["rule"]
    book.active.title, book.properties.creator = "Rosalind Franklin", "Rosalind Franklin"
    book.active["C3"].comment = openpyxl.comments.Comment("call Rosalind Franklin", "Rosalind")
    book.save(tmp_path / "nights.xlsx")
    (row,) = hypnic.check(tmp_path / "nights.xlsx").filter(rule="PV3").iter_rows(named=True)
    assert row["level"] == "warning"
    assert row["message"].endswith("properties, the author of a comment, a comment at C3, the name of a sheet")
    assert "Rosalind" not in str(row)


@pytest.mark.parametrize(
    "name",
    [
        "VAT number",
        "IBAN",
        "Routing number",
        "Card holder",
        "Kontoinhaber",
        "Bankleitzahl",
        "Titulaire du compte",
        "Titular de la cuenta",
        "Intestatario del conto",
        "Naam rekeninghouder",
        "Nome do titular",
        "Numer rejestracyjny",
        "Körkort",
        "Bankszámlaszám",
        "Номер карты",
        "口座番号",
    ],
)
def test_a_header_of_accounts_payments_papers_or_vehicles_is_private(name: str) -> None:
    assert private_name(name) is not None


@pytest.mark.parametrize(
    "name",
    [
        "Card games before bed",
        "Dream image",
        "Bank holiday",
        "Account of the night",
        "Voice in dream",
        "Email after 9 pm",
    ],
)
def test_a_word_of_accounts_in_a_diary_is_harmless(name: str) -> None:
    assert private_name(name) is None
