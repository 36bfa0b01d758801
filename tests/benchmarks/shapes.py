"""Folders of every shape, from check to page: one table of what came of each, and one of ratios found by size.

`nox -s benchmarks -- shapes` draws synthetic folders over how many people, which of the two files, which columns, how
much is missing, how many nights, what is odd about an exposure, and how many submissions of unlike size and columns;
each is checked and published as `hypnic submit` does it, and the report of what was accepted is built, with every
warning noted. `-- shapes --quick` does so with the primary analysis alone, in minutes. `-- shapes --sizes` prints how
many of the ten primary ratios published surveys and diaries of 12 to 300 people give, with every column and with the
core ones alone.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "attack"))
sys.path.insert(0, str(Path(__file__).parent))
from drawn import bare_results
from folders import ODDITIES, Part, Shape, write

from hypnic.analysis import estimate
from hypnic.analysis.studies import StudyData
from hypnic.analysis.studies.open import OPEN, content
from hypnic.datasets.checking.files import check
from hypnic.datasets.intake.submission import submit
from hypnic.errors import HypnicError
from hypnic.reports.building import build_own, study_files
from hypnic.reports.files import report_files
from hypnic.reports.report import report
from hypnic.schemas.disclosure import FEWEST_PERSONS, too_few

SECTIONS = 12  # of a page, each there or saying in a sentence why it is empty
SIZES = (1, 3, 12, 40, 60, 100, 300)
UNLIKE = (Part(150), Part(60, "survey", "core"), Part(12, "diary", "some"))
SHAPES: tuple[Shape, ...] = (
    *(Shape((Part(people),)) for people in SIZES),
    *(Shape((Part(people, columns="core"),)) for people in SIZES),
    *(Shape((Part(people, form, "some"),), missing=0.1) for people in (1, 12, 60) for form in ("survey", "diary")),
    *(Shape((Part(people, "half"),)) for people in (12, 60)),
    *(Shape((Part(people),), nights=2) for people in (3, 40)),
    *(Shape((Part(people),), nights=28, missing=0.2) for people in (1, 40)),
    *(Shape((Part(people, columns="core"),), missing=0.2) for people in (12, 100)),
    *(Shape((Part(people),), oddity=oddity) for people in (1, 60) for oddity in ODDITIES),
    *(Shape((Part(60, "survey", "core"),), oddity=oddity) for oddity in ("no jerks", "one level")),
    Shape((Part(60), Part(40, "survey", "core"), Part(12, "diary", "some"))),
    Shape(UNLIKE),
    Shape(UNLIKE[::-1], missing=0.1),
    Shape((Part(100), Part(100, columns="core"), Part(100, columns="some"), Part(3, "diary"))),
    Shape((Part(300, "survey", "core"), Part(12))),
    Shape((Part(4), Part(5, columns="core"))),
)  # fmt: skip


class Outcome(NamedTuple):
    """What came of one shape: a word for it, the ratios found, warnings, a traceback's last line, and the seconds."""

    result: str
    ratios: int | None
    warned: int
    failed: str
    seconds: float


def outcome(make: Callable[[], tuple[str, int | None]]) -> Outcome:
    """Run something, and note what it gives, how it fails and how often it warns."""
    start, failed, found = time.perf_counter(), "", ("traceback", None)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = make()
        except HypnicError as error:
            found = (f"one line: {error}", None)
        except Exception:  # noqa: BLE001 -- whatever it is, it is counted
            failed = traceback.format_exc().strip().splitlines()[-1]
    return Outcome(*found, len(said), failed, time.perf_counter() - start)


def accepted(folders: list[Path], box: Path) -> tuple[list[Path], list[str]]:
    """Submit the folders one after the other: those that were taken, and why others were refused."""
    taken, refused = [], []
    for number, folder in enumerate(folders):
        try:
            taken.append(submit(folder, box, rng=random.Random(number)).folder)  # noqa: S311 -- synthetic
        except HypnicError as error:
            refused.append(str(error))
    return taken, refused


def open_report(folders: list[Path], *, quick: bool = False) -> tuple[str, int | None]:
    """Check and submit the folders, and make every file of the report of what was accepted; say what its page is."""
    if errors := sum(int((check(folder)["level"] == "error").sum()) for folder in folders):
        return f"{errors} errors of the check", None
    taken, refused = accepted(folders, folders[0].parents[1] / "box")
    if not taken:
        return f"refused: {refused[0].partition(':')[0]}", None
    said = [f"{len(refused)} refused"] if refused else []
    data = StudyData(OPEN, *content(taken))
    whole = too_few(data.persons) or not quick
    files = study_files(data) if whole else report_files(report(bare_results(data)))
    known = json.loads(files["provenance.json"])["inputs"]
    lacking = [path for folder in taken for path in folder.iterdir() if f"{folder.name}/{path.name}" not in known]
    page = files["index.html"].decode()
    said += ["provenance lacks a file"] if lacking else []
    if "estimates.csv" not in files:
        return "; ".join(["a sentence: fewer than ten people", *said]), None
    said += [] if page.count("<h2") == SECTIONS or not whole else ["a section is missing"]
    said += [f"no {name}" for name in ("claims.html", "estimates.html") if name not in files]
    return "; ".join(["page", *said]), ratios(pl.read_csv(files["estimates.csv"], infer_schema_length=None))


