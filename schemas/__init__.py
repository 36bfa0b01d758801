"""What a table may hold: columns, rules and their words; of hypnic nothing is imported but its error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.schemas.column import Column, columns, dtypes
from hypnic.schemas.disclosure import FEWEST_PERSONS, too_few
from hypnic.schemas.instrument import TABLES
from hypnic.schemas.nights import Nights
from hypnic.schemas.participants import Participants
from hypnic.schemas.rules import Rule, RuleId
from hypnic.schemas.tables import Table, catalogue, conditions

if TYPE_CHECKING:
    from hypnic.schemas.estimates import Estimates
    from hypnic.schemas.nhanes import NhanesPerson
    from hypnic.schemas.outputs import Findings
    from hypnic.schemas.published import PUBLISHED

__all__ = [
    "FEWEST_PERSONS",
    "PUBLISHED",
    "TABLES",
    "Column",
    "Estimates",
    "Findings",
    "NhanesPerson",
    "Nights",
    "Participants",
    "Rule",
    "RuleId",
    "Table",
    "catalogue",
    "columns",
    "conditions",
    "dtypes",
    "too_few",
]

# Models that a check of one file does not need are imported when they are first used.
_HOMES = {"Estimates": "estimates", "Findings": "outputs", "NhanesPerson": "nhanes", "PUBLISHED": "published"}


def __getattr__(name: str) -> object:
    """Import a model on first use."""
    from importlib import import_module

    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List what is exported."""
    return __all__
