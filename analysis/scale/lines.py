"""CSV in blocks of whole lines, the next of which is read while one is worked on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, TypeVar

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

One = TypeVar("One")
WIDE = 180  # bytes of a night, by which rows are told in bytes


def frames(path: Path, types: Mapping[str, pl.DataType], rows: int) -> Iterator[pl.DataFrame]:
    """Read a CSV about so many rows at a time; `types` names all of its columns, in their order.

    polars' own reader of batches holds several times as much of the file as it gives.
    """
    for block in blocks(path, rows * WIDE):
        yield pl.read_csv(block, has_header=False, schema=types)


def blocks(path: Path, size: int) -> Iterator[bytes]:
    r"""Give what follows the header in blocks of about `size` bytes that end where a line does.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "table.csv"
    ...     _ = path.write_text('a,b\n1,2\n"3\n",4\n5,6\n', newline="")
    ...     list(blocks(path, 2))
    [b'1,2\n', b'"3\n",4\n', b'5,6\n']
    """
    with path.open("rb") as file:
        _closed(file, file.readline())
        while content := _closed(file, _lines(file, size)):
            yield content


def _lines(file: BinaryIO, size: int) -> bytes:
    """Read about so many bytes, to the end of a line: it is looked for first, as to add to a block is to copy it."""
    start = file.tell()
    file.seek(start + size - 1)
    file.readline()
    end = file.tell()
    file.seek(start)
    return file.read(end - start)


def _closed(file: BinaryIO, content: bytes) -> bytes:
    """Read on where the last line ends in a quoted cell."""
    while b'"' in content and content.count(b'"') % 2 and (line := file.readline()):
        content += line
    return content


def ahead(things: Iterable[One]) -> Iterator[One]:
    """Give things in their order, the next of which is made in another thread."""
    iterator = iter(things)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(list, islice(iterator, 1))
        while found := waiting.result():
            waiting = pool.submit(list, islice(iterator, 1))
            yield found[0]
