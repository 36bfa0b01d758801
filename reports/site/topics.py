"""What readers ask most, answered in a line each from the verdicts of studies of real people."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hypnic.analysis.claims.verdict import DECIDED
from hypnic.reports.site.judged import SPOKEN

if TYPE_CHECKING:
    from hypnic.reports.saying import Judged
    from hypnic.reports.site.judged import Across, Said

# What it is called, and the word to look for in sayings.
TOPICS = {
    "coffee": "coffee", "alcohol": "alcohol", "stress": "stress", "exercise": "exercise", "magnesium": "magnesium",
    "water": "hydration", "relaxation": "relax", "medicines": "medicine", "epilepsy": "epilep",
}  # fmt: skip
# What was asked in place of it, where a study asks only about another part of a saying.
OTHER = {"water": "minerals in food"}
MOST = 2  # tests whose numbers an answer has room for


class Topic(NamedTuple):
    """Something to ask about: its name, the word to look for, and the answer."""

    name: str
    word: str
    answer: str

    @property
    def href(self) -> str:
        """Give the address of the sayings about it."""
        return f"claims.html?words={self.word}"


def topics(said: Across) -> tuple[Topic, ...]:
    """Answer each topic: by the first saying about it that is decided, or by how little is known."""
    return tuple(
        Topic(name, word, _answer(about(word, said.entries), OTHER.get(name))) for name, word in TOPICS.items()
    )


def about(word: str, entries: tuple[Said, ...]) -> list[Said]:
    """Give the sayings that a word finds, in their order."""
    return [one for one in entries if word in f"{one.claim} {one.alike}".lower()]


def _answer(entries: list[Said], other: str | None) -> str:
    real = [[own for own in _real(one) if other is None or own.asked_of != other] for one in entries]
    spoken = [own for judged in real if (own := [one for one in judged if one.verdict in SPOKEN])]
    if not spoken:
        return f"not known. No answers of real people speak to any of the {len(entries)} sayings about it."
    first = spoken[0][0]
    # Of what only one part was asked about, a number would answer another question.
    parts = () if first.asked_of else first.parts[:MOST]
    found = "".join(f" {part.said}." for part in parts)
    if first.verdict in DECIDED:
        sure = f"; certainty {first.certainty}" if first.certainty else ""
        return f"“{first.claim}”: {first.qualified}{sure}.{found}"
    rest = len(entries) - len(spoken)
    judge = " and cannot judge the rest" if rest else ""
    unclear = f"{len(spoken)} of {len(entries)} sayings about it unclear"
    known = "not known"
    if any(part.verdict in DECIDED for part in parts):  # of a saying that joins several things
        known, found = "known in part", "".join(f" {part.said}: {part.verdict}." for part in parts)
    return f"{known}. Answers of real people leave {unclear}{judge}.{found}"


def _real(one: Said) -> list[Judged]:
    return [answer.judged for answer in one.answers if not answer.shown.study.synthetic]
