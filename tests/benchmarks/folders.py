"""Synthetic folders of any shape: how many people, which files and columns, how much is missing, and what is odd."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal, NamedTuple

import polars as pl

from hypnic.datasets.cohort.simulation import simulate
from hypnic.schemas import TABLES, columns

Tables = dict[str, pl.DataFrame]
Columns = Literal["all", "some", "core"]
Form = Literal["both", "half", "survey", "diary"]  # half: both files, and every second person keeps a diary
KEYS = frozenset({"participant_id", "night_index", "consent_open_data", "schema_version", "attention_ok"})
# Answers that others hang on: they go together or not at all.
STEADY = re.compile("jerk_ever|jerk_freq_12mo|audit_c_.*|jerk_(reporter|intensity|location|sensation|timing).*")
DETAILS = "jerk_(reporter|intensity|location|sensation|timing).*"
NEEDED = {"participants": ("participant_id", "consent_open_data"), "nights": ("participant_id", "night_index")}
# What half of the extended columns are, in the shape `some`: every second one.
SECOND = slice(1, None, 2)


class Part(NamedTuple):
    """One folder: how many people, which files, which columns."""

    people: int
    form: Form = "both"
    columns: Columns = "all"


class Shape(NamedTuple):
    """What is drawn: the folders of a study, with so many nights, so many answers missing, and one oddity."""

    parts: tuple[Part, ...]
    nights: int = 14
    missing: float = 0.0
    oddity: str = ""
    seed: int = 0

    def __str__(self) -> str:
        """Name the shape in a line."""
        parts = " + ".join(f"{one.people} {one.form} {one.columns}" for one in self.parts)
        facts = [f"{self.nights} nights" if any(one.form != "survey" for one in self.parts) else ""]
        facts += [f"{self.missing:.0%} missing" if self.missing else "", self.oddity]
        return ", ".join([parts, *(fact for fact in facts if fact)])


def _set(tables: Tables, table: str, **values: object) -> None:
    if table in tables:
        there = {name: value for name, value in values.items() if name in tables[table].columns}
        tables[table] = tables[table].with_columns(
            value if isinstance(value, pl.Expr) else pl.lit(str(value)).alias(name) for name, value in there.items()
        )


def _like(tables: Tables, table: str, where: pl.Expr, names: str, rows: pl.Expr | None = None) -> None:
    """Give some columns the values that they have in the first row `where` something holds."""
    if table not in tables:
        return
    frame = tables[table]
    model = simulate(300, 60, 14, seed=5)
    first = getattr(model, table).filter(where).row(0, named=True)
    found = [name for name in frame.columns if re.fullmatch(names, name)]
    changed = [pl.lit(first[name], pl.String).alias(name) for name in found]
    if rows is not None:
        changed = [pl.when(rows).then(value).otherwise(pl.col(value.meta.output_name())).alias(value.meta.output_name())
                   for value in changed]  # fmt: skip
    tables[table] = frame.with_columns(changed)


def _constant(tables: Tables) -> None:
    """Give everybody the same caffeine, and none of the nights any."""
    _set(tables, "participants", caffeine_usual_mg=200, caffeine_after_14_usual_mg=50)
    _like(tables, "nights", pl.col("caffeine_mg") == "0", "caffeine.*")


def _absent(tables: Tables) -> None:
    """Let nobody answer about alcohol."""
    _set(tables, "participants", alcohol_usual_g_wk=-9, audit_c_q1=-9, audit_c_q2=-9, audit_c_q3=-9)
    _set(tables, "nights", alcohol_g=-9)


def _rare(tables: Tables) -> None:
    """Let three people alone exercise."""
    few = tables[next(iter(tables))]["participant_id"].unique().sort()[:3].to_list()
    others = ~pl.col("participant_id").is_in(few)
    _like(tables, "participants", pl.col("exercise_vigorous_min_wk") == "0", "exercise.*", others)
    _like(tables, "nights", pl.col("exercise_min") == "0", "exercise.*", others)


def _no_jerks(tables: Tables) -> None:
    """Let nobody notice any jerk."""
    _like(tables, "participants", pl.col("jerk_nights_30d") == "0", "jerk_.*|movement.*|strategies.*")
    _like(tables, "nights", pl.col("jerk_count") == "0", "jerk_.*|rhythmic.*|awake_flicker")


def _one_level(tables: Tables) -> None:
    """Let all be women of one age who work no shifts and smoke nothing."""
    _set(tables, "participants", sex_at_birth="female", age_band="35-44", shift_pattern="none", nicotine_use="none")
    _set(tables, "nights", nicotine_evening_n="-7")


def _jerks_every_night(tables: Tables) -> None:
    """Let everybody jerk on every night, as often."""
    _like(tables, "participants", pl.col("jerk_freq_12mo") == "every_night", "jerk_.*|movement.*|strategies.*")
    _set(tables, "participants", jerk_nights_30d=30)
    _like(tables, "nights", pl.col("jerk_count") == "2", "jerk_.*|rhythmic.*|awake_flicker")


ODDITIES: dict[str, Callable[[Tables], None]] = {
    "caffeine constant": _constant,
    "alcohol missing for all": _absent,
    "exercise rare": _rare,
    "no jerks": _no_jerks,
    "one level": _one_level,
    "jerks every night": _jerks_every_night,
}


def tables_of(part: Part, shape: Shape, seed: int) -> Tables:
    """Draw the tables of one folder, as text."""
    diarists = part.people // 2 if part.form == "half" else part.people
    cohort = simulate(part.people, diarists, shape.nights, seed)
    tables: Tables = {"participants": cohort.participants, "nights": cohort.nights}
    if part.form == "survey":
        del tables["nights"]
    if part.form == "diary":  # consent is all that is known of these people
        _forget(tables)
    if shape.oddity:
        ODDITIES[shape.oddity](tables)
    draw = random.Random(seed)  # noqa: S311 -- synthetic
    return {name: _lacking(_columns(frame, name, part.columns), name, shape.missing, draw)
            for name, frame in tables.items()}  # fmt: skip


def _forget(tables: Tables) -> None:
    facts = columns(TABLES["participants"])
    words = {name: facts[name].missing_words for name in tables["participants"].columns}
    gone = {name: word[0] for name, word in words.items() if word and name not in KEYS and not STEADY.fullmatch(name)}
    tables["participants"] = tables["participants"].with_columns(
        pl.lit(word).alias(name) for name, word in gone.items() if facts[name].tier == "core"
    )
    tables["participants"] = tables["participants"].select(
        name for name in tables["participants"].columns if facts[name].tier == "core"
    )


def _columns(frame: pl.DataFrame, table: str, kept: Columns) -> pl.DataFrame:
    facts = columns(TABLES[table])
    extended = [name for name in frame.columns if facts[name].tier == "extended"]
    wanted = {"all": extended, "some": extended[SECOND], "core": []}[kept]
    return frame.select(name for name in frame.columns if facts[name].tier == "core" or name in wanted)


def _lacking(frame: pl.DataFrame, table: str, share: float, draw: random.Random) -> pl.DataFrame:
    """Take answers away: each becomes a missing code of its column."""
    if not share:
        return frame
    facts = columns(TABLES[table])
    changed = []
    for name in frame.columns:
        codes = [word for word in facts[name].missing_words if word != "-7"]
        if codes and name not in KEYS and not STEADY.fullmatch(name):
            gone = pl.Series([draw.random() < share for _ in range(frame.height)])
            asked = ~frame[name].fill_null("").is_in(["", "-7"])
            changed.append(frame[name].zip_with(~(gone & asked), pl.Series([codes[0]] * frame.height)).alias(name))
    lacking = frame.with_columns(changed)
    if table != "nights":
        return lacking
    details = {name: "-8" if name in {"jerk_reporter", "jerk_intensity_0_4"} else None for name in frame.columns
               if re.fullmatch(DETAILS, name)}  # fmt: skip
    unknown = pl.col("jerk_count").is_in(["-8", "-9"])
    return lacking.with_columns(
        pl.when(unknown).then(pl.lit(word, pl.String)).otherwise(pl.col(name)).alias(name)
        for name, word in details.items()
    )


FACTS = {
    "data_state": "survey", "collection": "online form", "period": "2026 Q3",
    "consent": "Nobody was asked: a program drew these rows.", "licence": "CC0-1.0", "contact_role": "other",
}  # fmt: skip


def write(shape: Shape, root: Path) -> list[Path]:
    """Draw the folders of a shape."""
    folders = []
    for number, part in enumerate(shape.parts):
        folder = root / f"synthetic-{number + 1}"
        folder.mkdir(parents=True)
        for name, frame in tables_of(part, shape, shape.seed + 100 * number).items():
            (folder / f"{name}.csv").write_text(frame.write_csv(), "utf-8")
        facts = {"title": f"Synthetic {number + 1}"} | FACTS
        (folder / "submission.toml").write_text("".join(f'{key} = "{value}"\n' for key, value in facts.items()))
        folders.append(folder)
    return folders
