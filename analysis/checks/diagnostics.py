"""A fixed battery for each primary model: spread, zeros, residuals, nights in a row, collinearity, link, influence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import polars as pl

from hypnic.analysis.checks.describe import count_distribution
from hypnic.analysis.checks.envelopes import SETS, Envelope, by_lot, diary_envelope, rank_p, survey_envelope
from hypnic.analysis.checks.influence import influence, refitted
from hypnic.analysis.checks.leverage import Leverage
from hypnic.analysis.checks.spread import Finding, spread_of_counts, spread_of_shares
from hypnic.analysis.question.question import Question
from hypnic.analysis.question.rows import computed, refuse_few, rounded
from hypnic.analysis.regression.design import expand_terms
from hypnic.analysis.regression.fit import fit
from hypnic.analysis.regression.problem import Array, Codes, group_sums
from hypnic.analysis.studies.estimands import Estimand
from hypnic.errors import HypnicError

SEED = 20
LEVEL = 0.05
LARGE_VIF = 5.0
REFITTED = 3  # persons left out by fitting anew
LEVELS = np.linspace(0.02, 0.98, 49)
DIAGNOSED = ("fe-poisson", "cloglog")
# What each check says where it finds nothing, and where it finds something.
READINGS = {
    "overdispersion": ("no more spread than the model has", "more spread: errors must be robust, as they are"),
    "zeros": ("no more zeros than fitted", "more zeros than fitted: the shape is not the model's, its ratio can stand"),
    "residuals": ("as in the simulated sets", "unlike the simulated sets"),
    "nights in a row": ("nothing left from night to night", "alike from night to night: errors are by person"),
    "collinearity": ("told apart from its adjustment", "hard to tell from its adjustment"),
    "fit": ("the answers are as fitted in every tenth of people", "some tenth answers otherwise than fitted"),
    "proportional odds": ("one ratio serves all answers", "the ratio differs from answer to answer: see those at each"),
    "spread": ("no wider than people drawn one by one", "wider than for people drawn one by one, as the errors are"),
    "link": ("the line on the log scale fits", "the line on the log scale bends: see dose against response"),
    "sampling unit": ("no one unit decides", "one unit moves it by more than its standard error"),
    "influence": ("no one person decides", "one person moves it by more than its standard error"),
}  # fmt: skip

INFLUENCE = "influence: largest change without one person, in standard errors"
TIDY = {"check": pl.String, "statistic": pl.Float64, "p_value": pl.Float64, "reading": pl.String}


@dataclass(frozen=True, eq=False)
class Diagnosis:
    """The checks of one model as a tidy frame, and what a figure of it needs.

    `quantiles` and `trend` have columns `at`, `observed`, `low`, `high` (95 % of the simulated sets); `rootogram` has
    `low`, `high`, `observed`, `expected`; `changes` (persons,) are in standard errors, the largest first, and means of
    `each` persons. `some` says that rows of people drawn by lot were compared with simulated sets, as there are many.
    """

    estimand: Estimand
    checks: pl.DataFrame
    rootogram: pl.DataFrame
    quantiles: pl.DataFrame
    trend: pl.DataFrame
    changes: Array
    each: int = 1
    some: bool = False


def diagnostics(question: Question) -> pl.DataFrame:
    """Check one model: columns `check`, `statistic`, `p_value` (null where there is none), `reading`.

    Raises HypnicError where the model cannot be fitted.
    """
    return diagnose(question).checks


def diagnose(question: Question) -> Diagnosis:
    """Run the battery on one question's model; see `Diagnosis`."""
    rng = np.random.default_rng(SEED)
    data, diary = question.data, question.data.instrument.design == "diary"
    order = [data.person, *(["night_index"] if diary else [])]
    question = question.on(data.frame.sort(order))  # what is drawn goes by rows
    fitted = question.fit()
    model = Leverage(fitted, question.persons(fitted))
    refuse_few(int(model.persons.max()) + 1)
    rows = by_lot(question.data.frame, data.person)
    some = question if rows.height == data.frame.height else question.on(rows)
    if question.estimand.family == "fe-poisson":
        counts, predictor, person = within_predictor(some)
        envelope = diary_envelope(counts, predictor, person, rng)
        battery = [lambda: spread_of_counts(model), envelope.checks, lambda: [_nights_in_a_row(question, model, rng)]]
    else:
        among = some.fit()
        counts, trials = among.sample.outcome.T
        envelope, person = survey_envelope(counts, trials, among.estimation.fitted, rng), some.persons(among)
        battery = [lambda: spread_of_shares(model), envelope.checks]
    error = float(fitted.contrast({question.estimand.exposure: 1})["std_error"].item())
    changes = influence(fitted, model.persons) / error
    most = np.argsort(-np.abs(changes), kind="stable")
    battery += [
        lambda: [("collinearity: VIF of the exposure", inflation(model), None)],
        lambda: [_link(question)],
        lambda: [(INFLUENCE, float(np.abs(refitted(question, most[:REFITTED])).max() / error), None)],
    ]
    found = tidy([one for make in battery for one in _had(make)])
    if some is not question:
        residuals = pl.col("check").str.starts_with("residuals")
        lot = pl.lit(f", in {rows.height:,} rows of {rows[data.person].n_unique():,} people drawn by lot")
        found = found.with_columns(reading=pl.when(residuals).then(pl.col("reading") + lot).otherwise("reading"))
    return Diagnosis(
        question.estimand, found,
        _rootogram(envelope, person, 1 if diary else 5),
        _band(LEVELS, envelope.quantiles(LEVELS)), _band(*envelope.trend(person)), changes[most],
        some=some is not question,
    )  # fmt: skip


