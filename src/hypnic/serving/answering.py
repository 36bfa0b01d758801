"""What the page is told of its files: the findings, where they stand, and what may be typed instead."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.datasets.checking.changes import as_plain, left_alone
from hypnic.datasets.checking.files import check_opened
from hypnic.datasets.checking.suggestions import FIXABLE, in_its_column, timed
from hypnic.datasets.findings import summary
from hypnic.datasets.findings.text import place
from hypnic.datasets.reading.references import letters
from hypnic.schemas import columns
from hypnic.schemas.privacy import PRIVATE
from hypnic.schemas.rules import RuleId
from hypnic.serving.sheets import offered

if TYPE_CHECKING:
    from hypnic.datasets.checking.opened import Opened
    from hypnic.serving.asking import Asked

GROUPS, CELLS, ROWS = 100, 200, 200  # groups of findings shown, cells listed in each, rows of a file
AT_ONCE = 50_000  # cells that are typed by one click
SAID = ("file", "level", "rule", "message")
OPTION = re.compile(r"; --fix OUT .*|; yours is nearly right, and --fix OUT fixes it")  # as a command says it
LEFT_OUT = frozenset({*PRIVATE, RuleId.COLUMN_UNKNOWN})  # findings of a whole column that may be left out


def found_in(files: list[Opened]) -> pl.DataFrame:
    """Check files together; empty rows, which are left out of every copy, are no findings here."""
    found = check_opened(files)
    for file in files:
        blank = [row + 1 for row in file.text.ragged if not any(file.text.frame.row(row))]
        found = found.filter(
            ~((pl.col("file") == file.text.name) & (pl.col("rule") == RuleId.FILE) & pl.col("row").is_in(blank))
        )
    return found


def answer(files: list[Opened], asked: list[Asked]) -> dict[str, Any]:
    """Tell the page everything: what is in the tables, what is wrong, and what leaves no choice.

    Cells of a person's own table are shown to that person, but for those that must not be sent to anybody.
    """
    found = found_in(files)
    by_name = {file.text.name: file for file in files}
    wanted = {name: _proposals(found.filter(pl.col("file") == name), file) for name, file in by_name.items()}
    certain = {
        name: dict(islice(((cell, some[0]["text"]) for cell, (some, sure) in cells.items() if sure), AT_ONCE))
        for name, cells in wanted.items()
    }
    groups = found.sort("level", maintain_order=True).partition_by(SAID, maintain_order=True)
    return {
        "summary": summary(found),
        "errors": int((found["level"] == "error").sum()),
        "files": [
            _table(file, found.filter(pl.col("file") == file.text.name)) | offered(file.text.path, one, file.text.sheet)
            for file, one in zip(files, asked, strict=True)
        ],
        "groups": [_group(group, wanted) for group in groups[:GROUPS]],
        "more": sum(group.height for group in groups[GROUPS:]),
        "certain": certain,
        "typed": {one.name: len(one.edits) + len(one.drop) for one in asked},
        "own": any(_of_one_person(file) for file in files),
        "publishable": any(file.model.table_name() == "participants" for file in files),
    }


def _of_one_person(file: Opened) -> bool:
    """Tell whether a file holds the nights of one person."""
    nights, typed = file.model.table_name() == "nights", file.cast.frame
    return nights and "participant_id" in typed.columns and typed["participant_id"].drop_nulls().n_unique() == 1


def saved(file: Opened) -> str:
    """Give a file as plain CSV, with what was typed; raises HypnicError where a line does not fit its header."""
    file.text.refuse_ragged_lines("drop the file again")
    return as_plain(file, file.text.frame).csv


def _proposals(found: pl.DataFrame, file: Opened) -> dict[str, tuple[list[dict[str, str]], bool]]:
    """Give what to type instead at each address: the readings there are, and whether there is no choice."""
    facts, text, alone = columns(file.model), file.text, left_alone(file)
    wanted = {}
    for row in found.filter(pl.col("cell").is_not_null()).iter_rows(named=True):
        name, cell = row["column"], row["cell"]
        if name not in facts or name not in text.header:
            continue
        if row["rule"] == RuleId.COLUMN_UNKNOWN:
            wanted[cell] = ([{"text": name, "remark": ""}], True)
        elif row["rule"] in FIXABLE and row["row"] is not None:
            at = text.header.index(name)
            typed = text.frame.item(row["row"] - 1, at)
            ways = [timed(typed, facts[name], way) for way in ("minutes", "decimal")] if typed else []
            both = [
                {"text": way.text, "remark": f"{way.remark}, {said}"}
                for way, said in zip(ways, ("where it is minutes", "where it is a part of an hour"), strict=False)
                if way
            ]
            better = in_its_column(typed, facts[name], text.column(at))
            if better and better.certain and at not in alone:
                wanted[cell] = ([{"text": better.text, "remark": better.remark}], True)
            elif len(both) == 2:
                wanted[cell] = (both, False)
            elif better:
                wanted[cell] = ([{"text": better.text, "remark": better.remark}], False)
    return wanted


def _group(found: pl.DataFrame, wanted: dict[str, dict[str, tuple[list[dict[str, str]], bool]]]) -> dict[str, Any]:
    """Tell of findings that say the same of several cells of a file; a hint that differs stands at its cell."""
    file, level, rule, message = found.select(SAID).row(0)
    alike = found["hint"].n_unique() == 1
    cells = [
        {
            "at": place(row["cell"], row["line"]),
            "cell": row["cell"],
            "column": row["column"] or "",
            "value": row["value"],
            "hint": "" if alike else OPTION.sub("", row["hint"]),
            "instead": wanted[file].get(row["cell"], ([], False))[0],
        }
        for row in found.head(CELLS).iter_rows(named=True)
    ]
    of_columns = rule in LEFT_OUT and found["row"].null_count() == found.height
    whole = {cell["cell"].rstrip("0123456789") for cell in cells if cell["cell"] and not cell["instead"]}
    return {
        "file": file,
        "level": level,
        "rule": rule,
        "message": message,
        "hint": OPTION.sub("", found.item(0, "hint")) if alike else "",
        "cells": cells,
        "more": found.height - len(cells),
        "drop": sorted(whole) if of_columns else [],
    }


def _table(file: Opened, found: pl.DataFrame) -> dict[str, Any]:
    """Give the rows with a finding, and others up to a limit; private cells are not among them."""
    text = file.text
    faulty = found["row"].drop_nulls().unique().sort().to_list()[:ROWS]
    rest = [row for row in range(1, min(text.frame.height, 2 * ROWS) + 1) if row not in set(faulty)]
    rows = sorted([*faulty, *rest[: ROWS - len(faulty)]])
    private = found.filter(pl.col("rule").is_in(PRIVATE))
    hidden = {cell for row, cell in private.select("row", "cell").iter_rows() if row is not None}
    whole = {
        cell.rstrip("0123456789") for row, cell in private.select("row", "cell").iter_rows() if cell and row is None
    }
    names = [letters(place) for place in range(len(text.header))]
    return {
        "name": text.name,
        "table": file.model.table_name(),
        "read": "" if text.dialect.plain else str(text.dialect).replace(": check that by itself (--sheet)", ""),
        "top": text.top,
        "letters": names,
        "header": ["" if name in whole else said for name, said in zip(names, text.typed_header, strict=True)],
        "hidden": sorted(whole | hidden),
        "rows": [
            {
                "number": text.sheet_row(row - 1),
                "cells": [
                    "" if name in whole or f"{name}{text.sheet_row(row - 1)}" in hidden else cell or ""
                    for name, cell in zip(names, text.frame.row(row - 1), strict=True)
                ],
            }
            for row in rows
        ],
        "more": text.frame.height - len(rows),
    }
