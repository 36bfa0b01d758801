"""What `fit` refuses: one line that names the thing and the remedy."""

import re

import polars as pl
import pytest

from hypnic.analysis.regression.fit import fit
from hypnic.errors import HypnicError

FRAME = pl.DataFrame(
    {
        "y": [0, 1, 2, 3, 0, 5, 2, 1],
        "lo": [0, 1, 2, 2, 0, 5, 2, 1],
        "hi": [0, 1, 4, 4, 0, None, 4, 1],
        "k": [0, 1, 1, 0, 1, 0, 1, 0],
        "n": [3, 3, 3, 3, 3, 3, 3, 3],
        "x": [0.1, 0.5, 0.2, 0.9, 0.3, 0.7, 0.8, 0.4],
        "z": [1.0, 0.0, 2.0, 1.0, 0.5, 3.0, 0.2, 0.1],
        "flag": [0, 1, 1, 1, 0, 1, 1, 1],
        "fixed": [7.0] * 8,
        "level": ["b"] * 8,
        "text": ["a", "b", "c", "a", "b", "c", "a", "b"],
        "pid": [1, 1, 2, 2, 3, 3, 4, 4],
        "age": [20, 20, 30, 30, 40, 40, 50, 50],
        "hours": [8.0, 7, 6, 8, 7, 0, 8, 8],
        "w": [1.0, 2, 1, 2, 1, 2, 1, -2],
        "one": [1.0] * 8,
        "half": [0.5, 1, 0, 1, 0, 1, 0, 1],
        "far": [1.0, 2, 3, 4, 5, 6, 7, float("inf")],
        "empty": pl.Series([None] * 8, dtype=pl.Float64),
        "twelve": [12, 0, 0, 1, 3, 2, 5, 0],
        "vast": [2e6] + [0.0] * 7,
        "gap": [0, 1, 3, 3, 0, 1, 0, 1],
        "mood": pl.Series(["low", "low", "high", "high", "low"] + ["high"] * 3, dtype=pl.Enum(["low", "mid", "high"])),
        "day": pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 1, 8), eager=True),
    }
).with_columns(double=2 * pl.col("x"), minus=-pl.col("y"), above=pl.col("lo") - 1, part=pl.col("lo") + 0.5)

