"""Diaries and surveys as people keep them: how many runs until one is clean, and whether a cell ends wrong.

`python tests/benchmarks/human.py 40` draws synthetic diaries and surveys, writes each in a person's way (dialect,
header, layout, clock, language, amounts), converts and checks it, and does what a careful person does with what is
said: fills in a map, types what a finding asks for. It prints the runs until clean, the cells that end wrong, and the
values that a person had to type. Nobody gave these answers.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import openpyxl
import polars as pl
import xlwt

import hypnic
from hypnic.datasets.checking import fix
from hypnic.datasets.forms import convert
from hypnic.errors import HypnicError

# What each habit names a column, in four languages; the instrument's name first.
NAMES = {
    "night_index": ("Night", "Nacht", "Nuit", "Noche"),
    "caffeine_mg": ("Caffeine mg", "Koffein mg", "Caf\xe9ine mg", "Cafe\xedna mg"),
    "caffeine_after_14_mg": ("Caffeine after 14", "Koffein nach 14", "caffeine_after_14_mg", "caffeine_after_14_mg"),
    "alcohol_g": ("Alcohol g", "Alkohol g", "alcohol_g", "alcohol_g"),
    "stress_0_10": ("Stress", "Belastung", "niveau de stress", "estr\xe9s"),
    "exercise_min": ("Exercise minutes", "Sport Minuten", "exercise_min", "exercise_min"),
    "exercise_intensity": ("Exercise intensity", "Intensit\xe4t", "exercise_intensity", "exercise_intensity"),
    "exercise_end_clock_h": ("Exercise end", "Sport Ende", "exercise_end_clock_h", "exercise_end_clock_h"),
    "bed_clock_h": ("Bedtime", "Bettzeit", "heure du coucher", "hora de acostarse"),
    "sol_min": ("Minutes to fall asleep", "Einschlafdauer", "temps d'endormissement", "minutos para dormirse"),
    "wake_clock_h": ("Wake time", "Aufwachzeit", "heure du r\xe9veil", "hora de despertar"),
    "jerk_count": ("Jerks", "Zuckungen", "sursauts", "sacudidas"),
}  # fmt: skip
UNITS = {"caffeine_mg": "(mg)", "alcohol_g": "g", "sol_min": "(min)", "exercise_min": "min", "bed_clock_h": "hh:mm"}
CLOCKS = ("24", "zero", "ampm", "h", "excel", "twelve", "point")
LAYOUTS = (
    "plain",
    "title",
    "units",
    "turned",
    "footer",
    "cover",
    "blank rows",
    "dates",
    "wide",
    "legend",
    "units in names",
)
DIALECTS = ("comma", "semicolon", "tab", "utf-16", "cp1252", "sep", "xlsx", "xls")
AMOUNTS = ("plain", "units", "decimal comma", "words")
MOST = 5  # runs


class Habit(NamedTuple):
    """How one person keeps a diary."""

    language: int
    clock: str
    layout: str
    dialect: str
    amounts: str


class Outcome(NamedTuple):
    """How many runs it took until a diary was clean, the cells that ended wrong, and the values that were typed."""

    habit: Habit
    runs: int
    wrong: list[str]
    asked: int
    said: str


def truth(draw: random.Random, nights: int) -> list[dict[str, str]]:
    """Draw the nights of one synthetic person, as the instrument writes them."""
    rows = []
    for night in range(1, nights + 1):
        exercise = draw.choice((0, 0, 30, 45, 60, 90))
        late = draw.choice((0, 0, 50, 90))
        rows.append({
            "night_index": str(night), "caffeine_mg": str(late + draw.choice((0, 90, 180, 270))),
            "caffeine_after_14_mg": str(late), "alcohol_g": draw.choice(("0", "0", "13", "26.5")),
            "stress_0_10": str(draw.randint(0, 10)), "exercise_min": str(exercise),
            "exercise_intensity": draw.choice(("light", "moderate", "vigorous")) if exercise else "none",
            "exercise_end_clock_h": f"{draw.choice((16, 17.5, 18.25, 19)):g}" if exercise else "-7",
            "bed_clock_h": f"{draw.choice((22.5, 22.75, 23, 23.25, 23.5, 24, 24.25, 24.5, 25)):g}",
            "sol_min": str(draw.choice((5, 10, 15, 20, 30))),
            "wake_clock_h": f"{draw.choice((30, 30.5, 30.75, 31, 31.5, 32)):g}",
            "jerk_count": str(draw.choice((0, 0, 0, 1, 2))),
        })  # fmt: skip
    return rows


def typed(name: str, value: str, habit: Habit) -> object:  # noqa: PLR0911 -- one for each habit
    """Write one answer as a person of this habit does."""
    if name.endswith("clock_h"):
        return "" if value == "-7" else _time(float(value), habit)
    if name == "exercise_intensity":
        return value.title()
    if habit.amounts == "units" and name in {"sol_min", "exercise_min"}:
        return f"{value} min"
    if habit.amounts == "words" and name == "caffeine_mg" and value in {"90", "180", "270"}:
        return {"90": "1 coffee", "180": "2 coffees", "270": "3 coffees"}[value]
    if habit.amounts == "words" and name == "exercise_min" and value == "90":
        return "1 h 30"
    if habit.amounts == "decimal comma" and habit.dialect in {"semicolon", "tab"}:
        return value.replace(".", ",")
    return value


def _time(hours: float, habit: Habit) -> object:
    minutes = round(hours * 60) % (24 * 60)
    hour, minute = divmod(minutes, 60)
    if habit.dialect in {"xlsx", "xls"} and habit.clock == "excel":
        return dt.time(hour, minute)
    twelve = f"{(hour - 1) % 12 + 1}:{minute:02}"
    ways = {
        "ampm": f"{twelve} {'AM' if hour < 12 else 'PM'}",
        "h": f"{hour}h{minute:02}",
        "twelve": twelve,
        "point": f"{hour}.{minute:02}",
        "zero": f"{hour:02}:{minute:02}:00",
    }
    return ways.get(habit.clock, f"{hour}:{minute:02}")


def grid(rows: list[dict[str, str]], habit: Habit) -> list[list[object]]:
    """Lay a diary out."""
    heads: list[object] = [NAMES[name][habit.language] for name in rows[0]]
    body = [[typed(name, value, habit) for name, value in row.items()] for row in rows]
    if habit.layout == "dates":
        heads[0] = ("Date", "Datum", "date", "fecha")[habit.language]
        for n, line in enumerate(body):
            line[0] = f"2026-03-{n + 1:02}"
    if habit.layout == "wide":
        names = heads[1:]
        wide = [f"{name} night {n}" for n in range(1, len(body) + 1) for name in names]
        return [["Person", *wide], ["1", *(cell for line in body for cell in line[1:])]]
    table = [heads, *body]
    if habit.layout == "turned":
        table[0][0] = ""
        for line in table[1:]:
            line[0] = f"{('Night', 'Nacht', 'Nuit', 'Noche')[habit.language]} {line[0]}"
        return [list(column) for column in zip(*table, strict=True)]
    if habit.layout == "units":
        table.insert(1, [UNITS.get(name, "") for name in rows[0]])
    if habit.layout == "units in names":
        units = [f" ({UNITS[name].strip('()')})" if name in UNITS else "" for name in rows[0]]
        table[0] = [f"{head}{unit}" for head, unit in zip(heads, units, strict=True)]
    return _around(table, habit.layout)


def _around(table: list[list[object]], layout: str) -> list[list[object]]:
    """Write what people write above, below and between the rows of a table."""
    blank: list[object] = [""] * len(table[0])
    above = [["My sleep diary"], []] if layout == "title" else []
    below: list[list[object]] = []
    if layout == "footer":
        below = [[], ["Average", *["1"] * (len(blank) - 1)]]
    if layout == "legend":
        below = [[], ["Legend"], ["Stress", "0 = calm", "10 = most"], ["Signature", "______"]]
    if layout == "blank rows":
        table.insert(4, blank)
    return [[*line, *blank[len(line) :]] for line in (*above, *table, *below)]


def write(table: list[list[object]], habit: Habit, folder: Path) -> Path:
    """Save a diary in the person's dialect."""
    if habit.dialect == "xls":
        return write_old(table, folder / "diary.xls")
    if habit.dialect == "xlsx" or habit.layout == "cover":
        book = openpyxl.Workbook()
        sheet = book.active
        if habit.layout == "cover":
            sheet.append(["About this file"])
            sheet.append(["Kept every morning", "in the kitchen"])
            sheet = book.create_sheet("Diary")
        for row in table:
            sheet.append([_number(cell) for cell in row])
        book.save(folder / "diary.xlsx")
        return folder / "diary.xlsx"
    buffer = io.StringIO()
    separator = {"semicolon": ";", "sep": ";", "tab": "\t"}.get(habit.dialect, ",")
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(table)
    text = ("sep=;\r\n" if habit.dialect == "sep" else "") + buffer.getvalue()
    encoding = {"utf-16": "utf-16", "cp1252": "cp1252"}.get(habit.dialect, "utf-8-sig")
    (folder / "diary.csv").write_bytes(text.encode(encoding))
    return folder / "diary.csv"


