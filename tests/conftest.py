"""Rows and folders that break no rule, for tests to change one cell of; commands; and how hypothesis runs."""

from __future__ import annotations

import csv
import gc
import os
import random
import signal
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from hypnic.cli import main
from hypnic.datasets.intake import code_hash
from hypnic.datasets.nhanes.files import FOLDER_VARIABLE
from hypnic.schemas import TABLES, columns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hypnic.analysis import StudyData

# A busy machine is slow now and then: how long an example takes says nothing of it. The suite draws the same examples
# everywhere, so that a change fails for what it changed; `nox -s properties` draws others each time.
settings.register_profile("hypnic", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, print_blob=True)
settings.load_profile("hypnic")

PERSON = {
    "participant_id": "p_abcdefghij234567",
    "schema_version": "1.0",
    "consent_open_data": "true",
    "age_band": "35-44",
    "sex_at_birth": "female",
    "country_code": "DE",
    "recruitment_source": "search",
    "bed_partner": "most_nights",
    "shift_pattern": "none",
    "jerk_ever": "yes",
    "jerk_freq_12mo": "weekly",
    "jerk_nights_30d": "5",
    "jerk_locations_usual": "arm|leg",
    "jerk_sensations_usual": "falling",
    "jerk_distress_0_10": "3",
    "jerk_sleep_impact": "wakes_me",
    "jerk_family_history": "dont_know",
    "movement_states": "drifting_off",
    "movement_pattern": "single_isolated",
    "rls_features": "none",
    "red_flags": "none",
    "dx_conditions": "none",
    "med_classes": "melatonin",
    "med_change_30d": "none",
    "caffeine_usual_mg": "210",
    "caffeine_after_14_usual_mg": "90",
    "nicotine_use": "smoked",
    "alcohol_usual_g_wk": "70.5",
    "audit_c_q1": "2",
    "audit_c_q2": "1",
    "audit_c_q3": "0",
    "gad2_q1": "1",
    "gad2_q2": "0",
    "phq2_q1": "0",
    "phq2_q2": "-9",
    "stress_usual_0_10": "4",
    "exercise_vigorous_min_wk": "60",
    "exercise_late_days_wk": "1",
    "sleep_need_h": "8.0",
    "sleep_usual_h": "7.25",
    "supplements": "iron|magnesium",
    "strategies_tried": "hydration|magnesium",
    "strategies_helped": "magnesium",
    "tests_done": "none",
    "attention_ok": "true",
}

NIGHT = {
    "participant_id": "p_abcdefghij234567",
    "night_index": "1",
    "evening_on_time": "true",
    "morning_lag_h": "0.5",
    "next_day_free": "false",
    "caffeine_mg": "180",
    "caffeine_after_14_mg": "90",
    "caffeine_last_clock_h": "16.25",
    "alcohol_g": "12.5",
    "nicotine_evening_n": "2",
    "other_stimulant": "no",
    "stress_0_10": "4",
    "anxiety_bedtime_0_10": "3",
    "strain_event": "-8",
    "fatigue_bedtime_0_10": "5",
    "exercise_min": "45",
    "exercise_intensity": "moderate",
    "exercise_type": "endurance",
    "exercise_end_clock_h": "18.5",
    "nap_min": "0",
    "hydration": "usual",
    "magnesium_taken": "false",
    "sedative_taken": "false",
    "relaxation_min": "10",
    "unusual_night": "no",
    "bed_clock_h": "23.25",
    "sol_min": "15",
    "awakenings_n": "1",
    "waso_min": "10",
    "wake_clock_h": "31.0",
    "sleep_quality_1_5": "4",
    "jerk_count": "1",
    "jerk_reporter": "self",
    "jerk_intensity_0_4": "2",
    "jerk_location": "leg",
    "jerk_sensation": "falling",
    "jerk_timing": "drifting_off",
    "rhythmic_leg_moves": "no",
    "awake_flicker": "false",
    "leg_cramp": "false",
}

# Twelve people who look alike, so that nobody can be told apart.
TOKENS = (PERSON["participant_id"], *("p_" + letter * 16 for letter in "bcdefghijkl"))

