"""Answers that look as if they were of another scale than their column's: said, and left as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.datasets.forms.layouts import normalised
from hypnic.datasets.forms.synonyms import synonyms
from hypnic.datasets.forms.titles import parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.datasets.forms.transcriber import Transcriber

FEWEST, SMALL = 7, 5  # answers that show a scale, and the top of one that is not from 0 to 10


def looked_at(reader: Transcriber, frame: pl.DataFrame) -> Iterator[str]:
    """Say which answers of columns that are called otherwise look as if they were of another scale."""
    for name in (name for name in frame.columns if name.endswith("_0_10") and _by_another_name(reader, name)):
        points = frame[name].cast(pl.Int64, strict=False).drop_nulls()
        if points.len() >= FEWEST and points.is_between(1, SMALL).all() and points.n_unique() > 1:
            most = max(points.to_list())
            own = 'type "" next to its name in a map (--map MAP.toml)'
            do = own if reader.profile.own_names else "take the column out of the export"
            yield f"look at {name}: it holds only 1 to {most}; if it was not asked from 0 to 10, {do}"


def _by_another_name(reader: Transcriber, name: str) -> bool:
    """Whether a column was known by what people call it, and by neither its own name nor its question."""
    heads = [head for place in reader.found.answers.get(name, ()) for head in reader.export.headers[place]]
    called = {normalised(part) for part in parts(heads, reader.profile)}
    theirs = normalised(name) not in called and name in map(synonyms().get, called)
    return reader.profile.own_names or theirs
