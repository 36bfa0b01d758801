"""How soon a table is there: `hypnic.load` in a new process, next to polars reading the same file, in turn.

`nox -s benchmarks -- loading` prints medians of fifteen rounds: seconds on the clock, and of the processor, which count
on a busy machine. A round runs each once, so that both are slowed alike.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from statistics import median
from typing import NamedTuple

from hypnic.datasets.release import find
from hypnic.datasets.release.locating import packaged

ROUNDS = 15
FORBIDDEN = ("pandas", "pandera", "statsmodels")


class Seconds(NamedTuple):
    """How long a program took."""

    clock: float
    processor: float


def seconds(program: str) -> Seconds:
    """Time a program in a process of its own, start to end."""
    start, before = time.perf_counter(), os.times()
    subprocess.run([sys.executable, "-P", "-c", program], check=True)  # noqa: S603
    clock, after = time.perf_counter() - start, os.times()
    return Seconds(clock, after.children_user + after.children_system - before.children_user - before.children_system)


def main() -> None:
    """Print the table."""
    found = find("demo", "latest", packaged())
    if found is None:
        message = "no release comes with the package"
        raise SystemExit(message)
    programs = {
        "python -c pass": "pass",
        "polars.read_parquet": f"import polars; polars.read_parquet({str(found.table('nights'))!r})",
        "hypnic.load": "import hypnic; hypnic.load('nights', study='demo')",
        "hypnic.scan": "import hypnic; hypnic.scan('nights', study='demo').select('jerk_count').collect()",
    }
    rounds = [{name: seconds(program) for name, program in programs.items()} for _ in range(ROUNDS)]
    for name in programs:
        clock, processor = (median(row[name][kind] for row in rounds) for kind in range(2))
        print(f"{name:<24}{clock:8.3f} s{processor:8.3f} s of the processor")
    clock, processor = (
        median(row["hypnic.load"][kind] / row["polars.read_parquet"][kind] for row in rounds) for kind in range(2)
    )
    print(
        f"hypnic.load over polars.read_parquet of the same file, both cold: {clock:.2f} times on the clock,"
        f" {processor:.2f} times of the processor (want 1.2 at most)"
    )
    program = f"import sys, hypnic; hypnic.load('nights', study='demo'); print(*{set(FORBIDDEN)!r} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-P", "-c", program], check=True, capture_output=True, text=True)  # noqa: S603
    print(f"hypnic.load imports of {', '.join(FORBIDDEN)}: {run.stdout.strip() or 'none'}")


if __name__ == "__main__":
    main()
