"""Numbers as people spell them: whether one is ever read, or fixed, as another number without a word.

`python tests/benchmarks/spellings.py 500` types one number into one cell of the synthetic example, in as many
spellings, dialects and columns, checks it, fixes it, and counts the cells that end as another number than was meant
with no finding, or with one that a program settled. It prints how many were read, found and fixed, and each change.
"""

from __future__ import annotations

import csv
import io
import itertools
import sys
import tempfile
from collections import Counter
from pathlib import Path

import polars as pl

from hypnic.datasets.checking import fix, open_table
from hypnic.datasets.checking.breaches import failures
from hypnic.errors import HypnicError
from hypnic.schemas.publish import as_template

SPACES = ("\N{NO-BREAK SPACE}", "\N{THIN SPACE}", "\N{NARROW NO-BREAK SPACE}")
# Each is a way to spell a whole number below 1,000, of 1,000 and more, with decimals, and a time.
WHOLE = (
    "{}",
    "+{}",
    "0{}",
    "00{}",
    "{}.0",
    "{},0",
    "{}.00",
    "{},00",
    "{}.",
    "{},-",
    " {}",
    "{} ",
    "{} {u}",
    "{}{u}",
    "~{}",
    "ca. {}",
    "{}?",
    ">{}",
    "<{}",
    "{}-{}",
    "({})",
    "{}%",
    "'{}",
    '"{}"',
    "={}",
    "{}e0",
    "{}E+0",
    "{}!",
    "#{}",
    "{}/1",
    "{}_0",
    "{}.000",
    "{},000",
    "{} x",
    "x{}",
    "{}\N{SUPERSCRIPT TWO}",
    "{}\N{VULGAR FRACTION ONE HALF}",
    "\N{MINUS SIGN}{}",
    "-{}",
)
LARGE = (
    "{a},{b}",
    "{a}.{b}",
    "{a} {b}",
    "{a}'{b}",
    "{a}\N{RIGHT SINGLE QUOTATION MARK}{b}",
    "{a},{b}.0",
    "{a}.{b},0",
    "{a}{b}.0",
    "{a},{b},000",
    "{a}.{b}.000",
    *(f"{{a}}{space}{{b}}" for space in SPACES),
)
PARTS = (
    "{a}.{b}",
    "{a},{b}",
    " {a}.{b}",
    "{a}. {b}",
    "{a}\N{MIDDLE DOT}{b}",
    "{a}.{b}0",
    "{a},{b}00",
    "+{a}.{b}",
    "0{a}.{b}",
    "{a}.{b} {u}",
    "{a}e0",
    "{a}'{b}",
    "{a}:{b}",
)
TIMES = (
    "{h}:{m}",
    "{h}.{m}",
    "{h},{m}",
    "{h}h{m}",
    "{h} h {m}",
    "{h}:{m}:00",
    "{h}{m}",
    "{h}-{m}",
    "{h};{m}",
    "{h} {m}",
    "{h}'{m}",
    "{h}:{m} Uhr",
    "{h}.{m} Uhr",
    "~{h}:{m}",
    "{h}:{m}h",
)
DIGITS = {ord(str(n)): chr(0xFF10 + n) for n in range(10)}
ARABIC = {ord(str(n)): chr(0x0660 + n) for n in range(10)}
UNITS = {"caffeine_mg": "mg", "alcohol_g": "g", "exercise_min": "min", "sol_min": "min", "stress_0_10": "points"}


CLOCKS = (
    ("bed_clock_h", 22, 30), ("bed_clock_h", 23, 15), ("bed_clock_h", 22, 45), ("wake_clock_h", 30, 45),
    ("exercise_end_clock_h", 18, 30), ("caffeine_last_clock_h", 15, 45),
)  # fmt: skip


def spellings() -> list[tuple[str, str, float]]:
    """Give a column, a text, and the number that is meant: hours of the diary day in a clock column."""
    found: list[tuple[str, str, float]] = []
    for (column, number), way in itertools.product(
        (("sol_min", 15), ("exercise_min", 45), ("caffeine_mg", 180), ("stress_0_10", 4), ("alcohol_g", 26)), WHOLE
    ):
        sign = -1 if way in {"\N{MINUS SIGN}{}", "-{}"} else 1
        found.append((column, way.format(number, number, u=UNITS[column]), sign * number))
    found += [
        (column, str(n).translate(table), n)
        for column, n in (("sol_min", 15), ("caffeine_mg", 180))
        for table in (DIGITS, ARABIC)
    ]
    for number, way in itertools.product((1050, 1200, 1500, 1999), LARGE):
        text = way.format(a=number // 1000, b=f"{number % 1000:03}")
        found.append(("caffeine_mg", text, number * (1000 if way.endswith("000") else 1)))
    for (column, whole, part), way in itertools.product(
        (("alcohol_g", 26, 5), ("alcohol_g", 14, 2), ("caffeine_mg", 92, 5)), PARTS
    ):
        found.append((column, way.format(a=whole, b=part, u=UNITS[column]), whole + part / 10 * ("b" in way)))
    for (column, hour, minute), way in itertools.product(CLOCKS, TIMES):
        found.append((column, way.format(h=hour, m=f"{minute:02}"), hour + minute / 60))
    return found


def ended(column: str, text: str, folder: Path, separator: str) -> tuple[str, float | None]:
    """Check and fix a diary with this one cell: how it ended (read, found, fixed, refused), and the number."""
    rows = list(csv.DictReader(io.StringIO(as_template("nights", example=True))))
    night = next(
        n for n, row in enumerate(rows) if row["caffeine_mg"] != "0" and row["exercise_min"] not in {"0", "-7"}
    )
    rows[night][column] = text
    path = folder / "nights.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    try:
        opened = open_table(path)
        rules = [
            f for f in failures(opened, []) if f.row == night and column in {f.column, *f.others} and f.number is None
        ]
        ranges = [f for f in failures(opened, []) if f.row == night and f.column == column]
        value = opened.cast.frame.item(night, column)
        if not rules and not ranges:
            return "read", value
        fix(path, folder / "fixed.csv")
    except HypnicError:
        return "refused", None
    fixed = pl.read_csv(folder / "fixed.csv", infer_schema=False).item(night, column)
    return ("found", None) if fixed == text else ("fixed", _number(fixed))


def _number(text: str | None) -> float | None:
    try:
        return float(text or "nan")
    except ValueError:
        return None


def main(many: int = 500) -> None:
    """Print how many spellings ended how, and each number that silently became another."""
    counts: Counter[str] = Counter()
    cases = [(*case, separator) for case in spellings() for separator in (",", ";", "\t")]
    step = max(len(cases) // many, 1)
    changed = []
    with tempfile.TemporaryDirectory() as name:
        for column, text, meant, separator in cases[::step][:many]:
            way, value = ended(column, text, Path(name), separator)
            counts[way] += 1
            if value is not None and abs(value - meant) > 1e-9:
                changed.append((column, text, separator, way, value))
    for one in changed:
        print(f"  silently changed: {one}")
    print(f"{sum(counts.values())} spellings: {dict(counts)}; silent changes: {len(changed)}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
