"""A Dask cluster: one that runs already, or worker processes that are started here for as long as they are needed."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def connect(scheduler: str | None, workers: int) -> Iterator[Any]:
    """Give a client of a running Dask cluster, or of one that is started here with so many worker processes.

    Raises HypnicError where the extra is missing or nobody answers at the address.
    """
    try:
        from distributed import Client, LocalCluster
    except ModuleNotFoundError as error:
        message = "engine 'dask' needs the extra cluster: pip install 'hypnic[cluster]'"
        raise HypnicError(message) from error
    if scheduler is None:
        started = LocalCluster(
            n_workers=workers, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
        )
        with started, Client(started) as client:
            yield client
        return
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        message = f"no Dask scheduler answers at {scheduler}: start one with `dask scheduler`"
        raise HypnicError(message) from error
    with client:
        yield client
