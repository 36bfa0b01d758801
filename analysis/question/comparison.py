"""A frozen comparison that anyone can fit: to a study, or to a frame of their own."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Literal

import polars as pl

from hypnic.analysis.question.question import Question
from hypnic.analysis.regression.coefficients import Fit
from hypnic.analysis.regression.foreign import Frame, as_polars
from hypnic.analysis.studies.diary import diary_set
from hypnic.analysis.studies.estimands import Estimand
from hypnic.analysis.studies.instrument import Outcome
from hypnic.analysis.studies.registry import instruments
from hypnic.analysis.studies.sets import AnalysisSet, fittable
from hypnic.analysis.studies.study import StudyData
from hypnic.analysis.studies.survey import survey_set
from hypnic.errors import HypnicError

Instrumented = Literal["diary", "survey", "nhanes"]
Exposure = Literal["caffeine", "alcohol", "stress", "exercise", "sleep_loss"]
_NO_FLAGS = pl.DataFrame(schema={"participant_id": pl.String, "night_index": pl.Int64, "rule": pl.String})
_PERSONS = {"diary": "participant_id", "survey": "participant_id", "nhanes": "seqn"}
# What is explained, and who the rows belong to, in tables that anyone can have.
_READY: dict[str, tuple[Outcome, dict[str, str]]] = {
    "diary": ("jerk_count", {"groups": "participant_id", "cluster": "participant_id"}),
    "survey": (("jerk_nights_30d", "nights_asked"), {}),
}


@dataclass(frozen=True)
class Comparison:
    """What is compared, and adjusted for, in the primary analysis of one exposure; `estimand` says it in full.

    >>> estimand("diary", "alcohol")
    alcohol in the diary: 10 g ethanol, waking to bed; fe-poisson of jerk_count, adjusted for stress_0_10,
    sleep_loss_prev_h, caffeine_after_14_mg, caffeine_before_14_mg, next_day_free
    """

    estimand: Estimand

    def __repr__(self) -> str:
        """Say it in a sentence."""
        row = self.estimand
        adjusted = f", adjusted for {', '.join(row.adjustment)}" if row.adjustment else ""
        return f"{row.exposure} in the {row.table}: {row.unit}, {row.window}; {row.family} of {row.outcome}{adjusted}"

    def fit(
        self, data: StudyData | AnalysisSet | Frame, participants: Frame | None = None, flags: Frame | None = None
    ) -> Fit:
        """Fit it as the primary analysis does, with what is rare pooled or left out: `info["lean"]` says how.

        Parameters
        ----------
        data
            A study, as of `study("demo")`; one of its sets; or a frame of one's own, of polars, pandas or pyarrow: the
            tables that `hypnic.load` gives (for the diary `nights`, with `participants`; for the survey
            `participants`), or a tidy one that has every column the model names.
        participants
            The table of that name, where `data` are nights: it holds how much sleep each person needs.
        flags
            The table of that name: rows that the primary analysis leaves out. Without it, none of a frame is.

        The coefficient is that of the exposure in its unit, under the exposure's name. Raises HypnicError for data that
        lack what the model names, or cannot be fitted.

        >>> from hypnic.analysis import study
        >>> fitted = estimand("diary", "caffeine").fit(study("demo"))
        >>> round(fitted.tidy(exponentiate=True)["estimate"][0], 2)
        1.08

        """
        return Question(self._set(data, participants, flags), self.estimand).fit()

    def _set(
        self, data: StudyData | AnalysisSet | Frame, participants: Frame | None, flags: Frame | None
    ) -> AnalysisSet:
        if not isinstance(data, (StudyData, AnalysisSet)):
            return _own(self.estimand, data, participants, flags)
        if participants is not None or flags is not None:
            message = "a study brings its own participants and flags: leave them out"
            raise HypnicError(message)
        sets = data.sets if isinstance(data, StudyData) else (data,)
        for one in sets:
            if one.table == self.estimand.table:
                return one
        message = f"these data have no {self.estimand.table}: they have {', '.join(one.table for one in sets)}"
        raise HypnicError(message)


def estimand(table: Instrumented, exposure: Exposure) -> Comparison:
    """Look up the primary comparison of an exposure in the diary, the survey or NHANES, to fit it to any data.

    Raises HypnicError for another word, with the nearest one.

    >>> estimand("survey", "stress").estimand.unit
    '2 points of 0-10'
    """
    _refuse_other("instrument", table, list(_PERSONS))
    primary = {row.exposure: row for row in instruments()[table].primary}
    _refuse_other("exposure", exposure, list(primary))
    return Comparison(primary[exposure])


def _refuse_other(what: str, word: object, known: list[str]) -> None:
    if word in known:
        return
    near = difflib.get_close_matches(str(word), known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "choose"
    message = f"there is no {what} {word!r}: {hint} ({', '.join(known)})"
    raise HypnicError(message)


def _own(row: Estimand, data: Frame, participants: Frame | None, flags: Frame | None) -> AnalysisSet:
    """Make a frame of one's own ready: a tidy one as it is, the tables of a form as a study's are."""
    if row.table not in _READY:
        message = f"{row.table} is fitted with its survey design: give study({row.table!r})"
        raise HypnicError(message)
    if isinstance(data, str):
        message = f"give data, not their name: study({data!r}), or a frame"
        raise HypnicError(message)
    if row.table != "diary" and participants is not None:
        message = f"the {row.table} is one table: give it alone, without participants"
        raise HypnicError(message)
    frame = _filled(data)
    marked = _NO_FLAGS if flags is None else as_polars(flags)
    instrument, person = instruments()[row.table], _PERSONS[row.table]
    outcome, keywords = _READY[row.table]
    needed = [person, row.column, *row.adjustment, *((outcome,) if isinstance(outcome, str) else outcome[:1])]
    lacking = [name for name in needed if name not in frame.columns]
    try:
        if row.table == "diary" and participants is not None:
            return diary_set(frame, _filled(participants), marked)
        if row.table == "survey" and (lacking or "nights_asked" not in frame.columns):
            return survey_set(frame, marked)
    except pl.exceptions.PolarsError as error:
        why = str(error).partition("\n")[0].partition(";")[0]
        message = f"the frame is no table as hypnic.load gives it: {why}"
        raise HypnicError(message) from error
    if lacking:
        message = (
            f"the frame has no column {lacking[0]!r}: give study('demo'), or the tables of hypnic.load: nights, and"
            " participants=those of the same people"
        )
        raise HypnicError(message)
    return AnalysisSet(instrument, fittable(frame), person, outcome, instrument.estimands, keywords)


def _filled(frame: Frame) -> pl.DataFrame:
    """Make NaN null, as a comparison with it would be true; and whole what was a number with NaN for that reason."""
    filled = as_polars(frame).with_columns(pl.selectors.float().fill_nan(None))
    return filled.with_columns(pl.selectors.by_name("night_index", require_all=False).cast(pl.Int64))
