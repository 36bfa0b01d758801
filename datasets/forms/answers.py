"""One answer of a form as the instrument's raw cell: labels, codes, ticks."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from hypnic.datasets.forms.consent import COLUMN, agrees
from hypnic.datasets.forms.layouts import normalised, word_lists
from hypnic.errors import HypnicError
from hypnic.schemas.publish.asking import offered
from hypnic.schemas.publish.redcap import code as redcap_code
from hypnic.schemas.publish.translation import languages

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hypnic.schemas import Column

NUMBER = re.compile(r"-?\d{1,4}(?:[.,]\d{1,6})?")
OUT_OF = re.compile(r"(\d{1,2})\s*(?:/|out of|von|sur|de|van|su|em)\s*(\d{1,2})")  # 4/10 of a scale to 10
YES = {"true", "yes", "y", "ja", "oui", "si", "sim", "tak", "iagree", "yesiagree", "checked"}
NO = {"false", "no", "n", "nein", "nee", "non", "nao", "nie", "idonotagree", "noidonotagree", "unchecked"}
LISTED = word_lists("missing")
DONT_KNOW = {"dontknow", "donotknow", "unknown", *map(normalised, LISTED["dont_know"])}
REFUSED = {"refused", "undisclosed", *map(normalised, LISTED["refused"])}
NOT_ASKED = {"notapplicable", "na", "notasked"}
NOTHING = {
    "none", "no", "nothing", "nil", "zero", "kein", "keine", "keiner", "keinen", "nein", "nichts", "aucun",
    "aucune", "non", "rien", "ningun", "ninguno", "ninguna", "nada", "cero", "geen", "nee", "niets",
    "nessuno", "nessuna", "niente", "nessun", "nenhum", "nenhuma", "nao", "nic", "brak", "zaden", "zadna", "zadnych",
}  # fmt: skip
AMOUNTS = {"mg", "g", "min", "jerks", "times", "nights"}  # units of which somebody may have had nothing
MISSING = (
    (DONT_KNOW, ("dont_know", "unknown", "unsure", "-8")),
    (REFUSED, ("refused", "undisclosed", "other_or_undisclosed", "-9")),
    (NOT_ASKED, ("-7",)),
)
ANSWER = re.compile(  # what only an answer is: a date, or a number or time with or without a unit
    r"\d{4}-\d\d-\d\d(?:[ t].*)?|(?:ca\.?|about|etwa|circa|env\.?|[~<>\u2248])?\s*-?\d+(?:[.,:/h ]\d+){0,5}\.?\s*"
    r"(?:[ap]\.?m\.?|uhr|hrs?|hours?|std\.?|stunden?|heures?|horas?|uur|uren|ore|minuti|mins?\.?|minutes?|minuten|minutos?|mn|mg|h|m|g|ml)?"
)
TRAPS = {"attention_ok": "sometimes"}  # what the trap item asks to pick


def band(label: str, facts: Column) -> str | None:
    """Give the band that an age in years lies in; None where it is none, or of a child.

    >>> from hypnic.schemas import Participants, columns
    >>> age = columns(Participants)["age_band"]
    >>> band("34", age), band("25 to 34", age), band("75 and over", age), band("75 to 80", age)
    ('25-34', '25-34', '75+', None)
    """
    if facts.name != "age_band":
        return None
    label = re.sub(
        r"\s*(?:years?(?: old)?|yrs?|y|jahre?(?: alt)?|j\.?|ans|a\u00f1os|anni|jaar|anos)$", "", label.casefold()
    )
    limits = [int(number) for number in re.findall(r"\d{1,3}", label)]
    spans = {word: [int(n) for n in re.findall(r"\d+", word)] for word in facts.words if word[:1].isdigit()}
    if re.fullmatch(r"\d{2,3}(?:\.0)?", label):
        return next((word for word, span in spans.items() if span[0] <= limits[0] <= (span[1:] or [120])[0]), None)
    if re.fullmatch(r"75\s*(?:and|or|und|oder|et|ou|y|o|e|en|of|i)\s+\D+", label):
        return "75+"
    if re.fullmatch(r"\d\d\s*(?:-|\u2013|to|bis|\u00e0|a|y|et|und|and)\s*\d\d", label.casefold()):
        return next((word for word, span in spans.items() if span == limits), None)
    return None


@lru_cache(maxsize=1 << 14)  # the same answers come again and again
def word(label: str, facts: Column) -> str | None:
    """Give the word of a column that a label stands for; None where there is none.

    >>> from hypnic.schemas import Nights, columns
    >>> word("Noise or child", columns(Nights)["unusual_night"]), word("Y", columns(Nights)["leg_cramp"])
    ('noise_or_child', 'true')
    """
    known = {token.casefold().removesuffix(".0"): token for token in facts.words}  # a workbook makes 1 of 1.0
    known |= {token.casefold(): token for token in facts.words} | {str(code): str(code) for code in facts.codes}
    if label.casefold() in known:
        return known[label.casefold()]
    bare = normalised(label.replace("\u00ed", "i"))  # s\u00ed
    if bare in _labels(facts):
        return _labels(facts)[bare]
    if found := countries().get(bare) if facts.name == "country_code" else band(label, facts):
        return found
    if (judged := _judged(label, bare, facts)) is not None:
        return str(judged).lower()
    for said, words in (*MISSING, (YES, ("true", "yes")), (NO, ("false", "no"))):
        if bare in said:
            return next((token for token in words if token in known), None)
    return None


def _judged(label: str, bare: str, facts: Column) -> bool | None:
    """Tell whether somebody consents, or picked what the trap item asks to pick; None for another column or answer."""
    if facts.name == COLUMN:
        return agrees(label)
    return bare == TRAPS[facts.name] if facts.name in TRAPS and bare.isalpha() and bare not in YES | NO else None


@cache
def countries() -> dict[str, str]:
    """Give the code of a country by what it is called in English, German, French and Spanish, normalised."""
    listed = word_lists("countries")
    return {normalised(name): code for code, names in listed.items() for name in names}


@cache
def _labels(facts: Column) -> dict[str, str]:
    """Give the words of a column by their own spelling, REDCap's code, and the label that hypnic's forms print."""
    words = [token for token in facts.words if not token.startswith("-")]
    try:
        listed = offered(facts)
    except HypnicError:  # names of countries need another library
        listed = ()
    spelt = {normalised(label): token for token, label in listed if re.search("[a-z]", label)}
    return (
        _translated(facts, listed)
        | spelt
        | {normalised(redcap_code(token)): token for token in words}
        | {normalised(token): token for token in words}
    )


def _translated(facts: Column, listed: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Give the words of a column by the labels that the forms print in other languages, where one means one word."""
    said: defaultdict[str, set[str]] = defaultdict(set)
    for spoken in languages().values():
        for token, label in listed:
            text = spoken.country(token) if facts.name == "country_code" else spoken.says(label)
            for spelt in (text, text.replace("\u00ed", "i")):  # as it is looked up
                said[normalised(spelt)].add(token)
    return {label: tokens.pop() for label, tokens in said.items() if len(tokens) == 1 and re.search("[a-z]{2}", label)}


