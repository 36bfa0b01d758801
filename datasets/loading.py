"""Clean tables of contributed folders: offline, typed, each file opened once."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.files import check, open_table
from hypnic.datasets.cleaning import choices, clean, flags, missingness
from hypnic.datasets.intake.withdrawal import staying
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, columns

if TYPE_CHECKING:
    from collections.abc import Callable

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

    Raises HypnicError where it has none, or `hypnic check` finds errors in them.
    """
    if not folder.is_dir():
        message = f"{folder} is no folder: name one with participants.csv, nights.csv or both"
        raise HypnicError(message)
    if errors := int((check(folder)["level"] == "error").sum()):
        message = f"{folder}: {errors} error{'s' if errors > 1 else ''}; `hypnic check {folder}` shows them"
        raise HypnicError(message)
    return folder


def submissions(folder: Path | None = None) -> list[Path]:
    """List the accepted submissions of real answers, by name: those in a folder, or those of the package."""
    import tomllib

    found = sorted((folder or data_folder() / "submissions").glob("*/submission.toml"))
    return [path.parent for path in found if tomllib.loads(path.read_text("utf-8")).get("data_state") == "survey"]


def origins(folders: list[Path]) -> pl.DataFrame:
    """Tell which folder each participant came with: `participant_id`, `submission`."""
    frames = [
        gather([folder], "participants")["participants"].select("participant_id", submission=pl.lit(folder.name))
        for folder in folders
    ]
    return pl.concat(frames).unique("participant_id", keep="first", maintain_order=True)


def gather(folders: list[Path], *tables: str) -> dict[str, pl.DataFrame]:
    """Give some clean tables of some folders by their names, each file opened once."""
    parts: dict[str, list[pl.DataFrame]] = {table: [] for table in tables}
    for name, model in TABLES.items():
        wanted = [table for table in tables if table in LONG or table == name]
        files = [folder / f"{name}.csv" for folder in folders if (folder / f"{name}.csv").is_file()] if wanted else []
        raw = [staying(open_table(file, name).cast.frame, file.parent) for file in files]
        raw = raw or [pl.DataFrame(schema={column.name: column.raw_dtype for column in columns(model).values()})]
        for table in wanted:
            parts[table] += [LONG.get(table, clean)(frame, model) for frame in raw]
    return {table: pl.concat(frames) for table, frames in parts.items()}
