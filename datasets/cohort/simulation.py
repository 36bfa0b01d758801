"""A synthetic cohort: people and nights drawn by a known process, written as a contributor sends them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hypnic.datasets.cohort.answers import all_answers, core_answers, identifiers
from hypnic.datasets.cohort.cells import frame
from hypnic.datasets.cohort.diary import all_nights, core_nights, written
from hypnic.datasets.cohort.nights import live
from hypnic.datasets.cohort.people import draw_traits, habits, jerk_nights
from hypnic.datasets.cohort.process import VERSION, Process
from hypnic.datasets.writing import write_whole
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    import polars as pl

SYNTHETIC = "Every row was drawn by a computer from a known process. No person answered; nothing here is a finding."


@dataclass(frozen=True)
class Cohort:
    """Two tables of text as a contributor would send them, and what is true of the process behind them."""

    participants: pl.DataFrame
    nights: pl.DataFrame
    truth: dict[str, Any]


def simulate(  # noqa: PLR0913  (the sizes of a cohort are its arguments)
    n_participants: int = 1200,
    n_diaries: int = 400,
    n_nights: int = 14,
    seed: int = 1729,
    *,
    nights_only: bool = False,
    process: Process | None = None,
) -> Cohort:
    """Draw a cohort; the same arguments give the same bytes.

    `nights_only` leaves out who keeps no diary and every column that the five primary diary models do not
    need (core columns, `next_day_free` and `waso_min` stay): the same nights, faster. A `process` other than
    the default has no population part in its truth.

    Raises HypnicError where there are more diaries than people, fewer than two nights or more than 28.

    >>> cohort = simulate(30, 10, 14, seed=1)
    >>> cohort.participants.height, cohort.nights["participant_id"].n_unique()
    (30, 10)
    """
    if not 0 < n_diaries <= n_participants:
        msg = f"n_diaries must lie between 1 and n_participants ({n_participants}): choose fewer diaries"
        raise HypnicError(msg)
    if not 2 <= n_nights <= 28:
        msg = "n_nights must lie between 2 and 28: the diary accepts no more"
        raise HypnicError(msg)
    law = process or Process()
    streams = np.random.SeedSequence(seed).spawn(4)
    core, lives, long_form, long_diary = (np.random.Generator(np.random.PCG64(stream)) for stream in streams)

    people = habits(draw_traits(core, n_participants), law)
    names = identifiers(core, n_participants)
    with_jerk = jerk_nights(core, people, law)
    keepers = np.sort(core.permutation(n_participants)[:n_diaries])
    keeps = np.isin(np.arange(n_participants), keepers)
    answers = core_answers(core, names, people, with_jerk, keeps)
    diarists = people.take(keepers)
    rows = written(lives, live(lives, diarists, law, n_nights))
    nights = core_nights(rows, names[keepers])
    truth = describe(n_participants, n_diaries, n_nights, seed, law)
    if nights_only:
        return Cohort(frame(answers).filter(keeps), frame(nights), truth)
    participants = all_answers(long_form, answers, people, with_jerk)
    return Cohort(participants, all_nights(long_diary, nights, rows, diarists), truth)


def describe(n_participants: int, n_diaries: int, n_nights: int, seed: int, process: Process) -> dict[str, Any]:
    """Return what was drawn, by which process, and (default process only) what is true of its population."""
    drawn = {"n_participants": n_participants, "n_diaries": n_diaries, "n_nights": n_nights, "seed": seed}
    law = {"version": VERSION, "parameters": process.parameters()}
    known = population() if process == Process() else {}
    return {"synthetic": SYNTHETIC, "drawn": drawn, "process": law} | known


def population() -> dict[str, Any]:
    """Read the population part of the committed truth: `population`, `diary` and `survey`."""
    truth = json.loads(files("hypnic.datasets").joinpath("demo/truth.json").read_text(encoding="utf-8"))
    return {part: truth[part] for part in ("population", "diary", "survey")}


def write(cohort: Cohort, folder: str | Path) -> None:
    """Write participants.csv, nights.csv and truth.json: UTF-8, LF, the same bytes everywhere.

    Raises HypnicError where the folder cannot be written.
    """
    truth = json.dumps(cohort.truth, indent=2, ensure_ascii=False) + "\n"
    files = {
        "participants.csv": cohort.participants.write_csv(line_terminator="\n"),
        "nights.csv": cohort.nights.write_csv(line_terminator="\n"),
        "truth.json": truth,
    }
    for name, text in files.items():
        write_whole(Path(folder) / name, partial(_put, text=text))


def _put(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
