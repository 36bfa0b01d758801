"""Drink lists: counts of cups and glasses become milligrams of caffeine and grams of alcohol."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from hypnic.datasets.exports import folded
from hypnic.datasets.loading import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ETHANOL_G_PER_ML = 0.789
STEP = {"caffeine": 5.0, "alcohol": 0.1}  # what the computed columns are rounded to
COUNT = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
COLUMN = re.compile(
    r"(?P<drink>[a-z]+?)s?(?:_(?:cups?|glasse?s?|cans?|bottles?|shots?|mugs?|n))?(?:_(?P<ml>\d{2,4}))?(?:_?ml)?"
    r"(?P<late>_after_14(?:_?00)?)?"
)
TARGETS = {
    "nights": {"caffeine": "caffeine_mg", "late": "caffeine_after_14_mg", "alcohol": "alcohol_g"},
    "participants": {
        "caffeine": "caffeine_usual_mg", "late": "caffeine_after_14_usual_mg", "alcohol": "alcohol_usual_g_wk",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Drink:
    """One size of one drink: milligrams of caffeine and grams of ethanol in a unit, and who says so."""

    name: str
    ml: float
    caffeine_mg: float
    alcohol_g: float
    source: str
    late: bool = False

    @property
    def kind(self) -> str:
        """Say which computed column it counts towards."""
        return "late" if self.late else "caffeine" if self.caffeine_mg else "alcohol"


def drink(column: str) -> Drink | None:
    """Tell which drink a column counts, from its name; None where it counts none.

    A number in the name is the size in ml; without one, the drink table's.

    >>> drink("espresso_after_14").caffeine_mg, drink("Beer (330 ml)").alcohol_g
    (80.0, 13.0185)
    """
    found = COLUMN.fullmatch(folded(column))
    row = found and (_table().get(found["drink"]) or _table().get(found["drink"] + "s"))
    if not found or not row or (found["late"] and not row["caffeine_mg"]):
        return None
    ml = float(found["ml"] or row["unit_ml"])
    caffeine = float(row["caffeine_mg"]) * ml / float(row["in_ml"]) if row["caffeine_mg"] else 0.0
    alcohol = round(ml * float(row["abv"] or 0) * ETHANOL_G_PER_ML, 6)
    return Drink(row["drink"], ml, caffeine, alcohol, row["source"], late=bool(found["late"]))


def total(drinks: Sequence[Drink], counts: Iterable[str]) -> str | None:
    """Add up one row's drinks; blank where a count is blank, the missing code where one is, None if not numbers.

    More than nothing is never rounded to nothing.

    >>> total([drink("coffee"), drink("cola_330")], ["2", "0,5"])
    '200'
    """
    answers = list(counts)
    for code in ("", "-9", "-8", "-7"):  # a blank first: nothing is known of that drink
        if code in answers:
            return code
    if not all(COUNT.fullmatch(answer) for answer in answers):
        return None
    alcohol = drinks[0].kind == "alcohol"
    amounts = [unit.alcohol_g if alcohol else unit.caffeine_mg for unit in drinks]
    raw = sum(amount * float(answer.replace(",", ".")) for amount, answer in zip(amounts, answers, strict=True))
    step = STEP["alcohol" if alcohol else "caffeine"]
    return f"{round(max(round(raw / step), int(raw > 0)) * step, 1):g}"


@cache
def _table() -> dict[str, dict[str, str]]:
    with (data_folder() / "profiles" / "drinks.csv").open(encoding="utf-8", newline="") as file:
        return {row["drink"]: row for row in csv.DictReader(file)}
