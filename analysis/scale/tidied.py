"""The tidy diary in one streaming pass: clean nights in, Parquet parts of whole participants out.

Lags are looked up among the rows above, as each part is sorted by participant and night; everything else is what
`hypnic.analysis.tidy_nights` does. Memory hangs on the size of a part, not on that of the table.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.scale.lines import ahead, frames
from hypnic.analysis.scale.source import Given, batches, reading, scan
from hypnic.analysis.scale.spool import OutOfOrderError, by_range, in_order
from hypnic.analysis.studies.tidy import LAGGED, NIGHT, completed_nights, derived_nights
from hypnic.errors import HypnicError
from hypnic.schemas import Nights, Participants, columns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hypnic.schemas import Table

# Rows of a part: 71 columns of so many are 70 MB, and a few of them are in memory at once.
PART = 150_000
# Rows of a row group: later scans skip those of other participants by their smallest and largest token.
GROUP = 150_000
# What tidying reads of a night: null throughout where the table has no such column.
READ = (
    "alcohol_g", "awakenings_n", "bed_clock_h", "caffeine_after_14_mg", "caffeine_last_clock_h", "caffeine_mg",
    "exercise_end_clock_h", "exercise_intensity", "exercise_min", "exercise_type", "jerk_count", "night_index",
    "sol_min", "stress_0_10", "waso_min", "wake_clock_h",
)  # fmt: skip


def clean_scan(given: Given, model: type[Table], wanted: tuple[str, ...] = ()) -> pl.LazyFrame:
    """Give a lazy frame of a clean table, typed; CSV is what `hypnic load` writes.

    A column that the file left out comes as null where tidying reads it. Raises HypnicError for a table that is not
    clean.
    """
    lazy = scan(given, types=_types(model))
    with reading():
        there = lazy.collect_schema()
    return lazy.select(_cleaned(there, model, wanted))


def clean_parts(given: Given, model: type[Table], rows: int) -> Iterator[pl.DataFrame]:
    """Give the rows of `clean_scan` in their order, about so many at a time."""
    if isinstance(given, pl.LazyFrame) or Path(given).suffix.lower() != ".csv":
        yield from batches(clean_scan(given, model), rows)
        return
    types = _types(model)
    with reading():
        there = scan(given, types=types).collect_schema()
        cleaned = _cleaned(there, model)
        for frame in frames(Path(given), {name: types.get(name, pl.String()) for name in there}, rows):
            yield frame.select(cleaned)


def _types(model: type[Table]) -> dict[str, pl.DataType]:
    facts = columns(model)
    return {name: fact.clean_dtype for name, fact in facts.items() if not fact.clean_dtype.is_nested()}


def _cleaned(there: Mapping[str, pl.DataType], model: type[Table], wanted: tuple[str, ...] = ()) -> list[pl.Expr]:
    """Give the columns of a clean table; raises HypnicError where no column names the participants."""
    facts = columns(model)
    if "participant_id" not in there:
        message = "the table has no participant_id: give nights as `hypnic load nights` writes them"
        raise HypnicError(message)
    found = []
    for name in wanted or [name for name in facts if name in there or name in READ]:
        dtype = facts[name].clean_dtype
        if name not in there:
            found.append(pl.lit(None, dtype).alias(name))
        else:
            found.append(pl.col(name).cast(dtype))
    return found


def tidy_part(nights: pl.DataFrame, participants: pl.DataFrame, *, waso_asked: bool) -> pl.DataFrame:
    """Tidy nights of whole participants, sorted by participant and night; see `tidy_nights`.

    `waso_asked` says whether any night of the whole table tells the minutes awake after sleep began.
    """
    refuse_codes(nights, Nights)
    refuse_codes(participants, Participants)
    waso = pl.col("waso_min") if waso_asked else pl.lit(0)
    known = nights.with_columns(_needs(nights["participant_id"], participants))
    # Not the streaming engine, which cuts so few rows up once more and takes twice the time.
    return completed_nights(_lagged(derived_nights(known.lazy(), waso))).collect(engine="in-memory")


def _needs(persons: pl.Series, participants: pl.DataFrame) -> pl.Series:
    """Look the need of sleep up once a person, in sorted rows: a join of all rows takes ten times as long."""
    runs = persons.rle().struct.unnest()
    known = participants["participant_id"]
    if known.flags["SORTED_ASC"]:  # of many, those who can be among these
        ends = runs.select(pl.col("value").min().alias("low"), pl.col("value").max().alias("high"))
        first = int(known.search_sorted(ends["low"], "left").item())
        participants = participants.slice(first, int(known.search_sorted(ends["high"], "right").item()) - first)
    looked_up = runs.join(
        participants, left_on="value", right_on="participant_id", how="left", maintain_order="left"
    )  # fmt: skip
    return looked_up["sleep_need_h"].gather(persons.rle_id())


def refuse_codes(frame: pl.DataFrame, model: type[Table]) -> None:
    """Raise HypnicError where a column holds codes of missing answers, which are no amounts: the answers are raw."""
    facts = columns(model)
    coded = [name for name in frame.columns if name in facts and facts[name].codes and frame[name].dtype.is_numeric()]
    cells = (pl.col(name).cast(pl.Float64).is_in([*map(float, facts[name].codes)]).any() for name in coded)
    held = frame.select(cells).row(0) if coded else ()
    for name, found in zip(coded, held, strict=True):
        if found:
            codes = ", ".join(map(str, facts[name].codes))
            message = (
                f"{name} holds codes of missing answers ({codes}): these are answers as they were typed;"
                " `hypnic load TABLE --data FOLDER --out FILE` writes the clean tables of a folder"
            )
            raise HypnicError(message)


def _lagged(derived: pl.LazyFrame) -> pl.LazyFrame:
    """Look the nights before up among the rows above: a night is unique, so they are the next ones."""
    person, night = (pl.col(name) for name in NIGHT)
    places = [(lag, up) for lag in LAGGED for up in range(1, lag + 1)]
    # One whole number for a person's night: nights count from 1, and text is slow to compare.
    placed = derived.with_columns(__place__=person.rle_id().cast(pl.Int64) * 2**32 + night.cast(pl.Int64))
    place = pl.col("__place__")
    marked = placed.with_columns((place.shift(up) == place - lag).alias(f"__{lag}_{up}__") for lag, up in places)

    def found(column: str, lag: int) -> Iterator[pl.Expr]:
        for up in range(1, lag + 1):
            yield pl.when(pl.col(f"__{lag}_{up}__")).then(pl.col(column).shift(up))

    looked_up = marked.with_columns(
        pl.coalesce(found(column, lag)).alias(name) for lag, names in LAGGED.items() for column, name in names.items()
    )
    return looked_up.drop("__place__", *(f"__{lag}_{up}__" for lag, up in places))


def tidy_parts(nights: Given, participants: Given, rows: int = PART) -> Iterator[Callable[[], Iterator[pl.DataFrame]]]:
    """Give ways to make the parts; the first raises OutOfOrderError where nights are not sorted by person."""
    night = clean_scan(nights, Nights)
    people = clean_scan(participants, Participants, ("participant_id", "sleep_need_h"))
    with reading():
        needs = people.collect(engine="streaming").sort("participant_id")
        waso = night.select("waso_min").filter(pl.col("waso_min").is_not_null())
        asked = bool(waso.head(1).collect(engine="streaming").height)

    def made(parts: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        return (tidy_part(part, needs, waso_asked=asked) for part in ahead(parts))

    yield lambda: made(in_order(clean_parts(nights, Nights, rows), NIGHT))
    yield lambda: made(by_range(night, clean_parts(nights, Nights, rows), NIGHT, rows))


def _as_it_is(part: pl.DataFrame) -> pl.DataFrame:
    return part


def tidy(
    nights: Given,
    participants: Given,
    out: Path,
    *,
    rows: int = PART,
    change: Callable[[pl.DataFrame], pl.DataFrame] = _as_it_is,
) -> int:
    """Write the tidy nights to a folder of Parquet parts, sorted by participant and night; give the number of rows.

    `nights` and `participants` are clean tables (lazy, Parquet, or CSV as `hypnic load` writes it); each part holds
    whole participants, and `change` may take rows or columns away from it. The folder is there when all is written, or
    not at all. Raises HypnicError where it exists, and for tables that are not clean.
    """
    if out.exists():
        message = f"{out} is there already: name a new folder"
        raise HypnicError(message)
    out.parent.mkdir(parents=True, exist_ok=True)
    for make in tidy_parts(nights, participants, rows):
        place = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
        try:
            count = 0
            with reading():
                for number, part in enumerate(make()):
                    kept = change(part)
                    kept.write_parquet(place / f"part-{number:05}.parquet", row_group_size=GROUP, compression="lz4")
                    count += kept.height
            place.rename(out)
        except OutOfOrderError:
            continue
        finally:
            shutil.rmtree(place, ignore_errors=True)
        return count
    message = "the nights cannot be put in order"  # pragma: no cover -- the second way takes any order
    raise HypnicError(message)