SUBMISSION = {
    "title": "Diary of an open day",
    "data_state": "survey",
    "collection": "online form",
    "period": "2026 Q3",
    "consent": "Every respondent agreed to open data.",
    "licence": "CC0-1.0",
    "contact_role": "study coordinator",
}


def pytest_collection_finish() -> None:
    """Leave what was collected out of every later search for garbage, as it stays until the end; and search less."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def nhanes_study() -> StudyData:
    """Read NHANES once; whoever asks for it is of the group `nhanes`, so that one process does."""
    if not os.environ.get(FOLDER_VARIABLE):
        pytest.skip(f"{FOLDER_VARIABLE} does not name a folder of NHANES tables")
    from hypnic.analysis import study  # takes a second, and most tests do without

    return study("nhanes", Path(os.environ[FOLDER_VARIABLE]))


@pytest.fixture
def person() -> dict[str, str]:
    """Give one participant's row."""
    return dict(PERSON)


@pytest.fixture
def diary() -> list[dict[str, str]]:
    """Give twelve nights of that participant, which differ a little."""
    return [NIGHT | {"night_index": str(n), "sol_min": str(5 + n)} for n in range(1, 13)]


@pytest.fixture
def contribute(person, diary, save, tmp_path: Path) -> Callable[..., Path]:
    """Write a folder as a contributor would send it: a diary of each token, and what the folder says of itself."""

    def write(
        folder: Path = tmp_path, *, tokens: Sequence[str] = TOKENS, codes: Sequence[str] = (),
        **facts: str,
    ) -> Path:  # fmt: skip
        people = [
            person | {"participant_id": token, "med_classes": ("melatonin", "none")[n % 2]}
            for n, token in enumerate(tokens)
        ]
        nights = [night | {"participant_id": token} for token in tokens for night in diary]
        folder.mkdir(exist_ok=True)
        for path in (save("participants", people), save("nights", nights)):
            path.replace(folder / path.name)
        said = "".join(f'{key} = "{value}"\n' for key, value in (SUBMISSION | facts).items())
        (folder / "submission.toml").write_text(said)
        if codes:
            hashes = "".join(f"{code_hash(code)},{token}\n" for code, token in zip(codes, tokens, strict=False))
            (folder / "withdrawals.csv").write_text(f"code_hash,participant_id\n{hashes}")
        return folder

    return write


@pytest.fixture
def seeded() -> Callable[[], random.Random]:
    """Draw the same each time, where people get tokens from a secure source."""
    return lambda: random.Random(1)  # noqa: S311


@pytest.fixture
def save(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as the CSV that a contributor would send."""

    def write(table: str, rows: list[dict[str, str]], **settings: str) -> Path:
        path = tmp_path / f"{table}.csv"
        with path.open("w", encoding=settings.get("encoding", "utf-8"), newline="") as file:
            writer = csv.DictWriter(file, rows[0].keys() if rows else columns(TABLES[table]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def hypnic(tmp_path: Path) -> Callable[..., CompletedProcess[str]]:
    """Run `hypnic ...` in an empty folder, without NHANES at hand; give its exit code and both outputs.

    It runs in the process of the tests, which has imported everything: a process each would take most of their time.
    How a process starts, is stopped and ends has tests of its own.
    """

    def run(*arguments: str) -> CompletedProcess[str]:
        out, err = (TextIOWrapper(BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        before = gc.get_threshold()
        with pytest.MonkeyPatch.context() as here:
            here.chdir(tmp_path)
            here.delenv("HYPNIC_NHANES", raising=False)
            here.setattr(sys, "argv", ["hypnic", *map(str, arguments)])
            here.setattr(sys.modules["__main__"], "__package__", None)  # by which typer would call it pytest's
            here.setattr(signal, "signal", lambda *_: None)
            here.setattr(sys, "unraisablehook", sys.unraisablehook)
            here.setattr(sys, "stdout", out)
            here.setattr(sys, "stderr", err)
            with pytest.raises(SystemExit) as end:
                main()
            gc.set_threshold(*before)
        code = end.value.code or 0
        said = []
        for stream in (out, err):
            stream.flush()
            said.append(stream.buffer.getvalue().decode().replace(os.linesep, "\n"))
        return CompletedProcess(arguments, code, *said)

    return run
