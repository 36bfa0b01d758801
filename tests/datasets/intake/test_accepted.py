"""Whether somebody was sent before, told by what they answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.intake.accepted import Accepted, again

if TYPE_CHECKING:
    from pathlib import Path


def forms(**answers: object) -> dict[str, pl.DataFrame]:
    """Give the form of six people who all answered the same."""
    return {"participants": pl.DataFrame([answers] * 6)}


HARDLY = {
    "consent_open_data": True, "jerk_ever": "yes", "jerk_freq_12mo": "weekly", "caffeine_usual_mg": -8,
    "alcohol_usual_g_wk": -6, "nicotine": "refused", "sleep_need_h": None,
}  # fmt: skip
WHOLE = HARDLY | {"caffeine_usual_mg": 200, "stress_usual_0_10": 5, "sleep_need_h": 8.0, "sleep_usual_h": 7.0}


def test_people_who_answered_hardly_anything_are_alike_by_chance(tmp_path: Path) -> None:
    assert again(forms(**HARDLY), set(), [Accepted(tmp_path / "first", "synthetic", forms(**HARDLY))]) is None


def test_the_same_answers_of_half_a_folder_were_sent_before(tmp_path: Path) -> None:
    said = again(forms(**WHOLE), set(), [Accepted(tmp_path / "first", "synthetic", forms(**WHOLE))])
    assert said == (
        "participants.csv: 6 of its 6 rows give the same answers as rows of the submission first; send only what is"
        " new; of more nights of the same people, put all their nights into one folder, take that submission out, and"
        " send the folder in its place"
    )
