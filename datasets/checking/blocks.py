"""A large table cut into blocks: ranges of bytes of a CSV, of rows of Parquet and Arrow files, in one file or many."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import polars as pl

from hypnic.datasets.checking.context import TOKEN
from hypnic.datasets.checking.vocabulary import Words
from hypnic.datasets.reading.columnar import COLUMNAR, names_of, rows_of, scan
from hypnic.schemas import TABLES, columns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from hypnic.schemas import Table

BOM = b"\xef\xbb\xbf"
FIRST = 1 << 20  # bytes of a first block, which shows what texts there are: then fewer are read again
LONGEST = 1 << 20  # bytes within which one participant's lines end
WIDE = 170  # bytes of a row, by which a block's bytes are told in rows


class Block(NamedTuple):
    """Bytes of a CSV, or rows of a columnar file, from `start` until `stop`; `part` is the number of the file."""

    part: int
    path: Path
    start: int
    stop: int


class Layout(NamedTuple):
    """How all parts of a table are laid out: whose columns, in which order, and whether lines end in CR LF."""

    model: type[Table]
    header: tuple[str, ...]
    returns: bool = False


def layout(parts: Sequence[Path]) -> Layout | None:
    """Tell how files are laid out that are all alike: their header has each core column of a table, and no strange one.

    None where they are not alike, or are otherwise made.
    """
    found = {_layout(path) for path in parts}
    return found.pop() if len(found) == 1 else None


def _layout(path: Path) -> Layout | None:
    if path.suffix in COLUMNAR:
        names, returns = names_of(path), False
    else:
        with path.open("rb") as file:
            first = file.readline(1 << 16).removeprefix(BOM)
        if not first.endswith(b"\n"):
            return None
        returns = first.endswith(b"\r\n")
        names = first.decode("utf-8", errors="replace").rstrip("\r\n").split(",")
    for model in TABLES.values():
        if len({*names}) != len(names) or not {*names} <= model.names():  # told before its schema is built
            continue
        if {name for name, column in columns(model).items() if column.tier == "core"} <= {*names}:
            return Layout(model, tuple(names), returns)
    return None


def cut(parts: Sequence[Path], laid: Layout, size: int) -> Iterator[Block]:
    """Cut files into blocks of about `size` bytes of text; a CSV between two participants where it can be."""
    for part, path in enumerate(parts):
        if path.suffix in COLUMNAR:
            rows, step = rows_of(path), max(size // WIDE, 1)
            yield from (Block(part, path, start, min(start + step, rows)) for start in range(0, rows, step))
            continue
        with path.open("rb") as file:
            start, end = len(file.readline()), file.seek(0, os.SEEK_END)
            place, step = laid.header.index(TOKEN), min(size, FIRST)
            while start < end:
                stop = _between(file, start + step, end, place)
                yield Block(part, path, start, stop)
                start, step = stop, min(size, 4 * step)


def _between(file: BinaryIO, at: int, end: int, place: int) -> int:
    """Find where the line ends after which, past some byte, the next participant begins."""
    if at >= end:
        return end
    file.seek(at)
    content = file.read(LONGEST)
    first = content.find(b"\n") + 1
    if not first:
        return end
    start, person = first, None
    while (stop := content.find(b"\n", start) + 1) > 0:
        cells = content[start:stop].split(b",", place + 1)
        found = cells[place] if len(cells) > place else b""
        if person is not None and found != person:
            return at + start
        start, person = stop, found
    return at + first


class OtherwiseMadeError(Exception):
    """A file that is not made as hypnic makes one: not UTF-8, or a line with more cells than the header, or fewer."""


def read(block: Block, laid: Layout, words: Words, only: Sequence[str] | None = None) -> pl.DataFrame:
    """Read a block, or `only` some columns of it: words as such, whole numbers as numbers, all else as text.

    Raises OtherwiseMadeError where the file is otherwise made.
    """
    if block.path.suffix in COLUMNAR:
        lazy = scan(block.path).slice(block.start, block.stop - block.start)
        with _otherwise_made():
            return lazy.select(only or laid.header).collect()
    with block.path.open("rb") as file:
        file.seek(block.start)
        content = file.read(block.stop - block.start)
    content = content.replace(b"\r\n", b"\n") if laid.returns else content
    try:
        frame = _parsed(content, laid, words.dtypes(plain=only is None), only)
    except pl.exceptions.PolarsError:
        with _otherwise_made():
            frame = _parsed(content, laid, {}, only)
        words.learn(frame)
    if only is None:
        _refuse_ragged(frame, content, laid)
        separators = frame.height * len(laid.header) - (not content.endswith(b"\n"))
        if words.lost(frame, len(content) - separators):
            words.distrust()
            return read(block, laid, words)
    words.meet(frame)
    return frame


@contextmanager
def _otherwise_made() -> Iterator[None]:
    try:
        yield
    except pl.exceptions.PolarsError as error:
        raise OtherwiseMadeError(str(error)) from error


def _parsed(content: bytes, laid: Layout, named: Mapping[str, pl.DataType], only: Sequence[str] | None) -> pl.DataFrame:
    schema = {name: named.get(name, pl.String()) for name in laid.header}
    places = None if only is None else [laid.header.index(name) for name in only]
    frame = pl.read_csv(content, has_header=False, schema=schema, columns=places, quote_char=None)
    return frame.rechunk()  # a dozen pieces, each of which every rule would go through by itself


def _refuse_ragged(frame: pl.DataFrame, content: bytes, laid: Layout) -> None:
    """Raise where some line has fewer cells than the header: polars gives them nulls in the last columns."""
    if frame[:, -1].null_count() and content.count(b",") != frame.height * (len(laid.header) - 1):
        message = "a line has fewer cells than the header"
        raise OtherwiseMadeError(message)
