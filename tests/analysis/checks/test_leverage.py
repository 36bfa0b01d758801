"""Leverage: persons' levels count without a column for each."""

from __future__ import annotations

import numpy as np
import pytest

from hypnic.analysis import questions, study
from hypnic.analysis.checks.leverage import Leverage

DIARY, SURVEY = study("demo").sets


def dense(model: Leverage) -> tuple[np.ndarray, np.ndarray]:
    """Write the design out, a column for each person in a diary, and scale its rows."""
    x = model.fitted.columns.matrix
    if model.fitted.sample.groups is not None:
        x = np.hstack([np.eye(model.persons.max() + 1)[model.persons], x])
    return x, x * model.root[:, None]


@pytest.mark.parametrize("data", [DIARY, SURVEY], ids=["diary", "survey"])
def test_leverages_and_explained_parts_are_those_of_the_design_written_out(data) -> None:
    question = questions(data)[2]
    model = Leverage(question.fit(), question.persons(question.fit()))
    x, rows = dense(model)
    information = rows.T @ rows
    hat = (rows * np.linalg.solve(information, rows.T).T).sum(axis=1)
    np.testing.assert_allclose(model.hat, hat, atol=1e-9)
    assert hat.sum() == pytest.approx(x.shape[1])
    shared = x.T @ model.fitted.estimation.fitted
    assert model.explained(model.fitted.estimation.fitted) == pytest.approx(
        shared @ np.linalg.solve(information, shared)
    )
