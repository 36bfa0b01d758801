"""Loading clean tables: one line, offline, typed."""

from __future__ import annotations

import os
import warnings
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.files import open_table
from hypnic.datasets.cleaning import choices, clean, flags, missingness
from hypnic.datasets.intake.withdrawal import staying
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypnic.schemas import Table

STUDIES: dict[str, str] = {
    "demo": "the embedded synthetic cohort",
    "open": "all accepted submissions",
    "nhanes": "NHANES 2005-2008, leg jerks while trying to sleep",
}
LONG: dict[str, Callable[[pl.DataFrame, type[Table]], pl.DataFrame]] = {
    "missingness": missingness,
    "participant_choices": choices,
    "flags": flags,
}


def load(table: str, study: str = "open", *, source: Path | str | None = None) -> pl.DataFrame:
    """Load one clean table of a study.

    Parameters
    ----------
    table
        `participants` (one row a respondent), `nights` (one row a person-night), `missingness` (why each missing
        answer is missing), `participant_choices` (one row a token), `flags` (rows that the primary analysis leaves
        out); for NHANES, `persons` (one row a sample person).
    study
        `open`, `demo` or `nhanes`.
    source
        A folder with the NHANES files; without it, `HYPNIC_NHANES`, or a download from CDC.

    Returns
    -------
    polars.DataFrame
        Typed: Enums, integers, floats, Booleans, lists of Enums. A missing answer is null.

    Raises
    ------
    HypnicError
        There is no such study or table, or the study's files are not at hand.

    Examples
    --------
    >>> import hypnic
    >>> hypnic.load("participants", study="demo").height
    1200

    """
    refuse_unknown(study)
    offered = ("persons",) if study == "nhanes" else (*TABLES, *LONG)
    if table not in offered:
        message = f"the study {study} has no table {table!r}; choose one of {', '.join(offered)}"
        raise HypnicError(message)
    if study == "nhanes":
        from hypnic.datasets.nhanes.persons import load_persons

        return load_persons(None if source is None else Path(source))
    folders = [data_folder() / "demo"] if study == "demo" else submissions()
    if not folders:
        warnings.warn(NOTHING_YET, stacklevel=2)
    return gather(folders, table)[table]


def refuse_unknown(study: str) -> None:
    """Raise HypnicError where there is no such study."""
    if study not in STUDIES:
        message = f"there is no study {study!r}; choose one of {', '.join(STUDIES)}"
        raise HypnicError(message)


NOTHING_YET = (
    "the study 'open' is empty, since no survey submission has been accepted yet; take --study demo (synthetic)"
    " or --study nhanes (leg jerks, a proxy), or in Python study='demo' or 'nhanes'"
)


def data_folder() -> Path:
    """Give the folder that the package keeps its tables in."""
    return Path(str(resources.files("hypnic.datasets")))


def submissions() -> list[Path]:
    """List the accepted submissions of real answers, by name."""
    import tomllib

    found = sorted((data_folder() / "submissions").glob("*/submission.toml"))
    return [path.parent for path in found if tomllib.loads(path.read_text("utf-8")).get("data_state") == "survey"]


def origins(folders: list[Path]) -> pl.DataFrame:
    """Tell which folder each participant came with: `participant_id`, `submission`."""
    frames = [
        gather([folder], "participants")["participants"].select("participant_id", submission=pl.lit(folder.name))
        for folder in folders
    ]
    return pl.concat(frames).unique("participant_id", keep="first", maintain_order=True)


def at_hand(source: Path | None = None) -> list[str]:
    """Name the studies whose data are at hand: the demo always, NHANES where its folder is named."""
    there = {"demo": True, "open": bool(submissions()), "nhanes": bool(source or os.environ.get("HYPNIC_NHANES"))}
    return [name for name in STUDIES if there[name]]


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
