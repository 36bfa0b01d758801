"""How long `hypnic check` takes, compared with polars only reading the same file as text.

`python tests/benchmarks/scale.py [ROWS ...]` (14, 5,000 and 1,000,000) prints medians of rounds run in turn in one
process; the synthetic demo's nights are repeated, with new participants each time.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import polars as pl

from hypnic.datasets.checking.files import check
from hypnic.datasets.loading import data_folder

ROUNDS = 3
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


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


def seconds(path: Path) -> tuple[float, float]:
    """Time a check of a file, and polars reading it, once each; both are warm."""
    start = time.perf_counter()
    check(path)
    between = time.perf_counter()
    pl.read_csv(path, infer_schema=False)
    return between - start, time.perf_counter() - between


def main() -> None:
    """Print the table."""
    sizes = [int(word) for word in sys.argv[1:]] or [14, 5_000, 1_000_000]
    print(f"{'rows':>10}{'check':>12}{'read':>12}{'ratio':>8}{'findings':>10}")
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = nights(rows, Path(folder) / "nights.csv")
            found = check(path).height  # the first run builds the schema
            times = [seconds(path) for _ in range(ROUNDS)]
            ratio = median(checked / read for checked, read in times)
            checked, read = (median(column) for column in zip(*times, strict=True))
            print(f"{rows:>10,}{checked:>10.3f} s{read:>10.4f} s{ratio:>8.1f}{found:>10,}")


if __name__ == "__main__":
    main()
