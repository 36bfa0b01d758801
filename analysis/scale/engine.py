"""Where sums are taken: here, part after part, or on the workers of a Dask cluster; the functions are the same.

Parts hold whole participants. What is asked of each is added up in the order of the parts, so that the sums are the
same to the last digit however many workers there are and whichever of them fail.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial, reduce
from operator import add
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

# How often a task is tried again on another worker.
RETRIES = 3


class Engine(Protocol):
    """Parts of the rows, of which functions are asked."""

    def prepared(self, make: Callable[[Any], Any]) -> Engine:
        """Give an engine whose parts are what `make` makes of these."""

    def each(self, function: Callable[[Any], Any]) -> Iterator[Any]:
        """Give what a function says of each part, in order."""

    def total(self, function: Callable[[Any], Any]) -> Any:
        """Add up what a function says of each part, in order."""


class Here:
    """Parts that this process goes through; `kept` where they fit in memory, else they are made anew each time."""

    def __init__(self, parts: Callable[[], Iterable[Any]], *, kept: bool) -> None:
        self._parts = parts
        self._kept = kept

    def prepared(self, make: Callable[[Any], Any]) -> Here:
        """Give an engine whose parts are what `make` makes of these."""
        if not self._kept:
            return Here(lambda: map(make, self._parts()), kept=False)
        made = [make(part) for part in self._parts()]
        return Here(lambda: made, kept=True)

    def each(self, function: Callable[[Any], Any]) -> Iterator[Any]:
        """Give what a function says of each part, in order."""
        return map(function, self._parts())

    def total(self, function: Callable[[Any], Any]) -> Any:
        """Add up what a function says of each part, in order."""
        return reduce(add, self.each(function))


class Dask:
    """Parts that lie on the workers of a Dask cluster; a worker that is lost has its parts made again by others."""

    def __init__(self, client: Any, parts: Sequence[Any]) -> None:
        self._client = client
        self._parts = list(parts)

    def prepared(self, make: Callable[[Any], Any]) -> Dask:
        """Give an engine whose parts are what `make` makes of these, on the workers."""
        return type(self)(self._client, self._client.map(make, self._parts, retries=RETRIES, pure=False))

    def each(self, function: Callable[[Any], Any]) -> Iterator[Any]:
        """Give what a function says of each part, in order."""
        asked = self._client.map(function, self._parts, retries=RETRIES, pure=False)
        for future in asked:
            yield future.result()

    def total(self, function: Callable[[Any], Any]) -> Any:
        """Add up what a function says of each part, in order."""
        return reduce(add, self.each(function))


def bound(function: Callable[..., Any], *arguments: Any) -> Callable[[Any], Any]:
    """Fix what follows the part in the arguments of a function, in a form that travels to other processes."""
    return partial(_called, function, arguments)


def _called(function: Callable[..., Any], arguments: tuple[Any, ...], part: Any) -> Any:
    return function(part, *arguments)
