"""Everything that a report shows of a study, computed: what follows is words and ink."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl
from threadpoolctl import threadpool_limits

from hypnic.analysis.checks.answered import Answers, answered
from hypnic.analysis.checks.answers import AnswerDiagnosis, diagnose_answers
from hypnic.analysis.checks.cells import CODED, cells
from hypnic.analysis.checks.diagnostics import DIAGNOSED, Diagnosis, diagnose
from hypnic.analysis.checks.flow import flow
from hypnic.analysis.claims import judged
from hypnic.analysis.estimates import all_but, analysed, assembled, pieces
from hypnic.analysis.programme.dose import dose_response
from hypnic.analysis.programme.hierarchical import Companion, companions
from hypnic.analysis.programme.splines import dose_curve, dose_spread
from hypnic.analysis.question.lean import Lean
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import computed
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.study import StudyData
from hypnic.errors import HypnicError
from hypnic.shelf import Shelf, print_of
from hypnic.workers import Done, Jobs, Piece, Told, divided, say_again, untold


class Curve(NamedTuple):
    """A curve of ratios over doses with its band, and how the doses are spread under it."""

    curve: pl.DataFrame
    spread: pl.DataFrame


class Doses(NamedTuple):
    """One exposure's dose against response: bins, and a curve where the exposure has one."""

    bins: pl.DataFrame
    curve: Curve | None


@dataclass(frozen=True, eq=False)
class Results:
    """A study's results: estimates, doses and checks by instrument and exposure, and answers.

    `rules` tells of each estimand what the rule for small and lean studies left of it.
    """

    data: StudyData
    estimates: pl.DataFrame
    doses: Mapping[tuple[str, str], Doses]
    checks: Mapping[str, tuple[Diagnosis | AnswerDiagnosis, ...]]
    answers: Answers
    claims: pl.DataFrame  # a saying a row, or several where it has several tests: see `hypnic.analysis.claims`
    cells: pl.DataFrame | None = None  # observed and fitted answers of each coding, where answers are bands
    flow: pl.DataFrame | None = None  # who was left at each stage, where a study has stages
    rules: Mapping[Estimand, Lean] = field(default_factory=dict)
    companions: Mapping[str, tuple[Companion, ...]] | None = None  # by instrument, where they were asked for


def results(
    data: StudyData, progress: Told = untold, *, bayes: bool = False, jobs: Jobs = 1, shelf: Shelf | None = None
) -> Results:
    """Estimate and describe a study; `progress` is told each step in a few words. `bayes` adds the diary's companion.

    `jobs` processes share the work, and give the same digits as one; what lies on the `shelf` is not done again.
    What cannot be had is left out: a dose against response with too few answers, a check of a model that is not there.
    Raises HypnicError where `bayes` is asked for and its extra is absent.
    """
    with threadpool_limits(limits=1, user_api="blas"):  # as in `analysed`
        drawn = {one.table: companions(one, progress) for one in data.sets} if bayes else None
        wanted = all_but(["bayes"] if bayes else [])
        done = _done(data, [*pieces(data, wanted), *_more(data)], progress, jobs, shelf)
        estimates = assembled(data, wanted, [row for piece, found in done if piece.run is analysed for row in found])
        doses = {
            (data.sets[at].table, asked[number].estimand.exposure): found
            for at, asked in enumerate(map(questions, data.sets))
            for number, found in enumerate(_found(done, _dose_of, at))
            if found
        }
        checks = {one.table: tuple(filter(None, _found(done, _check_of, at))) for at, one in enumerate(data.sets)}
        compared = [frame for at in range(len(data.sets)) for frame in _found(done, _cells_of, at) if frame is not None]
        progress("describing the answers")
        answers = answered(data)
        progress("judging what people say")
        claims = judged(estimates, frozenset(one.table for one in data.sets))
        more = (claims, pl.concat(compared) if compared else None, _flow(data), _rules(data), drawn)
        return Results(data, estimates, doses, checks, answers, *more)


def _more(data: StudyData) -> list[Piece]:
    """Give what is computed besides the estimates as pieces of work."""
    found = []
    for at, one in enumerate(data.sets):
        for number, question in enumerate(questions(one)):
            name = f"{one.table}: {question.estimand.exposure}"
            found += [
                Piece(f"{name}, dose against response", _dose_of, (at, number)),
                Piece(f"{name}, how well the model fits", _check_of, (at, number)),
            ]
        if data.study.shares is not None:
            found.append(Piece(f"{one.table}: answers against models", _cells_of, (at, data.study.shares.answers)))
    return found


