"""What the privacy gate catches: identifiers planted in copies of the synthetic demo, and what must pass.

`python tests/benchmarks/privacy.py` plants 500 made-up identifiers in the cells and column names of both tables, scans
20,000 harmless cells, and looks for every planted text in every output; then it holds the gate against the lists of
headers, titles and cells in 30 languages in `privacy.toml`. It prints recall for each kind, false alarms
and leaks. All names, addresses and numbers are drawn here or reserved for examples (RFC 2606, RFC 5737, RFC 3849).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import tomllib
import uuid
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

import hypnic
from hypnic.datasets.checking.headings import private_name
from hypnic.datasets.checking.privacy import private_value
from hypnic.datasets.checking.sentences import private_sentence
from hypnic.datasets.loading import data_folder
from hypnic.schemas import TABLES, Nights, columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypnic.schemas import Column

Draw = random.Random
FIRST = "Ada Ben Chloé Dmitri Elif Fatima Giulia Hans Ines Jörg Kofi Leila Marek Noor Olu Priya Quentin Rosa Søren Thu"
LAST = "Abbott Bianchi Çelik Dubois Eriksen Fernández Grünwald Haddad Ivanova Jansen Kowalski Lindqvist Mbeki Nakamura"
FIRSTS, LASTS = FIRST.split(), LAST.split()
ASCII = [name for name in LASTS if name.isascii()]
SENTENCE = (
    "grandmother visited argued about the garden fence then drove home through heavy rain while listening "
    "to my neighbour playing trumpet before dinner with cousins from the village"
)
WORDS = SENTENCE.split()
# Plausible slips: in any column, in number columns (a long decimal in a word column is refused on purpose: it has 7
# digits), and in the column of countries.
TYPOS = (
    "23:30", "11:30 pm", "11:30 p.m.", "7 am", "0730", "23.30", "2330h", "23:30:00", "22:30-07:15", "half past ten",
    "1.5 cups", "2 cups of coffee", "one espresso", "two", "Two", "about 2", "2-3", "2 or 3", "~4", ">5", "<1", "1/2",
    "1 1/2", "10%", "5 mg", "1000 mg", "1000 MG", "2330 PM", "1,000", "12,5", "1e3", "07", "+1", "−8", "3 units",
    "2 pints", "200 ml", "90 min", "1h 30min", "1 hr 20 mins", "7.5 hours", "midnight", "noon", "yes", "Yes", "y", "N",
    "no", "TRUE", "1", "0", "n/a", "N.A.", "NA", "none", "None", "-", "?", "??", ".", "null", "nil", "x", "ok",
    "leg/arm", "leg and arm", "Leg", "left leg", "arm, leg", "leg;arm", "head/neck", "whole body", "Whole Body",
    "falling, shock", "Drifting Off", "don't know", "Don't Know", "not sure", "Prefer Not To Say", "prefer not to say",
    "a few times a year", "Several Times A Week", "more than half the days", "Nearly every day", "most nights",
    "25–34", "25 - 34", "25 to 34", "75 or more", "75 +", "F", "M", "Male", "Woman", "non-binary", "Germany", "USA",
    "de", "less than usual", "Less Than Usual", "mostly running", "yoga", "strength + endurance", "very light",
    "hard", "search engine", "sleep apnea", "restless legs", "Melatonin", "ssri", "magnesium and iron", "less coffee",
)  # fmt: skip
OF_NUMBERS = ("0,333333333", "0.30000000000000004", "23.2500000", "1.16666667", "12000", "1 000", "1'000")
OF_COUNTRIES = ("U.S.", "U.K.", "United States", "New Zealand", "Germany", "GERMANY", "Great Britain", "Côte d'Ivoire")


class Planted(NamedTuple):
    """An identifier that was planted: its kind, its text, and where: table, row (None for the header), column."""

    kind: str
    text: str
    table: str
    row: int | None
    place: int


def _date(draw: Draw) -> tuple[int, int, int]:
    return draw.randint(1930, 2026), draw.randint(1, 12), draw.randint(1, 28)


def _digits(draw: Draw, n: int) -> str:
    return "".join(draw.choices("123456789", k=n))


def phone(draw: Draw) -> str:
    area, first, last = _digits(draw, 3), _digits(draw, 3), _digits(draw, 4)
    return draw.choice((
        f"+1 {area}-{first}-{last}", f"({area}) {first} {last}", f"0{area}/{first}{last}", f"+49{area}{first}{last}",
        f"{area}.{first}.{last}", f"{area}{first}{last}", f"0{area}\N{NO-BREAK SPACE}{first}\N{EN DASH}{last}",
        f"{first}-{last}", f"00{area}{first}{last}", f"tel {area}{first}{last}",
    ))  # fmt: skip


def email(draw: Draw) -> str:
    name, site = f"{draw.choice(ASCII).lower()}{draw.randint(1, 99)}", draw.choice(("example.org", "mail.example.com"))
    return draw.choice((f"{name}@{site}", f"{name} at example dot org", f"{name}(at){site}", f"<{name}+x@{site}>",
                        f"{name.upper()}@{site.upper()}"))  # fmt: skip


def ip(draw: Draw) -> str:
    host = draw.randint(1, 254)
    return draw.choice((f"192.0.2.{host}", f"198.51.100.{host}:443", f"2001:db8::{host:x}",
                        f"2001:db8:0:1:2:3:4:{host}", f"fe80::{host:x}"))  # fmt: skip


def mac(draw: Draw) -> str:
    return draw.choice(":-").join(f"{draw.randint(0, 255):02X}" for _ in range(6))


def url(draw: Draw) -> str:
    name = draw.choice(ASCII).lower()
    return draw.choice(
        (f"https://example.org/{name}", f"www.{name}.example.com", f"{name}.example.com/me", f"HTTP://{name}.de")
    )


def handle(draw: Draw) -> str:
    name = f"{draw.choice(ASCII).lower()}_{draw.randint(1, 99)}"
    return draw.choice((f"@{name}", f"Instagram: {name}", f"u/{name}", f"twitter/{name}"))


def date(draw: Draw) -> str:
    year, month, day = _date(draw)
    name = draw.choice(("January", "Feb", "Mar", "Juni", "Sept.", "Dec"))
    return draw.choice((f"{year}-{month:02}-{day:02}", f"{day}/{month}/{year}", f"{day:02}.{month:02}.{year % 100:02}",
                        f"{month}/{day}/{year}", f"{day} {name} {year}", f"{name} {day}, {year}",
                        f"{year}/{month}/{day}", f"{month:02}/{year}", f"{year}{month:02}{day:02}"))  # fmt: skip


def timestamp(draw: Draw) -> str:
    year, month, day = _date(draw)
    return draw.choice(
        (f"{year}-{month:02}-{day:02}T23:30:00Z", f"{day}.{month}.{year} 23:30", str(draw.randint(10**9, 2 * 10**9)))
    )


def position(draw: Draw) -> str:
    lat, lon = draw.uniform(-80, 80), draw.uniform(-170, 170)
    return draw.choice(
        (f"{lat:.4f}, {lon:.4f}", f"{lat:.3f} {lon:.3f}", f"({lat:.6f},{lon:.6f})", f"{abs(lat):.0f}°31'N 13°24'E")
    )


def name(draw: Draw) -> str:
    first, last = draw.choice(FIRSTS), draw.choice(LASTS)
    return draw.choice((f"{first} {last}", f"{last}, {first}", f"Dr. {last}", f"Mrs {last}", f"{first[0]}. {last}",
                        f"{first} {first[0]}. {last}", f"{first}-{first} {last}",
                        f"{first} van der {last}"))  # fmt: skip


def initials(draw: Draw) -> str:
    first, last = draw.choice("BCDEFGHJKLRSTVW"), draw.choice("BCDEFGHJKLRSTVW")
    return draw.choice((f"{first}.{last}.", f"{first}. {last}.", f"{first}.A.{last}."))


def post_code(draw: Draw) -> str:
    n = draw.randint(1, 9)
    return draw.choice(
        (f"SW{n}A {n}AA", f"K{n}A 0B{n}", f"{n}234 AB", f"{n}2345 Berlin", f"{n}2345-6789", f"EC{n}V{n}BG")
    )


def address(draw: Draw) -> str:
    n, last = draw.randint(1, 250), draw.choice(ASCII)
    return draw.choice(
        (f"{n} {last} Street", f"{last}straße {n}", f"{n} Old {last} Rd", f"{n}, rue {last}", f"{last}weg {n}")
    )


def device(draw: Draw) -> str:
    made = uuid.UUID(int=draw.getrandbits(128), version=4)
    return draw.choice((str(made), str(made).upper(), made.hex, f"GA1-{made.hex[:24]}z"))


def agent(draw: Draw) -> str:
    return draw.choice(
        (
            f"Mozilla/5.0 (X11; Linux) Firefox/{draw.randint(90, 140)}.0",
            f"Safari/{draw.randint(500, 700)}.1",
            "curl/8.5",
        )
    )


def prose(draw: Draw) -> str:
    return " ".join(draw.sample(WORDS, draw.choice((5, 8, 16))))


def patient(draw: Draw) -> str:
    return draw.choice(
        (
            f"MRN {_digits(draw, 5)}",
            f"A{_digits(draw, 9)}",
            f"QQ {_digits(draw, 2)} 34 56 C",
            f"{_digits(draw, 3)}-45-6789",
        )
    )


def file(draw: Draw) -> str:
    return f"IMG_{_digits(draw, 4)}.{draw.choice(('jpg', 'HEIC', 'mp4', 'wav'))}"


def column_name(draw: Draw) -> str:
    return draw.choice((
        "first_name", "Last Name", "surname", "E-Mail", "emailAddress", "phone_2", "Tel.", "mobileNumber", "IPAddress",
        "ip", "lat", "LocationLongitude", "geo-point", "home_address", "Street", "city", "ZIP", "zipcode", "postCode",
        "dob", "date_of_birth", "BirthDate", "birth_year", "StartDate", "RecordedDate", "Timestamp", "profile_url",
        "twitter_handle", "comments", "sleep_notes", "free_text", "other_specify", "age", "age_years", "user_agent",
        "deviceId", "employer", "patient_no", "Vorname", "geburtsdatum", "correo", "RecipientEmail", "photo1",
    ))  # fmt: skip


KINDS: dict[str, Callable[[Draw], str]] = {
    "phone": phone, "e-mail": email, "IP": ip, "MAC": mac, "web address": url, "social handle": handle, "date": date,
    "timestamp": timestamp, "coordinates": position, "name": name, "initials": initials, "post code": post_code,
    "address": address, "device id": device, "user agent": agent, "free text": prose, "patient number": patient,
    "photo or recording": file, "column name": column_name,
}  # fmt: skip
HELD_BACK = {("initials", "country_code"), ("name", "country_code")}  # there, U.S. and New Zealand are likelier


def demo(rows: int) -> dict[str, pl.DataFrame]:
    """Read the first rows of the synthetic demo as text."""
    folder = data_folder() / "demo"
    return {name: pl.read_csv(folder / f"{name}.csv", infer_schema=False)[:rows] for name in TABLES}


def plant(tables: dict[str, pl.DataFrame], many: int, seed: int) -> tuple[dict[str, list[list[str]]], list[Planted]]:
    """Plant `many` identifiers, each in a cell or column name of its own; give both tables as rows, header first."""
    draw, planted = random.Random(seed), []  # noqa: S311 -- a plan that anybody can repeat, no secret
    grids = {name: [frame.columns, *(["" if c is None else c for c in row] for row in frame.rows())]
             for name, frame in tables.items()}  # fmt: skip
    kinds, used = list(KINDS), set()
    for number in range(many):
        kind = kinds[number % len(kinds)]
        table = draw.choice(list(grids))
        grid, text = grids[table], KINDS[kind](draw)
        own = tables[table].width
        if kind == "column name":
            text = f"{text}_{number}"  # so that `ip` can be told from `participants` in an output
            grid[0] = [*grid[0], text]
            for row in grid[1:]:
                row.append(draw.choice(("", "1")))
            planted.append(Planted(kind, text, table, None, len(grid[0]) - 1))
            continue
        while True:
            row, place = draw.randint(1, len(grid) - 1), draw.randrange(own)
            if (table, row, place) not in used and (kind, grid[0][place]) not in HELD_BACK:
                break
        used.add((table, row, place))
        grid[row][place] = text
        planted.append(Planted(kind, text, table, row, place))
    return grids, planted


def save(grids: dict[str, list[list[str]]], folder: Path) -> list[Path]:
    """Write the tables as a contributor would."""
    import csv

    files = []
    for name, grid in grids.items():
        files.append(folder / f"{name}.csv")
        with files[-1].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(grid)
    return files


def letters(place: int) -> str:
    """Name a spreadsheet column."""
    return (letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def missed(found: pl.DataFrame, planted: list[Planted]) -> list[Planted]:
    """List what the gate did not find at its very cell."""
    hits = set(found.filter(pl.col("rule").is_in(["PV1", "PV2"])).select("table", "cell", "rule").iter_rows())
    wanted = {p: (p.table, f"{letters(p.place)}{1 + (p.row or 0)}", "PV2" if p.row else "PV1") for p in planted}
    return [p for p in planted if wanted[p] not in hits]


def outputs(files: list[Path]) -> str:
    """Run `hypnic check` as text and as JSON, as a user does; give all that it wrote to both streams."""
    command = (sys.executable, "-P", "-c", "from hypnic.cli import main; main()", "check", *map(str, files))
    runs = [subprocess.run([*command, "--format", form], capture_output=True, text=True, check=False)  # noqa: S603
            for form in ("text", "json")]  # fmt: skip
    if any(run.returncode != 1 for run in runs):
        raise RuntimeError([run.stderr for run in runs])
    return "".join(run.stdout + run.stderr for run in runs)


def leaks(said: str, planted: list[Planted]) -> list[Planted]:
    """List what stands, whole, in the output, as it was typed or as JSON writes it."""
    return [p for p in planted if p.text in said or json.dumps(p.text)[1:-1] in said]


def harmless(tables: dict[str, pl.DataFrame], many: int, seed: int) -> list[tuple[str, str, str]]:
    """Draw harmless cells: table, column, text; half are answers of the demo, half plausible slips."""
    draw, cells = random.Random(seed), []  # noqa: S311
    for number in range(many):
        table = draw.choice(list(tables))
        column = draw.choice(tables[table].columns)
        answer = tables[table].item(draw.randrange(tables[table].height), column) or ""
        cells.append((table, column, slip(draw, answer, columns(TABLES[table])[column]) if number % 2 else answer))
    return cells


def slip(draw: Draw, answer: str, column: Column) -> str:
    """Type an answer as hurried people do: a common typo, other case, spaces, letters swapped, a unit."""
    swapped = answer[1:2] + answer[:1] + answer[2:]
    forms = (answer.upper(), answer.title(), f" {answer} ", answer.replace("_", " "), answer.replace("|", ", "),
             answer.replace(".", ","), answer[:-1], swapped, f"{answer}?")  # fmt: skip
    typos = TYPOS + OF_NUMBERS * (column.low is not None) + OF_COUNTRIES * (column.name == "country_code")
    return draw.choice(typos) if draw.random() < 0.6 else draw.choice(forms)


def false_alarms(cells: list[tuple[str, str, str]]) -> list[tuple[str, str, str, str]]:
    """List the harmless cells that the gate refuses, and why."""
    facts = {name: columns(model) for name, model in TABLES.items()}
    judged = ((t, c, v, private_value(v, facts[t][c])) for t, c, v in cells if v)
    return [(t, c, v, kind) for t, c, v, kind in judged
            if kind and not (c == "age_band" and kind == "an exact age")]  # fmt: skip


def judged() -> Iterator[tuple[str, list[str], list[str]]]:
    """Hold the gate against the lists of privacy.toml: yield each list's name, its texts, and those judged wrongly."""
    lists = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    gates = {
        "headers": private_name, "sentences": private_sentence,
        "cells": lambda cell: private_value(cell, columns(Nights)["unusual_night"]),
    }  # fmt: skip
    for name, texts in lists.items():
        gate, wanted = gates[name.removeprefix("harmless_")], not name.startswith("harmless_")
        yield name, texts, [text for text in texts if bool(gate(text)) != wanted]


