"""A bar on the terminal that says what is being done; in a pipe there is none."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hypnic.workers import untold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.workers import Told


@contextmanager
def shown(title: str, *, lines: bool = False) -> Iterator[Told]:
    """Show progress on standard error: a bar on a terminal, elsewhere a line a step where `lines` are wanted.

    >>> with shown("demo") as told:
    ...     told("reading the study")
    """
    if not sys.stderr.isatty():
        yield _line if lines else untold
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def tell(step: str, done: int = 0, of: int = 0, /) -> None:
            bar.update(task, description=f"{title}: {step}", completed=done, total=of or None)

        yield tell


def _line(step: str, done: int = 0, of: int = 0, /) -> None:
    sys.stderr.write(f"  {step} ({done} of {of}) ...\n" if of else f"  {step} ...\n")
