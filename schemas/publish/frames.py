"""The dictionary of a released table as a frame: a row a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hypnic.errors import HypnicError
from hypnic.schemas.publish.described import describe
from hypnic.schemas.publish.labels import level_labels, number_labels

if TYPE_CHECKING:
    import polars as pl

    from hypnic.schemas import Column


def dictionary(
    table: Literal["participants", "nights", "missingness", "participant_choices", "flags"],
) -> pl.DataFrame:
    """Say what each column of a released table holds.

    Parameters
    ----------
    table
        `participants`, `nights`, `missingness`, `participant_choices` or `flags`.

    Returns
    -------
    polars.DataFrame
        A row a column, in table order: `column`, `title`, `question`, `type`, `unit`, `low`, `high`, `levels`
        (a list), `ordered`, `labels` (a list, level by level), `asked` (the condition; empty is always), `source`,
        `description`.

    Raises
    ------
    HypnicError
        There is no such table.

    Examples
    --------
    >>> import hypnic
    >>> hypnic.dictionary("nights").filter(column="jerk_count")["unit"].item()
    'jerks'

    """
    import polars as pl

    tables = describe()
    if table not in tables:
        message = f"there is no table {table!r}; choose one of {', '.join(tables)}"
        raise HypnicError(message)
    rows = [_row(column) for column in tables[table].columns]
    lists: dict[str, pl.DataType | type[pl.DataType]] = {
        "levels": pl.List(pl.String),
        "labels": pl.List(pl.String),
        "low": pl.Float64,
        "high": pl.Float64,
    }
    return pl.DataFrame(rows, schema_overrides=lists)


def _row(column: Column) -> dict[str, object]:
    labels: dict[str, str] = level_labels(column) or {str(n): label for n, label in number_labels(column).items()}
    return {
        "column": column.name, "title": column.title, "question": column.question, "type": column.kind,
        "unit": column.unit, "low": column.low, "high": column.high, "levels": list(labels), "ordered": column.ordered,
        "labels": list(labels.values()), "asked": str(column.routing or ""),
        "source": column.source if column.question else "", "description": column.description,
    }  # fmt: skip
