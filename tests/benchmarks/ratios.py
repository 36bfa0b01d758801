"""Work and its yardstick run in turn, each in a process of its own: the ratio of what they take, and the memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import polars as pl
from samples import SAMPLES

from hypnic.schemas import Nights, columns

WORK = Path(__file__).parent / "work.py"
READ = """
import json, sys
import polars as pl
path, known = sys.argv[1] + "/nights.csv", json.loads(sys.argv[2])
names = open(path, encoding="utf-8").readline().strip().split(",")
types = {n: getattr(pl, known[n]) if isinstance(known[n], str) else pl.Enum(known[n]) for n in names}
pl.read_csv(path, schema=types, ignore_errors=True)
"""
CHECK = """
import sys
from hypnic.starting import start_sooner
start_sooner()
from hypnic.datasets.checking.files import check
check(sys.argv[1] + "/nights.csv")
"""
# Since the program started: what the process was before, and its parent, do not count.
PEAK = """
print([int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")])
"""
# As a shell has it: polars, which this program imports, leaves there what it tells its allocator.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "_RJEM_MALLOC_CONF"}
# These are compared start to end, imports included.
PROGRAMS = {"check": CHECK, "read": READ, "import polars": "import polars\n"}


class Case(NamedTuple):
    """Ours and what it is held against, the ratio to reach, the library that the yardstick is, and the rows.

    `sample` is the data, None for none. The yardstick is run on `most` rows at most, and counted as many times as there
    are more.
    """

    ours: str
    yardstick: str
    reach: float
    library: str
    sample: str | None = None
    rows: tuple[int, ...] = (1_000_000,)
    most: int = 100_000_000


class Took(NamedTuple):
    """What a piece of work took: seconds, CPU seconds and MB at most; and CPU seconds of the whole process."""

    wall: float
    cpu: float
    peak: float
    whole: float


class Data:
    """Samples in a folder, each made once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, sample: str | None, rows: int) -> Path:
        """Give the folder of a sample of so many rows."""
        place = self._folder / f"{sample}-{rows}"
        if not place.exists():
            place.mkdir()
            if sample is not None:
                SAMPLES[sample](rows, place)
        return place


def types() -> str:
    """Give the type of each column of nights, so that the reader need not import the models."""
    known = {"integer": "Int64", "number": "Float64", "text": "String", "tokens": "String"}
    return json.dumps({name: known.get(c.kind) or c.words for name, c in columns(Nights).items()})


def measured(name: str, folder: Path) -> Took:
    """Do a piece of work in a process of its own."""
    call = ["-c", PROGRAMS[name] + PEAK, str(folder), types()] if name in PROGRAMS else [str(WORK), name, str(folder)]
    start, before = time.perf_counter(), _children()
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-P", *call], check=True, capture_output=True, text=True,
        env=ENVIRONMENT | {"PYTHONDONTWRITEBYTECODE": ""},
    )  # fmt: skip
    wall, whole = time.perf_counter() - start, _children() - before
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return Took(wall, whole, found[0], whole) if name in PROGRAMS else Took(*found, whole)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compared(case: Case, rows: int, data: Data, rounds: int, seconds: float) -> dict[str, Any]:
    """Run a case and its yardstick in turn, as often as there are seconds for; once at least."""
    its_rows = min(rows, case.most)
    times = rows / its_rows
    ours, its = data.of(case.sample, rows), data.of(case.sample, its_rows)
    its = its / "clean" if case.sample == "faulty" else its
    pairs: list[tuple[Took, Took]] = []
    start = time.perf_counter()
    while len(pairs) < rounds and (not pairs or (time.perf_counter() - start) * (1 + 1 / len(pairs)) < seconds):
        pairs.append((measured(case.ours, ours), measured(case.yardstick, its)))
    ratios = {key: median(getattr(one, key) / (getattr(other, key) * times) for one, other in pairs)
              for key in ("cpu", "wall", "whole")}  # fmt: skip
    told = "" if times == 1 else f", at {its_rows:,} rows x {times:g}"
    numbers = {
        "CPU ratio": ratios["cpu"], "wall ratio": ratios["wall"], "whole process": ratios["whole"], "reach": case.reach,
        "CPU seconds": median(one.cpu for one, _ in pairs), "its": median(other.cpu for _, other in pairs),
    }  # fmt: skip
    return {
        "rows": f"{rows:,}" if case.sample else "-", "yardstick": case.yardstick,
        **{key: f"{value:.3g}" for key, value in numbers.items()},
        "MB": f"{median(one.peak for one, _ in pairs):.0f}",
        "its MB": f"{median(other.peak for _, other in pairs):.0f}",
        "rounds": str(len(pairs)), "version": f"{case.library} {version_of(case.library)}{told}",
    }  # fmt: skip


def grown(case: Case, rows: int, data: Data) -> dict[str, Any]:
    """Run ours at a tenth of the rows, and at all: how many times as long the larger takes."""
    few, many = (measured(case.ours, data.of(case.sample, n)) for n in (rows // 10, rows))
    numbers = {
        "CPU ratio": many.cpu / few.cpu, "wall ratio": many.wall / few.wall, "whole process": many.whole / few.whole,
        "reach": 11, "CPU seconds": many.cpu, "its": few.cpu,
    }  # fmt: skip
    return {
        "rows": f"{rows:,}", "yardstick": f"itself at {rows // 10:,}",
        **{key: f"{value:.3g}" for key, value in numbers.items()},
        "MB": f"{many.peak:.0f}", "its MB": f"{few.peak:.0f}", "rounds": "1", "version": f"polars {pl.__version__}",
    }  # fmt: skip


def version_of(library: str) -> str:
    """Give the version of a library that is installed; empty where it is not."""
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
