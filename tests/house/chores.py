"""Pieces of work for workers, which start afresh and must find them by name."""

from __future__ import annotations

import logging
import os
import signal
import time
import warnings


def shared_sum(shared: list[int], add: int) -> int:
    logging.getLogger("hypnic.analysis").info("adding %d", add)
    if add == 2:
        warnings.warn("two is much", UserWarning, stacklevel=1)
    return sum(shared) + add


def killed(_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def interrupted(_: object, place: str) -> None:
    time.sleep(30)
    with open(place, "w") as left:  # noqa: PTH123
        left.write("a worker went on")
