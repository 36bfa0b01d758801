"""Findings as SARIF 2.1.0 (OASIS, 2020), the form that pull requests show as annotations.

A log is often public, so it holds no cell's content, not even a plain number, and no folder above the current one.
"""

from __future__ import annotations

import json
from collections import Counter
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hypnic.datasets.findings.text import place
from hypnic.schemas import Nights, Participants, catalogue
from hypnic.schemas.filenames import named

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "flag": "warning", "warning": "warning", "suggestion": "note"}
SHOWN = 5000  # GitHub shows no more results of a run


def as_sarif(found: pl.DataFrame, paths: Sequence[Path], rest: pl.DataFrame | None = None) -> str:
    """Give the findings as a SARIF log: the tool with its rules, then one result for each finding, errors first.

    `paths` are the checked files as they were named. What GitHub would not show is left out, and its number told.
    """
    rules = list({rule.id: rule for model in (Participants, Nights) for rule in catalogue(model).values()}.values())
    index: dict[str, int] = {rule.id: position for position, rule in enumerate(rules)}
    at = _addresses(paths)
    ordered = found.sort("level", maintain_order=True)
    described = [
        {
            "id": rule.id,
            "shortDescription": {"text": rule.title},
            "defaultConfiguration": {"level": LEVELS[rule.level]},
        }
        for rule in rules
    ]
    run: dict[str, Any] = {
        "tool": {"driver": {"name": "hypnic", "version": version("hypnic"), "rules": described}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(row, index, at) for row in ordered.head(SHOWN).iter_rows(named=True)],
    }
    more = max(found.height - SHOWN, 0) + (0 if rest is None else rest["more"].sum())
    if more:
        left = f"{more:,} more findings; `hypnic check` lists them"
        said = {"level": "warning", "message": {"text": left}}
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": [said]}]
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1, ensure_ascii=False) + "\n"


def _result(row: dict[str, Any], index: dict[str, int], at: dict[str, str]) -> dict[str, Any]:
    where: dict[str, Any] = {"artifactLocation": {"uri": at.get(row["file"], quote(row["file"]))}}
    if row["line"]:
        # Findings count cells, not characters: only where the first cell of a line starts is known.
        where["region"] = {"startLine": row["line"]} | ({"startColumn": 1} if _opens_line(row["cell"]) else {})
    text = f"{place(row['cell'], row['line'])}: {row['message']}; {row['hint']}."
    numbered = {"ruleIndex": index[row["rule"]]} if row["rule"] in index else {}
    return {
        "ruleId": row["rule"],
        **numbered,
        "level": LEVELS[row["level"]],
        "message": {"text": text},
        "locations": [{"physicalLocation": where}],
    }


def _opens_line(cell: str | None) -> bool:
    return cell is not None and cell.rstrip("0123456789") == "A"


def _addresses(paths: Sequence[Path]) -> dict[str, str]:
    """Give each file's address below the current folder; its name alone where it is elsewhere, or not the only one."""
    here, same = Path.cwd(), Counter(map(named, paths))
    full = {named(path): path.resolve() for path in paths if same[named(path)] == 1}
    return {
        name: quote(
            (path.relative_to(here) if path.is_relative_to(here) else Path(name)).as_posix(), errors="surrogateescape"
        )
        for name, path in full.items()
    }
