"""The sources of clean tables, and `load`; adding a source is a module that reads it and an entry here.

The command line shows these entries: what is heavy is imported where a source is read.
"""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args, overload

from hypnic.datasets.source import Source
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    import polars as pl

ReleasedTable = Literal["participants", "nights", "missingness", "participant_choices", "flags"]
ReleasedStudy = Literal["open", "demo"]
# One row a respondent, one a person-night, why each missing answer is missing, one row a token, what is left out.
CONTRIBUTED: tuple[ReleasedTable, ...] = get_args(ReleasedTable)
CATALOG = {"study": str, "version": str, "table": str, "rows": int, "columns": int, "holds": str}
NOTHING_YET = (
    "the study 'open' is empty, since no survey submission has been accepted yet; take --study demo (synthetic)"
    " or --study nhanes (leg jerks, a proxy), or in Python study='demo' or 'nhanes'"
)

NOTHING_THERE = (
    "there is no submission of real answers in the folder after --from (in Python, source): each is a folder with a"
    " submission.toml"
)


def refuse_nobody(folder: Path | None) -> None:
    """Raise HypnicError where no submission of real answers is at hand, before anything heavy is imported."""
    if not OPEN.at_hand(folder):
        raise HypnicError(NOTHING_YET if folder is None else NOTHING_THERE)


def _demo(table: str, _: Path | None) -> pl.DataFrame:
    from hypnic.datasets.loading import data_folder, gather

    return gather([data_folder() / "demo"], table)[table]


def _open(table: str, folder: Path | None) -> pl.DataFrame:
    from hypnic.datasets.loading import gather, submissions

    if folder is not None:
        refuse_nobody(folder)
    return gather(submissions(folder), table)[table]


def _accepted(folder: Path | None) -> bool:
    there = _packaged("submissions") if folder is None else folder
    if "hypnic.datasets.loading" not in sys.modules and not any(there.glob("*/submission.toml")):
        return False  # told without the models of tables, which take long to import
    from hypnic.datasets.loading import submissions

    return bool(submissions(folder))


def _packaged(name: str) -> Path:
    from hypnic.datasets.release.locating import packaged

    return packaged().parent / name


def _nhanes(_: str, folder: Path | None) -> pl.DataFrame:
    from hypnic.datasets.nhanes.persons import load_persons

    return load_persons(folder)


DEMO = Source(
    "demo", "a synthetic cohort that comes with the package: nobody gave these answers", CONTRIBUTED, _demo,
    lambda _: True, home=lambda _: _packaged("demo"),
)  # fmt: skip
OPEN = Source(
    "open", "all accepted submissions; empty until the first is accepted", CONTRIBUTED, _open, _accepted,
    folder="Folder of submissions for the study open, such as datasets/submissions of a clone; else the package's.",
    wanting="no survey or diary of volunteers has been accepted yet",
    remedy="`hypnic report --study open --from DIR` builds it from a folder of submissions that you have",
    home=lambda folder: folder or _packaged("submissions"),
)  # fmt: skip
NHANES = Source(
    "nhanes", "NHANES 2005-2008 (CDC): leg jerks while trying to sleep, a proxy", ("persons",), _nhanes,
    lambda folder: bool(folder or os.environ.get("HYPNIC_NHANES")),
    folder="Folder with the NHANES files; else $HYPNIC_NHANES, else CDC's site.",
    wanting="CDC's files are not on the computer that built this",
    remedy="`hypnic report --study nhanes` fetches them, and HYPNIC_NHANES names a folder that has them",
    home=lambda folder: folder or (Path(named) if (named := os.environ.get("HYPNIC_NHANES")) else None),
)  # fmt: skip
SOURCES: dict[str, Source] = {source.name: source for source in (DEMO, OPEN, NHANES)}


@overload
def load(
    table: ReleasedTable, study: ReleasedStudy = "open", *, version: str = "latest", source: Path | str | None = None,
    data: Path | str | None = None,
) -> pl.DataFrame: ...  # fmt: skip


@overload
def load(table: Literal["persons"], study: Literal["nhanes"], *, source: Path | str | None = None) -> pl.DataFrame: ...


