"""How soon a table is there: `hypnic.load` in a new process, next to polars reading the same file, in turn.

`nox -s benchmarks -- loading` prints medians of fifteen rounds. A round runs each once: a busy machine slows both.
"""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from hypnic.datasets.release import find
from hypnic.datasets.release.locating import packaged

ROUNDS = 15
FORBIDDEN = ("pandas", "pandera", "statsmodels")


def seconds(program: str) -> float:
    """Time a program in a process of its own, start to end."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-P", "-c", program], check=True)  # noqa: S603
    return time.perf_counter() - start


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
        print(f"{name:<24}{median(row[name] for row in rounds):8.3f} s")
    ratio = median(row["hypnic.load"] / row["polars.read_parquet"] for row in rounds)
    print(f"hypnic.load over polars.read_parquet of the same file, both cold: {ratio:.2f} times (want 1.2 at most)")
    program = f"import sys, hypnic; hypnic.load('nights', study='demo'); print(*{set(FORBIDDEN)!r} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-P", "-c", program], check=True, capture_output=True, text=True)  # noqa: S603
    print(f"hypnic.load imports of {', '.join(FORBIDDEN)}: {run.stdout.strip() or 'none'}")


if __name__ == "__main__":
    main()