def own_report(folder: Path) -> tuple[str, int | None]:
    """Build the report of one folder as its owner would."""
    with tempfile.TemporaryDirectory() as place:
        out = build_own(folder, Path(place) / "report")
        page = (out / "index.html").read_text("utf-8")
        if not (out / "estimates.csv").exists():
            return ("their own page" if "Your nights" in page else "no page"), None
        return "private page", ratios(pl.read_csv(out / "estimates.csv", infer_schema_length=None))


def ratios(estimates: pl.DataFrame) -> int:
    """Count the primary ratios."""
    primary = estimates.filter(pl.col("analysis") == "primary", pl.col("role") == "primary")
    return primary.filter(pl.col("estimate").is_not_null()).height


def matrix(shapes: Sequence[Shape], *, quick: bool = False) -> Iterator[tuple[str, Outcome]]:
    """Build the report of each shape; of few people the owner's own too."""
    for shape in shapes:
        with tempfile.TemporaryDirectory() as root:
            folders = write(shape, Path(root) / "submissions")
            yield f"{shape}", outcome(lambda folders=folders: open_report(folders, quick=quick))
            people = sum(one.people for one in shape.parts)
            if people < FEWEST_PERSONS and not (quick and people > 1):
                yield f"{shape}, own folder", outcome(lambda folders=folders: own_report(folders[0]))


def sizes(sizes: Sequence[int] = (12, 40, 60, 100, 150, 200, 300), seeds: int = 3) -> Iterator[tuple[int, str, str]]:
    """Give how many of the five ratios of a survey and of a diary each size has, on average over some seeds."""
    for people in sizes:
        for kept in ("all", "core"):
            found = []
            for seed in range(seeds):
                with tempfile.TemporaryDirectory() as root:
                    shape = Shape((Part(people, columns=kept),), seed=1000 + seed)
                    taken, _ = accepted(write(shape, Path(root) / "typed"), Path(root) / "box")
                    read = StudyData(OPEN, *content(taken))
                    rows = estimate(read, only=["primary"]).filter(pl.col("role") == "primary")
                    found.append(rows.group_by("design").agg(pl.col("estimate").is_not_null().sum()))
            both = pl.concat(found).group_by("design").agg(pl.col("estimate").mean())
            by = dict(both.iter_rows())
            yield people, kept, f"survey {by['survey']:.1f} of 5, diary {by['diary']:.1f} of 5"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", action="store_true", help="the ratios found by size, in place of the shapes")
    parser.add_argument("--most", type=int, default=10_000, help="only shapes of so many people or fewer")
    parser.add_argument("--least", type=int, default=0, help="only shapes of so many people or more")
    parser.add_argument("--like", default="", help="only shapes with this in their name, such as ' + '")
    parser.add_argument("--quick", action="store_true", help="the primary analysis alone")
    parser.add_argument("--part", default="1/1", help="such as 2/3: the second of three parts, to run side by side")
    asked = parser.parse_args()
    logging.getLogger("hypnic.analysis").addHandler(logging.NullHandler())
    if asked.sizes:
        for people, kept, found in sizes():
            print(f"{people:>5} people, {kept:<4} columns: {found}", flush=True)
        return
    wanted = [s for s in SHAPES if asked.least <= sum(one.people for one in s.parts) <= asked.most]
    part, parts = map(int, asked.part.split("/"))
    wanted = [s for s in wanted if asked.like in str(s)][part - 1 :: parts]
    done = []
    print(f"{'shape':<66} {'result':<36} ratios  warnings  seconds")
    for name, found in matrix(wanted, quick=asked.quick):
        done.append(found)
        shown = "–" if found.ratios is None else found.ratios
        print(f"{name:<66} {found.failed or found.result:<36} {shown:>6}  {found.warned:>8}  {found.seconds:>7.1f}",
              flush=True)  # fmt: skip
    failed, warned = sum(bool(one.failed) for one in done), sum(one.warned for one in done)
    print(f"{len(done)} reports: {failed} tracebacks, {warned} warnings")


if __name__ == "__main__":
    main()
