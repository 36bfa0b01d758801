"""Four numbers that statsmodels 0.15 gets wrong, silently: ours are right, and an xfail turns when upstream's are."""

import warnings

import numpy as np
import polars as pl
import pytest
from statsmodels.discrete.conditional_models import ConditionalPoisson
from statsmodels.discrete.count_model import ZeroInflatedPoisson
from statsmodels.discrete.discrete_model import Poisson
from statsmodels.genmod.families import Poisson as PoissonFamily
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import OLS

from hypnic.analysis.regression.fit import fit


@pytest.fixture(scope="module")
def survey():
    """Simulate 500 counts, a third of them zero for a reason of their own."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=500)
    y = rng.poisson(np.exp(0.5 + 0.4 * x)) * (rng.random(500) < 0.67)
    return pl.DataFrame({"x": x, "y": y})


def with_constant(frame):
    return np.column_stack([np.ones(frame.height), frame["x"].to_numpy()])


@pytest.fixture(scope="module")
def zip_model(survey):
    return ZeroInflatedPoisson(survey["y"].to_numpy(), with_constant(survey))


@pytest.fixture(scope="module")
def ours(survey):
    return fit(survey, "y", ["x"], "zip", zero_terms=[], covariance="model")


def differentiated_score(model, params):
    """Return the Hessian that the model's own score implies, parameter by parameter."""
    step = 1e-6
    return np.array(
        [(model.score(params + step * unit) - model.score(params - step * unit)) / (2 * step) for unit in np.eye(3)]
    )


def as_statsmodels_orders(values):
    """Put the zero part first."""
    return np.roll(values, 1, axis=tuple(range(np.ndim(values))))


def test_our_zero_inflated_errors_are_those_of_the_score(zip_model, ours):
    hessian = differentiated_score(zip_model, as_statsmodels_orders(ours.params))
    np.testing.assert_allclose(as_statsmodels_orders(ours.vcov), np.linalg.inv(-hessian), rtol=1e-6)


@pytest.mark.xfail(strict=True, reason="statsmodels 0.15: the Hessian lacks the block of inflation by count")
def test_statsmodels_zero_inflated_hessian_is_that_of_its_score(zip_model, ours):
    params = as_statsmodels_orders(ours.params)
    np.testing.assert_allclose(zip_model.hessian(params), differentiated_score(zip_model, params), rtol=1e-4)


def leave_one_out_hc3(frame, fitted):
    """Compute HC3 from its definition: each score over one minus its row's leverage."""
    x, (a, b) = with_constant(frame), fitted.params
    mu = np.exp(a + b * x[:, 1])
    bread = np.linalg.inv(x.T @ (x * mu[:, None]))
    leverage = np.einsum("ij,jk,ik->i", x, bread, x) * mu
    scores = x * ((frame["y"].to_numpy() - mu) / (1 - leverage))[:, None]
    return np.sqrt(np.diag(bread @ scores.T @ scores @ bread))


def test_our_hc3_is_hc3(survey):
    fitted = fit(survey, "y", ["x"], "poisson", covariance="HC3")
    np.testing.assert_allclose(fitted.tidy()["std_error"], leave_one_out_hc3(survey, fitted), rtol=1e-10)


@pytest.mark.xfail(strict=True, reason="statsmodels 0.15: HC1, HC2 and HC3 are HC0 (its issue 7798)")
def test_statsmodels_hc3_is_hc3(survey):
    fitted = fit(survey, "y", ["x"], "poisson", covariance="HC3")
    theirs = GLM(survey["y"].to_numpy(), with_constant(survey), family=PoissonFamily()).fit(cov_type="HC3")
    np.testing.assert_allclose(theirs.bse, leave_one_out_hc3(survey, fitted), rtol=1e-5)


@pytest.fixture(scope="module")
def constant_persons():
    """Take eight persons of three nights, half of whom have one jerk every night."""
    rng = np.random.default_rng(9)
    person = np.repeat(np.arange(8), 3)
    return pl.DataFrame(
        {"pid": person, "x": rng.normal(size=24), "y": np.where(person % 2, 1, rng.poisson(2.0, 24))}
    ).filter(pl.col("y").sum().over("pid") > 0)


def slope_with_dummies(frame):
    """Fit one intercept a person outright, which has the same slope as conditioning."""
    dummies = (frame["pid"].to_numpy()[:, None] == np.unique(frame["pid"])[None, :]).astype(float)
    x = np.column_stack([frame["x"].to_numpy(), dummies])
    return GLM(frame["y"].to_numpy(), x, family=PoissonFamily()).fit(tol=1e-12).params[0]


def test_our_within_person_slope_is_that_of_one_intercept_a_person(constant_persons):
    fitted = fit(constant_persons, "y", ["x"], "fe-poisson", groups="pid", covariance="model")
    assert fitted.params[0] == pytest.approx(slope_with_dummies(constant_persons), rel=1e-8)


@pytest.mark.xfail(strict=True, reason="statsmodels 0.15: persons of a constant positive count are dropped")
def test_statsmodels_within_person_slope_is_that_of_one_intercept_a_person(constant_persons):
    y, x, pid = (constant_persons[name].to_numpy() for name in ("y", "x", "pid"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = ConditionalPoisson(y, x[:, None], groups=pid).fit(method="newton", disp=0)
    assert theirs.params[0] == pytest.approx(slope_with_dummies(constant_persons), rel=1e-4)


def nb1_statistic(frame, cov_type):
    """Regress ((y - mu)^2 - y) / mu on one, as Cameron & Trivedi do for variance mu (1 + a)."""
    y = frame["y"].to_numpy()
    mu = Poisson(y, with_constant(frame)).fit(disp=0).predict()
    return OLS(((y - mu) ** 2 - y) / mu, np.ones(len(y))).fit(cov_type=cov_type).tvalues[0]


def dispersion_tests(frame):
    fitted = Poisson(frame["y"].to_numpy(), with_constant(frame)).fit(disp=0)
    return fitted.get_diagnostic().test_dispersion().summary_frame().set_index("method")["statistic"]


def test_the_robust_nb1_row_to_use_instead_is_the_textbook_regression(survey):
    assert dispersion_tests(survey)["CT nb1 HC3"] == pytest.approx(nb1_statistic(survey, "HC3"), rel=1e-9)


@pytest.mark.xfail(strict=True, reason="statsmodels 0.15: the NB1 row of Cameron and Trivedi repeats the NB2 row")
def test_statsmodels_nb1_row_is_the_textbook_regression(survey):
    assert dispersion_tests(survey)["CT nb1"] == pytest.approx(nb1_statistic(survey, "nonrobust"), rel=1e-9)
