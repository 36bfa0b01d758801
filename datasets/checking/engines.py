"""Who goes through the blocks of a large table: threads of this process, or the workers of a Dask cluster."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

One = TypeVar("One")
Found = TypeVar("Found")
RETRIES = 3  # how often a block is tried again on another worker


class Engine(Protocol):
    """Does the same with many things, several `abreast`, and gives what it found in their order."""

    abreast: int

    def map(self, work: Callable[[One], Found], things: Iterable[One]) -> Iterator[Found]:
        """Give what `work` finds of each thing."""


class Threads:
    """Threads of this process: polars works outside Python's lock."""

    def __init__(self, abreast: int | None = None) -> None:
        self.abreast = abreast or min(2, pl.thread_pool_size())

    def map(self, work: Callable[[One], Found], things: Iterable[One]) -> Iterator[Found]:
        """Give what `work` finds of each thing, at most as many in hand as there are threads."""
        with ThreadPoolExecutor(self.abreast) as pool:
            waiting: deque[Any] = deque()
            for thing in things:
                waiting.append(pool.submit(work, thing))
                if len(waiting) > self.abreast:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()


class Dask:
    """The workers of a Dask cluster, all of which see the files under the same path; others do what a lost one had."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.abreast = max(1, sum(client.nthreads().values()))

    def map(self, work: Callable[[One], Found], things: Iterable[One]) -> Iterator[Found]:
        """Give what `work` finds of each thing."""
        for future in self._client.map(work, list(things), retries=RETRIES, pure=False):
            yield future.result()