def _done(
    data: StudyData, asked: Sequence[Piece], progress: Told, jobs: Jobs, shelf: Shelf | None
) -> list[tuple[Piece, Any]]:
    """Run pieces of work, but those whose results lie on the shelf for the same rows; give each with its result."""
    prints = [print_of(data.name, one.frame, _rest(one)) for one in data.sets] if shelf else []
    keys = [f"{prints[piece.arguments[0]]} {piece.name} {piece.arguments}" for piece in asked] if shelf else []
    kept: dict[int, Done] = {}
    for at, key in enumerate(keys):
        if shelf is not None and isinstance(found := shelf.take(key), Done):
            kept[at] = found
            say_again(found.said)
    left = [at for at in range(len(asked)) if at not in kept]
    count = len(kept)

    def tell(piece: Piece, done: Done) -> None:
        nonlocal count
        count += 1
        progress(piece.name, count, len(asked))
        if shelf is not None:
            shelf.put(keys[asked.index(piece)], done)

    fresh = divided([asked[at] for at in left], data.sets, jobs, tell)
    everything = kept | dict(zip(left, fresh, strict=True))
    return [(piece, everything[at].result) for at, piece in enumerate(asked)]


def _rest(data: AnalysisSet) -> str:
    """Write down what an analysis sees of a set besides its rows and its instrument, which is code."""
    return repr((data.table, data.person, data.outcome, data.estimands, data.keywords, data.left_out, data.parts))


def _found(done: Sequence[tuple[Piece, Any]], run: Callable[..., Any], at: int) -> list[Any]:
    """Give the results of pieces of one kind on one of the sets, in their order."""
    return [found for piece, found in done if piece.run is run and piece.arguments[0] == at]


def _dose_of(sets: Sequence[AnalysisSet], at: int, number: int) -> Doses | None:
    with threadpool_limits(limits=1, user_api="blas"):
        return _dose(questions(sets[at])[number])


def _check_of(sets: Sequence[AnalysisSet], at: int, number: int) -> Diagnosis | AnswerDiagnosis | None:
    with threadpool_limits(limits=1, user_api="blas"):
        return _check(questions(sets[at])[number])


def _cells_of(sets: Sequence[AnalysisSet], at: int, answers: Mapping[str, tuple[int, int]]) -> pl.DataFrame | None:
    """Hold the primary model and each coding of its answers against what was answered."""
    one, found = sets[at], []
    primary = {question.estimand.outcome for question in questions(one)}
    for question in questions(one, role=None):
        row = question.estimand
        restated = row.variant == row.family and row.outcome in one.instrument.codings
        if row.family in CODED and (restated or (row.role == "primary" and row.outcome in primary)):
            with suppress(HypnicError), computed(), threadpool_limits(limits=1, user_api="blas"):
                found.append(cells(question, answers))
    return pl.concat(found) if found else None


def _dose(question: Question) -> Doses | None:
    # Few answers can carry one slope and not four bins: that exposure then has neither bins nor a curve.
    with suppress(HypnicError), computed():
        if not question.fit().info["converged"]:
            return None
        bins = dose_response(question)
        return Doses(bins, _curve(question, bins))
    return None


def _curve(question: Question, bins: pl.DataFrame) -> Curve | None:
    """Draw the curve through the bins' reference; some exposures have none, and few answers can't carry one."""
    with suppress(HypnicError), computed():
        reference = bins.filter("reference")["dose"][0]
        return Curve(dose_curve(question, reference), dose_spread(question))
    return None


def _check(question: Question) -> Diagnosis | AnswerDiagnosis | None:
    with suppress(HypnicError), computed():  # its row of the estimates says why
        if question.estimand.family in DIAGNOSED:
            return diagnose(question)
        if question.estimand.family == "ordered" and question.estimand.weights:
            return diagnose_answers(question)
    return None


def _rules(data: StudyData) -> dict[Estimand, Lean]:
    found = {}
    for question in (question for one in data.sets for question in questions(one, role=None)):
        with suppress(HypnicError), computed():  # its row of the estimates says why
            found[question.estimand] = question.lean
    return found


def _flow(data: StudyData) -> pl.DataFrame | None:
    found = []
    for question in questions(data.sets[0]) if data.study.stages else ():
        with suppress(HypnicError), computed():
            found.append(flow(question, data.study.stages))
    return pl.concat(found) if found else None
