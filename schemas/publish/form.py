"""The survey form that a table's columns make, before any tool's own spelling.

How its conditions are written is told in `hypnic.schemas.publish.item`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hypnic.schemas import TABLES, Nights, Participants, columns, conditions
from hypnic.schemas.column import EXCLUSIVE
from hypnic.schemas.drinks import ALCOHOL, CAFFEINE
from hypnic.schemas.participants import VERSIONS
from hypnic.schemas.publish.item import Answer, Item
from hypnic.schemas.publish.wording import (
    ADULTS,
    ANSWERS,
    ASKED,
    AUDIT_C,
    EXCUSES,
    GATES,
    NOTICE,
    OFFICIAL,
    PAUSE,
    TWO_WEEKS,
    answer_label,
)
from hypnic.schemas.rules import RuleId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hypnic.schemas import Column, Table
    from hypnic.schemas.drinks import Drink

LISTED = 61  # so many whole numbers fit a list, which cannot hold a wrong one
DONT_KNOW_OR_REFUSED = ("-8", "-9")
CONSENTS = "{consent_open_data} = 'true'"
HELPERS = (
    "adults",
    "attention_item",
    "doctor",
    "pause",
    *GATES,
)  # items that are no column

# Rules between two answers that a form can hold a respondent to: rule, and what must be true of the answer `.`.
BETWEEN = {
    "consent_open_data": (RuleId.P01, ". = 'true'"),
    "jerk_freq_12mo": (RuleId.P02, "{jerk_ever} != 'no' or . = 'never'"),
    "jerk_nights_30d": (RuleId.P02, ". <= 0 or ({jerk_ever} = 'yes' and {jerk_freq_12mo} != 'never')"),
    "audit_c_q2": (RuleId.P07, "{audit_c_q1} != 0 or . = 0"),
    "audit_c_q3": (RuleId.P07, "{audit_c_q1} != 0 or . = 0"),
    "caffeine_last_clock_h": (RuleId.N04, (
        ". < 0 or {caffeine_after_14_mg} < 0 or ({caffeine_after_14_mg} > 0) = (. > 14)")),
    "exercise_intensity": (RuleId.N06, ". = '-8' or {exercise_min} < 0 or ({exercise_min} = 0) = (. = 'none')"),
    "exercise_type": (RuleId.N06, ". = '-8' or {exercise_min} < 0 or ({exercise_min} = 0) = (. = 'none')"),
    "waso_min": (RuleId.N10, ". < 0 or {awakenings_n} < 0 or ({awakenings_n} = 0) = (. = 0)"),
    "wake_clock_h": (RuleId.N09, (
        ". < 0 or {bed_clock_h} < 0 or {sol_min} < 0 or {waso_min} < 0"
        " or ((. - {bed_clock_h}) * 60 > {sol_min} + {waso_min}"
        " and (. - {bed_clock_h}) * 60 <= {sol_min} + {waso_min} + 960)")),
    "jerk_reporter": (RuleId.N12, (
        ". = '-8' or ({jerk_count} > 0 and . != 'none') or ({jerk_count} = 0 and . = 'none')")),
    "jerk_intensity_0_4": (RuleId.N12, ". < 0 or ({jerk_count} > 0 and . > 0) or ({jerk_count} = 0 and . = 0)"),
}  # fmt: skip


def form(table: str) -> tuple[Item, ...]:
    """Give the items of a table's form, in the order in which they are asked.

    >>> [item.answer for item in form("nights") if item.name == "jerk_count"]
    ['one']
    """
    return tuple(_participants() if table == "participants" else _nights())


def routed(column: Column) -> str:
    """Give the condition under which a column is asked, empty where always."""
    routing = column.routing
    if routing is None:
        return ""
    on = routing.on.removeprefix("participants.")
    sign, word = routing.asked.split()
    facts = next(known[on] for known in map(columns, TABLES.values()) if on in known)
    if sign != "!=":
        return f"{{{on}}} {sign} {word if word.isdigit() else repr(word)}"
    # "not none" is said as "one of the others": true neither before an answer nor after a refusal
    others = [option for option in facts.options if option not in {word, *EXCLUSIVE, *facts.missing_words}]
    return " or ".join(f"{{{on}:{o}}}" if facts.kind == "tokens" else f"{{{on}}} = '{o}'" for o in others)


def _participants() -> Iterator[Item]:
    facts = columns(Participants)
    yield Item("adults", "note", ADULTS, "Consent")
    for column in facts.values():
        first = column.name in {"participant_id", "schema_version", "consent_open_data"}
        for item in _items(column, "Consent" if first else "You", Participants):
            if first:
                yield item
            else:
                yield replace(item, asked=f"({CONSENTS}) and ({item.asked})" if item.asked else CONSENTS)
    yield Item("doctor", "note", NOTICE, "You", asked=f"({CONSENTS}) and ({_worth_a_doctor()})")


def _nights() -> Iterator[Item]:
    facts = columns(Nights)
    late = ("evening_on_time", "morning_lag_h")  # known in the morning only
    names = [name for name in facts if name not in late]
    cut = names.index("unusual_night")
    for section, group in {
        "": names[:2],
        "Evening, before bed": names[2:cut],
        "Morning, after waking": [*late, *names[cut:]],
    }.items():
        for name in group:
            yield from _items(facts[name], section, Nights)
        if section.startswith("Evening"):
            yield Item("pause", "note", PAUSE, section)


def _items(column: Column, section: str, model: type[Table]) -> Iterator[Item]:
    when = "usual" if model is Participants else "day"
    rounded: Callable[[str], str] = "round(({}) * 0.2, 0) * 5".format if column.step == 5 else "round({}, 1)".format
    if column.name == "schema_version":
        yield _calculated(column, section, f"'{VERSIONS[-1]}'", "words")
    elif column.name == "attention_ok":
        yield Item("attention_item", "one", asks(column), section, _choices(("never", "sometimes", "often", "always")))
        yield _calculated(column, section, "if({attention_item} = 'sometimes', 'true', 'false')", "words")
    elif column.question.startswith("(computed)"):
        late = "after_14" in column.name
        drinks = ALCOHOL if "alcohol" in column.name else CAFFEINE
        gate = f"{when}_{'alcohol' if drinks is ALCOHOL else 'caffeine'}_any"
        if not late:
            yield Item(gate, "one", GATES[gate], section, _choices(("yes", "no", *DONT_KNOW_OR_REFUSED)))
        yield from _drinks(drinks, gate, when, section, late=late)
        total = rounded(" + ".join(f"{{{_count(drink, when, late=late)}}} * {drink.amount:g}" for drink in drinks))
        unanswered = f"if({{{gate}}} = 'no', 0, if({{{gate}}} = '-8', -8, -9))"
        yield _calculated(column, section, f"if({{{gate}}} = 'yes', {total}, {unanswered})", "calculated")
    else:
        yield _asked(column, section, model)


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
            asked=f"{{{gate}}} = 'yes'",
            must=f". <= {{{_count(drink, when, late=False)}}}" if late else "",
            default="0",
            excuse="Type at most as many as in the whole day." if late else f"Type a whole number from 0 to {most}.",
        )


def _count(drink: Drink, when: str, *, late: bool) -> str:
    return f"{when}_{drink.name}{'_late' if late else ''}_n"


def _calculated(column: Column, section: str, calculation: str, answer: Answer) -> Item:
    return Item(column.name, answer, column.title, section, required=False, calculation=calculation, column=column)


def _asked(column: Column, section: str, model: type[Table]) -> Item:
    kinds: dict[str, Answer] = {"text": "text", "tokens": "many", "integer": "integer", "number": "decimal"}
    listed, words = _listed(column), tuple(word for word in column.words if word != "-7")
    codes = tuple(code for code in column.codes if code != -7)
    rule, must = BETWEEN.get(column.name, ("", ""))
    said = " ".join(f"Type {code} for: {ANSWERS[str(code)]}." for code in codes)
    unit = "In minutes. " if column.unit.startswith("min") else ""
    return Item(
        column.name,
        "one" if listed or column.kind in {"choice", "flag"} else kinds[column.kind],
        asks(column),
        section,
        choices=offered(column),
        alone=tuple(w for w in words if w in {*EXCLUSIVE, *column.missing_words}) if column.kind == "tokens" else (),
        low=column.low,
        high=column.high,
        codes=codes,
        pattern=column.pattern,
        required=column.required,
        asked=routed(column),
        must=must,
        among="strategies_tried" if column.name == "strategies_helped" else "",
        hint="" if listed or words else f"{unit}{said}".strip(),
        excuse=EXCUSES.get(column.name) or _excuse(rule, column, model),
        column=column,
    )


def offered(column: Column) -> tuple[tuple[str, str], ...]:
    """Give the answers that a form lists for a column, each with its label; none where it is typed.

    >>> offered(columns(Nights)["leg_cramp"])[:2]
    (('false', 'no'), ('true', 'yes'))
    """
    listed = tuple(f"{n:g}" for n in _listed(column))
    words = (*listed, *map(str, column.codes)) if listed else column.words
    return _choices([word for word in words if word != "-7"], column)


def _listed(column: Column) -> list[float]:
    """Give the numbers that a column may hold where they are few enough to pick from."""
    if column.low is None or column.high is None or not (column.kind == "integer" or column.step == 0.25):
        return []
    step = column.step or 1
    n = round((column.high - column.low) / step) + 1
    return [column.low + i * step for i in range(n)] if n <= LISTED or column.step == 0.25 else []


def asks(column: Column) -> str:
    """Give the question of a column as a form prints it."""
    if column.name in OFFICIAL:
        return f"{TWO_WEEKS} {OFFICIAL[column.name]}"
    if column.name.startswith("audit_c"):
        return f"{column.title} {AUDIT_C}"
    return ASKED.get(column.name) or re.sub(r"^\([^)]*\) ", "", column.question)


def _choices(words: Sequence[str], column: Column | None = None) -> tuple[tuple[str, str], ...]:
    return tuple((word, answer_label(word, column)) for word in words)


def _excuse(rule: str, column: Column, model: type[Table]) -> str:
    """Give what a rule says of a column, else its hint, in the words of the form: titles for names, and no -7."""
    facts = columns(model)
    clauses = [c.clause for c in conditions(model) if c.rule == rule and c.clause.column == column.name]
    said = f"{clauses[-1].says}: {clauses[-1].hint}" if clauses else column.hint
    said = re.sub(r",? or -7 \(not asked\)", "", said)
    return re.sub(r"\b\w+\b", lambda m: f"'{facts[m[0]].title}'" if m[0] in facts else m[0], said)


def _worth_a_doctor() -> str:
    """Give the condition of INSTRUMENT's notice: any sign, or jerks that are frequent and keep from sleep."""
    signs = [o for o in columns(Participants)["red_flags"].options if o not in {"none", "spreading"}]
    ticked = [f"{{red_flags:{sign}}}" for sign in signs]
    ticked.append("({red_flags:spreading} and {movement_pattern} = 'skin_flicker_no_limb_move')")
    heavy = " or ".join(f"{{jerk_sleep_impact}} = '{word}'" for word in ("delays_sleep", "fear_of_sleep"))
    often = " or ".join(f"{{jerk_freq_12mo}} = '{w}'" for w in ("several_a_week", "most_nights", "every_night"))
    return " or ".join([*ticked, f"(({heavy}) and ({often}))"])
