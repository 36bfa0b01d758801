"""How long `hypnic check` takes and how much memory, next to polars reading the same file with types, nothing checked.

`python tests/benchmarks/scale.py [ROWS ...]` (14, 5,000 and 1,000,000; 10000000 takes 4 GB of disk) prints medians of
rounds, each a process of its own from start to end, run in turn; the synthetic demo's nights are repeated, with new
participants each time. A second line for a size has faults in one row of 200. On a busy machine, look at the ratio of
processor time.
"""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

import polars as pl

from hypnic.datasets.loading import data_folder
from hypnic.schemas import Nights, columns

ROUNDS = 3
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
FAULTS = {
    "sol_min": "ten",
    "caffeine_mg": "99999",
    "bed_clock_h": "11:30 pm",
    "stress_0_10": "",
    "wake_clock_h": "7:00",
}
READ = """
import json, sys
import polars as pl
names = open(sys.argv[1], encoding="utf-8").readline().strip().split(",")
known = json.loads(sys.argv[2])
types = {n: getattr(pl, known[n]) if isinstance(known[n], str) else pl.Enum(known[n]) for n in names}
pl.read_csv(sys.argv[1], schema=types, ignore_errors=True)
"""
CHECK = """
import sys
from hypnic.starting import start_sooner
start_sooner()
from hypnic.datasets.checking.files import check
check(sys.argv[1])
"""


class Run(NamedTuple):
    """What a process took: seconds, seconds of processors, MB at most."""

    wall: float
    cpu: float
    peak: float


def types() -> str:
    """Give the type of each column, so that the reader that is compared with need not import the models."""
    known = {"integer": "Int64", "number": "Float64", "text": "String", "tokens": "String"}
    return json.dumps({name: known.get(c.kind) or c.words for name, c in columns(Nights).items()})


def nights(rows: int, path: Path) -> Path:
    """Write so many synthetic nights; each copy of the demo has participants of its own."""
    demo = pl.read_csv(data_folder() / "demo" / "nights.csv", infer_schema=False)
    with path.open("wb") as file:
        for copy in range(-(-rows // demo.height)):
            mark = "".join(ALPHABET[copy // 32**place % 32] for place in range(3))
            part = demo.head(rows - copy * demo.height)
            part = part.with_columns(pl.col("participant_id").str.replace("^p_...", f"p_{mark}"))
            part.write_csv(file, include_header=not copy)
    return path


def faulty(path: Path, out: Path) -> Path:
    """Copy a table with one faulty cell in one row of 200."""
    rng = random.Random(5)  # noqa: S311 -- the same faults each time
    with path.open(encoding="utf-8") as file, out.open("w", encoding="utf-8") as copy:
        header = file.readline()
        copy.write(header)
        places = {name: header.strip().split(",").index(name) for name in FAULTS}
        for line in file:
            cells = line.rstrip("\n").split(",")
            if rng.random() < 1 / 200:
                name = rng.choice(list(FAULTS))
                cells[places[name]] = FAULTS[name]
            copy.write(",".join(cells) + "\n")
    return out


def run(program: str, path: Path) -> Run:
    """Run a program in a process of its own."""
    start = time.perf_counter()
    process = os.posix_spawn(sys.executable, [sys.executable, "-P", "-c", program, str(path), types()], os.environ)
    _, code, used = os.wait4(process, 0)
    if code:
        raise SystemExit(code)
    return Run(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def main() -> None:
    """Print the table."""
    sizes = [int(word) for word in sys.argv[1:]] or [14, 5_000, 1_000_000]
    print(f"polars {pl.__version__}, {os.cpu_count()} processors, {ROUNDS} rounds")
    print(f"{'rows':>10} {'faults':>7}{'check':>10}{'read':>10}{'ratio':>7}{'of cpu':>8}{'MB':>8}{'of the read':>12}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            clean = nights(rows, Path(folder) / "nights.csv")
            for name, path in (("none", clean), ("0.5 %", faulty(clean, Path(folder) / "faulty.csv"))):
                # What is read for the ratio has no fault: the reader would stop at one.
                rounds = [(run(CHECK, path), run(READ, clean)) for _ in range(ROUNDS)]
                check, read = (Run(*map(median, zip(*side, strict=True))) for side in zip(*rounds, strict=True))
                wall = median(ours.wall / theirs.wall for ours, theirs in rounds)
                cpu = median(ours.cpu / theirs.cpu for ours, theirs in rounds)
                print(
                    f"{rows:>10,} {name:>7}{check.wall:>8.2f} s{read.wall:>8.2f} s{wall:>7.2f}{cpu:>8.2f}"
                    f"{check.peak:>8.0f}{read.peak:>12.0f}", flush=True,
                )  # fmt: skip


if __name__ == "__main__":
    main()