def write_old(table: list[list[object]], path: Path) -> Path:
    """Save a diary as an old workbook."""
    book, time = xlwt.Workbook(), xlwt.easyxf(num_format_str="hh:mm")
    sheet = book.add_sheet("Diary")
    for row, cells in enumerate(table):
        for place, cell in enumerate(map(_number, cells)):
            sheet.write(row, place, cell, time if isinstance(cell, dt.time) else xlwt.Style.default_style)
    book.save(str(path))
    return path


def _number(cell: object) -> object:
    try:
        return cell if isinstance(cell, dt.time) else float(str(cell))
    except ValueError:
        return cell


def tried(habit: Habit, rows: list[dict[str, str]], folder: Path) -> Outcome:
    """Convert, check and correct one diary, as often as it takes."""
    survey = "age_band" in rows[0]
    table = [list(SURVEY), *([answered(n, v, habit) for n, v in row.items()] for row in rows)] if survey else []
    path = write(table or grid(rows, habit), habit, folder)
    out, asked, said = folder / "nights.csv", 0, ""
    try:
        made = convert("spreadsheet", path)
    except HypnicError as error:
        return Outcome(habit, MOST, [], 0, str(error))
    frame = made.frame
    for row, name in ((row, name) for row in range(frame.height) for name in rows[0]):
        if name not in frame.columns:
            return Outcome(habit, MOST, [], 0, f"{name} is not found")
        if frame.item(row, name) is None and rows[row][name] != "-7":  # said as unread: a person types it
            asked += 1
            frame[row, name] = rows[row][name]
    runs = 1 + (asked > 0)
    frame.write_csv(out)
    found = hypnic.check(out)
    while runs < MOST and (found["level"] == "error").any():
        runs += 1
        fix(out, folder / "fixed.csv")
        out.write_bytes((folder / "fixed.csv").read_bytes())
        found = hypnic.check(out)
        said = "; ".join(found.filter(level="error")["message"].unique().to_list())
    ended = pl.read_csv(out, infer_schema=False)
    wrong = [
        f"{name} {row + 1}: {ended.item(row, name)} for {rows[row][name]}"
        for row in range(min(ended.height, len(rows)))
        for name in rows[0]
        if not _same(ended.item(row, name), rows[row][name])
    ]
    wrong += [f"{ended.height} rows for {len(rows)}"] if ended.height != len(rows) else []
    return Outcome(habit, runs, wrong, asked, said)


