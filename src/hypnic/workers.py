"""Work spread over cores: results in the order of the tasks, whatever the number of workers."""

from __future__ import annotations

import logging
import os
import signal
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from hypnic.environment import environment
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Task = TypeVar("Task")
Result = TypeVar("Result")
# Workers share the cores already: threads inside them would only get in each other's way.
ONE_THREAD = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
LOG = "hypnic.analysis"  # whose records are brought from the workers
_shared: list[Any] = []  # in a worker: what all its tasks look at
_warned: dict[Any, Any] = {}  # in the parent: which warnings it has shown


class Told(Protocol):
    """Whoever is told what is being done, in a few words; and how many pieces of how many are done."""

    def __call__(self, step: str, done: int = 0, of: int = 0, /) -> None:
        """Take it in."""


class Piece(NamedTuple):
    """One piece of work: `run(shared, *arguments)`. `run` is a function of a module; long ones are started first."""

    name: str
    run: Callable[..., Any]
    arguments: tuple[Any, ...] = ()
    cost: float = 1.0


class Done(NamedTuple):
    """What a piece gave, and what was logged meanwhile, as levels and sentences by the log's name."""

    result: Any
    said: tuple[tuple[str, int, str], ...]


def untold(step: str, done: int = 0, of: int = 0, /) -> None:
    """Tell nobody."""


def cores() -> int:
    """Count the cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def spread(work: Callable[[Task], Result], tasks: Sequence[Task], jobs: int) -> Iterator[Result]:
    """Give `work(task)` for each task in order, computed by `jobs` processes (1: by this one).

    `work` must be a function of a module, and its tasks and results picklable: the processes start afresh ("spawn"), as
    they must on Windows and macOS, and where a library holds threads. What is left is dropped if the reader stops.

    >>> list(spread(abs, [-2, 1], jobs=1))
    [2, 1]
    """
    if jobs == 1 or len(tasks) < 2:
        yield from map(work, tasks)
        return
    with _pool(min(jobs, len(tasks)), None) as pool:
        yield from pool.map(work, tasks)


def divided(
    pieces: Sequence[Piece], shared: object, jobs: int, told: Callable[[Piece, Done], None] = lambda *_: None
) -> list[Done]:
    """Run pieces of work by `jobs` processes (1: by this one), and give what each gave, in their order.

    What a worker logs or warns of is logged or warned of here, in the order of the pieces; `told` is told of each piece
    as soon as it is done. Raises HypnicError where a worker was killed, and what a piece raises.

    >>> [done.result for done in divided([Piece("longest", max), Piece("sum", sum)], (3, 4), jobs=1)]
    [4, 7]
    """
    found: dict[int, Done] = {}
    if jobs == 1 or len(pieces) < 2:
        for at, piece in enumerate(pieces):
            with _listening() as said:
                result = piece.run(shared, *piece.arguments)
            found[at] = Done(result, tuple(said))
            told(piece, found[at])
        return [found[at] for at in range(len(pieces))]
    warned: dict[int, list[warnings.WarningMessage]] = {}
    with _pool(min(jobs, len(pieces)), shared) as pool:
        order = sorted(range(len(pieces)), key=lambda at: -pieces[at].cost)
        futures = {pool.submit(_run, pieces[at].run, pieces[at].arguments): at for at in order}
        for future in as_completed(futures):
            at = futures[future]
            found[at], warned[at] = future.result()
            told(pieces[at], found[at])
    for at in range(len(pieces)):
        say_again(found[at].said)
        for one in warned[at]:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno, registry=_warned)
    return [found[at] for at in range(len(pieces))]


def say_again(said: Sequence[tuple[str, int, str]]) -> None:
    """Log what was logged elsewhere, or in an earlier run."""
    for name, level, text in said:
        logging.getLogger(name).log(level, "%s", text)


@contextmanager
def _pool(jobs: int, shared: object) -> Iterator[ProcessPoolExecutor]:
    """Start workers, and end them at once where something goes wrong: nobody waits for work that is not wanted."""
    before = set(active_children())
    with environment(ONE_THREAD):
        pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_begin, initargs=(shared,))
        try:
            yield pool
        except BaseException as error:
            for worker in set(active_children()) - before:
                worker.kill()
            if isinstance(error, BrokenProcessPool):
                message = "a worker was killed, perhaps for want of memory: try it with --jobs 1"
                raise HypnicError(message) from error
            raise
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(shared: object) -> None:
    """Make a fresh process a worker: it is stopped by its parent, and ends when that is gone."""
    _shared[:] = [shared]
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger(LOG).setLevel(logging.DEBUG)
    if parent := parent_process():
        # A worker waits for work for ever where its parent was killed: it holds both ends of their pipe.
        threading.Thread(target=partial(_end_with, parent.sentinel), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)


def _run(run: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[Done, list[warnings.WarningMessage]]:
    with warnings.catch_warnings(record=True) as warned, _listening() as said:
        warnings.simplefilter("always")
        result = run(_shared[0], *arguments)
    for one in warned:
        one.source = None  # what it tells of, which may not be sent
    return Done(result, tuple(said)), warned


class _Listener(logging.Handler):
    def __init__(self, said: list[tuple[str, int, str]]) -> None:
        super().__init__(logging.INFO)
        self.said = said

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append((record.name, record.levelno, record.getMessage()))


@contextmanager
def _listening() -> Iterator[list[tuple[str, int, str]]]:
    """Collect what is logged."""
    said: list[tuple[str, int, str]] = []
    listener = _Listener(said)
    logging.getLogger(LOG).addHandler(listener)
    try:
        yield said
    finally:
        logging.getLogger(LOG).removeHandler(listener)
