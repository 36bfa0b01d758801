"""How long a report takes from nothing, again with nothing changed, and with one more submission.

`nox -s benchmarks -- rebuilding` draws synthetic submissions, puts them in publishable form as `hypnic submit` does,
and builds their report by the command with a cache of its own; then that of the demo. It prints seconds of the clock
and of the processor, with those of the workers, and what a start of the command alone takes. `-- --people 100` says how
many people a submission has.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import runpy
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hypnic.datasets.intake.submission import submit

HYPNIC = str(Path(sys.executable).with_name("hypnic"))
FIRST = 3  # submissions before the one that is added


def timed(what: str, *arguments: str) -> None:
    """Run the command, and print how long it took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([HYPNIC, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    clock, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"{what:<44}{clock:7.1f} s, {used:6.1f} s of processor time", flush=True)


def main() -> None:
    """Print the table."""
    say = argparse.ArgumentParser()
    say.add_argument("--people", type=int, default=60)
    people = say.parse_args().people
    shapes = runpy.run_path(str(Path(__file__).with_name("shapes.py")))
    with tempfile.TemporaryDirectory() as home:
        os.environ["HYPNIC_CACHE"] = str(Path(home, "cache"))
        drawn = shapes["write"](shapes["Shape"]((shapes["Part"](people),) * (FIRST + 1)), Path(home, "drawn"))
        box, out = Path(home, "box"), str(Path(home, "report"))
        timed("the command's own start", "report", "--help")
        for number, folder in enumerate(drawn[:FIRST]):
            submit(folder, box, rng=random.Random(number))  # noqa: S311 -- synthetic
        build = ("report", "--study", "open", "--from", str(box), "--out", out)
        timed(f"{FIRST} submissions of {people} people, from nothing", *build)
        timed("  nothing changed", *build)
        submit(drawn[FIRST], box, rng=random.Random(FIRST))  # noqa: S311 -- synthetic
        timed("  one submission added", *build)
        timed("  nothing changed", *build)
        build = ("report", "--study", "demo", "--out", str(Path(home, "demo")))
        timed("the demo, from nothing", *build)
        timed("  nothing changed", *build)


if __name__ == "__main__":
    main()
