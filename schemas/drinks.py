"""What one drink holds, for the columns that a form computes from counts of drinks.

Caffeine is the European Food Safety Authority's typical content of a serving (EFSA explains risk assessment: caffeine,
2015, doi:10.2805/618813). Alcohol in grams is volume in ml x strength x 0.789, the density of ethanol in g/ml.
"""

from __future__ import annotations

from typing import NamedTuple

ETHANOL_G_PER_ML = 0.789


class Drink(NamedTuple):
    """A drink as a form asks for it, and the `amount` in one: mg of caffeine, or g of ethanol."""

    name: str
    asks: str
    amount: float
    most: int = 20


CAFFEINE = (
    Drink("espresso", "Espressos (60 ml)", 80),
    Drink("filter_coffee", "Cups of filter or instant coffee (200 ml)", 90),
    Drink("black_tea", "Cups of black or green tea (220 ml)", 50),
    Drink("cola", "Cans of cola (355 ml)", 40),
    Drink("energy_drink", "Cans of energy drink (250 ml)", 80),
    Drink("tablet_mg", "mg of caffeine in tablets, gum or powder, as the pack says", 1, 1000),
)


def alcohol(name: str, asks: str, ml: float, strength: float) -> Drink:
    """Make a drink from its size and strength.

    >>> alcohol("wine", "Glasses of wine", 150, 0.12).amount
    14.2
    """
    return Drink(name, f"{asks} ({ml:g} ml, {strength:.0%})", round(ml * strength * ETHANOL_G_PER_ML, 1))


ALCOHOL = (
    alcohol("small_beer", "Small beers or ciders", 330, 0.05),
    alcohol("large_beer", "Large beers or ciders", 500, 0.05),
    alcohol("wine", "Glasses of wine", 150, 0.12),
    alcohol("fortified", "Glasses of port, sherry or vermouth", 60, 0.18),
    alcohol("spirits", "Measures of spirits, also in a long drink", 40, 0.40),
)
