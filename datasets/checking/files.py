"""Checking contributed files: everything that is wrong with them, in one run."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandera.polars as pa
import polars as pl

from hypnic.datasets.checking.amounts import counted, parts_of_a_day
from hypnic.datasets.checking.blocks import layout
from hypnic.datasets.checking.capping import Cap, Checked, bytes_of
from hypnic.datasets.checking.clocks import clock
from hypnic.datasets.checking.context import in_context
from hypnic.datasets.checking.failures import Failure, findings
from hypnic.datasets.checking.openings import explanation
from hypnic.datasets.checking.parts import large, parts_of, table_in
from hypnic.datasets.checking.privacy import private
from hypnic.datasets.checking.repeats import CheckedFile, repeated, with_twins
from hypnic.datasets.checking.types import Cast, cast
from hypnic.datasets.reading.headers import folded, put_right
from hypnic.datasets.reading.properties import TEMPLATE
from hypnic.datasets.reading.text import TextTable, read_text
from hypnic.errors import HypnicError
from hypnic.filenames import whole_name
from hypnic.schemas import TABLES, Nights, Table, columns, conditions
from hypnic.schemas.filenames import named
from hypnic.schemas.privacy import PRIVATE
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hypnic.datasets.checking.engines import Engine
    from hypnic.datasets.checking.kept import Kept
    from hypnic.datasets.checking.large import Sifting
    from hypnic.schemas.tables import Condition


class Opened(NamedTuple):
    """A file that has been read and typed; of a large one, what was sifted, of which a batch is `kept`."""

    text: TextTable
    model: type[Table]
    cast: Cast
    sifting: Sifting | None = None
    kept: Kept | None = None

    @property
    def whole(self) -> bool:
        """Whether every row is here."""
        return self.sifting is None

    @property
    def people(self) -> pl.DataFrame | None:
        """What rules on nights look into, where these are participants."""
        if self.model is Nights or self.model.table_name() != "participants":
            return None
        return self.cast.frame if self.sifting is None else self.sifting.known

    def batches(self) -> Iterable[Opened]:
        """Yield what was kept, batch by batch; a file that is not large, at once."""
        if self.sifting is None:
            yield self
            return
        for kept in self.sifting.batches():
            yield self._replace(text=kept.text, cast=cast(kept.text, self.model), kept=kept)


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
        How much a table of 16 MB and more may take while it is read, such as `2GB`; without it, 1 GiB.

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
    return check_opened(open_tables(tables_of(*map(Path, paths)), table, sheet, bytes_of(memory) if memory else None))


def open_tables(
    paths: Sequence[Path],
    table: str | None = None,
    sheet: str | None = None,
    memory: int | None = None,
    engine: Engine | None = None,
) -> list[Opened]:
    """Read and type files that are checked together; of a large table, what may be wrong alone is kept.

    `memory` is how many bytes a large table may take while it is sifted, 1 GiB by default, and `engine` who does it.
    """
    put_off = [] if sheet else [path for path in paths if large(path, table)]
    opened = {
        path: [open_table(part, table, sheet) for part in parts_of(path) or (path,)]
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
        opened[path] = [open_table(part, table) for part in parts_of(path)] if sifting is None else [_sifted(sifting)]
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
    found = [
        cap.passed(_findings(batch, people, [] if number else again, cap))
        for number, batch in enumerate(file.batches())
    ]
    if file.sifting is None or (len(found) == 1 and len(file.sifting.parts) == 1):
        return found[0]
    files = {name: number for number, name in enumerate(map(named, file.sifting.parts))}
    place = {name: position for position, name in enumerate(file.text.header)}
    return pl.concat(found).sort(
        pl.col("file").replace_strict(files, default=-1, return_dtype=pl.Int64),
        "line",
        pl.col("column").replace_strict(place, default=len(place), return_dtype=pl.Int64),
        "rule",
        maintain_order=True,
    )


def _findings(file: Opened, people: list[pl.DataFrame], again: list[Failure], cap: Cap) -> pl.DataFrame:
    found = [*failures(file, people), *again]
    if file.kept is None or file.sifting is None:
        return findings(file.text, file.model, found, left_out=cap.leaves_out)
    guests = file.text.frame.height - file.kept.guests
    own = [failure for failure in found if failure.row is None or failure.row < guests]
    return findings(file.text, file.model, own, file.sifting.meant, cap.leaves_out)


def tables_of(*paths: Path) -> list[Path]:
    """Replace each folder by the tables that lie in it; raises HypnicError where it holds none.

    A table in several files is the folder that holds them, or a pattern such as `nights-*.csv`.
    """
    files = []
    for path in paths:
        if odd := [path / f"{name}.csv" for name in TABLES if not_a_file(path / f"{name}.csv")]:
            message = f"{whole_name(odd[0])}: this is a folder, a pipe or a device, not a file; take it out"
            raise HypnicError(message)
        inside = [table for name in TABLES if (table := table_in(path, name))] if path.is_dir() else []
        if path.is_dir() and not inside and path.name in TABLES and parts_of(path):
            inside = [path]
        if path.is_dir() and not inside:
            message = (
                f"{whole_name(path)}: this folder holds neither participants.csv nor nights.csv; name the CSV files"
            )
            raise HypnicError(message)
        files += inside or [path]
    return files


def not_a_file(path: Path) -> bool:
    """Tell whether something stands at a path that is no file; nothing there is no fault."""
    return path.exists() and not path.is_file()


def open_table(path: Path, table: str | None = None, sheet: str | None = None) -> Opened:
    """Read and type one file; `table` names what it holds, or its header tells."""
    return open_text(read_text(path, sheet), table)


def open_text(text: TextTable, table: str | None = None) -> Opened:
    """Type a table that has been read, as `open_table` does."""
    model = _model(text, table)
    if not model.names() >= set(text.header):
        empty = {place for place, name in enumerate(text.header) if not name.strip() and text.empty(place)}
        header = put_right(text.header, model.names(), empty)
        text = replace(text, header=header.names, misspelt=header.misspelt)
    if any(one.kind == TEMPLATE for one in text.outside):
        text = replace(text, frame=_on_the_diary_clock(text, model))
    done = cast(text, model)
    if done.decimal_comma:
        text = replace(text, dialect=replace(text.dialect, decimal_comma=True))
    return Opened(text, model, done)


def open_as(path: Path, model: type[Table]) -> Opened:
    """Read and type a file of which the model is known; a published file has one of its own."""
    text = read_text(path)
    return Opened(text, model, cast(text, model))


def _on_the_diary_clock(text: TextTable, model: type[Table]) -> pl.DataFrame:
    """Read the times of a workbook that hypnic made, whose cells are times of day, as hours of the diary day.

    A time that could be of this day or the next stays as it is: a finding asks for it.
    """
    frame, facts = text.frame, columns(model)
    for place, name in enumerate(text.header):
        if name in facts and facts[name].unit == "clock h":
            read = {cell: clock(cell, facts[name]) for cell in frame[:, place].drop_nulls().unique()}
            hours = {cell: found.text for cell, found in read.items() if found and found.certain}
            frame = frame.with_columns(frame[:, place].replace(hours))
    return frame


def _model(text: TextTable, table: str | None) -> type[Table]:
    """Tell the table by the header; one that was named must have a column there, and no fewer than the other has."""
    typed = {folded(name) for name in text.header}
    shared = {name: len(model.names() & typed) for name, model in TABLES.items()}
    best = max(shared, key=lambda name: shared[name])
    if shared[best] <= (0 if table else 1):
        message = f"{text.name}: {explanation(text)}"
        raise HypnicError(message)
    if table and shared[table] < shared[best]:
        message = (
            f"{text.name}: {shared[best]} of its columns are of {best} and {shared[table]} of {table};"
            f" type --table {best}, or leave it out"
        )
        raise HypnicError(message)
    return TABLES[table or best]


def failures(file: Opened, people: list[pl.DataFrame]) -> list[Failure]:
    """List what fails in a file, given the participants' tables there are.

    A row that does not fit under the header is one failure: its cells may be any column's.
    """
    frame, model = file.cast.frame, file.model
    header = [Failure(RuleId.COLUMN_REPEATED, None, name) for name in file.text.repeated()]
    header += [Failure(RuleId.COLUMN_UNKNOWN, None, name) for name in file.text.misspelt]
    # Pandera would name the first of several.
    header += [Failure(RuleId.COLUMN_UNKNOWN, None, name) for name in frame.columns if name not in model.names()]
    header += [Failure(RuleId.NO_ROWS, None, "")] if frame.is_empty() and file.whole else []
    cells = [Failure(RuleId(rule), row, column) for row, column, rule in file.cast.faults.iter_rows()]
    broken = _missing_together(_validate(frame, model.to_schema(), model, whole=file.whole))
    found = [
        *private(file.text, model),
        *header,
        *counted(frame if file.kept is None else file.kept.amounts, model),
        *(parts_of_a_day(file.text, frame, model) if file.whole else ()),
        *cells,
        *broken,
    ]
    if model.table_name() == "nights" and "participant_id" in frame.columns:
        found += _validate(in_context(frame, people), model.context_schema(), model, whole=file.whole)
    if file.kept is not None:
        found += _together(file.kept, frame, model)
    ragged = set(file.text.ragged)
    sound = [failure for failure in found if failure.row not in ragged]
    return [*with_twins(sound, frame, model), *(Failure(RuleId.FILE, row, "") for row in file.text.ragged)]


def _together(kept: Kept, frame: pl.DataFrame, model: type[Table]) -> Iterable[Failure]:
    """Yield what fails among rows that are looked at together; `frame` is what was kept."""
    for condition in conditions(model):
        group = condition.clause.group
        if group and condition.runs_on(frame.columns):
            places = kept.whole[group.by]
            holds = frame[places].select(condition.clause.holds.fill_null(value=True)).to_series()
            for place in places.gather((~holds).arg_true()):
                yield Failure(condition.rule, place, condition.clause.column, int(condition.name.split(":")[2]))


def _missing_together(failures: Iterable[Failure]) -> Iterable[Failure]:
    """Make one failure of several missing columns."""
    found = list(failures)
    missing = [failure for failure in found if failure.rule == RuleId.COLUMN_MISSING]
    if len(missing) < 2:
        return found
    together = Failure(RuleId.COLUMN_MISSING, None, "", others=tuple(failure.column for failure in missing))
    return [together, *(failure for failure in found if failure.rule != RuleId.COLUMN_MISSING)]


def _validate(
    frame: pl.DataFrame, schema: pa.DataFrameSchema, model: type[Table], *, whole: bool = True
) -> Iterable[Failure]:
    """Run the pandera schema on what is not sound.

    One pass over the frame finds the checks that some row fails, and only those are given to pandera to tell row by
    row; where all hold and the columns are as they should be, it has nothing to tell. Tests hold both ways equal.
    """
    known = {condition.name: condition for condition in conditions(model)}
    able = [check for check in schema.checks if known[check.name].runs_on(frame.columns)]
    able = [check for check in able if whole or not known[check.name].clause.group]
    every = frame.select(known[check.name].clause.holds.fill_null(True).all().alias(check.name) for check in able)
    if not whole:  # its columns are as they should be, and the frame is not the file
        yield from _broken(frame, [known[check.name] for check in able if not every.item(0, check.name)])
        return
    schema = copy(schema)
    schema.checks = [check for check in able if not every.item(0, check.name)]
    needed = {name for name, column in schema.columns.items() if column.required}
    if (
        not schema.checks
        and needed <= set(frame.columns)
        and (not schema.strict or model.names() >= set(frame.columns))
    ):
        return
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        for check, case, index in error.failure_cases.select("check", "failure_case", "index").iter_rows():
            if check != "column_in_schema":
                yield _failure(check, case, index)


def _broken(frame: pl.DataFrame, broken: Iterable[Condition]) -> Iterable[Failure]:
    """Tell row by row what pandera would: a condition that does not hold; null passes."""
    for condition in broken:
        number = int(condition.name.rpartition(":")[2])
        for row in frame.select((~condition.clause.holds).fill_null(value=False).arg_true()).to_series():
            yield Failure(condition.rule, row, condition.clause.column, number)


def _failure(check: str, case: str, index: int | None) -> Failure:
    if check == "column_in_dataframe":
        return Failure(RuleId.COLUMN_MISSING, None, case)
    rule, column, number = check.split(":")
    if index is None:
        message = f"the check {check} could not run"
        raise RuntimeError(message)
    return Failure(RuleId(rule), index, column, int(number))
