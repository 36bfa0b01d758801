"""Work spread over cores: results in the order of the tasks, whatever the number of workers."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

from hypnic.environment import environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Task = TypeVar("Task")
Result = TypeVar("Result")
# Workers share the cores already: threads inside them would only get in each other's way.
ONE_THREAD = dict.fromkeys(("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


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
    with environment(ONE_THREAD):
        pool = ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context("spawn"))
        try:
            yield from pool.map(work, tasks)
        finally:
            pool.shutdown(cancel_futures=True)
