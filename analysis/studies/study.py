"""A study: its tables made ready for fitting, with what a reader must know of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.analysis.studies.estimands import Estimand, estimands
from hypnic.analysis.studies.persons import OUTCOME_COLUMNS, tidy_persons
from hypnic.analysis.studies.tidy import tidy_nights, tidy_participants
from hypnic.datasets.loading import data_folder, load, origins, refuse_unknown, submissions
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Mapping

SYNTHETIC = (
    "Synthetic data: these answers were drawn by a computer program. Nobody gave them, and nothing here is a finding"
    " about people."
)
PROXY = (
    "NHANES asks about leg jerks while trying to sleep: a proxy for sleep starts. It misses jerks of the arms, the head"
    " or the whole body, and it counts periodic limb movements and restless legs."
)
SELF_SELECTED = "Volunteers came by themselves: every share below is of this sample and of no population."
# The columns that are explained, where a survey's estimand names another outcome than nights out of 30.
SURVEY_OUTCOMES: Mapping[str, str | tuple[str, str]] = {
    "jerk_nights": "jerk_nights_30d",
    "jerk_nights_band": ("jerk_nights_lo", "jerk_nights_hi"),
    "jerk_frequency": "jerk_frequency",
}


@dataclass(frozen=True, eq=False)
class AnalysisSet:
    """The rows of one design, one row an observation, with the keywords that `fit` needs beside the terms.

    `frame` holds every column that its estimands name (choices as text, flags as 0/1); `person` names who a row
    belongs to; `outcome` is what `fit` explains, unless `outcomes` has other columns for the name in an estimand;
    `left_out` counts the rows that were left out before, by why; `parts` names the column of what can be estimated
    apart and combined.
    """

    table: str
    frame: pl.DataFrame
    person: str
    outcome: str | tuple[str, str]
    estimands: tuple[Estimand, ...]
    keywords: Mapping[str, Any] = field(default_factory=dict)
    outcomes: Mapping[str, str | tuple[str, str]] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    parts: str | None = None


@dataclass(frozen=True, eq=False)
class Study:
    """What is analysed as one, and reported as one."""

    name: str
    title: str
    synthetic: bool
    notices: tuple[str, ...]
    sets: tuple[AnalysisSet, ...]
    inputs: Mapping[str, str]  # file name -> sha256
    truth: Mapping[str, Any] | None = None


def study(name: str, source: Path | str | None = None) -> Study:
    """Make a study ready: `demo` (synthetic), `open` (submissions) or `nhanes` (`source` is its folder).

    Raises
    ------
    HypnicError
        There is no such study, its files are not at hand, or it holds no answers yet.

    """
    refuse_unknown(name)
    match name:
        case "demo":
            return _crowd(name, [data_folder() / "demo"])
        case "open":
            return _crowd(name, submissions())
        case _:
            return _nhanes(source)


def _crowd(name: str, folders: list[Path]) -> Study:
    if not folders:
        message = "the study 'open' is empty: no survey submission has been accepted yet; use 'demo' or 'nhanes'"
        raise HypnicError(message)
    synthetic = name == "demo"
    files = [file for folder in folders for file in sorted(folder.glob("*.csv"))]
    people = load("participants", name)
    sets = (diary_set(load("nights", name), people, load("flags", name)), survey_set(people, load("flags", name)))
    return Study(
        name,
        "Sleep starts in the synthetic demo cohort" if synthetic else "Sleep starts in the open dataset",
        synthetic,
        (SYNTHETIC,) if synthetic else (SELF_SELECTED,),
        in_parts(sets, origins(folders)) if len(folders) > 1 else sets,
        _hashes(files),
        _truth(folders[0]) if synthetic else None,
    )  # fmt: skip


def in_parts(sets: tuple[AnalysisSet, ...], origin: pl.DataFrame) -> tuple[AnalysisSet, ...]:
    """Name in each row the submission that its participant came with, so that submissions can be combined."""
    return tuple(
        replace(
            data,
            frame=data.frame.join(origin, on="participant_id", how="left", maintain_order="left"),
            parts="submission",
        )
        for data in sets
    )


def diary_set(nights: pl.DataFrame, people: pl.DataFrame, flags: pl.DataFrame) -> AnalysisSet:
    """Make the diary ready: one row a person-night, flagged nights and flagged participants left out."""
    tidy = tidy_nights(nights.lazy(), people.lazy()).collect()
    dropped = flags.filter(pl.col("rule").is_in(["P11", "N20"])).select("participant_id")
    kept = tidy.join(flags.filter(pl.col("rule") != "N20").select("participant_id", "night_index"),
                     on=["participant_id", "night_index"], how="anti")  # fmt: skip
    # Joins may reorder rows, and sums differ in their last digits with the order.
    kept = kept.join(dropped, on="participant_id", how="anti").sort("participant_id", "night_index")
    return AnalysisSet(
        "diary", _fittable(kept), "participant_id", "jerk_count", estimands("diary"),
        {"groups": "participant_id", "cluster": "participant_id"}, outcomes={"any_jerk": "any_jerk"},
        left_out={"flagged": tidy.height - kept.height},
    )  # fmt: skip


def survey_set(people: pl.DataFrame, flags: pl.DataFrame) -> AnalysisSet:
    """Make the survey ready: one row a respondent, the outcome out of 30 nights, flagged rows left out."""
    tidy = tidy_participants(people.lazy()).with_columns(nights_asked=pl.lit(30)).collect()
    kept = tidy.join(flags.filter(rule="P11").select("participant_id"), on="participant_id", how="anti")
    kept = kept.sort("participant_id")
    return AnalysisSet(
        "survey", _fittable(kept), "participant_id", ("jerk_nights_30d", "nights_asked"), estimands("survey"),
        outcomes=SURVEY_OUTCOMES, left_out={"flagged": tidy.height - kept.height},
    )  # fmt: skip


def _nhanes(source: Path | str | None) -> Study:
    from hypnic.datasets.nhanes.persons import NOTICE, person_files

    frame = tidy_persons(load("persons", "nhanes", source=source))
    return Study(
        "nhanes",
        "Leg jerks while trying to sleep in NHANES 2005-2008",
        synthetic=False,
        notices=(PROXY, NOTICE),
        sets=(
            AnalysisSet(
                "nhanes", _fittable(frame), "seqn", ("leg_jerks_lo", "leg_jerks_hi"), estimands("nhanes"),
                {"strata": "stratum", "psu": "psu"}, outcomes=OUTCOME_COLUMNS, parts="cycle",
            ),
        ),
        inputs=_hashes(person_files(None if source is None else Path(source))),
    )  # fmt: skip


def _fittable(frame: pl.DataFrame) -> pl.DataFrame:
    """Turn flags into 0/1 and choices into text, which `fit` expands."""
    return frame.with_columns(pl.selectors.boolean().cast(pl.Int8), pl.selectors.enum().cast(pl.String))


def _hashes(files: list[Path]) -> dict[str, str]:
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


def _truth(folder: Path) -> dict[str, Any]:
    import json

    return dict(json.loads((folder / "truth.json").read_text("utf-8")))
