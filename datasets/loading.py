"""Clean tables of contributed folders: offline, typed, each file opened once."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.files import check
from hypnic.datasets.checking.opened import open_table
from hypnic.datasets.cleaning import choices, clean, flags, missingness
from hypnic.datasets.intake import facts
from hypnic.datasets.intake.published import faulty, is_published, read_published
from hypnic.datasets.intake.withdrawal import staying
from hypnic.errors import HypnicError
from hypnic.schemas import PUBLISHED, TABLES, columns
from hypnic.schemas.filenames import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypnic.schemas import Table

LONG: dict[str, Callable[[pl.DataFrame, type[Table]], pl.DataFrame]] = {
    "missingness": missingness,
    "participant_choices": choices,
    "flags": flags,
}


def data_folder() -> Path:
    """Give the folder that the package keeps its tables in."""
    return Path(str(resources.files("hypnic.datasets")))


def own_folder(folder: Path) -> Path:
    """Give a folder of one's own back, once its tables are known to hold no errors.

    Raises HypnicError where it has none, `hypnic check` finds errors in them, or they are in publishable form.
    """
    if not folder.is_dir():
        message = f"{shown_path(folder)} is no folder: name one with participants.csv, nights.csv or both"
        raise HypnicError(message)
    if is_published(folder):
        message = (
            f"{shown_path(folder)}: this is in publishable form; name the folder that you keep, or take the study open"
            f" from {shown_path(folder.parent)}"
        )
        raise HypnicError(message)
    if errors := int((check(folder)["level"] == "error").sum()):
        raise HypnicError(faulty(folder, errors))
    return folder


def own_table(folder: Path, table: str) -> pl.DataFrame:
    """Read a clean table of one's own folder; raises HypnicError as `own_folder`, and where it has no such table."""
    own_folder(folder)
    if table in TABLES and not (folder / f"{table}.csv").is_file():
        message = f"{shown_path(folder)}: there is no {table}.csv in it"
        raise HypnicError(message)
    return gather([folder], table)[table]


def submissions(folder: Path | None = None) -> list[Path]:
    """List the accepted submissions of real answers, by name: those in a folder, or those of the package.

    Raises HypnicError where one is not in publishable form.
    """
    found = sorted((folder or data_folder() / "submissions").glob("*/submission.toml"))
    real = [path.parent for path in found if facts.read(path.parent).get("data_state") == "survey"]
    for one in real:
        if not is_published(one):
            message = f"{one.name}: this submission is not in publishable form; run `hypnic submit` on its folder"
            raise HypnicError(message)
    return real


def origins(folders: list[Path]) -> pl.DataFrame:
    """Tell which folder each participant came with: `participant_id`, `submission`."""
    frames = [
        gather([folder], "participants")["participants"].select("participant_id", submission=pl.lit(folder.name))
        for folder in folders
    ]
    return pl.concat(frames).unique("participant_id", keep="first", maintain_order=True)


def gather(folders: list[Path], *tables: str) -> dict[str, pl.DataFrame]:
    """Give some clean tables of some folders by their names, each file opened once.

    A folder with a receipt is read in publishable form, and nothing else is taken for it; any other as it was typed.
    """
    parts: dict[str, list[pl.DataFrame]] = {table: [] for table in tables}
    read = [part for folder in folders for part in _typed(folder, tables)]
    for name, model in TABLES.items():
        here = [(frame, model) for found, frame, model in read if found == name]
        here = here or [(pl.DataFrame(schema={c.name: c.raw_dtype for c in columns(model).values()}), model)]
        for table in tables:
            if table in LONG or table == name:
                parts[table] += [LONG.get(table, clean)(frame, model) for frame, model in here]
    return {table: pl.concat(frames) for table, frames in parts.items()}


def _typed(folder: Path, tables: tuple[str, ...]) -> Iterator[tuple[str, pl.DataFrame, type[Table]]]:
    """Yield the typed tables of a folder that some of `tables` are made of, with their names and models."""
    wanted = [name for name in TABLES if name in tables or set(LONG) & set(tables)]
    if is_published(folder):
        for name, frame in read_published(folder).items():
            if name in wanted:
                yield name, staying(frame, folder), PUBLISHED[name]
        return
    for name in wanted:
        if (folder / f"{name}.csv").is_file():
            yield name, staying(open_table(folder / f"{name}.csv", name, memory=None).cast.frame, folder), TABLES[name]


def for_release(folders: list[Path], seed: str | None) -> dict[str, pl.DataFrame]:
    """Give the tables of some folders in publishable form, still with their missing codes.

    With a `seed`, the folders hold synthetic answers as they were typed, and it draws what is drawn.
    """
    import random

    from hypnic.datasets.intake.published import read_published
    from hypnic.datasets.intake.publishing import publishable

    if seed is None:
        parts = [{name: staying(frame, folder) for name, frame in read_published(folder).items()} for folder in folders]
    else:
        raw = [
            {name: open_table(folder / f"{name}.csv", name, memory=None).cast.frame for name in TABLES}
            for folder in folders
        ]
        rng = random.Random(seed)  # noqa: S311 -- nobody's secret: a program drew these people
        parts = [publishable(tables, rng=rng).tables for tables in raw]
    empty = {
        name: pl.DataFrame(schema={c.name: c.raw_dtype for c in columns(PUBLISHED[name]).values()}) for name in TABLES
    }
    there = {name: [part[name] for part in parts if name in part] for name in TABLES}
    return {name: pl.concat([empty[name], *frames], how="diagonal") for name, frames in there.items()}


def cleaned(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Make the clean tables of those in publishable form: both, and the three long ones that are made of them."""
    clear = {name: clean(frame, PUBLISHED[name]) for name, frame in tables.items()}
    long = {name: pl.concat([make(tables[of], PUBLISHED[of]) for of in tables]) for name, make in LONG.items()}
    return clear | long