def _same(cell: str | None, value: str) -> bool:
    try:
        return float(cell or "nan") == float(value)
    except ValueError:
        return cell == value


SURVEY = (
    "consent_open_data", "age_band", "sex_at_birth", "country_code", "jerk_ever", "jerk_freq_12mo", "jerk_nights_30d",
    "caffeine_usual_mg", "alcohol_usual_g_wk", "stress_usual_0_10", "exercise_vigorous_min_wk", "sleep_need_h",
    "sleep_usual_h",
)  # fmt: skip
YES = {"true": ("yes", "ja", "oui", "s\xed"), "yes": ("Yes", "Ja", "Oui", "S\xed"), "no": ("No", "Nein", "Non", "no")}
COUNTRIES = {
    "DE": ("Germany", "Deutschland", "Allemagne", "Alemania"),
    "ES": ("Spain", "Spanien", "Espagne", "Espa\xf1a"),
}


def respondents(draw: random.Random, many: int) -> list[dict[str, str]]:
    """Draw the answers of synthetic respondents, as the instrument writes them."""
    rows = []
    for _ in range(many):
        nights = draw.choice((0, 5, 10))
        values = ("true", draw.choice(("18-24", "25-34", "45-54", "65-74")), draw.choice(("female", "male")),
                  draw.choice(("DE", "ES")), "yes" if nights else "no", "weekly" if nights else "never", str(nights),
                  draw.choice(("0", "180", "90")), draw.choice(("0", "42.6")), str(draw.randint(0, 10)),
                  draw.choice(("0", "90", "120")), draw.choice(("7.5", "8")), draw.choice(("6.5", "7.25")))  # fmt: skip
        rows.append(dict(zip(SURVEY, values, strict=True)))
    return rows


