"""From a study to its table of results: every analysis of the programme, then p values adjusted for their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from statsmodels.stats.multitest import multipletests
from threadpoolctl import threadpool_limits

from hypnic.analysis.programme import AFTERWARDS, ON_REQUEST, PROGRAMME
from hypnic.analysis.question.rows import Row, rounded
from hypnic.analysis.studies.registry import study
from hypnic.errors import HypnicError
from hypnic.schemas import dtypes
from hypnic.schemas.estimates import Estimates
from hypnic.workers import Piece, divided

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from hypnic.analysis.studies.sets import AnalysisSet
    from hypnic.analysis.studies.study import StudyData

# Rows that say a primary one once more, on another scale or by another model: by analysis and variant.
RESTATING = frozenset({("differences", "average"), ("hybrid", "within")})
# Holm (1979, Scand J Stat 6:65) over a design's primary rows, Benjamini & Hochberg (1995) over its secondary ones.
ADJUSTED = {"primary": "holm", "secondary": "fdr_bh"}


def estimate(
    of: StudyData | str,
    *,
    source: Path | str | None = None,
    only: Collection[str] | None = None,
    also: Collection[str] = (),
    jobs: int = 1,
) -> pl.DataFrame:
    """Run the analyses of a study.

    Parameters
    ----------
    of
        `demo`, `open` or `nhanes`, or a study that has been made ready.
    source
        A folder with the NHANES files; without it, `HYPNIC_NHANES`, or a download from CDC.
    only
        Names of analyses, such as `primary`, where not all are wanted: all take a minute. Secondary rows then have
        no `p_adjusted`, as it is over those of all analyses.
    also
        Names of analyses that are run only where they are asked for, here or in `only`: `bayes`, which takes minutes
        and needs the extra of that name.
    jobs
        How many processes share the work; the digits are the same for any number of them.

    Returns
    -------
    polars.DataFrame
        One row for each estimate, as `hypnic.schemas.estimates.Estimates` says: ratios with 95 % limits, the
        standard error of their log, two-sided p, and p adjusted over the primary (Holm) and the secondary
        (Benjamini-Hochberg) rows of each design. Secondary rows that restate a primary one are none of the latter: five
        hypotheses told twice would make every other one look better.

    Raises
    ------
    HypnicError
        There is no such study or analysis, or the files are not at hand.

    Examples
    --------
    >>> import hypnic
    >>> hypnic.estimate("demo", only=["primary"]).filter(design="diary", role="primary")["exposure"].to_list()
    ['caffeine', 'alcohol', 'stress', 'exercise', 'sleep_loss']

    """
    wanted = _wanted(only, also)
    ready = study(of, source) if isinstance(of, str) else of
    done = divided(pieces(ready, wanted), ready.sets, jobs)
    return assembled(ready, wanted, [row for one in done for row in one.result])


def all_but(also: Collection[str] = ()) -> frozenset[str]:
    """Name all analyses but those that are run where they are asked for, and these of the latter."""
    return _wanted(None, also)


def pieces(of: StudyData, wanted: Collection[str]) -> list[Piece]:
    """Give the analyses of a study's sets, by their names, as pieces of work; each gives rows."""
    return [
        Piece(f"{data.table}: {analysis.name}", analysed, (at, analysis.name), analysis.cost)
        for at, data in enumerate(of.sets)
        for analysis in (*PROGRAMME, *ON_REQUEST)
        if analysis.name in wanted and analysis.suits(data)
    ]


def analysed(sets: Sequence[AnalysisSet], at: int, name: str) -> list[Row]:
    """Run the analyses of a name on one of the sets."""
    # The matrices are small: threads of BLAS only wait for each other, and last digits would differ with their number.
    with threadpool_limits(limits=1, user_api="blas"):
        return [
            row | {"analysis": name}
            for one in (*PROGRAMME, *ON_REQUEST)
            if one.name == name and one.suits(sets[at])
            for row in one(sets[at])
        ]


def assembled(of: StudyData, wanted: Collection[str], rows: Sequence[Row]) -> pl.DataFrame:
    """Make the table of results from the rows of a study's pieces: what follows from them, and p values adjusted."""
    frame = _table([row | {"study": of.name} for row in rows])
    later = [
        row | {"analysis": reading.name} for reading in AFTERWARDS if reading.name in wanted for row in reading(frame)
    ]
    whole = set(wanted) >= {analysis.name for analysis in PROGRAMME}
    return Estimates.validate(_adjusted(pl.concat([frame, _table(later)]), whole=whole), lazy=True)


def _wanted(only: Collection[str] | None, also: Collection[str]) -> frozenset[str]:
    """Name the analyses that are wanted; raises HypnicError for one that there is not."""
    only = [only] if isinstance(only, str) else only
    also = [also] if isinstance(also, str) else also
    names = [*(analysis.name for analysis in PROGRAMME), *(reading.name for reading in AFTERWARDS)]
    known = [*names, *(analysis.name for analysis in ON_REQUEST)]
    if unknown := [name for name in (*(only or ()), *also) if name not in known]:
        message = f"there is no analysis {unknown[0]!r}: choose from {', '.join(known)}"
        raise HypnicError(message)
    return frozenset({*(names if only is None else only), *also})


def _table(rows: Sequence[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dtypes(Estimates), orient="row")


def _adjusted(frame: pl.DataFrame, *, whole: bool = True) -> pl.DataFrame:
    """Adjust the p values of each design and role for their number, those that restate another apart.

    Secondary rows come from many analyses: unless the `whole` programme was run their number is not known.
    """
    adjusted: dict[int, float] = {}
    restating = pl.any_horizontal(
        (pl.col("analysis") == analysis) & (pl.col("variant") == variant) for analysis, variant in sorted(RESTATING)
    )
    given = frame.with_row_index("row").filter(pl.col("p_value").is_not_null() & ~restating)
    for (_, role), rows in given.group_by("design", "role", maintain_order=True):
        if (method := ADJUSTED.get(str(role))) and (whole or role == "primary"):
            adjusted |= zip(rows["row"], multipletests(rows["p_value"].to_numpy(), method=method)[1], strict=True)
    values = [rounded(adjusted[row]) if row in adjusted else None for row in range(frame.height)]
    return frame.with_columns(p_adjusted=pl.Series(values, dtype=pl.Float64))
