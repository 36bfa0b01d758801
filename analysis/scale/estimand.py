"""A frozen estimand of the diary, fitted to a folder of clean tables: here in passes, or on a Dask cluster."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import partial
from operator import getitem
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from hypnic.analysis.regression.families import family_named
from hypnic.analysis.regression.roles import Roles
from hypnic.analysis.scale.engine import RETRIES, Dask
from hypnic.analysis.scale.persons import fit_persons
from hypnic.analysis.scale.routes import fit
from hypnic.analysis.scale.source import reading, scan
from hypnic.analysis.scale.tidied import clean_scan, tidy, tidy_part
from hypnic.analysis.scale.wanted import Wanted
from hypnic.analysis.studies.diary import DIARY, heeded, unflagged
from hypnic.analysis.studies.sets import fittable
from hypnic.cluster import connect
from hypnic.errors import HypnicError
from hypnic.schemas import Nights, Participants
from hypnic.schemas.disclosure import too_few

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.studies.estimands import Estimand

EngineName = Literal["polars", "dask"]
PERSON = "participant_id"
# Rows of a piece of a file that one task splits, and of a part that one task tidies and holds.
PIECE = 1_000_000
FEWEST = 4


def estimand_named(name: str) -> Estimand:
    """Look an estimand of the diary up by `diary:EXPOSURE`; raises HypnicError, with the list, for any other."""
    known = {f"diary:{row.exposure}": row for row in DIARY.estimands if row.role == "primary"}
    if name not in known:
        message = f"no estimand {name!r}: choose from {', '.join(known)}"
        raise HypnicError(message)
    return known[name]


def table_in(folder: Path, table: str) -> list[Path]:
    """Find the files of a clean table: `nights.parquet`, `nights.csv`, or the Parquet parts in a folder `nights`.

    Raises HypnicError where there is none.
    """
    parts = sorted((folder / table).glob("*.parquet"))
    found = parts or [path for kind in ("parquet", "csv") if (path := folder / f"{table}.{kind}").is_file()][:1]
    if not found:
        message = f"{folder} has no {table}.parquet, no {table}.csv and no folder {table} of Parquet parts"
        raise HypnicError(message)
    return found


def scanned(folder: Path, table: str, model: Any, wanted: tuple[str, ...] = ()) -> pl.LazyFrame:
    """Scan a clean table of a folder."""
    files = table_in(folder, table)
    return pl.concat([clean_scan(file, model, wanted) for file in files], how="vertical")


def fit_estimand(
    folder: Path, estimand: Estimand, engine: EngineName = "polars", scheduler: str | None = None, workers: int = 2
) -> Fit:
    """Fit one estimand of the diary to the clean nights and participants in a folder.

    `engine` polars tidies in parts and fits on whichever route of `fit` serves; dask does the same on a cluster: on the
    one whose `scheduler` address is given, or on so many `workers` processes that are started here. Where the folder
    holds `flags.csv` or `flags.parquet`, what is flagged is left out as a report leaves it out. Raises HypnicError for
    what is not there and what cannot be fitted.
    """
    flags = _flags(folder)
    if engine == "dask":
        return _on_cluster(folder, estimand, flags, scheduler, workers)
    nights, people = scanned(folder, "nights", Nights), scanned(folder, "participants", Participants, _NEED)
    with tempfile.TemporaryDirectory(prefix="hypnic-") as place:
        tidied = Path(place) / "tidy"
        tidy(nights, people, tidied, change=partial(ready, estimand=estimand, flags=flags))
        spans = [
            spans_of(pl.read_parquet(part, columns=[PERSON, *estimand.adjustment]), estimand)
            for part in sorted(tidied.glob("*.parquet"))
        ]
        kept, left = without_empty(spans, estimand)
        fitted = fit(
            tidied, estimand.outcome, [estimand.exposure, *kept], estimand.family,
            groups=PERSON, cluster=PERSON, covariance=estimand.covariance,
        )  # fmt: skip
        return replace(fitted, info={**fitted.info, "left_out": left})


_NEED = (PERSON, "sleep_need_h")


def _flags(folder: Path) -> pl.DataFrame:
    there = [path for kind in ("parquet", "csv") if (path := folder / f"flags.{kind}").is_file()]
    if not there:
        return pl.DataFrame(schema={PERSON: pl.String, "night_index": pl.Int64, "rule": pl.String})
    with reading():
        read = pl.read_parquet(there[0]) if there[0].suffix == ".parquet" else pl.read_csv(there[0])
        typed = read.select(pl.col(PERSON).cast(pl.String), pl.col("night_index").cast(pl.Int64), "rule")
        return heeded(typed, _trapped(folder))


def _trapped(folder: Path) -> pl.DataFrame:
    """Read who passed the trap item, where it was asked."""
    found = []
    for file in table_in(folder, "participants"):
        asked = "attention_ok" in scan(file, types={}).collect_schema()
        wanted = (PERSON, "attention_ok") if asked else (PERSON,)
        found.append(clean_scan(file, Participants, wanted).collect(engine="streaming"))
    return pl.concat(found, how="diagonal")


def ready(tidied: pl.DataFrame, estimand: Estimand, flags: pl.DataFrame) -> pl.DataFrame:
    """Keep the rows and columns of a tidy part that an estimand's fit reads, as `diary_set` and `exposed` make them."""
    kept = fittable(unflagged(tidied, flags))
    dose = (pl.col(estimand.column) / estimand.step).alias(estimand.exposure)
    others = dict.fromkeys((PERSON, "night_index", estimand.outcome, *estimand.adjustment))
    absent = [pl.lit(None, pl.Float64).alias(name) for name in others if name not in kept.columns]
    return kept.with_columns(absent).select(*others, dose)