REFUSALS = {
    "unknown column": ({"terms": ["xx"]}, "no column 'xx': did you mean 'x'?"),
    "unknown column, nothing near": ({"terms": ["caffeine"]}, "no column 'caffeine': the frame has y, lo"),
    "text outcome": ({"outcome": "text"}, "column 'text' is String, not a number"),
    "date term": ({"terms": ["day"]}, "term 'day' is Date"),
    "infinite term": ({"terms": ["far"]}, "column 'far' has an infinite value"),
    "negative outcome": (
        {"outcome": "minus"},
        "outcome 'minus' has negative values: counts start at 0 (6 rows)",
    ),
    "zero exposure": ({"exposure": "hours"}, "exposure 'hours' must be above 0"),
    "constant term": ({"terms": ["fixed"]}, "term 'fixed' is constant"),
    "one level": ({"terms": ["level"]}, "term 'level' is constant"),
    "collinear": ({"terms": ["x", "z", "double"]}, "term 'double' is a linear combination of 'x'"),
    "term twice": ({"terms": ["x", "x"]}, "term 'x' is given twice"),
    "outcome as term": ({"terms": ["y"]}, "term 'y' is given twice or is the outcome"),
    "nothing left": ({"terms": ["empty"]}, "no row is left to fit 'y': missing empty 8"),
    "too many terms": (
        {"terms": ["x", "z", "text", "pid", "flag", "half"]},
        "8 complete rows cannot carry 8",
    ),
    "separated level": ({"terms": ["flag"]}, "the outcome is zero in every row with 'flag' = 0"),
    "unknown family": ({"family": "gamma"}, "no family 'gamma': choose from poisson, quasipoisson"),
    "unknown covariance": ({"covariance": "HC4"}, "no covariance 'HC4': choose from model, HC0"),
    "no cluster": ({"covariance": "CR2"}, "covariance CR2 needs cluster"),
    "unread cluster": ({"cluster": "pid", "covariance": "HC3"}, "cluster 'pid' is not read by covariance HC3"),
    "unread groups": ({"groups": "pid"}, "family poisson reads no groups"),
    "unread zero part": ({"zero_terms": []}, "family poisson has no zero part"),
    "unread strata": ({"strata": "pid"}, "strata and psu are read by covariance='design' only"),
    "design without weights": ({"covariance": "design"}, "covariance design needs weights"),
    "strata without weights": ({"covariance": "design", "strata": "pid"}, "strata and psu are read by"),
    "negative weights": ({"weights": "w"}, "weights 'w' has negative values"),
    "model errors of weights": (
        {"weights": "one", "covariance": "model"},
        "weights 'one' need a robust covariance",
    ),
    "domain of halves": ({"domain": "half"}, "domain 'half' must hold only 0 and 1"),
    "one PSU": ({"weights": "one", "psu": "one", "covariance": "design"}, "the sample has a single PSU"),
    "one cluster": ({"cluster": "one", "covariance": "CR0"}, "covariance CR0 needs at least two clusters"),
    "pair for a count": ({"outcome": ("k", "n")}, "family poisson takes one outcome column"),
    "counts for a share": ({"family": "binomial"}, "outcome 'y' must hold 0 and 1, or be a (k, n) pair"),
    "k above n": (
        {"family": "cloglog", "outcome": ("y", "n")},
        "outcome 'y' is above its trials 'n' (1 rows)",
    ),
    "no trials": ({"family": "cloglog", "outcome": ("k", "k")}, "trials 'k' must be above 0"),
    "exposure of a logit": (
        {"family": "binomial", "outcome": "k", "exposure": "one"},
        "use family='cloglog'",
    ),
    "separating number": (
        {"family": "binomial", "outcome": "flag", "terms": ["split"]},
        "term 'split' separates",
    ),
    "no pair": ({"family": "interval-nb2", "covariance": "HC0"}, "takes a pair of outcome columns, (lo, hi)"),
    "lo above hi": (
        {"family": "interval-nb2", "outcome": ("lo", "above"), "covariance": "HC0"},
        "interval 'lo' is above 'above': swap them",
    ),
    "half a count": (
        {"family": "interval-nb2", "outcome": ("lo", "part"), "covariance": "HC0"},
        "interval 'lo', 'part' must hold whole numbers",
    ),
    "HC3 of an interval": (
        {"family": "interval-nb2", "outcome": ("lo", "hi"), "covariance": "HC3"},
        "covariance HC3 is not available for interval-nb2: use one of model, HC0",
    ),
    "no groups": ({"family": "fe-poisson", "covariance": "HC0"}, "family fe-poisson needs groups"),
    "no groups, and nothing asked of the errors": (
        {"family": "fe-poisson", "covariance": None},
        "family fe-poisson needs groups",
    ),
    "HC3 within persons": (
        {"family": "fe-poisson", "groups": "pid", "covariance": "HC3"},
        "covariance HC3 is not available",
    ),
    "no terms within persons": (
        {"family": "fe-poisson", "groups": "pid", "terms": [], "covariance": "HC0"},
        "give at least one term",
    ),
    "no zero to inflate": (
        {"family": "zip", "outcome": "age", "covariance": "HC0"},
        "the outcome is above zero in every row: there is no zero part, use family='poisson' or 'nb2'",
    ),
    "no zero before a hurdle": (
        {"family": "hurdle-nb2", "outcome": "age", "covariance": "HC0"},
        "there is no zero part, use family='poisson' or 'nb2'",
    ),
    "no count above one": (
        {"family": "hurdle-poisson", "outcome": "flag", "terms": [], "covariance": "HC0"},
        "no outcome is above 1, so nothing tells counts from zeros: use family='binomial' or 'cloglog'",
    ),
    "half a jerk": ({"family": "nb2", "outcome": "half"}, "outcome 'half' must hold whole numbers"),
    "collinear zero part": (
        {"family": "zip", "outcome": "twelve", "zero_terms": ["x", "double"], "covariance": "HC0"},
        "term 'zero:double' is a linear combination of 'zero:x'",
    ),
    "constant zero part": (
        {"family": "zinb", "outcome": "twelve", "zero_terms": ["fixed"], "covariance": "HC0"},
        "term 'zero:fixed' is constant",
    ),
    "zero term twice": (
        {"family": "zinb", "zero_terms": ["z", "z"], "covariance": "HC0"},
        "term 'z' is given twice",
    ),
    "unknown zero term": ({"family": "zip", "zero_terms": ["xx"], "covariance": "HC0"}, "no column 'xx'"),
    "separated zero part": (
        {"family": "zip", "terms": [], "zero_terms": ["flag"], "covariance": "HC0"},
        "the outcome is above zero in every row with 'zero:flag' = 1",
    ),
    "HC3 of a zero part": (
        {"family": "zinb", "covariance": "HC3"},
        "HC3 is not available for zinb: use one of model, HC0, HC1, CR0",
    ),
    "an empty level": (
        {"family": "ordered", "outcome": "mood", "covariance": "model"},
        "level 'mid' of outcome 'mood' has no rows: pool it with a neighbour, or recode",
    ),
    "a code left out": (
        {"family": "ordered", "outcome": "gap", "covariance": "model"},
        "level '2' of outcome 'gap' has no rows",
    ),
    "one answer": (
        {"family": "ordered", "outcome": "n", "covariance": "model"},
        "outcome 'n' is '3' in every row: there is nothing to fit",
    ),
    "words without order": (
        {"family": "ordered", "outcome": "text", "covariance": "model"},
        "column 'text' is String, not a number: cast it to an enum, lowest level first",
    ),
    "halves as codes": (
        {"family": "ordered", "outcome": "half", "covariance": "model"},
        "outcome 'half' must hold whole codes",
    ),
    "ordered exposure": (
        {"family": "ordered", "exposure": "one", "covariance": "model"},
        "exposure 'one' has no meaning with a logit",
    ),
    "pairs within persons": (
        {"family": "fe-logit", "outcome": ("k", "n"), "groups": "pid", "covariance": "CR0"},
        "family fe-logit takes one outcome column",
    ),
    "counts in millions": ({"family": "nb2", "outcome": "vast"}, "outcome 'vast' is above a million"),
    "groups split by the design": (
        {"family": "gee-poisson", "groups": "pid", "weights": "one", "covariance": "design"},
        "'psu' varies within 'pid': each group must be whole in it",
    ),
    "no groups to correlate": ({"family": "gee-poisson", "covariance": "CR0"}, "family gee-poisson needs groups"),
    "groups of one": (
        {"family": "gee-poisson", "groups": "x", "covariance": "CR0"},
        "no group has two rows, so there is no correlation to fit: use family='poisson'",
    ),
    "clusters that split groups": (
        {"family": "gee-poisson", "groups": "pid", "cluster": "half", "covariance": "CR0"},
        "'half' varies within 'pid'",
    ),
    "weights that split groups": (
        {"family": "gee-poisson", "groups": "pid", "weights": "split", "covariance": "CR0"},
        "'split' varies within 'pid'",
    ),
    "term constant within persons": (
        {"family": "fe-poisson", "groups": "pid", "terms": ["x", "age"], "covariance": "HC0"},
        "term 'age' never varies within a group",
    ),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_fit_refuses_by_name_in_one_line(case):
    changes, message = REFUSALS[case]
    frame = FRAME.with_columns(split=pl.col("flag") * 2.0 + pl.col("x") / 10)
    call = {"outcome": "y", "terms": ["x"], "family": "poisson"} | changes
    with pytest.raises(HypnicError, match=re.escape(message)) as caught:
        fit(frame, **call)
    assert "\n" not in str(caught.value)


def test_an_outcome_that_never_happens_is_refused():
    with pytest.raises(HypnicError, match="zero in every row"):
        fit(FRAME.with_columns(y=0), "y", ["x"], "poisson")


def test_a_row_that_fixes_a_coefficient_alone_has_no_hc3():
    with pytest.raises(HypnicError, match="a single row fixes a coefficient"):
        fit(FRAME.with_columns(last=(pl.int_range(8) == 7).cast(pl.Int8)), "y", ["x", "last"], "poisson")


def test_one_term_may_be_given_as_text() -> None:
    frame = pl.DataFrame({"y": [0, 1, 2, 1, 4, 3], "dose": [0, 0, 1, 1, 2, 2]})
    assert fit(frame, "y", "dose", "poisson", covariance="HC0").names == ("(Intercept)", "dose")
