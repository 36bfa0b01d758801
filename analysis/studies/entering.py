"""What a folder can do: which comparisons its answers enter, and what each is adjusted for; no outcome is looked at.

Only whether jerks were counted is asked, never how many. So what stands here can be told to whoever collects answers
while they still do, and nothing is learnt from it about any ratio. The rule is that of `hypnic.analysis.question.lean`;
its last step, which looks at outcomes, may leave out a column more.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.studies import volunteers
from hypnic.analysis.studies.diary import diary_set
from hypnic.analysis.studies.rare import TOLD, UNANSWERED, fate
from hypnic.analysis.studies.survey import survey_set
from hypnic.analysis.studies.told import without_told
from hypnic.datasets.cleaning import clean, flags
from hypnic.schemas import TABLES, columns
from hypnic.schemas.disclosure import FEW, alone, too_few

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hypnic.analysis.studies.estimands import Estimand
    from hypnic.analysis.studies.sets import AnalysisSet

NOBODY, ALIKE = "nobody answered it", "it is the same throughout"
FLAGGED = "nobody is left without the rows that a check flags"
HIDDEN = 40  # persons: from so many on, publication left every ratio in all shapes of `nox -s benchmarks -- shapes`
COARSER = (
    "of so few people publication makes more answers coarser, and fewer ratios may be left:"
    " `hypnic submit DIR --dry-run` says which"
)
SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "design": pl.String, "exposure": pl.String, "enters": pl.Boolean, "n_rows": pl.Int64, "n_persons": pl.Int64,
    "adjustment": pl.List(pl.String), "left": pl.List(pl.String), "why_not": pl.String,
}  # fmt: skip


def entering(folder: Path | str) -> pl.DataFrame:
    """Say what a folder's answers enter by themselves, without looking at how often anybody jerked.

    Parameters
    ----------
    folder
        Holds `participants.csv`, `nights.csv` or both, without errors, as typed or in publishable form.

    Returns
    -------
    polars.DataFrame
        A row for each design and exposure: whether it `enters`, the rows and persons who would, the columns that stay
        in its `adjustment` set, those that `left`, and in words `why_not`.

    Raises
    ------
    HypnicError
        The folder has neither file, or they cannot be read.

    Examples
    --------
    >>> from hypnic.datasets import data_folder
    >>> entering(data_folder() / "demo").filter(design="diary")["exposure"].to_list()
    ['caffeine', 'alcohol', 'stress', 'exercise', 'sleep_loss']

    """
    place = Path(folder)
    return _of_sets(volunteers.sets([place])[not (place / "nights.csv").is_file() :])


def of_tables(raw: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Say the same of typed raw tables by their names."""
    tables = {name: _made(raw.get(name), name) for name in TABLES}
    marked = pl.concat(flags(frame, TABLES[name]) for name, frame in raw.items())
    people, nights = tables["participants"], tables["nights"]
    sets = []
    if "nights" in raw:
        sets.append(diary_set(nights, people, marked))
    if "participants" in raw:
        sets.append(survey_set(people, marked))
    found = _of_sets(sets)
    few = all(too_few(frame["participant_id"].n_unique()) for frame in raw.values())
    return found.with_columns(why_not=pl.lit(FEW)) if few else found  # whatever else is the matter, too


def _of_sets(sets: Iterable[AnalysisSet]) -> pl.DataFrame:
    rows = [_row(one, estimand) for one in sets for estimand in one.instrument.primary]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def sentences(found: pl.DataFrame, *, published: bool) -> Iterator[str]:
    """Say in a line for each design what answers enter, and of few people not yet `published` that less may be left."""
    for (design,), rows in found.group_by("design", maintain_order=True):
        inside, outside = rows.filter("enters"), rows.filter(~pl.col("enters"))
        if outside.height == rows.height and set(outside["why_not"]) == {FEW}:
            yield alone(str(design))
            continue
        if set(rows["why_not"]) == {FLAGGED}:
            yield f"{design}: {FLAGGED}"
            continue
        said = []
        if inside.height:
            kept = ", ".join(dict.fromkeys(column for row in inside["adjustment"] for column in row))
            adjusted = f"adjusted, as each needs, for {kept}" if kept else "adjusted for nothing"
            said.append(f"enters {_listed(inside)} ({adjusted})")
        by_reason = outside.group_by("why_not", maintain_order=True)
        said += [f"not {_listed(some)}: {why}" for (why,), some in by_reason]
        held = {column for row in inside["adjustment"] for column in row}
        if lost := [c for c in dict.fromkeys(c for row in inside["left"] for c in row) if c not in held]:
            said.append(f"without {', '.join(lost)}: too few answered, or all alike")
        yield f"{design}: {'; '.join(said)}"
    if not published and found.filter(pl.col("enters") & (pl.col("n_persons") < HIDDEN)).height:
        yield COARSER


def _listed(rows: pl.DataFrame) -> str:
    return ", ".join(name.replace("_", " ") for name in rows["exposure"])


def _made(frame: pl.DataFrame | None, table: str) -> pl.DataFrame:
    model = TABLES[table]
    empty = pl.DataFrame(schema={column.name: column.raw_dtype for column in columns(model).values()})
    return clean(empty if frame is None else frame, model)


def _row(data: AnalysisSet, estimand: Estimand) -> dict[str, object]:
    """Apply the rule to one estimand's complete rows."""
    within = "groups" in data.keywords
    outcome = [data.outcome] if isinstance(data.outcome, str) else list(data.outcome)
    frame = data.frame.with_columns(person=pl.col(data.person))
    told = frame.drop_nulls([*outcome, estimand.column])
    answered = {c: told.filter(pl.col(c).is_not_null())["person"].n_unique() for c in estimand.adjustment}
    left = {column: UNANSWERED for column, people in answered.items() if too_few(people)}
    while True:
        kept = [column for column in estimand.adjustment if column not in left]
        rows = told.drop_nulls(kept)
        if within:  # nights are compared with others of the same person
            rows = rows.filter(pl.len().over("person") > 1)
        fates = {} if rows.is_empty() else {
            column: fate(rows, column, "person" if within else None, data.instrument.pooling.get(column, {}))
            for column in kept
        }  # fmt: skip
        gone = next((column for column, found in fates.items() if isinstance(found, str)), None)
        if gone is None:
            break
        left[gone] = str(fates[gone])
    if not within and kept:
        pooled = rows.with_columns(found for found in fates.values() if isinstance(found, pl.Expr))
        left |= {column: TOLD for column, rest in without_told(pooled, kept).items() if rest is None}
        kept = [column for column in kept if column not in left]
    why = _why_not(frame, rows, estimand, within=within)
    return {
        "design": data.instrument.design, "exposure": estimand.exposure, "enters": why is None, "n_rows": rows.height,
        "n_persons": rows["person"].n_unique(), "adjustment": kept, "left": list(left), "why_not": why,
    }  # fmt: skip


def _why_not(frame: pl.DataFrame, rows: pl.DataFrame, estimand: Estimand, *, within: bool) -> str | None:
    if frame.is_empty():
        return FLAGGED
    if frame[estimand.column].is_null().all() and not too_few(frame["person"].n_unique()):
        return NOBODY
    if too_few(rows["person"].n_unique()):
        return FEW
    values = pl.col(estimand.column).n_unique()
    varied = rows.select((values.over("person") > 1).any() if within else values > 1).item()
    return None if varied else ALIKE