def recogniser() -> str:
    """Say what the library phonenumbers would add: its example numbers in every written form, against the gate."""
    try:
        import phonenumbers as lib
    except ImportError:
        return "phonenumbers: not installed, so not compared (`pip install phonenumbers`)"
    forms = (lib.PhoneNumberFormat.E164, lib.PhoneNumberFormat.INTERNATIONAL, lib.PhoneNumberFormat.NATIONAL)
    kinds = (lib.PhoneNumberType.FIXED_LINE, lib.PhoneNumberType.MOBILE)
    texts = {lib.format_number(n, f) for r in sorted(lib.SUPPORTED_REGIONS) for k in kinds
             if (n := lib.example_number_for_type(r, k)) for f in forms}  # fmt: skip
    own = {text for text in texts if private_value(text)}
    theirs = {text for text in texts if any(lib.PhoneNumberMatcher(text, None))}
    hits = sum(any(lib.PhoneNumberMatcher(typo, "US")) for typo in TYPOS)
    return (f"phonenumbers {lib.__version__}: {len(texts)} example numbers; the gate finds {len(own)}, the library"
            f" {len(theirs)}, the library alone {len(theirs - own)} (false alarms of the library: {hits})")  # fmt: skip


def made_elsewhere(seed: int) -> str:
    """Say what the gate finds of what another program makes up: Faker, in twelve languages."""
    try:
        import faker
    except ImportError:
        return "faker: not installed, so not drawn from (`pip install faker`)"
    kinds = {"phone_number", "email", "ipv4", "ipv6", "mac_address", "url", "user_agent", "date", "iban", "ssn",
             "uuid4", "name", "address", "street_address", "postcode", "sentence", "company"}  # fmt: skip
    found, all_ = Counter[str](), Counter[str]()
    faker.Faker.seed(seed)
    for language in "en_US en_GB de_DE fr_FR es_ES it_IT nl_NL pl_PL sv_SE pt_BR ja_JP ru_RU".split():  # noqa: SIM905
        draw = faker.Faker(language)
        for kind in sorted(kinds):
            texts = [str(getattr(draw, kind)()) for _ in range(50)]
            found[kind] += sum(private_value(text, columns(Nights)["unusual_night"]) is not None for text in texts)
            all_[kind] += len(texts)
    lines = [f"  {kind:<16}{found[kind]:4} of {n}" for kind, n in sorted(all_.items())]
    return "\n".join([f"made up by faker {faker.VERSION}, typed into a word column:", *lines])


