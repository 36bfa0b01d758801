"""A source of clean tables: what it is called, what it has, and how it is read."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl


class Source(NamedTuple):
    """Where the tables of a study come from.

    `words` says in a line what it is. `read` gives one of `tables`, and `there` tells whether they are at hand: both
    are given the folder that was named, or None. `home` is the folder that everything is then read from, where that
    is known before it is read. `folder` says what such a folder has; a source without takes none. `wanting` says why
    there may be none at hand, and `remedy` what brings them.
    """

    name: str
    words: str
    tables: tuple[str, ...]
    read: Callable[[str, Path | None], pl.DataFrame]
    there: Callable[[Path | None], bool]
    folder: str = ""
    wanting: str = ""
    remedy: str = ""
    home: Callable[[Path | None], Path | None] = lambda folder: folder

    def load(self, table: str, folder: Path | None = None) -> pl.DataFrame:
        """Load one clean table; raises HypnicError for a table that it does not have and a folder that it can't use."""
        self.has(table)
        if folder is not None and not self.folder:
            refuse_folder(self.name)
        return self.read(table, folder)

    def has(self, table: str) -> None:
        """Raise HypnicError for a table that it does not have."""
        if table not in self.tables:
            close = difflib.get_close_matches(table, self.tables, 1)
            hint = f"did you mean {close[0]!r}?" if close else f"choose one of {', '.join(self.tables)}"
            message = f"the study {self.name} has no table {table!r}; {hint}"
            raise HypnicError(message)

    def at_hand(self, folder: Path | None = None) -> bool:
        """Tell whether its answers are at hand."""
        return self.there(folder)


def refuse_folder(study: str) -> NoReturn:
    """Raise HypnicError: a folder was named, and the study is not read from one."""
    message = f"the study {study} is read from no folder of yours: leave out --from (in Python, source)"
    raise HypnicError(message)
