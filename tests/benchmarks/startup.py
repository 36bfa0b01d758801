"""How soon hypnic starts: each time next to its floor, measured in turn within the same minute.

`nox -s benchmarks` prints medians of nine rounds. A round runs each command once, so that a busy machine slows both.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from hypnic.datasets.loading import data_folder

ROUNDS = 9
FORBIDDEN = ("pandas", "numpy", "statsmodels", "scipy", "matplotlib")


def seconds(*command: str) -> float:
    """Time a command, start to end."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""})  # noqa: S603
    return time.perf_counter() - start


def imported(*command: str) -> set[str]:
    """List the top-level packages of which a command imports any module."""
    run = subprocess.run([sys.executable, "-X", "importtime", *command], check=True, capture_output=True, text=True)  # noqa: S603
    modules = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    return {name.partition(".")[0] for name in modules if "." in name}


def main() -> None:
    """Print the table."""
    hypnic = shutil.which("hypnic") or "hypnic"
    with tempfile.TemporaryDirectory() as folder:
        nights = Path(folder) / "nights.csv"
        lines = (data_folder() / "demo" / "nights.csv").read_text("utf-8").splitlines(keepends=True)
        nights.write_text("".join(lines[:15]), "utf-8")
        commands = {
            "python -c pass": (sys.executable, "-c", "pass"),
            "hypnic --help": (hypnic, "--help"),
            "import polars": (sys.executable, "-c", "import polars"),
            "hypnic check, 14 rows": (hypnic, "check", str(nights)),
        }
        rounds = [{name: seconds(*command) for name, command in commands.items()} for _ in range(ROUNDS)]
        heavy = imported(hypnic, "check", str(nights)).intersection(FORBIDDEN)
    times = {name: median(row[name] for row in rounds) for name in commands}
    ratio = median(row["hypnic check, 14 rows"] / row["import polars"] for row in rounds)
    above = median(row["hypnic --help"] - row["python -c pass"] for row in rounds)
    for name, spent in times.items():
        print(f"{name:<24}{spent:8.3f} s")
    print(f"hypnic --help over bare Python: {above:.3f} s (want 0.15 at most)")
    print(f"hypnic check over import polars: {ratio:.2f} times (want 2 at most)")
    print(f"hypnic check imports of {', '.join(FORBIDDEN)}: {', '.join(sorted(heavy)) or 'none'}")


if __name__ == "__main__":
    main()
