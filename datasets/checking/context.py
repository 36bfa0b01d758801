"""The participants' columns that rules on nights look into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.schemas import Nights, conditions
from hypnic.schemas.tables import OTHER

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOWN = OTHER + "known"  # whether the participants table has the participant


def in_context(nights: pl.DataFrame, people: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Add the participants' columns that rules on nights look into; null where there is no such participant."""
    return lazily_in_context(nights.lazy(), people).collect()


def lazily_in_context(nights: pl.LazyFrame, people: Sequence[pl.DataFrame]) -> pl.LazyFrame:
    """Add the same to nights that are not read yet."""
    names = sorted({need for c in conditions(Nights) for need in c.clause.needs if need.startswith(OTHER)} - {KNOWN})
    if not people:
        return nights.with_columns(
            pl.lit(None, pl.Boolean).alias(KNOWN), *(pl.lit(None, pl.String).alias(name) for name in names)
        )
    empty = pl.DataFrame(schema=dict.fromkeys(["participant_id", *names], pl.String))
    there = [person.rename(lambda name: name if name == "participant_id" else OTHER + name) for person in people]
    # As text: typed and published tables do not have the same words.
    some = [f.select(pl.col(n).cast(pl.String) for n in empty.columns if n in f.columns) for f in there]
    known = pl.concat([empty, *some], how="diagonal")
    known = known.unique("participant_id", keep="first").with_columns(pl.lit(True).alias(KNOWN))
    joined = nights.join(known.lazy(), on="participant_id", how="left", maintain_order="left")
    return joined.with_columns(pl.col(KNOWN).fill_null(False))
