"""What becomes of a primary ratio without the one person, or the one submission, that moves it most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from hypnic.analysis.checks.influence import influence
from hypnic.analysis.question.fittedmodel import fitted_model
from hypnic.analysis.question.model import fit_estimand
from hypnic.analysis.question.rows import Row, attempt, blank_row, line_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.estimands import Estimand
    from hypnic.analysis.studies.study import AnalysisSet


def rows(name: str, data: AnalysisSet) -> Iterator[Row]:
    """Give each primary ratio without the person who raises it most, without the one who lowers it most, and, where
    a study has several submissions, without each of them.

    The persons are found by one Newton step for each (a jackknife), and the model is then fitted anew without them. Who
    they are is told nowhere.
    """  # noqa: D205
    for estimand in data.estimands:
        if estimand.role == "primary":
            blank = blank_row(name, data, estimand, role="sensitivity")
            yield from attempt(_without_a_person, blank, data, estimand)
            if data.parts == "submission":
                yield from attempt(_without_a_part, blank, data, estimand)


def _without_a_person(blank: Row, data: AnalysisSet, estimand: Estimand) -> Iterator[Row]:
    model = fitted_model(data, estimand)
    changes = influence(model)
    names = data.frame[data.person].gather(model.places)
    for says, code in (("raises", int(changes.argmin())), ("lowers", int(changes.argmax()))):
        person = names[int(np.flatnonzero(model.person == code)[0])]
        left = replace(data, frame=data.frame.filter(pl.col(data.person) != person))
        text = f"{estimand.family}, without the one person who {says} it most"
        fitted = fit_estimand(left, estimand)
        yield line_row(blank | {"estimator": text}, data, fitted, fitted.contrast({estimand.exposure: 1}))


def _without_a_part(blank: Row, data: AnalysisSet, estimand: Estimand) -> Iterator[Row]:
    part = pl.col(data.parts or "")
    for label in data.frame[data.parts or ""].drop_nulls().unique().sort():
        left = replace(data, frame=data.frame.filter(part != label))
        fitted = fit_estimand(left, estimand)
        text = f"{estimand.family}, without the submission {label}"
        yield line_row(blank | {"estimator": text}, data, fitted, fitted.contrast({estimand.exposure: 1}))
