"""What can be worked out about fewer than ten people from what is published, before and after it is made publishable.

`nox -s benchmarks -- disclosure` draws synthetic open studies of several shapes, builds the report of each twice, as if
its answers were public and as it is published, and attacks the files. Then it links people with published answers by
who they are and by three of their nights, and compares builds and releases with and without one person.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

sys.path.insert(0, str(Path(__file__).parents[1] / "attack"))
from attack import Told, attack
from drawn import open_study, some_results, unprotected
from linkage import AMOUNTS, CLOCKS, KEY, by_three_nights, by_who_they_are, names_of, published_names

from hypnic.analysis.checks.describe import weighted_tally
from hypnic.analysis.results import results
from hypnic.analysis.studies import volunteers
from hypnic.datasets.checking.opened import open_table
from hypnic.datasets.cohort.simulation import simulate
from hypnic.datasets.intake.classes import judge
from hypnic.datasets.intake.publishing import publishable
from hypnic.reports.files import report_files
from hypnic.reports.publication import rounded_tally
from hypnic.reports.report import report
from hypnic.schemas.disclosure import may_follow, protected

if TYPE_CHECKING:
    from collections.abc import Callable

SHAPES = ((40,), (60, 12), (100,), (150, 40, 15))
SIZES = (60, 300, 1200)
COUNTED = volunteers.PEOPLE.columns


def pages(folder: Path, *, every: bool) -> None:
    """Attack the report of each shape; `every` analysis, or one of each kind."""
    print("groups of fewer than ten people that a reader works out of the files of a report")
    print(f"{'people':>14}  {'form':11}  {'  '.join(Told._fields)}  in all")
    for shape in SHAPES if every else SHAPES[:2]:
        data = open_study(folder / "-".join(map(str, shape)), shape)
        found = results(data) if every else some_results(data)
        for form, one in (("as it is", unprotected(found)), ("publishable", found)):
            told = attack(report_files(report(one)))
            cells = "  ".join(f"{n:>{len(name)}}" for n, name in zip(told, Told._fields, strict=True))
            print(f"{'+'.join(map(str, shape)):>14}  {form:11}  {cells}  {told.in_all:>6}")


def drawn_tables(folder: Path, size: int) -> dict[str, pl.DataFrame]:
    """Draw the typed tables of one synthetic folder, half of whom keep a diary."""
    cohort = simulate(size, size // 2, 14, 5)
    folder.mkdir(parents=True)
    tables = {}
    for name in ("participants", "nights"):
        getattr(cohort, name).write_csv(folder / f"{name}.csv")
        tables[name] = open_table(folder / f"{name}.csv", name).cast.frame
    return tables


def records(folder: Path, sizes: tuple[int, ...]) -> None:
    """Link people with their records: the share whose record alone fits, and the chance to pick the right one."""
    print("\nshare of people found among the records: theirs alone fits (chance to pick theirs)")
    print("people  k raw  k publ.  known                                     raw            publishable")
    for size in sizes:
        raw = drawn_tables(folder / f"records-{size}", size)
        done = publishable(published_names(raw), rng=random.Random(1)).tables  # noqa: S311 -- synthetic
        itself = {token: token for token in raw["participants"][KEY]}
        names = names_of(done)
        k = [judge(one).k for one in (raw, done)]
        for known, shares in (
            ("age, sex, country, shift, source", [by_who_they_are(raw, *to) for to in ((raw, itself), (done, names))]),
            ("the same, and whether a diary is kept",
             [by_who_they_are(raw, *to, diary=True) for to in ((raw, itself), (done, names))]),
            ("three nights, all numbers exactly",
             [by_three_nights(raw, *to, AMOUNTS) for to in ((raw, itself), (done, names))]),
            ("three nights, clocks exactly",
             [by_three_nights(raw, *to, CLOCKS) for to in ((raw, itself), (done, names))]),
            ("three nights, clocks within an hour",
             [by_three_nights(raw, *to, CLOCKS, 0.04) for to in ((raw, itself), (done, names))]),
        ):  # fmt: skip
            cells = "  ".join(f"{100 * one.alone:5.1f} % ({100 * one.chance:5.1f} %)" for one in shares)
            print(f"{size:>6}  {k[0]:>5}  {k[1]:>7}  {known:38}  {cells}")


def tables_of(people: pl.DataFrame, shown: Callable[[pl.DataFrame], list[object]]) -> dict[str, list[object]]:
    """Give the counts of people as a page shows them."""
    return {column: shown(weighted_tally(people, column, volunteers.PEOPLE.levels(column))) for column in COUNTED}


def exact(counted: pl.DataFrame) -> list[object]:
    """Show counts with small ones suppressed, and nothing rounded."""
    return list(protected(counted["n_persons"].to_list()))


def tens(counted: pl.DataFrame) -> list[object]:
    """Show counts as they are published."""
    return (
        rounded_tally(counted)
        .select(pl.col("mark").fill_null(pl.col("n_persons").cast(pl.String)))
        .to_series()
        .to_list()
    )


def builds(folder: Path) -> None:
    """Compare the tables of people with and without each person: in how many a cell moves and tells their answer."""
    print("\ntwo builds, one person apart: share of their answers that a moving cell of the tables of people tells")
    for size in (60, 300):
        people = open_study(folder / f"builds-{size}", (size,)).sets[1].frame
        for form, shown in (("small cells suppressed", exact), ("rounded to tens", tens)):
            whole, moved = tables_of(people, shown), 0
            for token in people[KEY]:
                less = tables_of(people.filter(pl.col(KEY) != token), shown)
                moved += sum(whole[column] != less[column] for column in COUNTED)
            print(f"{size:>6} people  {form:23} {100 * moved / size / len(COUNTED):5.1f} %")
        tokens = set(people[KEY])
        apart = [may_follow(tokens, tokens - {token}) for token in tokens]
        print(f"{size:>6} people  releases that may follow with one person less: {sum(apart)} of {len(apart)}")


def releases(folder: Path) -> None:
    """Compare two releases of one publishable folder, before and after people leave."""
    print("\ntwo releases of one folder of 300, before and after people leave")
    raw = drawn_tables(folder / "releases", 300)
    done = publishable(published_names(raw), rng=random.Random(1)).tables  # noqa: S311 -- synthetic
    before = done["participants"]
    for gone in (1, 9, 10, 25):
        left = before[KEY].sample(gone, seed=1).to_list()
        stay = {name: done[name].filter(~pl.col(KEY).is_in(left)) for name in ("participants", "nights")}
        after = stay["participants"]
        text = after.write_csv() + stay["nights"].write_csv()
        found = sum(token in text for token in left)
        told = set(before[KEY]) - set(after[KEY])
        print(
            f"{gone:>3} left: withdrawn tokens in the later release {found}; one of them is told with chance"
            f" 1 in {len(told)}; may follow: {'yes' if may_follow(set(before[KEY]), set(after[KEY])) else 'no'};"
            f" k of those who stay {judge(stay).k}"
        )


def main() -> None:
    """Run the attacks."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--every", action="store_true", help="every analysis and shape: minutes")
    parser.add_argument("--sizes", type=int, nargs="*", default=list(SIZES), help="people of the linked folders")
    chosen = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        records(Path(folder), tuple(chosen.sizes))
        builds(Path(folder))
        releases(Path(folder))
        pages(Path(folder), every=chosen.every)
    print(f"\n{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
