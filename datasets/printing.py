"""Findings as people read them: grouped by rule, the first cells of each, and what to type instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.privacy import privacy_notice

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = 5  # cells named in each group; `--format json` gives all


def as_text(found: pl.DataFrame, names: Sequence[str]) -> str:
    """Give the findings as text: one paragraph for each rule and column, then one line that sums up."""
    if found.is_empty():
        return f"{', '.join(names)}: no findings\n"
    keys = ("file", "rule", "level", "message", "hint")
    groups = found.group_by(keys, maintain_order=True)
    paragraphs = [_paragraph(dict(zip(keys, key, strict=True)), cells) for key, cells in groups]
    return "\n".join([*privacy_notice(found), *paragraphs, _sum(found)])


def _paragraph(said: dict[str, object], cells: pl.DataFrame) -> str:
    rows = cells.select("cell", "value").rows()
    typed = [f"{cell or 'the header'}{f' ({value})' if value else ''}" for cell, value in rows[:SHOWN]]
    more = f" and {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
    places = ", ".join(typed)
    return f"{said['file']}: {said['level']} {said['rule']}: {said['message']}\n  at {places}{more}\n  {said['hint']}\n"


def _sum(found: pl.DataFrame) -> str:
    counts = found["level"].value_counts().sort("level")
    parts = [f"{n} {level}{'s' if n > 1 else ''}" for level, n in counts.iter_rows()]
    return f"{', '.join(parts)} in {found['file'].n_unique()} file{'s' if found['file'].n_unique() > 1 else ''}\n"
