"""What data must be: the pandera models, the cross-field rules and the data dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.schemas.columns import Column, columns, dtypes
from hypnic.schemas.nights import Nights
from hypnic.schemas.participants import Participants
from hypnic.schemas.rules import Rule
from hypnic.schemas.tables import Table, catalogue, conditions

if TYPE_CHECKING:
    from hypnic.schemas.estimates import Estimates
    from hypnic.schemas.nhanes import NhanesPerson
    from hypnic.schemas.outputs import Findings

__all__ = [
    "Column",
    "Estimates",
    "Findings",
    "NhanesPerson",
    "Nights",
    "Participants",
    "Rule",
    "Table",
    "catalogue",
    "columns",
    "conditions",
    "dtypes",
]

# Models that a check of one file does not need are imported when they are first used.
_HOMES = {"Estimates": "estimates", "Findings": "findings", "NhanesPerson": "nhanes"}


def __getattr__(name: str) -> object:
    """Import a model on first use."""
    from importlib import import_module

    if name not in _HOMES:
        message = f"module 'hypnic.schemas' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"hypnic.schemas.{_HOMES[name]}"), name)
