"""Every fact of every column as a table, for programs: CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from hypnic.schemas import TABLES, columns
from hypnic.schemas.column import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

FIRST = ("table", "name", "title", "question", "unit", "kind")
LAST = ("hint", "description")
DERIVED = ("missing_words",)  # how a missing answer is typed, all of it
FACTS = tuple(
    name
    for name in (f.name for f in fields(Column))
    if name not in {*FIRST, *LAST, "codes", "missing", "range_rule", "withheld"}
)  # fmt: skip
HEADER = (*FIRST, *FACTS, *DERIVED, *LAST)


def facts(tables: Iterable[str] = TABLES) -> list[dict[str, Any]]:
    """Give a record a column, in table order: every fact that its `Field` carries."""
    return [
        {"table": table} | {name: _plain(getattr(column, name)) for name in HEADER if name != "table"}
        for table in tables
        for column in columns(TABLES[table]).values()
    ]


def as_json(tables: Iterable[str] = TABLES) -> str:
    """Give the records as a JSON array."""
    return json.dumps(facts(tables), indent=2, ensure_ascii=False) + "\n"


def as_csv(tables: Iterable[str] = TABLES) -> str:
    """Give the records as CSV; several words in one cell are joined by |."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, HEADER, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in record.items()} for record in facts(tables))
    return buffer.getvalue()


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def _cell(value: Any) -> Any:
    match value:
        case list():
            return "|".join(value)
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return value
