"""What one drink holds, for the columns that are computed from counts of drinks, by a form or by `hypnic convert`.

The figures and where each is from are in `drinks.csv`, and nowhere else. Alcohol in grams is volume in ml x strength
x 0.789, the density of ethanol in g/ml at 20 degrees.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from importlib.resources import files

ETHANOL_G_PER_ML = 0.789


@dataclass(frozen=True)
class Drink:
    """A drink as a form asks for it: its size in ml (0 for tablets), and mg of caffeine in it, or strength (0 to 1).

    A column that counts it has one of the words `called` in its name, and may have those in `also`
    (in the singular).
    """

    name: str
    label: str
    ml: float
    caffeine_mg: float
    strength: float
    most: int
    called: frozenset[str]
    also: frozenset[str]
    source: str

    @property
    def amount(self) -> float:
        """What is in one: mg of caffeine, or g of ethanol to a tenth."""
        return self.caffeine_mg or round(self.ml * self.strength * ETHANOL_G_PER_ML, 1)

    @property
    def asks(self) -> str:
        """What a form calls it, with its size and strength.

        >>> ALCOHOL[0].asks
        'Small beers or ciders (330 ml, 5%)'
        """
        strength = f", {self.strength:.0%}" if self.strength else ""
        return f"{self.label} ({self.ml:g} ml{strength})" if self.ml else self.label

    def of(self, ml: float) -> Drink:
        """Give another size of it.

        >>> CAFFEINE[3].of(330).amount, ALCOHOL[0].of(400).amount
        (37.183098591549296, 15.8)
        """
        return replace(self, ml=ml, caffeine_mg=self.caffeine_mg * ml / self.ml if self.ml else self.caffeine_mg)


def _drink(row: dict[str, str]) -> Drink:
    ml, caffeine_mg, strength = (float(row[name] or 0) for name in ("ml", "caffeine_mg", "strength"))
    called, also = (frozenset(row[name].split()) for name in ("called", "also"))
    return Drink(row["drink"], row["asks"], ml, caffeine_mg, strength, int(row["most"]), called, also, row["source"])


DRINKS = tuple(map(_drink, csv.DictReader((files("hypnic.schemas") / "drinks.csv").read_text("utf-8").splitlines())))
CAFFEINE = tuple(drink for drink in DRINKS if drink.caffeine_mg)
ALCOHOL = tuple(drink for drink in DRINKS if drink.strength)
