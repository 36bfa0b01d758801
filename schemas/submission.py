"""The facts of `submission.toml`: what a contribution says of itself, and nothing of anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PERIOD = re.compile(r"(20\d\d Q[1-4])( to (20\d\d Q[1-4]))?")
LONGEST = 300  # characters of a sentence
MONTH = r"(jan|feb|m[aä]r|apr|ma[iy]|jun|jul|aug|sep|o[ck]t|nov|de[cz])[a-zäé]*"

# What would name somebody, or a day: told by what it is, since it must never be repeated.
REFUSED = {
    "an e-mail address or a handle": re.compile(r"@"),
    "a link": re.compile(r"https?:|www\.", re.IGNORECASE),
    "a date finer than a quarter": re.compile(
        rf"\b\d{{4}}-\d|\b\d{{1,2}}[./-]\d{{1,2}}[./-]\d|\b{MONTH}\.?,? \d|\b\d{{1,2}}(st|nd|rd|th|\.)? {MONTH}\b",
        re.IGNORECASE,
    ),
    "a telephone or other long number": re.compile(r"(\d[\s()./-]*){7}"),
    "a person's name after a form of address": re.compile(
        r"\b(mr|mrs|ms|dr|prof|herr|frau|mme)\b\.?\s+\w", re.IGNORECASE
    ),
}


@dataclass(frozen=True)
class Fact:
    """One key of `submission.toml`; with `options`, its value is one of them, else one short sentence."""

    key: str
    question: str
    options: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    hint: str = ""

    def fault(self, value: object) -> str | None:
        """Say what is wrong with a value, without repeating it; None where nothing is.

        >>> FACTS["period"].fault("2026-08-14")
        'type a year and a quarter, such as 2026 Q3 or 2026 Q2 to 2026 Q4'
        """
        if not isinstance(value, str) or not value.strip():
            return f"type {self.hint or 'a sentence in quotes'}"
        if self.options:
            return None if value in self.options else f"type one of: {', '.join(self.options)}"
        if self.pattern:
            return None if _in_order(self.pattern.fullmatch(value)) else f"type {self.hint}"
        if len(value) > LONGEST or not value.isprintable():
            return f"type one line of at most {LONGEST} characters"
        held = next((name for name, pattern in REFUSED.items() if pattern.search(value)), None)
        return f"it holds {held}; take it out" if held else None


def _in_order(period: re.Match[str] | None) -> bool:
    """Whether a period ends no earlier than it starts; quarters sort as text."""
    return bool(period) and (period[3] is None or period[1] <= period[3])  # type: ignore[index]


FACTS = {
    fact.key: fact
    for fact in (
        Fact("title", "What should the contribution be called?", hint="a title that names nobody"),
        Fact("data_state", "Did people give these answers, or a program?", ("survey", "synthetic")),
        Fact(
            "collection",
            "How did the answers come?",
            ("online form", "paper form", "app", "interview", "spreadsheet", "simulation", "other"),
        ),
        Fact(
            "period",
            "When, as year and quarter?",
            pattern=PERIOD,
            hint="a year and a quarter, such as 2026 Q3 or 2026 Q2 to 2026 Q4",
        ),
        Fact(
            "consent",
            "What did the respondents agree to?",
            hint="the sentence they agreed to; for synthetic data, that nobody was asked",
        ),
        Fact("licence", "Under which licence is it given?", ("CC0-1.0",)),
        # A list, because no check can tell a name from a role.
        Fact(
            "contact_role",
            "What is the role of whoever sends it (never a name)?",
            (
                "study coordinator",
                "principal investigator",
                "data manager",
                "clinician",
                "student",
                "volunteer",
                "other",
            ),
        ),
    )
}


def faults(facts: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with the facts of a submission, one clause each; keys and values are never repeated.

    >>> list(faults({"title": "Sleep lab", "e-mail": "x"}))[0]
    'there is a key that is none of title, data_state, collection, period, consent, licence, contact_role'
    """
    if set(facts) - set(FACTS):
        yield f"there is a key that is none of {', '.join(FACTS)}"
    if lacking := missing(facts):
        yield f"there is no {', '.join(lacking)}"
    for key, fact in FACTS.items():
        if key in facts and (fault := fact.fault(facts[key])):
            yield f"{key}: {fault}"


def missing(facts: Mapping[str, object]) -> list[str]:
    """List the keys that are not there."""
    return [key for key in FACTS if key not in facts]