def spans_of(part: pl.DataFrame, estimand: Estimand) -> pl.DataFrame:
    """Give, for each column that is adjusted for, how many people of a part answered it, its least and its most."""
    rows = [
        (name, part.filter(pl.col(name).is_not_null())[PERSON].n_unique(), part[name].min(), part[name].max())
        for name in estimand.adjustment
    ]
    schema = {"column": pl.String, "people": pl.Int64, "least": pl.Float64, "most": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def without_empty(spans: Sequence[pl.DataFrame], estimand: Estimand) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the columns that are adjusted for, and those that too few answered or that are the same throughout."""
    whole = pl.concat(spans).group_by("column").agg(
        pl.col("people").sum(), pl.col("least").min(), pl.col("most").max()
    )  # fmt: skip
    idle = {
        row["column"]
        for row in whole.iter_rows(named=True)
        if too_few(row["people"]) or row["least"] == row["most"]
    }  # fmt: skip
    kept = tuple(name for name in estimand.adjustment if name not in idle)
    return kept, tuple(name for name in estimand.adjustment if name in idle)


def _on_cluster(
    folder: Path, estimand: Estimand, flags: pl.DataFrame, scheduler: str | None, workers: int
) -> Fit:  # fmt: skip
    with connect(scheduler, workers) as client:
        return on_cluster(client, folder, estimand, flags)


def on_cluster(client: Any, folder: Path, estimand: Estimand, flags: pl.DataFrame) -> Fit:
    """Fit on the workers of a Dask client, which must see the folder under the same path."""
    with reading():
        needs = scanned(folder, "participants", Participants, _NEED).collect(engine="streaming")
        asked = scanned(folder, "nights", Nights, ("waso_min",)).select(pl.all().is_not_null().any()).collect().item()
    parts = partitioned(client, list(_pieces(folder)))
    tidied = client.map(
        partial(_tidied, needs=needs, asked=asked, estimand=estimand, flags=flags), parts, retries=RETRIES, pure=False
    )
    spans = client.gather(client.map(partial(spans_of, estimand=estimand), tidied, retries=RETRIES, pure=False))
    kept, left = without_empty(spans, estimand)
    roles = Roles((estimand.outcome,), (estimand.exposure, *kept), groups=PERSON, cluster=PERSON)
    wanted = Wanted(estimand.family, family_named(estimand.family), roles, estimand.covariance)
    fitted = fit_persons(wanted, Dask(client, tidied))
    return replace(fitted, info={**fitted.info, "engine": "dask", "parts": len(parts), "left_out": left})


def _pieces(folder: Path) -> Iterator[tuple[Path, int, int]]:
    """Cut the files of nights into pieces that a worker can hold: file, first row, rows."""
    for file in table_in(folder, "nights"):
        with reading():
            rows = clean_scan(file.resolve(), Nights, (PERSON,)).select(pl.len()).collect(engine="streaming").item()
        yield from ((file.resolve(), start, PIECE) for start in range(0, max(rows, 1), PIECE))


def partitioned(client: Any, pieces: Sequence[tuple[Path, int, int]]) -> list[Any]:
    """Give futures of parts that hold whole participants: rows whose participant has the same hash, sorted."""
    number = max(FEWEST, 2 * len(pieces))  # not by the number of workers, so that sums are added in one order
    split = client.map(partial(_split, number=number), pieces, retries=RETRIES, pure=False)
    return [
        client.submit(
            _joined, [client.submit(getitem, one, part, retries=RETRIES, pure=False) for one in split],
            retries=RETRIES, pure=False,
        )
        for part in range(number)
    ]  # fmt: skip


def _split(piece: tuple[Path, int, int], number: int) -> list[pl.DataFrame]:
    file, start, rows = piece
    nights = clean_scan(file, Nights).slice(start, rows).collect(engine="streaming")
    marked = nights.with_columns(__part__=pl.col(PERSON).hash(seed=13) % number)
    return [marked.filter(pl.col("__part__") == part).drop("__part__") for part in range(number)]


def _joined(found: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(found).sort(PERSON, "night_index")


def _tidied(
    nights: pl.DataFrame, needs: pl.DataFrame, asked: bool, estimand: Estimand, flags: pl.DataFrame  # noqa: FBT001
) -> pl.DataFrame:  # fmt: skip
    return ready(tidy_part(nights, needs, waso_asked=asked), estimand, flags)
