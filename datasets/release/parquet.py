"""A table as Parquet: categories ordered only where the scale is, and what is known of each column in its metadata."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypnic.schemas.publish.labels import level_labels, number_labels

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from hypnic.datasets.release.contents import Contents
    from hypnic.schemas import Column


def write_parquet(contents: Contents, name: str, path: Path) -> None:
    """Write one table of a release."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    described = contents.described[name]
    table = contents.tables[name].rechunk().to_arrow()
    arrays, fields = [], []
    for facts, column, field in zip(described.columns, table.columns, table.schema, strict=True):
        dtype = _ordered(field.type, ordered=facts.ordered)
        arrays.append(_as(column.combine_chunks(), dtype))
        fields.append(pa.field(field.name, dtype, metadata={**(field.metadata or {}), **_facts(facts)}))
    said = {
        "title": contents.title, "description": described.description, "study": contents.study,
        "version": contents.version, "license": "CC0-1.0", "synthetic": str(contents.synthetic).lower(),
    }  # fmt: skip
    whole = pa.table(arrays, schema=pa.schema(fields, metadata=said))
    pq.write_table(whole, path, compression="zstd", compression_level=9)


def _facts(column: Column) -> dict[str, str]:
    """Say a column's facts as Arrow keeps them, text by text; what is not there is left out."""
    said = {
        "title": column.title, "description": column.description, "question": column.question, "unit": column.unit,
        "source": column.source if column.question else "", "minimum": _number(column.low),
        "maximum": _number(column.high),
    }  # fmt: skip
    labels = number_labels(column) or level_labels(column)
    if labels:
        said["labels"] = json.dumps(labels, ensure_ascii=False)
    return {name: text for name, text in said.items() if text}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _ordered(dtype: pa.DataType, *, ordered: bool) -> pa.DataType:
    """Give the type of a column whose categories have an order only where its scale has one."""
    import pyarrow as pa

    if pa.types.is_dictionary(dtype):
        return pa.dictionary(dtype.index_type, dtype.value_type, ordered)
    if pa.types.is_large_list(dtype):
        inner = dtype.value_field
        return pa.large_list(inner.with_type(_ordered(inner.type, ordered=ordered)))
    return dtype


def _as(array: Any, dtype: pa.DataType) -> Any:
    """Give an array the type that differs from its own by the order of categories alone."""
    import pyarrow as pa

    if array.type == dtype:
        return array
    if pa.types.is_large_list(dtype):
        return pa.LargeListArray.from_arrays(
            array.offsets, _as(array.values, dtype.value_type), type=dtype, mask=array.is_null()
        )
    return pa.DictionaryArray.from_arrays(array.indices, array.dictionary, ordered=dtype.ordered)
