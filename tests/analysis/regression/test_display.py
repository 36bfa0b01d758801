"""A fit shows itself: in a few lines of text, as a table of HTML, as a picture, and as ratios."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import polars as pl
import pytest

from hypnic.analysis.mixed import fit_mixed
from hypnic.analysis.regression.fit import fit
from hypnic.errors import HypnicError

mpl.use("agg")
from matplotlib import pyplot as plt

RNG = np.random.default_rng(5)
# Synthetic nights of 40 people; one has no dose.
NIGHTS = pl.DataFrame(
    {
        "jerks": RNG.poisson(1.5, 200), "dose": RNG.normal(size=200), "sex": ["F", "M"] * 100,
        "who": np.arange(200) // 5, "hours": RNG.uniform(6, 9, 200),
    }
).with_columns(dose=pl.when(pl.int_range(200) > 0).then("dose"))  # fmt: skip
FITTED = fit(NIGHTS, "jerks", ["dose", "sex"], "poisson", exposure="hours")


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def test_a_fit_says_what_it_is_in_a_line_and_each_term_in_another():
    first, header, *rows, last = repr(FITTED).splitlines()
    assert first == "poisson of jerks over hours: 199 rows, HC3 errors"
    assert header.split() == ["term", "estimate", "std_error", "ratio", "95", "%", "limits", "p_value"]
    assert [row.split()[0] for row in rows] == ["(Intercept)", "dose", "sex[M]"]
    assert last == "dropped rows: missing dose 1"
    _, estimate, _, ratio, low, _, high, _ = rows[1].split()
    line = FITTED.tidy(exponentiate=True).row(1, named=True)
    assert float(ratio) == pytest.approx(line["estimate"], abs=5e-4)
    assert float(estimate) == pytest.approx(np.log(line["estimate"]), abs=5e-4)
    assert (float(low), float(high)) == pytest.approx((line["conf_low"], line["conf_high"]), abs=5e-4)


def test_a_long_fit_shows_its_first_terms_and_says_how_many_more_there_are():
    frame = NIGHTS.with_columns(**{f"x{n}": pl.Series(RNG.normal(size=200)) for n in range(25)})
    shown = repr(fit(frame, "jerks", [f"x{n}" for n in range(25)], "poisson"))
    assert len(shown.splitlines()) == 23
    assert "and 6 more terms: see tidy()" in shown


def test_html_says_the_same_and_no_name_can_be_markup():
    name = "<script>alert('&')</script>"
    fitted = fit(NIGHTS.rename({"dose": name}), "jerks", [name, "sex"], "poisson")
    html = fitted._repr_html_()
    table, note = ET.fromstring(f"<div>{html}</div>")  # noqa: S314 -- our own, and well-formed
    assert table.find("caption").text == "poisson of jerks: 199 rows, HC3 errors"
    names = [row.find("th").text for row in table.iter("tr")][1:]
    assert names == ["(Intercept)", name, "sex[M]"]
    assert note.text == f"dropped rows: missing {name} 1"
    assert "<script" not in html


def test_a_fit_that_failed_says_so_wherever_it_is_shown():
    failed = replace(FITTED, info={**FITTED.info, "converged": False})
    assert "the fit did not reach its maximum: use none of its numbers" in repr(failed)
    assert "the fit did not reach its maximum" in failed._repr_html_()


def test_ratios_are_exponentials_and_their_errors_stay_those_of_the_logarithm():
    plain, ratios = FITTED.tidy(), FITTED.tidy(exponentiate=True)
    for column in ("estimate", "conf_low", "conf_high"):
        assert np.log(ratios[column].to_numpy()) == pytest.approx(plain[column].to_numpy(), rel=1e-12)
    same = ["term", "std_error", "statistic", "p_value"]
    assert ratios.select(same).equals(plain.select(same))


def test_differences_are_no_ratios():
    fitted = fit(NIGHTS, "hours", "dose", "fe-linear", groups="who")
    with pytest.raises(HypnicError, match="the coefficients are differences, not logarithms of ratios"):
        fitted.tidy(exponentiate=True)
    assert repr(fitted).splitlines()[2].split()[3] != f"{np.exp(fitted.params[0]):.3f}"
    assert fitted.plot().get_xlabel() == "Difference per unit, 95 % limits"


def test_a_standard_deviation_of_a_mixed_model_is_not_exponentiated():
    mixed = fit_mixed(NIGHTS, "jerks", ["dose"], "poisson", groups="who")
    plain, ratios = mixed.tidy(), mixed.tidy(exponentiate=True)
    assert plain["term"][-1].startswith("sd:")
    assert ratios["estimate"][-1] == plain["estimate"][-1]
    assert ratios["estimate"][1] == pytest.approx(np.exp(plain["estimate"][1]))
    assert repr(mixed).splitlines()[0] == "199 rows of 40 groups"


def test_a_picture_has_a_line_for_each_ratio_on_a_logarithmic_axis():
    axes = FITTED.plot()
    assert [label.get_text() for label in axes.get_yticklabels()] == ["dose", "sex[M]"]
    assert axes.get_xscale() == "log"
    points = axes.collections[-1].get_offsets()
    assert points[:, 0].tolist() == pytest.approx(FITTED.tidy(exponentiate=True)["estimate"][1:].to_list())
    assert axes.get_xlabel() == "Ratio per unit, 95 % limits"
    assert axes.get_ylim() == (1.5, -0.5)


def test_terms_and_axes_can_be_chosen():
    _, axes = plt.subplots()
    assert FITTED.plot("sex[M]", ax=axes) is axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["sex[M]"]
    with pytest.raises(HypnicError, match="the fit has no term 'coffee'"):
        FITTED.plot(["coffee"])
    with pytest.raises(HypnicError, match="there is nothing to draw"):
        FITTED.plot([])


def test_thresholds_are_not_drawn():
    frame = NIGHTS.with_columns(pl.col("jerks").clip(0, 3))
    axes = fit(frame, "jerks", ["dose"], "ordered").plot()
    assert [label.get_text() for label in axes.get_yticklabels()] == ["dose"]


def test_limits_that_are_wide_have_ticks_at_round_numbers():
    axes = FITTED.plot()
    axes.figure.canvas.draw()
    assert all(re.fullmatch(r"\d+(\.\d+)?", label.get_text()) for label in axes.get_xticklabels() if label.get_text())
