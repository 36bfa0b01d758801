"""The survey form that a table's columns make, before any tool's own spelling.

How its conditions are written is told in `hypnic.schemas.publish.item`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypnic.schemas import Nights, Participants, columns
from hypnic.schemas.drinks import ALCOHOL, CAFFEINE
from hypnic.schemas.participants import VERSIONS
from hypnic.schemas.publish.asking import asks, bounds_told, item_of, labelled
from hypnic.schemas.publish.followup import ASK, FOLLOWUPS
from hypnic.schemas.publish.item import Answer, Item
from hypnic.schemas.publish.wording import (
    ADULT,
    CARD,
    CODE,
    EXCUSES,
    GATES,
    INFORMATION,
    NOTICE,
    PAUSE,
    WELCOME,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hypnic.schemas import Column, Table
    from hypnic.schemas.drinks import Drink

DONT_KNOW_OR_REFUSED = ("-8", "-9")
GROWN = "{adult} = 'yes'"
CONSENTS = "{consent_open_data} = 'true'"
BEFORE = ("participant_id", "schema_version", "consent_open_data")
NICOTINE = "nicotine_evening_n"
HELPERS = (
    "information", "adult", "withdrawal_code", "withdrawal_shown", "withdrawal_card", "attention_item", "doctor",
    "welcome", "pause", *GATES, *(f"{ASK}{name}(_.*)?" for name in (*FOLLOWUPS, NICOTINE)),
)  # items that are no column, and the columns of their choices  # fmt: skip


def form(table: str, *, alone: bool = False) -> tuple[Item, ...]:
    """Give the items of a table's form, in the order in which they are asked.

    `alone` is a form that cannot see the answers of the other table's.

    >>> [item.answer for item in form("nights") if item.name == "jerk_count"]
    ['one']
    """
    return tuple(_participants() if table == "participants" else _nights(alone=alone))


def _participants() -> Iterator[Item]:
    facts = columns(Participants)
    yield Item("information", "note", "\n\n".join(INFORMATION), "Consent")
    yield Item("adult", "one", ADULT, "Consent", labelled(("yes", "no")), must=". = 'yes'", excuse=EXCUSES["adult"])
    for name in ("consent_open_data", "participant_id", "schema_version"):
        for item in _items(facts[name], "Consent", Participants):
            yield replace(item, asked=GROWN if name == "consent_open_data" else CONSENTS)
    yield Item("withdrawal_code", "hidden", "Withdrawal code", "Consent", required=False, asked=CONSENTS)
    yield Item("withdrawal_shown", "note", CODE, "Consent", asked=f"{CONSENTS} and {{withdrawal_code}} != ''")
    yield Item("withdrawal_card", "note", CARD, "Consent", asked=f"{CONSENTS} and {{withdrawal_code}} = ''")
    for name, column in facts.items():
        for item in _items(column, "You", Participants) if name not in BEFORE else ():
            yield replace(item, asked=f"({CONSENTS}) and ({item.asked})" if item.asked else CONSENTS)
    yield Item("doctor", "note", NOTICE, "You", asked=f"({CONSENTS}) and ({_worth_a_doctor()})")


def _nights(*, alone: bool) -> Iterator[Item]:
    facts = columns(Nights)
    late = ("evening_on_time", "morning_lag_h")  # known in the morning only
    names = [name for name in facts if name not in late]
    cut = names.index("unusual_night")
    yield Item("welcome", "note", WELCOME, "")
    for section, group in {
        "": names[:2],
        "Evening, before bed": names[2:cut],
        "Morning, after waking": [*late, *names[cut:]],
    }.items():
        for name in group:
            yield from _nicotine(section) if alone and name == NICOTINE else _items(facts[name], section, Nights)
        if section.startswith("Evening"):
            yield Item("pause", "note", PAUSE, section)


def _nicotine(section: str) -> Iterator[Item]:
    """Ask first whether there was any, where it is not known who uses none."""
    gate, column = "evening_nicotine_any", columns(Nights)[NICOTINE]
    yield _gate(gate, section)
    yield replace(item_of(column, section), name=f"{ASK}{NICOTINE}", asked=f"{{{gate}}} = 'yes'", column=None)
    unanswered = f"if({{{gate}}} = 'no', 0, if({{{gate}}} = '-8', -8, -9))"
    filled = f"if({{{gate}}} = 'yes', {{{ASK}{NICOTINE}}}, {unanswered})"
    yield _calculated(column, section, filled, "calculated")


def _items(column: Column, section: str, model: type[Table]) -> Iterator[Item]:
    when = "usual" if model is Participants else "day"
    # Caffeine after 14:00 is rounded as the day's is, or it could be above it.
    by_fives: Callable[[str], str] = "round(({}) * 0.2, 0) * 5".format
    rounded = by_fives if "caffeine" in column.name else "round({}, 1)".format
    if column.name == "schema_version":
        yield _calculated(column, section, f"'{VERSIONS[-1]}'", "words")
    elif column.name == "attention_ok":
        yield Item("attention_item", "one", asks(column), section, labelled(("never", "sometimes", "often", "always")))
        yield _calculated(column, section, "if({attention_item} = 'sometimes', 'true', 'false')", "words")
    elif column.question.startswith("(computed)"):
        late = "after_14" in column.name
        drinks = ALCOHOL if "alcohol" in column.name else CAFFEINE
        gate = f"{when}_{'alcohol' if drinks is ALCOHOL else 'caffeine'}_any"
        if not late:
            yield _gate(gate, section)
        yield from _drinks(drinks, gate, when, section, late=late)
        total = rounded(" + ".join(_amount(drink, when, late=late) for drink in drinks))
        unanswered = f"if({{{gate}}} = 'no', 0, if({{{gate}}} = '-8', -8, -9))"
        yield _calculated(column, section, f"if({{{gate}}} = 'yes', {total}, {unanswered})", "calculated")
    elif column.name in FOLLOWUPS:
        if column.name == "movement_states":
            yield replace(_gate("movements_any", section), asked="{jerk_ever} = 'no' or {jerk_ever} = 'unsure'")
        yield from _followup(column, section)
    else:
        yield item_of(column, section)


def _followup(column: Column, section: str) -> Iterator[Item]:
    """Ask after some answers only, and compute the column from the answer and from those that were not asked."""
    follows, name = FOLLOWUPS[column.name], f"{ASK}{column.name}"
    item = item_of(column, section)
    choices = tuple((word, label) for word, label in item.choices if word not in follows.left)
    low = 1 if "0" in follows.left and not choices else item.low
    yield replace(item, name=name, asked=follows.asked, choices=choices, low=low, column=None)
    kind: Answer = "calculated" if column.kind == "integer" else "words"
    # Its label is the column's name: an export by labels then has both, and both are known.
    answer = _together(name, [word for word, _ in choices]) if item.answer == "many" else f"{{{name}}}"
    filled = follows.filled.replace("{}", answer)
    yield replace(_calculated(column, section, filled, kind), label=column.name)


def _together(name: str, words: Sequence[str]) -> str:
    """Put together what was ticked."""
    return "concat(" + ", ".join(f"if({{{name}:{word}}}, '{word} ', '')" for word in sorted(words)) + ")"


def _gate(name: str, section: str) -> Item:
    return Item(name, "one", GATES[name], section, labelled(("yes", "no", *DONT_KNOW_OR_REFUSED)))


def _drinks(drinks: Sequence[Drink], gate: str, when: str, section: str, *, late: bool) -> Iterator[Item]:
    for drink in drinks:
        most = drink.most * 7 if drinks is ALCOHOL and when == "usual" else drink.most  # that is a week
        yield Item(
            _count(drink, when, late=late),
            "integer",
            f"{drink.asks}: how many of them after 14:00?" if late else f"{drink.asks}: how many?",
            section,
            low=0,
            high=most,
            asked=f"{{{_count(drink, when, late=False)}}} > 0" if late else f"{{{gate}}} = 'yes'",
            must=f". <= {{{_count(drink, when, late=False)}}}" if late else "",
            default="0",
            excuse="Type at most as many as in the whole day." if late else bounds_told(0, most),
        )


def _count(drink: Drink, when: str, *, late: bool) -> str:
    return f"{when}_{drink.name}{'_late' if late else ''}_n"


def _amount(drink: Drink, when: str, *, late: bool) -> str:
    """Say what the drinks of one kind hold; those after 14:00 are asked only where there were any."""
    term = f"{{{_count(drink, when, late=late)}}} * {drink.amount:g}"
    return f"if({{{_count(drink, when, late=False)}}} > 0, {term}, 0)" if late else term


def _calculated(column: Column, section: str, calculation: str, answer: Answer) -> Item:
    return Item(column.name, answer, column.title, section, required=False, calculation=calculation, column=column)


def _worth_a_doctor() -> str:
    """Give the condition of INSTRUMENT's notice: any sign, or jerks that are frequent and keep from sleep."""
    signs = [o for o in columns(Participants)["red_flags"].options if o not in {"none", "spreading"}]
    ticked = [f"{{ask_red_flags:{sign}}}" for sign in signs]
    ticked.append("({ask_red_flags:spreading} and {ask_movement_pattern} = 'skin_flicker_no_limb_move')")
    heavy = " or ".join(f"{{jerk_sleep_impact}} = '{word}'" for word in ("delays_sleep", "fear_of_sleep"))
    often = " or ".join(f"{{ask_jerk_freq_12mo}} = '{w}'" for w in ("several_a_week", "most_nights", "every_night"))
    return " or ".join([*ticked, f"(({heavy}) and ({often}))"])