def load(
    table: str, study: str = "open", *, version: str = "latest", source: Path | str | None = None,
    data: Path | str | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Load one clean table of a study, as it was released.

    Parameters
    ----------
    table
        `participants` (one row a respondent), `nights` (one row a person-night), `missingness` (why each missing
        answer is missing), `participant_choices` (one row a token), `flags` (rows that the primary analysis leaves
        out); for NHANES, `persons` (one row a sample person).
    study
        `open`, `demo` or `nhanes`.
    version
        Of the release: `latest`, or such as `1` or `1.2`; `unreleased` is what a clone of the repository holds today.
    source
        Where else it lies: for NHANES, a folder with CDC's files (without it, `HYPNIC_NHANES`, or a download); for the
        others, the folder of a release, its address (https://...) or its DOI (doi:10.5281/zenodo.1). What is fetched is
        kept, and checked against the release's own hashes. For `open` also a folder of submissions, such as
        `datasets/submissions` of a clone.
    data
        A folder of your own in place of a study: `participants.csv`, `nights.csv` or both, without errors. It is read
        as every contributed one is, and sent nowhere.

    Returns
    -------
    polars.DataFrame
        Typed: Enums, integers, floats, Booleans, lists of Enums. A missing answer is null.

    Raises
    ------
    HypnicError
        There is no such study, table or release, its files are not at hand or not the published ones, or it is read
        from no folder.

    Examples
    --------
    >>> import hypnic
    >>> hypnic.load("participants", study="demo").height
    1200

    """
    import polars as pl

    if data is not None:
        return _own(table, study, Path(data), source)
    path = _released(table, study, version, source)
    if path is not None:
        return pl.read_parquet(path)
    if version == "latest" and study == "open" and source is None and not SOURCES[study].at_hand():
        warnings.warn(NOTHING_YET, stacklevel=2)
        return load(cast("ReleasedTable", table), "demo").clear()  # the same columns, and nobody in them
    return SOURCES[study].load(table, None if source is None else Path(source))


def scan(
    table: ReleasedTable, study: ReleasedStudy = "open", *, version: str = "latest", source: Path | str | None = None
) -> pl.LazyFrame:
    """Scan one table of a release: nothing is read before it is collected, and then only what is asked for.

    Takes what `load` takes, and raises what it raises.

    Examples
    --------
    >>> import hypnic, polars as pl
    >>> hypnic.scan("nights", study="demo").select(pl.len()).collect().item()
    5339

    """
    import polars as pl

    path = _released(table, study, version, source)
    return load(table, study, version=version, source=source).lazy() if path is None else pl.scan_parquet(path)


def catalog() -> pl.DataFrame:
    """List the tables that are at hand: a row a table of each release, and what else can be loaded.

    Returns
    -------
    polars.DataFrame
        `study`, `version`, `table`, `rows`, `columns`, `holds`; rows and columns are null where nothing is released.

    Examples
    --------
    >>> import hypnic
    >>> hypnic.catalog().filter(study="demo", table="nights")["columns"].to_list()
    [39]

    """
    import polars as pl

    from hypnic.datasets.release.locating import packaged, releases

    rows: list[tuple[str, str | None, str, int | None, int | None, str]] = []
    there = releases(packaged())
    for source in SOURCES.values():
        found = [one for one in there if one.study == source.name]
        rows += [
            (one.study, one.version, table, *pl.read_parquet(one.table(table)).shape, source.words)
            for one in found for table in source.tables
        ]  # fmt: skip
        rows += [(source.name, None, table, None, None, source.words) for table in source.tables if not found]
    return pl.DataFrame(rows, schema=CATALOG, orient="row")


def _released(table: str, study: str, version: str, source: Path | str | None) -> Path | None:
    """Give the Parquet file of a released table; None for what is read in another way."""
    if study not in SOURCES:
        message = f"there is no study {study!r}; choose one of {', '.join(SOURCES)}"
        raise HypnicError(message)
    if study == "nhanes" or version == "unreleased":
        return None
    from hypnic.datasets.release.locating import find, from_elsewhere, packaged

    SOURCES[study].has(table)
    if study == "open" and source is not None and any(Path(source).glob("*/submission.toml")):
        return None  # a folder of submissions, not of a release
    if source is not None:
        return from_elsewhere(study, str(source), table)
    found = find(study, version, packaged())
    return found and found.table(table)


def _own(table: str, study: str, folder: Path, source: object) -> pl.DataFrame:
    """Read a table of somebody's own folder."""
    from hypnic.datasets.loading import own_table

    if study != "open" or source is not None:
        message = "a folder of your own is no study and read from nowhere else: give data alone"
        raise HypnicError(message)
    OPEN.has(table)
    return own_table(folder, table)
