"""Whatever way the rows are read, the digits are those of the fit of all rows in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hypnic.analysis.regression.fit import fit as fit_rows
from hypnic.analysis.regression.hotelling import joint_test
from hypnic.analysis.scale.cells import _in_order
from hypnic.analysis.scale.routes import fit
from hypnic.errors import HypnicError

TERMS = ["dose", "late", "mood"]
Case = tuple[dict[str, Any], tuple[str, ...]]
ALL = ("model", "HC0", "HC1", "HC2", "HC3", "CR0", "CR1S", "CR2", "CR3")
FLAT = ("model", "HC0", "HC1", "CR0", "CR1S")
CASES: dict[str, Case] = {
    "poisson": ({"outcome": "count", "family": "poisson"}, ALL),
    "poisson over an exposure": ({"outcome": "count", "family": "poisson", "exposure": "hours"}, ALL),
    "quasipoisson": ({"outcome": "count", "family": "quasipoisson"}, ("model", "HC1", "CR3")),
    "binomial": ({"outcome": "any", "family": "binomial"}, ALL),
    "binomial of k in n": ({"outcome": ("k", "n"), "family": "binomial"}, ALL),
    "cloglog": ({"outcome": ("k", "n"), "family": "cloglog"}, ALL),
    "cloglog over an exposure": ({"outcome": "any", "family": "cloglog", "exposure": "hours"}, ("HC3", "CR2", "CR3")),
    "nb2": ({"outcome": "count", "family": "nb2"}, ALL),
    "interval-nb2": ({"outcome": ("lo", "hi"), "family": "interval-nb2"}, FLAT),
    "ordered": ({"outcome": "level", "family": "ordered"}, FLAT),
    "zip": ({"outcome": "count", "family": "zip", "zero_terms": ["late"]}, FLAT),
}


def nights(seed: int, persons: int = 40, each: int = 12) -> pl.DataFrame:
    """Draw nights whose terms take few values, with a few answers missing."""
    rng = np.random.default_rng(seed)
    n = persons * each
    person = np.repeat(np.arange(persons), each)
    dose, late, mood = rng.integers(0, 4, n) / 2, rng.integers(0, 2, n), rng.integers(0, 3, n)
    rate = rng.gamma(1.5, 0.6, persons)[person] * np.exp(0.2 * dose + 0.3 * late - 0.1 * mood)
    count = np.where(rng.random(n) < 0.15, 0, rng.poisson(rate))
    trials = rng.integers(3, 6, n)
    lo = np.where(rng.random(n) < 0.4, count // 3 * 3, count)
    columns = {
        "person": [f"p{one:03d}" for one in person], "count": count, "any": (count > 0).astype(int),
        "k": np.minimum(count, trials), "n": trials, "lo": lo, "hi": np.where(lo == count, count, lo + 2),
        "level": np.minimum(count, 3), "dose": dose, "late": late, "mood": np.array(["low", "mid", "high"])[mood],
        "hours": rng.integers(5, 9, n),
    }  # fmt: skip
    return pl.DataFrame(columns).with_columns(
        pl.when(pl.Series(rng.random(n) > 0.03)).then(pl.col(name)).alias(name) for name in ("count", "dose", "mood")
    )


def same(one: Any, other: Any) -> None:
    """Hold two fits equal: coefficients to 1e-10, errors to 1e-8, and what is told of them."""
    assert one.names == other.names
    np.testing.assert_allclose(one.params, other.params, rtol=1e-10, atol=1e-11)
    np.testing.assert_allclose(np.sqrt(np.diag(one.vcov)), np.sqrt(np.diag(other.vcov)), rtol=1e-8)
    for name in ("n_rows", "n_dropped", "converged", "warnings"):
        assert one.info[name] == other.info[name], name
    for name in ("loglik", "aic", "alpha", "scale", "log_theta_std_error"):
        assert one.info.get(name) == pytest.approx(other.info.get(name), rel=1e-8), name
    limits = ["conf_low", "conf_high", "p_value"]
    np.testing.assert_allclose(one.tidy()[limits].to_numpy(), other.tidy()[limits].to_numpy(), rtol=1e-6, atol=1e-12)


def words(case: dict[str, Any], covariance: str) -> dict[str, Any]:
    return {**case, "terms": TERMS, "covariance": covariance} | (
        {"cluster": "person"} if covariance.startswith("CR") else {}
    )


@pytest.mark.parametrize(
    ("name", "covariance"), [(name, covariance) for name, (_, allowed) in CASES.items() for covariance in allowed]
)
def test_patterns_give_the_digits_of_all_rows(name: str, covariance: str) -> None:
    frame, asked = nights(7), words(CASES[name][0], covariance)
    same(fit(frame.lazy(), **asked, route="patterns"), fit_rows(frame, **asked))


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), name=st.sampled_from(["poisson", "cloglog", "nb2", "binomial of k in n"]))
def test_patterns_give_the_digits_of_any_rows(seed: int, name: str) -> None:
    frame, asked = nights(seed, persons=25), words(CASES[name][0], "CR3")
    same(fit(frame.lazy(), **asked, route="patterns"), fit_rows(frame, **asked))


@pytest.mark.parametrize("covariance", ["model", "HC0", "HC1", "CR0", "CR1S", "CR3"])
@pytest.mark.parametrize(
    "name", [name for name in CASES if name.split(maxsplit=1)[0] in {"poisson", "quasipoisson", "binomial", "cloglog"}]
)
def test_blocks_give_the_digits_of_all_rows(name: str, covariance: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hypnic.analysis.scale.routes.BATCH", 100)
    frame, asked = nights(11), words(CASES[name][0], covariance)
    same(fit(frame.lazy(), **asked, route="blocks"), fit_rows(frame, **asked))


@pytest.mark.parametrize("route", ["patterns", "blocks", "persons"])
@pytest.mark.parametrize("shuffled", [False, True], ids=["sorted by person", "in any order"])
def test_no_digit_hangs_on_where_rows_are_cut(route: Any, shuffled: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("chunks", "patterns", "rectangles"):
        monkeypatch.setattr(f"hypnic.analysis.scale.{module}.chunk_size", lambda _: 7)
    monkeypatch.setattr("hypnic.analysis.scale.routes.BATCH", 100)
    frame = nights(9).sample(fraction=1.0, shuffle=shuffled, seed=2)
    asked = words({"outcome": "count", "family": "poisson", "exposure": "hours"}, "CR3")
    if route == "persons":
        asked = asked | {"family": "fe-poisson", "groups": "person"}
    same(fit(frame.lazy(), **asked, route=route), fit_rows(frame, **asked))


@pytest.mark.parametrize("dispersed", [True, False])
def test_clusters_of_nb2_in_any_order_give_the_digits_of_all_rows(dispersed: bool) -> None:
    frame = nights(9).sample(fraction=1.0, shuffle=True, seed=2)
    frame = frame if dispersed else frame.with_columns(count=pl.Series([0, 1, 1, 2] * 120))
    asked = words(CASES["nb2"][0], "CR1S")
    same(fit(frame.lazy(), **asked, route="patterns"), fit_rows(frame, **asked))


def test_first_rows_unlike_the_others_change_no_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hypnic.analysis.scale.routes.BATCH", 60)
    frame = nights(11).with_columns(dose=pl.col("dose") + 2000).drop_nulls().sort("dose", "mood")
    asked = words(CASES["poisson"][0], "CR1S") | {"terms": ["dose", "late"]}
    same(fit(frame.lazy(), **asked, route="blocks"), fit_rows(frame, **asked))


WHOLE = {
    "big": st.integers(-(2**62), 2**62), "small": st.integers(-3, 3), "flag": st.booleans(),
    "share": st.sampled_from([0.25, 0.5]),
}  # fmt: skip


@given(st.lists(st.fixed_dictionaries(WHOLE), min_size=1, max_size=20), st.permutations(list(WHOLE)), st.integers(1, 4))
def test_cells_are_sorted_as_their_columns_are(rows: list[dict[str, Any]], keys: list[str], few: int) -> None:
    frame = pl.DataFrame(rows)
    assert _in_order(frame, keys[:few]).select(keys[:few]).equals(frame.select(keys[:few]).sort(keys[:few]))


@pytest.mark.parametrize("covariance", ["model", "HC0", "CR0", "CR1S", "CR3"])
@pytest.mark.parametrize("exposure", [None, "hours"])
def test_persons_give_the_digits_of_all_rows(covariance: str, exposure: str | None) -> None:
    frame = nights(3).sample(fraction=1.0, shuffle=True, seed=1)
    asked = {"outcome": "count", "terms": TERMS, "family": "fe-poisson", "groups": "person", "exposure": exposure}
    one, other = (
        fit(frame.lazy(), **asked, covariance=covariance, route="persons"),
        fit_rows(frame, **asked, covariance=covariance),
    )
    same(one, other)
    assert one.info["n_groups"] == other.info["n_groups"]


def test_persons_read_in_parts_give_the_digits_of_all_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hypnic.analysis.scale.routes._KEPT", 0)
    frame = nights(5).sample(fraction=1.0, shuffle=True, seed=1)
    asked = {"outcome": "count", "terms": TERMS, "family": "fe-poisson", "groups": "person"}
    same(fit(frame.lazy(), **asked, route="persons"), fit_rows(frame, **asked))


@pytest.mark.parametrize("route", ["patterns", "blocks"])
def test_a_joint_test_over_few_clusters_is_the_same(route: Any) -> None:
    frame, asked = nights(7), words(CASES["poisson"][0], "CR3")
    one, other = (joint_test(made, ["dose", "late"]) for made in (
        fit(frame.lazy(), **asked, route=route), fit_rows(frame, **asked)
    ))  # fmt: skip
    assert one == pytest.approx(other, rel=1e-8)


REFUSED = {
    "leverages in blocks": ("blocks", {"family": "poisson", "covariance": "HC3"}, "HC3 errors need leverages of rows"),
    "a likelihood in blocks": ("blocks", {"family": "nb2", "covariance": "HC0"}, "nb2 is no sum over blocks"),
    "weights in patterns": (
        "patterns",
        {"family": "poisson", "weights": "hours", "covariance": "HC0"},
        "rows differ by their weights",
    ),
    "persons in patterns": (
        "patterns",
        {"family": "gee-poisson", "groups": "person"},
        "gee-poisson needs to know whose each row is",
    ),
    "no persons": ("persons", {"family": "poisson", "covariance": "HC0"}, "poisson is no sum over persons"),
    "no such route": ("shortcut", {"family": "poisson"}, "no route 'shortcut': choose from auto, rows"),
}


@pytest.mark.parametrize(("route", "asked", "said"), REFUSED.values(), ids=REFUSED)
def test_a_route_that_would_not_be_exact_is_refused(route: Any, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(HypnicError, match=said):
        fit(nights(1).lazy(), "count", ["dose"], **asked, route=route)


def test_a_parquet_file_and_a_folder_of_parts_are_read(tmp_path: Any) -> None:
    frame = nights(2)
    frame.write_parquet(tmp_path / "all.parquet")
    (tmp_path / "parts").mkdir()
    for number in range(3):
        frame.slice(160 * number, 160).write_parquet(tmp_path / "parts" / f"{number}.parquet")
    asked = words(CASES["poisson"][0], "CR1S")
    for path in (tmp_path / "all.parquet", tmp_path / "parts"):
        for route in ("patterns", "rows"):
            same(fit(path, **asked, route=route), fit_rows(frame, **asked))


def test_many_rows_take_the_route_that_fits_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hypnic.analysis.scale.routes._FEW", 100)
    frame = nights(2).with_columns(smooth=pl.Series(np.random.default_rng(1).normal(size=480)))
    routes = {
        "patterns": {"terms": ["dose"], "family": "poisson", "covariance": "HC0"},
        "blocks": {"terms": ["smooth"], "family": "poisson", "covariance": "HC0"},
        "persons": {"terms": ["dose"], "family": "fe-poisson", "groups": "person"},
        "rows": {"terms": ["dose"], "family": "gee-poisson", "groups": "person"},
    }
    for route, asked in routes.items():
        assert fit(frame.lazy(), "count", **asked).info["route"] == route  # type: ignore[arg-type]
    assert "route: patterns, 4 distinct rows, exact" in repr(fit(frame.lazy(), "count", "dose", "poisson"))


def test_what_rows_refuse_every_route_refuses_in_the_same_words() -> None:
    frame = nights(4).with_columns(one=pl.lit(1), twice=2 * pl.col("dose"), never=(pl.col("count") > 0).cast(pl.Int8))
    for terms in (["dose", "one"], ["dose", "never"], ["dose", "absent"]):
        asked = {"outcome": "count", "terms": terms, "family": "poisson", "covariance": "HC0"}
        with pytest.raises(HypnicError) as expected:
            fit_rows(frame, **asked)
        for route in ("patterns", "blocks"):
            with pytest.raises(HypnicError, match=str(expected.value)[:40]):
                fit(frame.lazy(), **asked, route=route)
