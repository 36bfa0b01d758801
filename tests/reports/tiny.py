"""A study as a newcomer would write it, in one module: sixty synthetic persons, asked for two exposures once."""

from __future__ import annotations

import random
from dataclasses import replace
from math import exp
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import Instrument, Phrase, Style
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.study import Content, People, Study, Written

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

PERSONS = 60
PRIMARY = (
    Estimand("tiny", "caffeine", "cups", 1, "1 cup", "the day", ("warm_room",), "jerks", "poisson", "HC3"),
    Estimand("tiny", "warmth", "warm_room", 1, "a warm room vs a cool one", "the night", (), "jerks", "poisson", "HC3"),
)
# Nobody drank any tea: this row of the table has no numbers, and who builds the report is told why.
FURTHER = replace(PRIMARY[0], column="tea", role="sensitivity", variant="tea")
INSTRUMENT = Instrument(
    name="tiny",
    title="Postcard",
    design="survey",
    times="as many jerks on the postcard",
    estimands=(*PRIMARY, FURTHER),
    phrases={"caffeine": Phrase("{} cup", "Each {} cup of coffee", "cups")},  # of warmth nothing is said
    style=Style("first", "^"),
    leaves_out={"raking": "nobody was asked for age and sex"},
    words={"warm_room": "a warm bedroom", "warmth": "Warmth of the bedroom", "jerks": "jerks in a night"},
)


def _read(_: Path | None) -> Content:
    draw = random.Random(8)  # noqa: S311 -- synthetic persons
    rows = []
    for number in range(PERSONS):
        cups, warm = draw.randrange(6), draw.randrange(2)
        jerks = sum(draw.random() < 0.1 * exp(0.2 * cups) for _ in range(8))
        rows.append({"person": f"t{number:02}", "cups": cups, "warm_room": warm, "jerks": jerks, "tea": 0})
    data = AnalysisSet(INSTRUMENT, pl.DataFrame(rows), "person", "jerks", INSTRUMENT.estimands)
    return Content((data,), {})


def _people_note(sets: Sequence[AnalysisSet], used: Mapping[str, str], _: Written) -> str:
    return f"{sets[0].frame.height} postcards came back; the ratios come from {used['survey']} of them."


TINY = Study(
    name="tiny",
    title="Sleep starts on sixty postcards",
    synthetic=True,
    notices=("Synthetic data: a program filled these postcards in.",),
    threats=("A postcard can be lost.",),
    instruments=(INSTRUMENT,),
    read=_read,
    people=People((), lambda _: ()),
    people_note=_people_note,
)
