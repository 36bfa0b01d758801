"""Frames of other libraries as frames of polars: pandas, pyarrow, whatever hands out an Arrow stream.

Only the columns that a fit reads are converted, so that a column nobody asked about can spoil nothing. Neither pandas
nor pyarrow is imported: pandas is read column by column, which needs no pyarrow.
"""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

import numpy as np
import polars as pl

from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence


class ArrowStream(Protocol):
    """Hands its columns out in Arrow's form, as tables of pyarrow and pandas and relations of DuckDB do."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """Give the stream."""


class PandasFrame(Protocol):
    """A frame of pandas, of which its type stubs tell no Arrow stream."""

    @property
    def columns(self) -> Any:
        """Name the columns."""

    def to_numpy(self) -> Any:
        """Give the values."""


Frame: TypeAlias = pl.DataFrame | pl.LazyFrame | ArrowStream | PandasFrame | Path


def as_polars(frame: Frame, wanted: Sequence[Any] | None = None) -> pl.DataFrame:
    """Give the wanted columns of a frame (None: all) as polars has them; a lazy frame, or Parquet, reads no others.

    Categories of pandas, and ordered ones of pyarrow, become an enum in their own order; what is missing becomes null.
    An index is no column. Raises HypnicError for what is no frame, and for columns that are not there, appear twice or
    hold values of several kinds.

    >>> as_polars(pl.LazyFrame({"y": [1], "x": [2]}), ["x"]).columns
    ['x']
    """
    if isinstance(frame, Path):
        frame = pl.scan_parquet(frame)
    if isinstance(frame, pl.LazyFrame):
        try:
            _refuse_absent(wanted or (), frame.collect_schema().names())
            return (frame if wanted is None else frame.select(wanted)).collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            message = f"the lazy frame cannot be read: {str(error).strip().partition(chr(10))[0]}"
            raise HypnicError(message) from error
    if isinstance(frame, pl.DataFrame):
        _refuse_absent(wanted or (), frame.columns)
        return frame if wanted is None else frame[list(wanted)]  # `select` plans a query, which takes longer
    kinds = {f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in type(frame).__mro__}
    if "pandas.DataFrame" in kinds:
        return _from_pandas(frame, list(cast("Any", frame).columns) if wanted is None else wanted)
    if not hasattr(frame, "__arrow_c_stream__") or "pandas.Series" in kinds:
        message = (
            f"frame is a {type(frame).__name__}: give a frame of polars, pandas or pyarrow,"
            " such as polars.DataFrame({...})"
        )
        raise HypnicError(message)
    found = pl.DataFrame(cast("Any", frame))
    wanted = found.columns if wanted is None else wanted
    _refuse_absent(wanted, found.columns)
    return found.select(wanted).with_columns(
        pl.col(name).cast(pl.String).cast(pl.Enum(levels)) for name in wanted if (levels := _ordered(frame, name))
    )


def _refuse_absent(wanted: Sequence[Any], there: Sequence[Any], index: Sequence[Any] = ()) -> None:
    for name in wanted:
        if not isinstance(name, str):
            message = f"{name!r} is no name of a column: give text"
            raise HypnicError(message)
        if name in there:
            continue
        names = [str(one) for one in there]
        close = [one for one in names if one.casefold() == name.casefold()]
        close += difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]!r}?" if close else f"the frame has {', '.join(names[:8]) or 'no columns'}"
        if name in index:
            hint = "it is in the index, so give frame.reset_index()"
        elif name in names:
            hint = f"its name is a {type(there[names.index(name)]).__name__}, so rename it to text"
        message = f"no column {name!r}: {hint}"
        raise HypnicError(message)


def _from_pandas(frame: Any, wanted: Sequence[str]) -> pl.DataFrame:
    _refuse_absent(wanted, list(frame.columns), list(frame.index.names))
    for name in wanted:
        if list(frame.columns).count(name) > 1:
            message = f"the frame has two columns {name!r}: keep one"
            raise HypnicError(message)
    return pl.DataFrame([_series(name, frame[name]) for name in dict.fromkeys(wanted)])


def _series(name: str, column: Any) -> pl.Series:
    """Give one column of pandas; numbers are taken as they lie, all else value by value."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype) and dtype.kind in "iufb":
        return pl.Series(name, column.to_numpy(), nan_to_null=True)
    # A category, or text, may be missing as None, NaN, NaT or NA.
    values = column.astype(object).where(column.notna(), None).tolist()
    if hasattr(dtype, "categories") and hasattr(dtype, "ordered"):
        levels = [str(level) for level in dtype.categories]
        return pl.Series(name, [None if value is None else str(value) for value in values], pl.Enum(levels))
    values = [value.tolist() if isinstance(value, np.ndarray) else value for value in values]  # lists of Arrow
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        values = [None if value is None else float(value) for value in values]
    try:
        return pl.Series(name, values, strict=True)
    except (TypeError, pl.exceptions.PolarsError):
        words = ", ".join(sorted(kind.__name__ for kind in kinds))
        message = f"column {name!r} holds values of several kinds ({words}): make them all one"
        raise HypnicError(message) from None


def _ordered(frame: Any, name: str) -> list[str] | None:
    """Name the levels of an ordered dictionary of pyarrow in their order."""
    schema: Any = getattr(frame, "schema", None)
    kind = schema.field(name).type if hasattr(schema, "field") else None
    if not getattr(kind, "ordered", False):
        return None
    return [str(level) for level in frame.column(name).unify_dictionaries().chunk(0).dictionary.to_pylist()]
