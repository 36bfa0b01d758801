"""The files of the publishable form: one way to write them, and nothing else is read as such."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.checking.context import in_context
from hypnic.datasets.checking.types import typed
from hypnic.errors import HypnicError
from hypnic.schemas import PUBLISHED, columns, conditions
from hypnic.schemas.filenames import pasted, shown_path

if TYPE_CHECKING:
    from hypnic.schemas import Table

RECEIPT = "receipt.txt"
LARGEST = 256 << 20  # bytes; a million nights are 120 MB
RUN = "run `hypnic submit DIR` on the folder that you keep, and send what it makes"


def as_csv(frame: pl.DataFrame, model: type[Table]) -> bytes:
    """Write a published table: UTF-8, commas, lines that end in LF, nothing quoted, an empty cell for no answer."""
    text = frame.select(name for name in columns(model) if name in frame.columns).with_columns(_plain(frame))
    return text.write_csv(quote_style="never").encode()


def _plain(frame: pl.DataFrame) -> list[pl.Expr]:
    """Write numbers as people do: 180 and 23.5, never 180.0."""
    cells = pl.selectors.float()
    numbers = cells.cast(pl.String).str.strip_suffix(".0")
    return [numbers] if frame.select(cells).width else []


def is_published(folder: Path) -> bool:
    """Tell whether a folder says that it is in publishable form: it has a receipt."""
    return (folder / RECEIPT).is_file()


def faulty(folder: Path, errors: int) -> str:
    """Say that a raw folder has errors, and what shows them."""
    said = f"{errors} error{'s' if errors > 1 else ''}"
    return f"{shown_path(folder)}: {said}; `hypnic check {pasted(folder, 'DIR')}` shows them"


def read_published(folder: Path) -> dict[str, pl.DataFrame]:
    """Read the tables of a folder in publishable form, typed as their models say, missing codes included.

    Raises HypnicError where a file is not, byte for byte, what hypnic writes, or holds what its model does not allow.
    """
    frames = {}
    for name, model in PUBLISHED.items():
        if (folder / f"{name}.csv").is_file():
            frames[name] = read_file(folder / f"{name}.csv", model)
    if "participants" not in frames:
        message = f"{folder.name}: there is no participants.csv, which holds the consent of each respondent"
        raise HypnicError(message)
    for name, frame in frames.items():
        joined = in_context(frame, [frames["participants"]]) if name == "nights" else frame
        rules = [c for c in conditions(PUBLISHED[name]) if c.level == "error" and c.runs_on(joined.columns)]
        broken = [c.rule for c in rules if not joined.select(c.clause.holds.fill_null(True).all()).item()]
        if broken:
            message = f"{name}.csv: it breaks the rule {broken[0]}; {RUN}"
            raise HypnicError(message)
    return frames


def read_file(path: Path, model: type[Table]) -> pl.DataFrame:
    """Read one published table; raises HypnicError unless writing it again gives the same bytes."""
    message = f"{path.name}: this is not in publishable form; {RUN}"
    if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
        raise HypnicError(message)
    content = path.read_bytes()
    try:
        header = next(csv.reader(io.StringIO(content[: 1 << 14].decode("utf-8", "ignore"))), [])
        needed = {name for name, column in columns(model).items() if column.tier == "core"}
        if header != [name for name in columns(model) if name in header] or not needed <= set(header):
            raise HypnicError(message)
        frame = typed(pl.read_csv(content, infer_schema=False, quote_char=None), model)
    except (pl.exceptions.PolarsError, csv.Error, UnicodeDecodeError):
        raise HypnicError(message) from None
    if as_csv(frame, model) != content:
        raise HypnicError(message)
    return frame
