"""What data must be: the pandera models, the cross-field rules and the data dictionary."""

from hypnic.schemas.columns import Column, columns, dtypes
from hypnic.schemas.nights import Nights
from hypnic.schemas.participants import Participants
from hypnic.schemas.rules import Rule
from hypnic.schemas.tables import Table, catalogue, conditions

__all__ = ["Column", "Nights", "Participants", "Rule", "Table", "catalogue", "columns", "conditions", "dtypes"]