def yes_or_no(facts: Column, codes: Iterable[int], *, ours: bool = False) -> dict[int, str]:
    """Say what the number codes of a column stand for without a codebook: 0 and 1 for no and yes, and nothing else.

    A place in somebody's list is not a place in the instrument's: a guess would be a wrong answer that looks right. So
    is a 1 where nobody has a 0, for 1 may be no and 2 yes; but not in a form of `ours`, and nobody's consent is asked
    so that 1 is no.

    >>> from hypnic.schemas import Nights, columns
    >>> yes_or_no(columns(Nights)["leg_cramp"], {0, 1}), yes_or_no(columns(Nights)["leg_cramp"], {1, 2})
    ({0: 'false', 1: 'true'}, {})
    >>> yes_or_no(columns(Nights)["leg_cramp"], {1})
    {}
    >>> yes_or_no(columns(Nights)["exercise_intensity"], {2, 3})
    {}
    """
    seen = set(codes)
    if not seen <= {0, 1}:
        return {}
    if facts.kind == "flag":
        return {0: "false", 1: "true"} if 0 in seen or ours or facts.name == "consent_open_data" else {}
    return {0: "no", 1: "yes"} if {"yes", "no"} <= set(facts.words) and 0 in seen else {}


def skippable(facts: Column) -> bool:
    """Tell whether somebody may not have been asked a question, so that -7 is an answer to it.

    >>> from hypnic.schemas import Nights, columns
    >>> skippable(columns(Nights)["exercise_end_clock_h"]), skippable(columns(Nights)["stress_0_10"])
    (True, False)
    """
    return facts.routing is not None or not facts.required or -7 in facts.codes


def tokens(words: Iterable[str]) -> str:
    """Join the words of one cell as the instrument does: sorted, once each."""
    return "|".join(sorted(set(words)))


def number(label: str, facts: Column) -> str | None:
    """Give a number as typed, with a point; a missing code where the label says so.

    >>> from hypnic.schemas import Nights, columns
    >>> number("4/10", columns(Nights)["stress_0_10"]), number("4/5", columns(Nights)["stress_0_10"])
    ('4', None)
    """
    if facts.low == 0 and (points := OUT_OF.fullmatch(label)) and int(points[2]) == facts.high:
        return points[1]
    if NUMBER.fullmatch(label):
        return label.replace(",", ".").removesuffix(".0")
    for said, words in MISSING:
        if normalised(label) in said:
            return next((code for code in words if code in map(str, facts.codes)), None)
    if normalised(label) in NOTHING and nothing_is_an_amount(facts):
        return "0"
    return _labels(facts).get(normalised(label))


def nothing_is_an_amount(facts: Column) -> bool:
    """Tell whether `none` and `no` are an amount of a column: no coffee is 0 mg, no stress may be any number."""
    return facts.low == 0 and facts.unit.split("/")[0].split(" ")[0] in AMOUNTS and facts.name != "sol_min"


def is_answer(cell: str) -> bool:
    """Tell whether a cell can only be an answer: yes or no, a number with or without a unit, a time, a date.

    >>> [is_answer(cell) for cell in ("No", "23:15", "30 minutes", "1.11.2026", "11 pm", "ca. 15")]
    [True, True, True, True, True, True]
    >>> [is_answer(cell) for cell in ("Bedtime", "jerk_1", "0-10", "1. How stressful was today?", "")]
    [False, False, False, False, False]
    """
    return normalised(cell) in YES | NO | DONT_KNOW | REFUSED or ANSWER.fullmatch(cell.casefold()) is not None
