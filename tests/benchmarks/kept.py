"""The table of ratios that `guide/scale.md` keeps: read, compared with, and written."""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ratios import version_of

GUIDE = Path(__file__).parents[2] / "guide" / "scale.md"
MARKS = "<!-- kept: written by `nox -s bench -- --keep` -->\n", "<!-- end of kept -->\n"
KEY = ("work", "rows", "yardstick")
SLOWER = 1.25


def kept() -> list[dict[str, str]]:
    """Read the table of the guide."""
    text = GUIDE.read_text("utf-8") if GUIDE.is_file() else ""
    lines = [line for line in text.partition(MARKS[0])[2].partition(MARKS[1])[0].splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]] if cells else []


def slower(row: dict[str, Any], before: list[dict[str, str]]) -> str:
    """Say whether a ratio of CPU time is larger than the kept one."""
    same = [one for one in before if all(one[key] == str(row[key]) for key in KEY)]
    if not same:
        return "no kept ratio"
    now, then = float(row["CPU ratio"]), float(same[0]["CPU ratio"])
    return f"SLOWER: {then:g} was kept" if now > SLOWER * then else f"as kept ({then:g})"


def table(rows: list[dict[str, Any]]) -> str:
    """Write rows as a table."""
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([str(row[name]) for name in names] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def keep(rows: list[dict[str, Any]], *, quiet: bool) -> None:
    """Write the table of the guide: new rows in the place of old ones of the same work, size and yardstick."""
    text = GUIDE.read_text("utf-8")
    new = {tuple(str(row[key]) for key in KEY): row for row in rows}
    old = {tuple(row[key] for key in KEY): row for row in kept()}
    every = [{**old, **new}[key] for key in sorted({**old, **new})]
    start, end = (re.escape(mark) for mark in MARKS)
    told = f"{MARKS[0]}\n{about(quiet=quiet)}\n\n{table(every)}\n{MARKS[1]}"
    GUIDE.write_text(re.sub(f"(?s){start}.*{end}", lambda _: told, text), "utf-8")


def about(*, quiet: bool) -> str:
    """Say when and with what the rows were measured."""
    libraries = ", ".join(f"{one} {version_of(one)}" for one in ("polars", "numpy", "scipy"))
    busy = "Nothing else ran." if quiet else "The machine was busy: trust ratios of CPU time most."
    return (
        f"Measured {datetime.now(UTC):%B %Y} on {os.cpu_count()} cores ({platform.machine()}), Python"
        f" {platform.python_version()}, {libraries}. {busy}"
    )
