"""The unit in which a header counts a drink: cups and glasses where it says none, else ml, ounces or mg."""

from __future__ import annotations

import re
from typing import NamedTuple

from hypnic.schemas.languages import fold

VOLUMES = {
    "ml": 1.0, "milliliter": 1.0, "millilitre": 1.0, "milliliters": 1.0, "millilitres": 1.0, "mililitros": 1.0,
    "millilitri": 1.0, "cl": 10.0, "centilitres": 10.0, "centiliter": 10.0, "dl": 100.0, "deciliter": 100.0,
    "decilitres": 100.0, "l": 1000.0, "liter": 1000.0, "litre": 1000.0, "liters": 1000.0, "litres": 1000.0,
    "litro": 1000.0, "litros": 1000.0, "litri": 1000.0, "fl oz": 29.5735, "fl.oz": 29.5735, "floz": 29.5735,
    "oz": 29.5735, "ounce": 29.5735, "ounces": 29.5735, "fluid ounces": 29.5735,
}  # fmt: skip
MASSES = (
    "mg",
    "milligram",
    "milligrams",
    "milligramm",
    "g",
    "gram",
    "grams",
    "gramm",
    "grammes",
    "gramos",
    "grammi",
    "gramas",
)
NAMED = "|".join(re.escape(unit) for unit in sorted([*VOLUMES, *MASSES], key=len, reverse=True))
# `Coffee (ml)`, `beer_cl`, `ml of wine`; with a number before it a unit is a size: `(330 ml)`.
UNIT = re.compile(
    rf"(?:^|[^\W\d_][^\W_]*[ _,/]+(?:in )?|[(\[]\s*(?:in )?)(?P<unit>{NAMED})\.?\s*(?:[)\]?:]|$|(?= of | de | d'))"
)
FIRST = re.compile(
    rf"^(?P<unit>{'|'.join(unit for unit in sorted([*VOLUMES], key=len, reverse=True) if len(unit) > 1)})(?=[ _])"
)


class Measure(NamedTuple):
    """A unit that a drink is counted in, how it is said, and how many ml one is; 0 where it is of mass."""

    name: str
    ml: float


def measure(head: str) -> Measure | None:
    """Give the unit in which a header counts, where it names one; a size such as 330 ml is none.

    >>> measure("Coffee (ml)"), measure("Wein in Liter").ml, measure("cl of beer").ml, measure("Kaffee (mg)").ml
    (Measure(name='ml', ml=1.0), 1000.0, 10.0, 0)
    >>> measure("Beer (330 ml)"), measure("Beer 0.5 l"), measure("Coffee"), measure("Café de l'hôtel")
    (None, None, None, None)
    """
    text = fold(head.casefold()).strip()
    found = UNIT.search(text) or FIRST.search(text)
    if found is None:
        return None
    return Measure(found["unit"], VOLUMES.get(found["unit"], 0))
