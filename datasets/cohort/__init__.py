"""The synthetic cohort is drawn here, from a known process and a seed; no answer of a person is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.datasets.cohort.process import Process
    from hypnic.datasets.cohort.simulation import Cohort, simulate, write

__all__ = ["Cohort", "Process", "simulate", "write"]

__getattr__, __dir__ = attach(
    __name__,
    {"Cohort": "simulation", "Process": "process", "simulate": "simulation", "write": "simulation"},
)
