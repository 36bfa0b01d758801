"""The sources of clean tables, and `load`; adding a source is a module that reads it and an entry here.

The command line shows these entries: what is heavy is imported where a source is read.
"""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

# One row a respondent, one a person-night, why each missing answer is missing, one row a token, what is left out.
CONTRIBUTED = ("participants", "nights", "missingness", "participant_choices", "flags")
NOTHING_YET = (
    "the study 'open' is empty, since no survey submission has been accepted yet; take --study demo (synthetic)"
    " or --study nhanes (leg jerks, a proxy), or in Python study='demo' or 'nhanes'"
)

NOTHING_THERE = (
    "there is no submission of real answers in the folder after --from (in Python, source): each is a folder with a"
    " submission.toml"
)


class Source(NamedTuple):
    """Where the tables of a study come from.

    `words` says in a line what it is. `read` gives one of `tables`, and `there` tells whether they are at hand: both
    are given the folder that was named, or None. `folder` says what such a folder has; a source without takes none.
    """

    name: str
    words: str
    tables: tuple[str, ...]
    read: Callable[[str, Path | None], pl.DataFrame]
    there: Callable[[Path | None], bool]
    folder: str = ""

    def load(self, table: str, folder: Path | None = None) -> pl.DataFrame:
        """Load one clean table; raises HypnicError for a table that it does not have and a folder that it can't use."""
        if table not in self.tables:
            message = f"the study {self.name} has no table {table!r}; choose one of {', '.join(self.tables)}"
            raise HypnicError(message)
        if folder is not None and not self.folder:
            refuse_folder(self.name)
        return self.read(table, folder)

    def at_hand(self, folder: Path | None = None) -> bool:
        """Tell whether its answers are at hand."""
        return self.there(folder)


def refuse_folder(study: str) -> NoReturn:
    """Raise HypnicError: a folder was named, and the study is not read from one."""
    message = f"the study {study} is read from no folder of yours: leave out --from (in Python, source)"
    raise HypnicError(message)


def _demo(table: str, _: Path | None) -> pl.DataFrame:
    from hypnic.datasets.loading import data_folder, gather

    return gather([data_folder() / "demo"], table)[table]


def _open(table: str, folder: Path | None) -> pl.DataFrame:
    from hypnic.datasets.loading import gather, submissions

    folders = submissions(folder)
    if folder is not None and not folders:
        raise HypnicError(NOTHING_THERE)
    if not folders:
        warnings.warn(NOTHING_YET, stacklevel=4)  # who called `load`
    return gather(folders, table)[table]


def _accepted(folder: Path | None) -> bool:
    from hypnic.datasets.loading import submissions

    return bool(submissions(folder))


def _nhanes(_: str, folder: Path | None) -> pl.DataFrame:
    from hypnic.datasets.nhanes.persons import load_persons

    return load_persons(folder)


DEMO = Source(
    "demo", "a synthetic cohort that comes with the package: nobody gave these answers", CONTRIBUTED, _demo,
    lambda _: True,
)  # fmt: skip
OPEN = Source(
    "open", "all accepted submissions; empty until the first is accepted", CONTRIBUTED, _open, _accepted,
    folder="Folder of submissions for the study open, such as datasets/submissions of a clone; else the package's.",
)  # fmt: skip
NHANES = Source(
    "nhanes", "NHANES 2005-2008 (CDC): leg jerks while trying to sleep, a proxy", ("persons",), _nhanes,
    lambda folder: bool(folder or os.environ.get("HYPNIC_NHANES")),
    folder="Folder with the NHANES files; else $HYPNIC_NHANES, else CDC's site.",
)  # fmt: skip
SOURCES: dict[str, Source] = {source.name: source for source in (DEMO, OPEN, NHANES)}


def load(
    table: str, study: str = "open", *, source: Path | str | None = None, data: Path | str | None = None
) -> pl.DataFrame:
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
        A folder with the NHANES files; without it, `HYPNIC_NHANES`, or a download from CDC. For `open`, a folder of
        submissions, such as `datasets/submissions` of a clone; without it, those that came with the package.
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
        There is no such study or table, the study's files are not at hand, or it is read from no folder.

    Examples
    --------
    >>> import hypnic
    >>> hypnic.load("participants", study="demo").height
    1200

    """
    if data is not None:
        return _own(table, study, Path(data), source)
    if study not in SOURCES:
        message = f"there is no study {study!r}; choose one of {', '.join(SOURCES)}"
        raise HypnicError(message)
    return SOURCES[study].load(table, None if source is None else Path(source))


def _own(table: str, study: str, folder: Path, source: object) -> pl.DataFrame:
    """Load a table of somebody's own folder."""
    from hypnic.datasets.loading import gather, own_folder

    if study != "open" or source is not None:
        message = "a folder of your own is no study and read from nowhere else: give data alone"
        raise HypnicError(message)
    if table not in CONTRIBUTED:
        message = f"a folder of your own has no table {table!r}; choose one of {', '.join(CONTRIBUTED)}"
        raise HypnicError(message)
    return gather([own_folder(folder)], table)[table]
