"""How large work compares with a yardstick that is run in the same minute: ratios, and the memory each takes.

`nox -s bench` runs every case five times, ours and its yardstick in turn, each in a process of its own; it prints the
median ratio of wall and CPU time, that of whole processes (imports included), with peak memory, and says what got
slower than the table in `guide/scale.md`. Checks are compared start to end, all else without imports. Each case has its
share of `--minutes` (12): the column `rounds` says how many rounds there was time for. A yardstick that does not fit
the memory at a size is run at a smaller one and counted as many times as that is smaller, which the table says.

`-- NAME...` runs some cases, `--rows 1e7` takes another size, `--rounds 3` fewer rounds. `--table` runs each case at
every size that is to be reached, and prints them as one table; `--growth 1e8` prints how many times as long each takes
as for a tenth of the rows. `--keep` writes the table of the guide, `--quiet` says that nothing else ran. Data are
synthetic; `--data DIR` keeps them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from kept import about, keep, kept, slower, table
from ratios import Case, Data, compared, grown, version_of

BOTH = (1_000_000, 10_000_000)
LARGE = (10_000_000,)
CASES = {
    "check of 14 nights, from start to end": Case("check", "import polars", 2, "polars", "nights", (14,)),
    "check of clean nights, from start to end": Case("check", "read", 1.5, "polars", "nights", BOTH),
    "the same, 1 row of 200 faulty": Case("check", "read", 1.6, "polars", "faulty", BOTH),
    "tidy diary to Parquet": Case("tidy", "scan", 2.0, "polars", "diary", BOTH),
    "clustered Poisson, 10 terms": Case("patterns", "glm", 0.06, "statsmodels", "panel", LARGE, most=1_000_000),
    "the same, two terms never repeat": Case("blocks", "glm_smooth", 0.15, "statsmodels", "panel", LARGE, 1_000_000),
    "clustered Poisson, 10 terms, again": Case("patterns", "glum", 0.5, "glum", "panel"),
    "within-person Poisson, 4 terms": Case("persons", "fepois", 0.1, "pyfixest", "panel", (300_000,)),
    "within-person Poisson, 4 terms, again": Case("persons", "conditional", 0.03, "statsmodels", "panel", (300_000,)),
    "200 draws of persons, demo": Case("draws", "fits", 0.1, "hypnic"),
}
GROWING = {
    name: case
    for name, case in CASES.items()
    if 10_000_000 in case.rows and case.sample != "faulty"
}  # fmt: skip


def main() -> None:
    """Run the cases and print a line for each."""
    asked = _asked()
    before, rows = kept(), []
    some = {
        name: case
        for name, case in (GROWING if asked.growth else CASES).items()
        if not asked.names or any(word in (name, case.ours, case.yardstick) for word in asked.names)
    }
    work = [(name, case, size) for name, case in some.items() for size in _sizes(case, asked)]
    with ExitStack() as stack:
        place = asked.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hypnic-")))
        place.mkdir(exist_ok=True)
        data = Data(place)
        for name, case, size in work:
            if not version_of(case.library):
                print(f"{name}: {case.library} is not installed, so there is nothing to hold it against")
                continue
            seconds = 60 * asked.minutes / len(work)
            found = grown(case, size, data) if asked.growth else compared(case, size, data, asked.rounds, seconds)
            row = {"work": name, **found}
            rows.append(row)
            print("; ".join(f"{key} {value}" for key, value in row.items()), "--", slower(row, before), flush=True)
            if asked.keep:  # row by row: what is measured stays, whatever a later peer does
                keep([row], quiet=asked.quiet)
    if rows and (asked.table or asked.growth):
        print(f"\n{about(quiet=asked.quiet)}\n\n{table(rows)}")


def _sizes(case: Case, asked: argparse.Namespace) -> tuple[int, ...]:
    if case.sample is None or case.rows == (14,):
        return case.rows
    if size := asked.growth or asked.rows:
        return (int(size),)
    return case.rows if asked.table else case.rows[:1]


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help=f"words of: {'; '.join(CASES)}")
    parser.add_argument("--rows", type=float)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--growth", type=float)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--data", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    main()
