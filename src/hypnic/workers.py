"""Work spread over cores: results in the order of the tasks, whatever the number of workers."""

from __future__ import annotations

import logging
import os
import pickle
import signal
import threading
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from importlib import import_module
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, TypeVar

from hypnic.environment import environment
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future
    from multiprocessing.queues import Queue

Task = TypeVar("Task")
Result = TypeVar("Result")
Jobs: TypeAlias = "int | Crew"  # how many processes share the work, or those that are there already
# Workers share the cores already: threads inside them would only get in each other's way.
ONE_THREAD = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
LOG = "hypnic.analysis"  # whose records are brought from the workers
FEEDER = 1.0  # seconds that its thread may take to end: one that writes to a killed worker never does
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
    with crew(min(jobs, len(tasks))) as hands:
        for future in hands.put(None, [(work, (task,)) for task in tasks]):
            yield future.result()


class Crew:
    """Processes that stay for several rounds of work; what the first round shares, the later ones may look at too."""

    def __init__(self, jobs: int, modules: Sequence[str]) -> None:
        spawned = get_context("spawn")
        self.jobs, self._waiting, self._shared = jobs, jobs, spawned.Queue()
        self._shared.cancel_join_thread()
        self.pool = ProcessPoolExecutor(jobs, spawned, initializer=_begin, initargs=(self._shared, tuple(modules)))
        if modules:  # each piece of work starts one more process
            with environment(ONE_THREAD):
                for _ in range(jobs):
                    self.pool.submit(int)

    def put(self, shared: object, calls: Sequence[tuple[Callable[..., Any], tuple[Any, ...]]]) -> list[Future[Any]]:
        """Give work out, in this order; `shared` counts in the first round alone."""
        self.share(shared)
        with environment(ONE_THREAD):
            return [self.pool.submit(call, *arguments) for call, arguments in calls]

    def share(self, shared: object) -> None:
        """Let the processes go on: each waits for one thing before its first piece of work."""
        if self._waiting:
            content = pickle.dumps(shared)
            for _ in range(self._waiting):
                self._shared.put(content)
            self._waiting = 0

    def dismiss(self) -> None:
        """Wait for nothing more: the processes have been killed."""
        self._waiting = 0

    def close(self) -> None:
        """End the processes, and the thread that shares: left running, it may die as Python ends and leave a lock."""
        self.share(None)
        self.pool.shutdown(cancel_futures=True)
        self._shared.close()
        if feeder := getattr(self._shared, "_thread", None):
            feeder.join(FEEDER)


@contextmanager
def hired(jobs: Jobs, *modules: str) -> Iterator[Jobs]:
    """Start `jobs` processes that stay while this context lasts; a crew that is there, and a lone process, go on.

    They start at once, and import `modules` while this process still looks for work.
    """
    if isinstance(jobs, Crew) or jobs == 1:
        yield jobs
        return
    with crew(jobs, *modules) as hands:
        yield hands


@contextmanager
def crew(jobs: int, *modules: str) -> Iterator[Crew]:
    """Start processes, and end them at once where something goes wrong: nobody waits for work that is not wanted."""
    before = set(active_children())
    hands = Crew(jobs, modules)
    try:
        yield hands
    except BaseException as error:
        for worker in set(active_children()) - before:
            worker.kill()
        hands.dismiss()
        if isinstance(error, BrokenProcessPool):
            message = "a worker was killed, perhaps for want of memory: try it with --jobs 1"
            raise HypnicError(message) from error
        raise
    finally:
        hands.close()


def divided(
    pieces: Sequence[Piece], shared: object, jobs: Jobs, told: Callable[[Piece, Done], None] = lambda *_: None
) -> list[Done]:
    """Run pieces of work by `jobs` processes (1: by this one), and give what each gave, in their order.

    What a worker logs or warns of is logged or warned of here, in the order of the pieces; `told` is told of each piece
    as soon as it is done. Of a crew that has worked before, `shared` is that of its first round. Raises HypnicError
    where a worker was killed, and what a piece raises.

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
    with nullcontext(jobs) if isinstance(jobs, Crew) else crew(min(jobs, len(pieces))) as hands:
        order = sorted(range(len(pieces)), key=lambda at: -pieces[at].cost)
        given = hands.put(shared, [(_run, (pieces[at].run, pieces[at].arguments)) for at in order])
        futures = dict(zip(given, order, strict=True))
        for future in as_completed(futures):
            at = futures[future]
            found[at], warned[at] = future.result()
            told(pieces[at], found[at])
    for at in range(len(pieces)):
        say_again(found[at].said)
        for one in warned[at]:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno, registry=_warned)
    return [found[at] for at in range(len(pieces))]


def ahead(*modules: str) -> None:
    """Import modules in a thread, while this process waits for workers; what is missing is told where it is used."""

    def imported() -> None:
        with suppress(ImportError):
            for name in modules:
                import_module(name)

    threading.Thread(target=imported, daemon=True).start()


def say_again(said: Sequence[tuple[str, int, str]]) -> None:
    """Log what was logged elsewhere, or in an earlier run."""
    for name, level, text in said:
        logging.getLogger(name).log(level, "%s", text)


def _begin(queue: Queue[bytes], modules: Sequence[str]) -> None:
    """Make a fresh process a worker: it is stopped by its parent, and ends when that is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.getLogger(LOG).setLevel(logging.DEBUG)
    if parent := parent_process():
        # A worker waits for work for ever where its parent was killed: it holds both ends of their pipe.
        threading.Thread(target=partial(_end_with, parent.sentinel), daemon=True).start()
    with suppress(ImportError):  # which the work itself tells of
        for name in modules:
            import_module(name)
    _shared[:] = [pickle.loads(queue.get())]  # noqa: S301 -- from the parent


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