def main(many: int = 500, scanned: int = 20_000, seed: int = 7) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        grids, planted = plant(demo(300), many, seed)
        files = save(grids, Path(folder))
        gone = missed(hypnic.check(*files), planted)
        leaked = leaks(outputs(files), planted)
    total, lost = Counter(p.kind for p in planted), Counter(p.kind for p in gone)
    for kind, n in total.items():
        print(f"{kind:<20}{n - lost[kind]:4} of {n:3} found")
    print(f"{'all':<20}{many - len(gone):4} of {many:3} found, of {len(total)} kinds")
    for p in gone:
        print(f"  missed: {p}")
    cells = harmless(demo(10**6), scanned, seed)
    alarms = false_alarms(cells)
    print(f"harmless cells: {len(cells)}, false alarms: {len(alarms)}")
    for alarm in sorted(set(alarms)):
        print(f"  false alarm: {alarm}")
    names = [
        n
        for model in TABLES.values()
        for fact in columns(model).values()
        for n in (fact.name, fact.title, fact.question)
    ]
    print(f"own names, titles and questions: {len(names)}, refused: {sum(private_name(n) is not None for n in names)}")
    print(f"planted texts that an output repeats: {len(leaked)}")
    for p in leaked:
        print(f"  repeated: {p}")
    for name, texts, wrong in judged():
        print(f"{name.replace('_', ' '):<20}{len(texts) - len(wrong):4} of {len(texts):3} judged rightly")
        for text in wrong:
            print(f"  {'false alarm' if name.startswith('harmless') else 'missed'}: {text!r}")
    print(recogniser())
    print(made_elsewhere(seed))


if __name__ == "__main__":
    main()
