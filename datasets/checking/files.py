"""Checking contributed files: everything that is wrong with them, in one run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.blocks import layout
from hypnic.datasets.checking.breaches import in_turn
from hypnic.datasets.checking.capping import Cap, Checked, bytes_of
from hypnic.datasets.checking.findings import findings
from hypnic.datasets.checking.opened import Opened, open_table
from hypnic.datasets.checking.parts import large, parts_of, table_in
from hypnic.datasets.checking.repeats import CheckedFile, repeated
from hypnic.datasets.checking.types import cast
from hypnic.datasets.reading.limits import GZIP, MEMORY, OLD_WORKBOOK, ZIP
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, Nights, Table
from hypnic.schemas.filenames import named, shown_path
from hypnic.schemas.privacy import PRIVATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.checking.engines import Engine
    from hypnic.datasets.checking.failures import Failure
    from hypnic.datasets.checking.large import Sifting

WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}


def check(
    *paths: Path | str, table: str | None = None, sheet: str | None = None, memory: str | None = None
) -> pl.DataFrame:
    """Check one table, or both together, and give every finding.

    Parameters
    ----------
    paths
        CSV, Parquet or Arrow files or Excel workbooks, or a folder that holds `participants`, `nights` or both, each
        in one file or in several. Given both tables, rules that need both are checked too.
    table
        `participants` or `nights`; without it, the header tells.
    sheet
        The sheet of a workbook; without it, the first.
    memory
        How much a table may take while it is checked, such as `2GB`; without it, 1 GiB.

    Returns
    -------
    polars.DataFrame
        One row for each finding, with the columns of `hypnic.schemas.outputs.Findings`; none, where all is well.

    Raises
    ------
    HypnicError
        A file could not be read at all, or its header is of neither table, or not of the one that was named.

    Examples
    --------
    >>> import hypnic
    >>> from hypnic.datasets.loading import data_folder
    >>> hypnic.check(data_folder() / "demo" / "nights.csv").height
    0

    """
    return check_opened(open_tables(tables_of(*map(Path, paths)), table, sheet, bytes_of(memory) if memory else MEMORY))


def open_tables(
    paths: Sequence[Path],
    table: str | None = None,
    sheet: str | None = None,
    memory: int = MEMORY,
    engine: Engine | None = None,
) -> list[Opened]:
    """Read and type files that are checked together; of a large table, what may be wrong alone is kept.

    `memory` is how many bytes a table may take, 1 GiB by default, and `engine` who goes through a large one.
    """
    put_off = [] if sheet else [path for path in paths if large(path, table)]
    opened = {
        path: [open_table(part, table, sheet, memory) for part in parts_of(path) or (path,)]
        for path in paths if path not in put_off
    }  # fmt: skip
    if not put_off:
        return [one for path in paths for one in opened[path]]
    from hypnic.datasets.checking.large import sift

    models = [one.model for several in opened.values() for one in several]
    models += [laid.model for path in put_off if (laid := layout(parts_of(path)))]
    for path in sorted(put_off, key=lambda path: _layout_of(path) is Nights):  # nights look into participants
        model = _layout_of(path)
        people = [frame for several in opened.values() for one in several if (frame := one.people) is not None]
        alone = models.count(model) == 1  # else rows of one file are looked for in another
        sifting = sift(path, people if model is Nights else [], memory, engine) if alone else None
        opened[path] = (
            [open_table(part, table, None, memory) for part in parts_of(path)]
            if sifting is None
            else [_sifted(sifting)]
        )
    return [one for path in paths for one in opened[path]]


def _layout_of(path: Path) -> type[Table]:
    laid = layout(parts_of(path))
    return Nights if laid is None else laid.model


def _sifted(sifting: Sifting) -> Opened:
    text, model = sifting.empty(), sifting.laid.model
    return Opened(text, model, cast(text, model), sifting)


def check_opened(opened: list[Opened]) -> pl.DataFrame:
    """Check tables that have been read."""
    return check_capped(opened, None).found


def check_capped(opened: list[Opened], most: int | None) -> Checked:
    """Check tables that have been read; of each rule in a file, list so many findings at most and count the others."""
    people = [frame for file in opened if (frame := file.people) is not None]
    again = repeated([CheckedFile(file.text.name, file.model, file.cast.frame) for file in opened])
    cap = Cap(most)
    results = [_in_order(file, people, found, cap) for file, found in zip(opened, again, strict=True)]
    found = pl.concat(results).sort(~pl.col("rule").is_in(PRIVATE), maintain_order=True)  # what is private comes first
    return Checked(found, cap.rest())


def _in_order(file: Opened, people: list[pl.DataFrame], again: list[Failure], cap: Cap) -> pl.DataFrame:
    """Give the findings of a file, batch by batch, in the order of its lines."""
    batches = [_findings(batch, people, [] if number else again, cap) for number, batch in enumerate(file.batches())]
    if file.sifting is None or (len(batches) == 1 and len(file.sifting.parts) == 1):
        return batches[0]
    files = {name: number for number, name in enumerate(map(named, file.sifting.parts))}
    place = {name: position for position, name in enumerate(file.text.header)}
    return pl.concat(batches).sort(
        pl.col("file").replace_strict(files, default=-1, return_dtype=pl.Int64),
        "line",
        pl.col("column").replace_strict(place, default=len(place), return_dtype=pl.Int64),
        "rule",
        maintain_order=True,
    )


def _findings(file: Opened, people: list[pl.DataFrame], again: list[Failure], cap: Cap) -> pl.DataFrame:
    meant = file.sifting.meant if file.sifting else None
    own = file.text.frame.height - (file.kept.guests if file.kept else 0)  # guests are judged elsewhere
    told = in_turn(file, people, own, again)
    return pl.concat(map(cap.passed, findings(file.text, file.model, told, meant, cap.leaves_out)))


def tables_of(*paths: Path) -> list[Path]:
    """Replace each folder by the tables that lie in it; raises HypnicError where it holds none.

    A table in several files is the folder that holds them, or a pattern such as `nights-*.csv`.
    """
    files = []
    for path in paths:
        if odd := [path / f"{name}.csv" for name in TABLES if not_a_file(path / f"{name}.csv")]:
            message = f"{shown_path(odd[0])}: this is a folder, a pipe or a device, not a file; take it out"
            raise HypnicError(message)
        inside = [table for name in TABLES if (table := table_in(path, name))] if path.is_dir() else []
        if path.is_dir() and not inside and path.name in TABLES and parts_of(path):
            inside = [path]
        if path.is_dir() and not inside:
            near = strayed(path) or "; name the CSV files"
            message = f"{shown_path(path)}: this folder holds neither participants.csv nor nights.csv{near}"
            raise HypnicError(message)
        files += inside or [path]
    return files


def strayed(folder: Path) -> str:
    """Say what stands in a folder in place of its tables, and what to do; blank where nothing like them does.

    >>> from pathlib import Path
    >>> strayed(Path("nowhere"))
    ''
    """
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    tables = {f"{name}.csv" for name in TABLES}
    if any(path.name.casefold() in tables and path.name not in tables for path in inside):
        return "; write the names of its files in small letters: participants.csv and nights.csv"
    if below := next((path for path in inside if any((path / name).is_file() for name in tables)), None):
        return f"; they lie in a folder in it: name {shown_path(below)}"
    if any(path.suffix.casefold() in WORKBOOKS for path in inside):
        return "; a workbook lies in it: `hypnic convert spreadsheet FILE -o FOLDER` writes its sheets as both"
    return ""


def not_a_file(path: Path) -> bool:
    """Tell whether something stands at a path that is no file; nothing there is no fault."""
    return path.exists() and not path.is_file()


def not_text(path: Path) -> str:
    """Say what a file is that is no text, whatever its name says; blank for text.

    A workbook has sheets, comments and authors, and a packed file may be of any size.
    """
    with path.open("rb") as file:
        start = file.read(len(OLD_WORKBOOK))
    kinds = {ZIP: "a workbook", OLD_WORKBOOK: "a workbook", GZIP: "a packed file"}
    return next((said for mark, said in kinds.items() if start.startswith(mark)), "")
