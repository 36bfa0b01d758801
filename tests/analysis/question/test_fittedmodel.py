"""A model opened up: persons' levels count without a column for each."""

from __future__ import annotations

import numpy as np
import pytest

from hypnic.analysis import study
from hypnic.analysis.question.fittedmodel import FittedModel, fitted_model

DIARY, SURVEY = study("demo").sets


def dense(model: FittedModel) -> tuple[np.ndarray, np.ndarray]:
    """Write the design out, a column for each person in a diary, and scale its rows."""
    x = model.columns.matrix
    if model.sample.groups is not None:
        x = np.hstack([np.eye(model.person.max() + 1)[model.person], x])
    return x, x * model.root[:, None]


@pytest.mark.parametrize("data", [DIARY, SURVEY], ids=["diary", "survey"])
def test_leverages_and_explained_parts_are_those_of_the_design_written_out(data) -> None:
    model = fitted_model(data, data.estimands[2])
    x, rows = dense(model)
    information = rows.T @ rows
    hat = (rows * np.linalg.solve(information, rows.T).T).sum(axis=1)
    np.testing.assert_allclose(model.leverage, hat, atol=1e-9)
    assert hat.sum() == pytest.approx(x.shape[1])
    shared = x.T @ model.estimation.fitted
    assert model.explained(model.estimation.fitted) == pytest.approx(shared @ np.linalg.solve(information, shared))


def test_the_slopes_are_those_of_fit() -> None:
    from hypnic.analysis.question.model import fit_estimand

    for data in (DIARY, SURVEY):
        fitted = fit_estimand(data, data.estimands[2])
        np.testing.assert_allclose(fitted_model(data, data.estimands[2]).params, fitted.params)
