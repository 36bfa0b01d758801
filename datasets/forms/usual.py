"""Columns of somebody's own survey that are called as those of a diary are: they ask what is usual, not one night."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypnic.datasets.forms.answers import YES
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
CODES = {"-7", "-8", "-9"}
SURVEY = {"age_band", "sex_at_birth", "country_code", "jerk_ever"}  # what only a survey asks
COUNT, EVER = "jerk_count", "jerk_ever"
NIGHTLY = {"bed_clock_h", "wake_clock_h", COUNT, "sol_min"}


def take_as_usual(found: Matching, export: Export, codebook: Codebook) -> None:
    """Match `Stress` and `Alcohol (g/week)` of a survey with what is usual; with what a week has where it says so."""
    called = {place: _called(export.headers[place][0]) for place in range(len(export.headers))}
    ever = [place for place, name in called.items() if name == COUNT and _yes_or_no(export, place)]
    if not SURVEY & found.answers.keys() or NIGHTLY & {name for place, name in called.items() if place not in ever}:
        return
    if len(ever) == 1 and EVER not in found.answers and ever[0] in found.unmatched:
        found.answers[EVER] = ever
        found.unmatched.pop(ever[0])
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


def _yes_or_no(export: Export, place: int) -> bool:
    """Tell whether a column says yes, no and no number: in a survey, whether somebody has jerks at all."""
    cells = [row[place] for row in export.rows if row[place]]
    said = {normalised(cell) for cell in cells}
    return bool(said & YES) and not any(re.search(r"\d", cell) for cell in cells if cell not in CODES)


def _called(head: str) -> str:
    """Give the column of a diary that a header names, with or without a unit."""
    known = synonyms()
    return known.get(normalised(head)) or known.get(normalised(cut(head).name), "")
