"""Drink lists: counts of cups and glasses become milligrams of caffeine and grams of alcohol."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.dayparts import EARLY, LATE, asks_when, late_alone
from hypnic.datasets.forms.layouts import word_lists
from hypnic.datasets.forms.measures import VOLUMES, measure
from hypnic.datasets.reading.headers import folded
from hypnic.schemas.drinks import DRINKS, ETHANOL_G_PER_ML, Drink
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STEP = {"caffeine": 5.0, "alcohol": 0.1}  # what the computed columns are rounded to
COUNT = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?")
ML = {unit: ml for unit, ml in VOLUMES.items() if unit in {"ml", "cl", "dl", "l", "oz"}}
SIZE = re.compile(r"(\d+(?:[.,]\d+)?)[ _]?(ml|cl|dl|l|(?:fl\.? ?)?oz)(?![a-z])|(?<=[ _])(\d{2,4})$")
VESSELS = {"cup", "glasse", "glas", "can", "shot", "mug", "measure"}
ANY_SIZE = {"bottle", "pint", "jug", "pot", "cocktail"}  # these say nothing without a size in ml
OTHER_WORDS = {
    "how", "many", "much", "often", "number", "count", "amount", "n", "no", "of", "the", "a", "an", "in", "on", "per",
    "did", "do", "you", "your", "have", "had", "drink", "drank", "drunk", "today", "day", "daily", "usual", "usually",
    "typical", "average", "week", "weekly", "them", "or", "and", "each", "these", "those", "which",
}  # fmt: skip
DRINKING = {"cup", "glas", "glasse", "bottle", "pint", "cocktail", "drink"}.union(*(one.called for one in DRINKS))
DRINKING -= {"energy", "tablet"}  # these may be meant otherwise
STRONG = {"alcohol", "alcoholic", "ethanol"}
TARGETS = {
    "nights": {"caffeine": "caffeine_mg", "late": "caffeine_after_14_mg", "alcohol": "alcohol_g"},
    "participants": {
        "caffeine": "caffeine_usual_mg", "late": "caffeine_after_14_usual_mg", "alcohol": "alcohol_usual_g_wk",
    },
}  # fmt: skip
NAMES = ", ".join(f"{drink.name}_{drink.ml:g}" for drink in DRINKS if drink.ml)


class Counted(NamedTuple):
    """A drink that a column counts; `late` where it counts those after 14:00, and `early` where only those before.

    One that is counted is `share` of the drink: a ml, or what has a mg of caffeine.
    """

    drink: Drink
    late: bool
    early: bool = False
    per: str = "each"
    share: float = 1.0

    @property
    def amount(self) -> float:
        """Say what is in one: mg of caffeine, or g of ethanol."""
        if self.share == 1:
            return self.drink.amount
        whole = self.drink.caffeine_mg or self.drink.ml * self.drink.strength * ETHANOL_G_PER_ML
        return whole * self.share

    @property
    def too_many(self) -> float:
        """Say how many nobody has in a day."""
        return self.drink.most / self.share

    @property
    def kind(self) -> str:
        """Say which computed column it counts towards."""
        return "alcohol" if self.drink.strength else "late" if self.late else "caffeine"

    @property
    def unit(self) -> str:
        """Say in what its amount is."""
        return "g" if self.drink.strength else "mg"


@lru_cache(4096)  # both tables ask, and several times
def counted(column: str) -> Counted | None:
    """Tell which drink a column counts, from its name or question; None where it counts none for certain.

    A number in the name is the size in ml; without one, the drink table's, if that has just one.

    >>> counted("espresso_after_14").drink.amount, counted("Glasses of beer (330 ml)").drink.amount
    (80.0, 13.0)
    >>> counted("beer") is None
    True
    """
    text, late = LATE.subn(" ", re.sub(r"\d+\s*%", " ", column.casefold()))
    text, early = EARLY.subn(" ", text)
    unit = measure(column)
    size = SIZE.search(text.rstrip(" _"))
    words = _words(text) - OTHER_WORDS - VESSELS - set(ML) - (ANY_SIZE if size else set())
    words -= set(unit.name.removesuffix("s").split()) if unit else set()
    fits = [drink for drink in DRINKS if words & drink.called and words <= drink.called | drink.also]
    of_any_size = unit and unit.ml and len({drink.strength for drink in fits}) == 1
    if len(fits) > 1 and not size and not of_any_size:
        return None
    drink = next((one for one in fits if not (late and one.strength)), None)
    if drink is None:
        return None
    if size and drink.ml:
        drink = drink.of(float((size[1] or size[3]).replace(",", ".")) * ML[(size[2] or "ml")[-2:]])
    return in_unit(Counted(drink, late=bool(late), early=bool(early)), column)


def in_unit(one: Counted, column: str) -> Counted | None:
    """Count a drink in the unit that a column names; None where nobody can tell what is in one of them.

    >>> in_unit(counted("coffee"), "Coffee (ml)").amount, in_unit(counted("wine"), "Wine (g)") is None
    (0.45, True)
    """
    unit, drink = measure(column), one.drink
    if unit is None or not drink.ml:
        return one
    if unit.ml:
        return one._replace(per=f"a {unit.name}", share=unit.ml / drink.ml)
    milligrams = unit.name.startswith("mi") or unit.name == "mg"
    return one._replace(per="a mg", share=1 / drink.caffeine_mg) if milligrams and drink.caffeine_mg else None


def vessels(cell: str) -> str:
    """Give the number of `2 cups` or `1 Tasse`; the cell itself where another word or number stands there.

    >>> vessels("2 Tassen"), vessels("3x"), vessels("2 decaf"), vessels("2 of 3 cups")
    ('2', '3', '2 decaf', '2 of 3 cups')
    """
    found = re.fullmatch(rf"({COUNT.pattern})\s*([x\u00d7]|[^\W\d_]+)", cell.strip())
    held = VESSELS | {"bottle", "x", "\u00d7", "mal", "fois", "veces", "time"}
    return found[1] if found and _words(found[2].casefold()) <= held else cell


def asks_for_drinks(column: str) -> bool:
    """Tell whether a column looks as if it counted drinks, though perhaps none of the table's.

    >>> asks_for_drinks("Cups of mate"), asks_for_drinks("Shoe size")
    (True, False)
    >>> asks_for_drinks("Time of the last mate tea")
    False
    """
    return late_alone(column) or (not asks_when(column) and not _words(column.casefold()).isdisjoint(DRINKING))


def may_hold(column: str) -> frozenset[str]:
    """Tell what a column that looks like drinks may count: `alcohol` only where every word of it says so.

    >>> sorted(may_hold("Beer (pints)")), sorted(may_hold("Alcoholic drinks")), sorted(may_hold("Rum and cola"))
    (['alcohol'], ['alcohol'], ['alcohol', 'caffeine'])
    """
    if late_alone(column):
        return frozenset({"late"})
    text = SIZE.sub(" ", LATE.sub(" ", re.sub(r"\d+\s*%", " ", column.casefold())).rstrip(" _"))
    words = _words(text) - OTHER_WORDS - VESSELS - set(ML) - (ANY_SIZE - {"cocktail"})
    strong = STRONG.union(*(one.called for one in DRINKS if one.strength))
    also = frozenset[str]().union(*(one.also for one in DRINKS if one.strength))
    only = words & strong and words <= strong | also
    return frozenset({"alcohol"} if only else {"caffeine", "alcohol"})


def may_be(column: str) -> list[str]:
    """Name the drinks, with their size, that a column may count; all that it may hold where its words are none's.

    >>> may_be("Birre"), may_be("Alcoholic drinks")[0], len(may_be("Drinks"))
    (['small_beer_330', 'large_beer_500'], 'small_beer_330', 10)
    >>> may_be("Double espressos after 2 pm")
    ['espresso_60_after_14']
    """
    words, kinds, late = _words(column.casefold()), may_hold(column), bool(LATE.search(column.casefold()))
    kinds = frozenset({"late"}) if late else kinds
    sized = [drink for drink in DRINKS if drink.ml and Counted(drink, late=late).kind in kinds]
    ending = "_after_14" if late else ""
    return [f"{one.name}_{one.ml:g}{ending}" for one in [one for one in sized if words & one.called] or sized]


def total(drinks: Sequence[Counted], counts: Iterable[str]) -> str | None:
    """Add up one row's drinks; blank where a count is blank, the missing code where one is, None if not numbers.

    More than nothing is never rounded to nothing.

    >>> total([counted("coffee"), counted("cola_330")], ["2", "0,5"])
    '200'
    """
    answers = list(counts)
    for code in ("", "-9", "-8", "-7"):  # a blank first: nothing is known of that drink
        if code in answers:
            return code
    if not all(COUNT.fullmatch(answer) for answer in answers):
        return None
    pairs = zip(drinks, answers, strict=True)
    raw = sum(one.amount * float(answer.replace(",", ".")) for one, answer in pairs)
    step = STEP["alcohol" if drinks[0].kind == "alcohol" else "caffeine"]
    return f"{round(max(round(raw / step), int(raw > 0)) * step, 1):g}"


def _words(text: str) -> set[str]:
    """Give the words of a folded name, in the singular and in English: less an s, so that a glass is a glas.

    >>> _words("Glas Wein") == _words("glass of wine") - {"of"} == {"glas", "wine"}
    True
    """
    found = re.findall(r"[^\W\d_]+", folded(text))
    english = {word: spoken().get(word) or spoken().get(fold(word), word) for word in found}
    return {word if word in VESSELS else word.removesuffix("s") for word in english.values() if word}


@cache
def spoken() -> dict[str, str]:
    """Give the English word of `drinks.csv` for one of another language; blank for a word that says nothing."""
    listed = word_lists("drinks")
    return {said: "" if word == "other" else word for word, several in listed.items() for said in several}