def _had(make: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """Give what checks found, or nothing where few answers do not carry them: the others stand."""
    with suppress(HypnicError), computed():
        return list(make())
    return []


def tidy(found: list[Finding]) -> pl.DataFrame:
    """Set what checks found as a frame of `TIDY`."""
    rows = [
        {"check": name, "statistic": rounded(value), "p_value": None if p is None else rounded(p),
         "reading": reading(name, value, p)}
        for name, value, p in found
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TIDY)


def reading(check: str, statistic: float, p_value: float | None) -> str:
    """Say in plain words what one check found.

    >>> reading("collinearity: VIF of the exposure", 1.3, None)
    'told apart from its adjustment'
    """
    kind = check.partition(":")[0]
    limit = LARGE_VIF if kind == "collinearity" else 1.0
    return READINGS[kind][statistic > limit if p_value is None else p_value < LEVEL]


def within_predictor(question: Question) -> tuple[Array, Array, Codes]:
    """Give all complete rows, of persons without an event too: outcome, linear predictor about its person's, whose."""
    data, estimand, fitted = question.data, question.kept().estimand, question.fit()
    terms = [estimand.exposure, *estimand.adjustment]
    frame = question.exposed().drop_nulls([str(data.outcome), *terms])
    persons = np.unique(frame[data.person].to_numpy(), return_inverse=True)[1].astype(np.intp)
    matrix = expand_terms(frame, terms)[0].select(fitted.names).cast(pl.Float64).to_numpy()
    size = np.bincount(persons)
    means = group_sums(matrix, persons, len(size)) / size[:, None]
    counts = frame[str(data.outcome)].cast(pl.Float64).to_numpy()
    return counts, np.asarray((matrix - means[persons]) @ fitted.params), persons


def _nights_in_a_row(question: Question, model: Leverage, rng: np.random.Generator) -> Finding:
    mean = model.fitted.estimation.fitted
    night = question.rows_used()["night_index"].to_numpy()
    order = np.lexsort((night, model.persons))
    residual = ((model.fitted.sample.outcome - mean) / np.sqrt(mean))[order]
    return lag_correlation(residual, model.persons[order], night[order], rng)


def lag_correlation(residual: Array, person: Codes, night: Codes, rng: np.random.Generator) -> Finding:
    """Correlate each night's residual with the next night's, over all persons; rows in order of person and night.

    The statistic is what is left beyond shuffled nights: residuals about a person's own level are a little unlike each
    other by construction.
    """
    first = np.flatnonzero((np.diff(person) == 0) & (np.diff(night) == 1))
    if not residual[first].any() or not residual[first + 1].any():
        message = "no two nights in a row have residuals to compare"
        raise HypnicError(message, reason="no_variation")

    def correlation(values: Array) -> float:
        one, next_ = values[first], values[first + 1]
        return float((one * next_).sum() / np.sqrt((one**2).sum() * (next_**2).sum()))

    shuffled = np.array([correlation(residual[np.lexsort((rng.random(len(person)), person))]) for _ in range(SETS)])
    found = correlation(residual)
    return "nights in a row: correlation of residuals", found - float(shuffled.mean()), rank_p(found, shuffled)


def inflation(model: Leverage) -> float:
    """Give the variance inflation factor of the exposure: on nights within persons, in a diary."""
    x, persons = model.fitted.columns.matrix, model.persons
    if model.fitted.sample.groups is not None:
        size = np.bincount(persons)
        x = x - (group_sums(x, persons, len(size)) / size[:, None])[persons]
    else:
        x = x[:, 1:]
    return 1.0 if x.shape[1] == 1 else float(np.linalg.inv(np.corrcoef(x, rowvar=False))[0, 0])


def _link(question: Question) -> Finding:
    """Add the square of the linear predictor (Pregibon 1980, Appl Stat 29:15)."""
    data, estimand, fitted = question.data, question.estimand, question.fit()
    line = fitted.columns.matrix @ fitted.estimation.params
    line -= line.mean()
    frame = question.rows_used().with_columns(line=line, line_squared=line**2)
    bent = fit(
        frame, data.outcome, ["line", "line_squared"], estimand.family, covariance=estimand.covariance, **data.keywords
    )
    row = bent.contrast({"line_squared": 1}).row(0, named=True)
    return "link: square of the linear predictor", row["statistic"], row["p_value"]


def _band(at: Array, sets: Array) -> pl.DataFrame:
    low, high = np.quantile(sets[1:], [0.025, 0.975], axis=0)
    return pl.DataFrame({"at": at, "observed": sets[0], "low": low, "high": high})


def _rootogram(envelope: Envelope, person: Codes, width: int) -> pl.DataFrame:
    """Count the rows in each class of counts, and in the simulated sets; no class has fewer than ten persons."""
    classes = count_distribution(pl.Series(envelope.sets[0].astype(np.int64)), pl.Series(person), width)
    lows, highs = classes["low"].to_numpy(), classes["high"].fill_null(np.iinfo(np.int64).max).to_numpy()
    drawn = [((envelope.sets[1:] >= low) & (envelope.sets[1:] <= high)).sum() / SETS
             for low, high in zip(lows, highs, strict=True)]  # fmt: skip
    return classes.select("low", "high", observed="n_rows").with_columns(expected=pl.Series(drawn, dtype=pl.Float64))
