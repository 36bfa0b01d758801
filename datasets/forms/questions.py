"""What has to be asked of a person before a table can be read: each reading of it with three rows, and one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.checking.marks import both
from hypnic.datasets.checking.nightclocks import evening_hour
from hypnic.datasets.forms.amounts import amount
from hypnic.datasets.forms.hours import clock
from hypnic.datasets.forms.naming import shown
from hypnic.datasets.forms.readings import SHOWN, WAYS, Question, as_time
from hypnic.datasets.reading.references import letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.datasets.forms.transcriber import Transcriber
    from hypnic.schemas import Column

ASKS = {
    "clock": "times such as 8:30 may be of a clock of 24 hours, or of one of twelve with bedtimes in the evening",
    "times": "the part after the mark of times such as 23.30 may be minutes, or a part of an hour",
    "beer": "a beer without its size may be of either size, if no other",
    "dash": "a dash may stand for none, or for no answer",
    "short": "a short number next to times such as 2315 may be minutes past midnight, or an hour",
    "small": (
        "numbers as small as these may count hours, cups or glasses; of cups and glasses name the drink under [columns]"
        ", as filter_coffee_200"
    ),
    "long": "durations as long as these may be in seconds, as apps write them",
    "marks": "the mark in numbers such as 1.200 may stand before thousands, or before decimals",
}


def asked(reader: Transcriber) -> list[Question]:
    """Give what is left open, each question with what its answers make of three rows."""
    found = [Question(key, asks, _ways(reader, key)) for key, asks in ASKS.items() if reader.open.get(key)]
    return found + [one for name in reader.differ for one in _columns(reader, name)]


def _ways(reader: Transcriber, key: str) -> dict[str, list[str]]:
    """Read three rows in each way."""
    ways: dict[str, list[str]] = {}
    for number, name, cell, _ in _first(reader, key):
        facts = reader.found.facts[name]
        for way, said in _said(key, cell, facts).items():
            row = reader.export.spreadsheet_row(number)
            ways.setdefault(way, []).append(f"row {row} {name} {said}")
    return ways


def _said(key: str, cell: str, facts: Column) -> dict[str, str]:
    """Say what a cell is in each way."""
    if key == "beer":
        return _sizes(cell, facts)
    if key == "small":
        unit = facts.unit.partition("/")[0].partition(" ")[0]
        hours = amount(f"{cell} h", facts) if unit == "min" else None
        return {"as typed": f"{cell} {unit}"} | ({"hours": f"{hours.number} min"} if hours else {})
    return _both(key, facts.name, cell)


def _first(reader: Transcriber, key: str) -> list[tuple[int, str, str, str]]:
    """Give the first cells of three rows, those of the column that most rows have."""
    cells = reader.open[key]
    names = [name for _, name, _, _ in cells]
    most = max(names, key=names.count)
    return [one for one in cells if one[1] == most][:SHOWN]


def _both(key: str, name: str, cell: str) -> dict[str, str]:
    if key == "dash":
        return {"none": "0", "unknown": "-8 (do not know)"}
    if key == "marks":
        thousands, decimals = both(cell)
        return {"thousands": f"{thousands:.10g}", "decimals": f"{decimals:.10g}"}
    if key == "short":
        return {"minutes": f"0:{int(cell):02}", "hours": f"{cell}:00"}
    if key == "long":
        return {"minutes": cell, "seconds": f"{round(int(cell) / 60)}"}
    if key == "times":
        hour, _, part = cell.replace(",", ".").partition(".")
        decimal = round(float(f"0.{part}") * 60)
        minutes = as_time(cell) if int(part.ljust(2, "0")) < 60 else "no time"
        return {"minutes": minutes, "decimal": f"{hour}:{decimal:02}"}
    hours = clock(cell, last=36)
    hours = float(cell.replace(",", ".")) if hours is None else hours
    evening = evening_hour(hours, name)
    return {
        way: f"{int(h)}:{round(h % 1 * 60):02}" for way, h in (("24", hours), ("evening", evening)) if h is not None
    }


def _sizes(cell: str, facts: Column) -> dict[str, str]:
    read = {size: amount(cell, facts, size) for size in WAYS["beer"]}
    return {size: f"{one.number} g" for size, one in read.items() if one}


def _columns(reader: Transcriber, name: str) -> Iterator[Question]:
    """Ask which of two columns of one name is meant."""
    rows = reader.differ[name]
    places = sorted({place for _, each in rows for place in each})
    ways = {}
    for place in places:
        head = shown(reader.export.headers[place][0])
        told = [f"row {reader.export.spreadsheet_row(n)} {each[place]}" for n, each in rows if place in each]
        ways[f"{letters(place)} {head}".strip()] = told[:SHOWN]
    yield Question("", f"{name}: {len(places)} columns have its name and differ; which one is it?", ways)
