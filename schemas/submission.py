"""The facts of `submission.toml`: what a contribution says of itself, and nothing of anybody."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PERIOD = re.compile(r"(20\d\d Q[1-4])( to (20\d\d Q[1-4]))?")
LONGEST = 250  # characters of a sentence: the privacy gate looks at no more than 256


@dataclass(frozen=True)
class Fact:
    """One key of `submission.toml`; with `options`, its value is one of them, else one short sentence."""

    key: str
    question: str
    options: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    hint: str = ""

    @property
    def sentence(self) -> bool:
        """Whether it is free text, which may hold anything."""
        return not (self.options or self.pattern)

    def fault(self, value: object) -> str | None:
        """Say what is wrong with a value, without repeating it; None where nothing is.

        What is private in a sentence is the privacy gate's business: `hypnic.datasets.intake.facts`.

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
        return None


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


def missing(facts: Mapping[str, object]) -> list[str]:
    """List the keys that are not there."""
    return [key for key in FACTS if key not in facts]
