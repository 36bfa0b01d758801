"""What a fit says of its own errors."""

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.regression.fit import fit


def diary(persons, nights=6):
    """Simulate counts of some persons."""
    rng = np.random.default_rng(3)
    pid = np.repeat(np.arange(persons), nights)
    x = rng.normal(size=len(pid))
    return pl.DataFrame({"pid": pid, "x": x, "y": rng.poisson(np.exp(0.3 + 0.2 * x))})


def warned(persons, family="poisson", covariance="CR0", **more):
    return fit(diary(persons), "y", ["x"], family, covariance=covariance, **more).info["warnings"]


@pytest.mark.parametrize("covariance", ["CR0", "CR1S"])
def test_large_sample_errors_of_few_clusters_say_so(covariance):
    assert warned(39, covariance=covariance, cluster="pid") == (
        f"{covariance} errors are for many clusters and rest on 39: they are likely too small; use covariance='CR2'",
    )
    assert warned(40, covariance=covariance, cluster="pid") == ()


@pytest.mark.parametrize("covariance", ["CR2", "CR3"])
def test_small_sample_errors_need_no_warning(covariance):
    assert warned(10, covariance=covariance, cluster="pid") == ()


@pytest.mark.parametrize("covariance", ["model", "HC0", "CR0"])
def test_within_few_persons_every_large_sample_error_says_so(covariance):
    (line,) = warned(12, "fe-poisson", covariance, groups="pid")
    assert line.endswith("rest on 12: they are likely too small; use covariance='CR3'")


def test_rows_are_the_clusters_where_no_column_names_them():
    (line,) = warned(6, covariance="HC1")
    assert line == "HC1 errors are for many rows and rest on 36: they are likely too small; use covariance='HC3'"
    assert warned(6, covariance="HC3") == warned(6, covariance="model") == warned(7, covariance="HC1") == ()


def test_a_family_without_small_sample_errors_says_what_to_make_of_it():
    (line,) = warned(20, "zip", cluster="pid")
    assert line.endswith("the family has no small-sample ones: take limits as too narrow")


def test_the_repr_shows_the_table_and_the_warnings():
    shown = repr(fit(diary(12), "y", ["x"], "poisson", cluster="pid", covariance="CR0"))
    assert "std_error" in shown
    assert shown.splitlines()[-1].startswith("warning: CR0 errors are for many clusters and rest on 12")
    assert "warning" not in repr(fit(diary(50), "y", ["x"], "poisson", cluster="pid", covariance="CR0"))