def answered(name: str, value: str, habit: Habit) -> str:  # noqa: PLR0911 -- one for each habit
    """Write one answer of a survey as a person of this habit does."""
    if name == "age_band" and habit.layout in {"plain", "dates"}:
        return str(int(value[:2]) + 3)
    if name == "age_band" and habit.layout == "title":
        return value.replace("-", " to ")
    if name == "country_code":
        return COUNTRIES[value][habit.language]
    if value in YES:
        return YES[value][habit.language]
    if name in {"sex_at_birth", "jerk_freq_12mo"}:
        return value.title()
    if name.endswith("_h") and habit.clock == "h":
        return f"{int(float(value))}h{round(float(value) % 1 * 60):02}"
    if name == "exercise_vigorous_min_wk" and habit.amounts == "words" and value == "90":
        return "1 h 30"
    return value.replace(".", ",") if habit.dialect in {"semicolon", "tab"} else value


def habits(many: int, seed: int) -> list[Habit]:
    """Draw habits, so that every value of each comes."""
    draw = random.Random(seed)  # noqa: S311 -- a plan that anybody can repeat
    ways = (range(4), CLOCKS, LAYOUTS, DIALECTS, AMOUNTS)
    columns = [[way[n % len(way)] for n in range(many)] for way in ways]
    for column in columns:
        draw.shuffle(column)
    return [Habit(*values) for values in zip(*columns, strict=True)]


def main(many: int = 40, seed: int = 11) -> None:
    """Print how each diary ended, and the sums."""
    draw, ended = random.Random(seed), []  # noqa: S311
    for habit in habits(many, seed):
        with tempfile.TemporaryDirectory() as folder:
            rows = respondents(draw, 12) if len(ended) % 4 == 3 else truth(draw, draw.choice((7, 10, 14)))
            ended.append(tried(habit, rows, Path(folder)))
        one = ended[-1]
        if one.runs > 2 or one.wrong:
            print(f"{habit}: {one.runs} runs, {len(one.wrong)} wrong, {one.said} {one.wrong[:3]}")
    print(
        f"{many} diaries and surveys: runs until clean, median {statistics.median(one.runs for one in ended):g},"
        f" most {max(one.runs for one in ended)}; cells that end wrong: {sum(len(one.wrong) for one in ended)};"
        f" values asked of a person: {sum(one.asked for one in ended)}"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
