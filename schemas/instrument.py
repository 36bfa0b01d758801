"""The tables of the instrument, each by the name that files, findings and commands use."""

from __future__ import annotations

from hypnic.schemas.nights import Nights
from hypnic.schemas.participants import Participants
from hypnic.schemas.tables import Table

TABLES: dict[str, type[Table]] = {model.table_name(): model for model in (Participants, Nights)}
