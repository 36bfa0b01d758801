"""`fit` takes the frame that somebody has: of polars, pandas, pyarrow or whatever streams Arrow."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.foreign import as_polars
from hypnic.errors import HypnicError

NIGHTS = pl.DataFrame(
    {
        "jerks": [0, 1, 2, 1, 4, 3, 0, 2, 1, None],
        "dose": [0.0, 0.0, 1.0, None, 2.0, 2.0, 0.5, 1.5, 1.0, 1.0],
        "late": [True, False, None, True, False, True, False, False, True, True],
        "mood": ["low", "mid", "high", "low", "high", "high", "mid", "low", None, "low"],
    },
    schema_overrides={"mood": pl.Enum(["low", "mid", "high"])},
)


def nullable(frame: pl.DataFrame) -> pd.DataFrame:
    """Give the same rows in the types of pandas that know what is missing."""
    types = {"jerks": "Int8", "dose": "Float64", "late": "boolean"}
    return pd.DataFrame(frame.to_dict(as_series=False)).astype(types).assign(
        mood=pd.Categorical(frame["mood"], categories=["low", "mid", "high"])
    )  # fmt: skip


class Stream:
    """What DuckDB and others hand out."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return NIGHTS.__arrow_c_stream__(requested_schema)


FRAMES = {
    "lazy": NIGHTS.lazy(),
    "pandas": NIGHTS.to_pandas(),
    "pandas, nullable": nullable(NIGHTS),
    "pandas, of Arrow": NIGHTS.to_pandas(use_pyarrow_extension_array=True).assign(
        mood=pd.Categorical(NIGHTS["mood"], categories=["low", "mid", "high"])
    ),
    "pandas, another index": NIGHTS.to_pandas().set_index(np.arange(10) * 7 + 3),
    "pandas, objects": NIGHTS.to_pandas().astype({"late": object, "jerks": object}),
    "pyarrow": NIGHTS.to_arrow(),
    "a stream of Arrow": Stream(),
}  # fmt: skip


@pytest.mark.parametrize("kind", FRAMES)
def test_the_same_rows_give_the_same_fit(kind):
    ours = fit(NIGHTS, "jerks", ["dose", "late", "mood"], "poisson", covariance="HC0")
    theirs = fit(FRAMES[kind], "jerks", ["dose", "late", "mood"], "poisson", covariance="HC0")
    assert theirs.names == ours.names == ("(Intercept)", "dose", "late", "mood[mid]", "mood[high]")
    assert theirs.params.tolist() == ours.params.tolist()
    assert theirs.info["n_dropped"] == ours.info["n_dropped"]


def test_the_first_category_of_pandas_is_the_reference_and_text_has_its_first_sorted():
    frame = pd.DataFrame({"y": [0, 1, 2, 3, 4, 5], "arm": ["b", "a", "b", "c", "a", "c"]})
    ordered = frame.assign(arm=pd.Categorical(frame["arm"], categories=["c", "a", "b"]))
    assert fit(frame, "y", "arm", "poisson").names == ("(Intercept)", "arm[b]", "arm[c]")
    assert fit(ordered, "y", "arm", "poisson").names == ("(Intercept)", "arm[a]", "arm[b]")


def test_categories_of_numbers_become_levels():
    frame = pd.DataFrame({"y": [0, 1, 2, 3, 4, 5], "dose": pd.Categorical([10, 9, 10, 9, 10, 9])})
    assert fit(frame, "y", "dose", "poisson").names == ("(Intercept)", "dose[10]")


def test_an_ordered_dictionary_of_pyarrow_keeps_its_order_and_any_other_is_sorted():
    codes, words = pa.array([0, 1, 0, 1]), pa.array(["much", "little"])
    for ordered, first in ((True, "much"), (False, "little")):
        table = pa.table({"mood": pa.DictionaryArray.from_arrays(codes, words, ordered=ordered)})
        assert as_polars(table, ["mood"])["mood"].unique().sort()[0] == first


def test_a_lazy_frame_reads_only_the_columns_of_the_fit():
    def never(_: pl.Series) -> pl.Series:
        raise AssertionError

    lazy = NIGHTS.lazy().with_columns(trap=pl.col("dose").map_batches(never, return_dtype=pl.Float64))
    assert fit(lazy, "jerks", "dose", "poisson", covariance="HC0").info["n_rows"] == 8


def test_a_column_that_nobody_asked_for_spoils_nothing():
    frame = NIGHTS.to_pandas().assign(notes=[1, "two", None, {}, [], 1j, 2.0, "x", b"y", date(2020, 1, 1)])
    assert fit(frame, "jerks", "dose", "poisson", covariance="HC0").info["n_rows"] == 8


