"""Columns of somebody's own survey that are called as those of a diary are: they ask what is usual, not one night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.forms.heads import PER, cut, fits, unit_in
from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.synonyms import synonyms

if TYPE_CHECKING:
    from hypnic.datasets.forms.codebook import Codebook
    from hypnic.datasets.forms.exports import Export
    from hypnic.datasets.forms.matching import Matching

USUAL = {
    "caffeine_mg": "caffeine_usual_mg",
    "stress_0_10": "stress_usual_0_10",
    "alcohol_g": "alcohol_usual_g_wk",
    "exercise_min": "exercise_vigorous_min_wk",
}
SURVEY = {"age_band", "sex_at_birth", "country_code", "jerk_ever"}  # what only a survey asks
NIGHTLY = {"bed_clock_h", "wake_clock_h", "jerk_count", "sol_min"}


def take_as_usual(found: Matching, export: Export, codebook: Codebook) -> None:
    """Match `Stress` and `Alcohol (g/week)` of a survey with what is usual; with what a week has where it says so."""
    called = {place: _called(export.headers[place][0]) for place in range(len(export.headers))}
    if not SURVEY & found.answers.keys() or NIGHTLY & {*called.values()}:
        return
    for place in [*found.unmatched]:
        head, name = export.headers[place][0], USUAL.get(called[place], "")
        if not name or name in found.answers or codebook.question(head):
            continue
        facts = found.facts[name]
        unit = unit_in(head, facts)
        way = fits(unit, facts)
        weekly = name.endswith("_wk")
        if way is None or (weekly and not PER.fullmatch(unit)):
            continue
        found.answers[name] = [place]
        found.unmatched.pop(place)
        found.otherwise.pop(place, None)
        if way:
            found.units[place] = way


def _called(head: str) -> str:
    """Give the column of a diary that a header names, with or without a unit."""
    known = synonyms()
    return known.get(normalised(head)) or known.get(normalised(cut(head).name), "")
