"""Synthetic tables of any size: a panel for fits, a clean diary, nights as they are typed, and faulty ones."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from hypnic.datasets.loading import data_folder, gather

ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
FAULTS = {
    "sol_min": "ten",
    "caffeine_mg": "99999",
    "bed_clock_h": "11:30 pm",
    "stress_0_10": "",
    "wake_clock_h": "7:00",
}
PART = 10_000_000  # rows that are drawn at once
SEED = 20261126


def panel(rows: int, folder: Path) -> None:
    """Write nights of 30 a person: terms as people answer them, four that never repeat, and a count."""
    (folder / "panel").mkdir()
    for number, start in enumerate(range(0, rows, PART)):
        frame = _panel(min(PART, rows - start), start // 30 + 1, number)
        frame.write_parquet(folder / "panel" / f"{number:03}.parquet", row_group_size=250_000)


def _panel(rows: int, first: int, number: int) -> pl.DataFrame:
    rng = np.random.default_rng(SEED + number)
    people = -(-rows // 30)
    person, night = np.repeat(np.arange(people), 30)[:rows], np.tile(np.arange(30), people)[:rows]
    habit, stressed = rng.gamma(1.5, 80, people)[person], rng.normal(4, 1.5, people)[person]
    columns: dict[str, Any] = {
        "participant_id": (first + person).astype(np.int32),
        "caffeine": np.minimum(rng.poisson(habit / 50) * (rng.random(rows) < 0.6) * 50, 600).astype(np.int16),
        "alcohol": ((rng.random(rows) < 0.35) * rng.integers(1, 9, rows) * 8).astype(np.int16),
        "stress": np.clip(np.rint(stressed + rng.normal(0, 1.5, rows)), 0, 10).astype(np.int8),
        "late": (rng.random(rows) < 0.12).astype(np.int8),
        "loss": np.clip(np.rint(rng.normal(0.7, 1.2, rows)), -2, 4).astype(np.int8),
        "free": (night % 7 >= 5).astype(np.int8),
    }
    for name, levels in {"sex": 2, "age": 4, "shift": 2, "nicotine": 2}.items():
        columns[name] = rng.integers(0, levels, people)[person].astype(np.int8)
    columns |= {f"x{term}": rng.normal(size=rows) for term in range(1, 5)}
    eta = -1.6 + 0.001 * columns["caffeine"] + 0.06 * columns["stress"] + 0.14 * columns["late"] + 0.05 * columns["x1"]
    rate = rng.gamma(1.2, 1 / 1.2, people)[person] * np.exp(eta)
    return pl.DataFrame({**columns, "jerks": rng.poisson(rate).astype(np.int16)})


def diary(rows: int, folder: Path) -> None:
    """Write clean nights as CSV, and participants: the synthetic demo again and again, with new participants."""
    demo = gather([data_folder() / "demo"], "nights", "participants")
    nights = demo["nights"].sort("participant_id", "night_index")
    people = demo["participants"].join(nights, on="participant_id", how="semi")
    people = people.select("participant_id", "sleep_need_h")
    copies = range(-(-rows // nights.height))
    with (folder / "nights.csv").open("wb") as file:
        for copy in copies:
            part = nights.head(rows - copy * nights.height)
            _renamed(part, f"p_{copy:05}").write_csv(file, include_header=not copy)
    pl.concat(_renamed(people, f"p_{copy:05}") for copy in copies).write_parquet(folder / "participants.parquet")


def _renamed(table: pl.DataFrame, start: str) -> pl.DataFrame:
    return table.with_columns(pl.col("participant_id").str.replace("^p_", start))


def nights(rows: int, folder: Path) -> None:
    """Write so many nights as they are typed; each copy of the synthetic demo has participants of its own."""
    demo = pl.read_csv(data_folder() / "demo" / "nights.csv", infer_schema=False)
    with (folder / "nights.csv").open("wb") as file:
        for copy in range(-(-rows // demo.height)):
            mark = "".join(ALPHABET[copy // 32**place % 32] for place in range(3))
            part = demo.head(rows - copy * demo.height)
            part = part.with_columns(pl.col("participant_id").str.replace("^p_...", f"p_{mark}"))
            part.write_csv(file, include_header=not copy)


def faulty(rows: int, folder: Path) -> None:
    """Write the same with one faulty cell in one row of 200; without a fault in `clean`, for a reader stops at one."""
    (folder / "clean").mkdir()
    nights(rows, folder / "clean")
    rng = random.Random(5)  # noqa: S311 -- the same faults each time
    path, out = folder / "clean" / "nights.csv", folder / "nights.csv"
    with path.open(encoding="utf-8") as file, out.open("w", encoding="utf-8") as copy:
        header = file.readline()
        copy.write(header)
        places = {name: header.strip().split(",").index(name) for name in FAULTS}
        for line in file:
            if rng.random() >= 1 / 200:
                copy.write(line)
                continue
            cells, name = line.rstrip("\n").split(","), rng.choice(list(FAULTS))
            cells[places[name]] = FAULTS[name]
            copy.write(",".join(cells) + "\n")


SAMPLES: dict[str, Callable[[int, Path], None]] = {one.__name__: one for one in (panel, diary, nights, faulty)}