NUMBERS = {
    "decimals": pl.Series([Decimal("0.5"), Decimal("1.5"), Decimal(2), Decimal(1)] * 3),
    "booleans": pl.Series([True, False, False, True] * 3),
    "small integers": pl.Series([127, -128, 100, 5] * 3, dtype=pl.Int8),
    "unsigned": pl.Series([250, 0, 100, 5] * 3, dtype=pl.UInt8),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_of_every_type_are_the_numbers_they_say(kind):
    frame = pl.DataFrame({"y": [0, 1, 2, 1, 4, 3, 0, 2, 1, 3, 5, 1], "x": NUMBERS[kind]})
    small = fit(frame.with_columns(pl.col("y").cast(pl.Int8)), "y", "x", "poisson", covariance="HC0")
    plain = fit(frame.cast({"x": pl.Float64}), "y", "x", "poisson", covariance="HC0")
    assert small.params.tolist() == plain.params.tolist()


def test_names_may_hold_spaces_colons_and_brackets():
    frame = NIGHTS.rename({"dose": "dose (mg): late\nor not", "late": "a:b[c]"})
    fitted = fit(frame, "jerks", ["dose (mg): late\nor not", "a:b[c]"], "poisson", covariance="model")
    assert fitted.names[1:] == ("dose (mg): late\nor not", "a:b[c]")
    assert len(repr(fitted).splitlines()) == 6


TWICE = pd.concat([NIGHTS.to_pandas(), NIGHTS.to_pandas()[["dose"]]], axis=1)
REFUSED = {
    "a list": ([{"jerks": 1}], "dose", "frame is a list: give a frame of polars, pandas or pyarrow"),
    "a dictionary": ({"jerks": [1]}, "dose", "frame is a dict: give a frame"),
    "a series": (pd.Series([1]), "dose", "frame is a Series: give a frame"),
    "an index": (NIGHTS.to_pandas().set_index("dose"), "dose", "it is in the index, so give frame.reset_index()"),
    "a number as a name": (NIGHTS.to_pandas().rename(columns={"dose": 5}), "5", "its name is a int, so rename it"),
    "two of a name": (TWICE, "dose", "the frame has two columns 'dose': keep one"),
    "mixed values": (NIGHTS.to_pandas().assign(dose=[1, "x"] * 5), "dose", "several kinds (int, str): make them all"),
    "another case": (NIGHTS, "Dose", "no column 'Dose': did you mean 'dose'?"),
    "no columns": (pd.DataFrame(), "dose", "no column 'jerks': the frame has no columns"),
    "dates": (NIGHTS.with_columns(dose=date(2020, 1, 1)), "dose", "make a number of it first, such as days since"),
    "nothing but null": (NIGHTS.with_columns(dose=None), "dose", "missing dose 9"),
    "too large": (NIGHTS.with_columns(pl.col("dose") * 1e200), "dose", "column 'dose' has a value beyond 1e+100"),
    "a name of fit's": (NIGHTS.rename({"dose": "zero:dose"}), "zero:dose", "a name like those of fit's own"),
    "an expression": (NIGHTS, [pl.col("dose")], "terms holds a Expr: give names of columns, as text"),
    "no terms": (NIGHTS, None, "terms holds a NoneType"),
    "a file that is gone": (pl.scan_csv("gone.csv"), "dose", "the lazy frame cannot be read: "),
    "a level like a column": (
        NIGHTS.with_columns(pl.col("dose").alias("mood[mid]")), ["mood", "mood[mid]"], "two terms make a column",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_fitted_is_refused_in_one_line(case):
    frame, terms, message = REFUSED[case]
    with pytest.raises(HypnicError, match=re.escape(message)) as caught:
        fit(frame, "jerks", terms, "poisson")
    assert "\n" not in str(caught.value)


def test_other_parts_that_are_no_columns_are_refused():
    for wrong, message in (
        ({"outcome": None}, "outcome holds a NoneType"),
        ({"outcome": ("jerks", "late", "mood")}, "outcome names 3 columns: give one, or a pair"),
        ({"covariance": 3}, "no covariance '3'"),
        ({"cluster": "lists"}, "which names nobody: give numbers or text"),
    ):
        call = {"outcome": "jerks", "terms": "dose", "family": "poisson"} | wrong
        with pytest.raises(HypnicError, match=re.escape(message)):
            fit(NIGHTS.with_columns(lists=pl.concat_list("dose")), **call)


def test_weights_and_domains_may_be_booleans():
    frame = NIGHTS.drop_nulls("late")
    marked = fit(frame, "jerks", "dose", "poisson", weights="late", covariance="HC0")
    kept = fit(frame.filter("late"), "jerks", "dose", "poisson", covariance="HC0")
    assert marked.params == pytest.approx(kept.params, rel=1e-12)


DEFAULTS = {
    "rows": ("poisson", {}, "HC3"),
    "rows of a family without leverages": ("ordered", {}, "HC1"),
    "clusters": ("poisson", {"cluster": "who"}, "CR3"),
    "clusters of a family without leverages": ("ordered", {"cluster": "who"}, "CR1S"),
    "persons": ("fe-poisson", {"groups": "who"}, "CR3"),
    "persons of a logit": ("fe-logit", {"groups": "who", "outcome": "any"}, "CR1S"),
    "a survey": ("poisson", {"weights": "weight"}, "design"),
    "weights of clusters": ("poisson", {"weights": "weight", "cluster": "who"}, "CR3"),
    "a survey with its units": ("poisson", {"weights": "weight", "psu": "who"}, "design"),
}


@pytest.mark.parametrize("case", DEFAULTS)
def test_without_a_covariance_errors_are_those_that_trust_the_model_least(case):
    family, more, covariance = DEFAULTS[case]
    rng = np.random.default_rng(1)
    frame = pl.DataFrame({"jerks": rng.integers(0, 3, 120), "dose": rng.normal(size=120), "who": np.arange(120) // 6})
    frame = frame.with_columns(weight=1 + pl.col("who") % 3, any=(pl.col("jerks") > 0).cast(pl.Int8))
    call = {"outcome": "jerks", "terms": "dose", "family": family} | more
    fitted, named = fit(frame, **call), fit(frame, **call, covariance=covariance)
    assert fitted.asked.covariance == covariance
    assert fitted.vcov.tolist() == named.vcov.tolist()


def test_an_enum_without_rows_of_its_first_level_says_what_others_are_compared_with():
    frame = NIGHTS.with_columns(pl.col("mood").cast(pl.String).cast(pl.Enum(["none", "low", "mid", "high"])))
    fitted = fit(frame, "jerks", "mood", "poisson", covariance="model")
    assert fitted.names == ("(Intercept)", "mood[mid]", "mood[high]")
    assert fitted.info["warnings"] == ("no row that enters has mood 'none': its levels are compared with 'low'",)
