"""The participants' columns that rules on nights look into."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.schemas import Nights, conditions
from hypnic.schemas.tables import OTHER

if TYPE_CHECKING:
    from collections.abc import Sequence

KNOWN = OTHER + "known"  # whether the participants table has the participant
TOKEN, HASH = "participant_id", "hash "
FEW = 50_000  # participants that each block of nights is joined with whole


def in_context(nights: pl.DataFrame, people: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Add the participants' columns that rules on nights look into; null where there is no such participant."""
    return Context(people).around(nights)


def looked_into() -> list[str]:
    """Name the participants' columns that rules on nights look into."""
    needs = {need for c in conditions(Nights) for need in c.clause.needs if need.startswith(OTHER)} - {KNOWN}
    return sorted(need.removeprefix(OTHER) for need in needs)


class Context:
    """What rules on nights look into, of every participant: made once, and joined with each block of nights."""

    def __init__(self, people: Sequence[pl.DataFrame]) -> None:
        self._names = [OTHER + name for name in looked_into()]
        self._known: pl.DataFrame | None = None
        if people:
            empty = pl.DataFrame(schema=dict.fromkeys([TOKEN, *self._names], pl.String))
            there = [person.rename(lambda name: name if name == TOKEN else OTHER + name) for person in people]
            # As text: typed and published tables do not have the same words.
            some = [f.select(pl.col(n).cast(pl.String) for n in empty.columns if n in f.columns) for f in there]
            known = pl.concat([empty, *some], how="diagonal")
            known = known.unique(TOKEN, keep="first", maintain_order=True).with_columns(pl.lit(True).alias(KNOWN))
            if known.height > FEW:
                known = known.with_columns(pl.col(TOKEN).hash().alias(HASH)).sort(HASH)
            self._known = known

    def around(self, nights: pl.DataFrame) -> pl.DataFrame:
        """Add the columns to nights; null where there is no such participant."""
        if self._known is None:
            empty = {KNOWN: pl.Boolean(), **dict.fromkeys(self._names, pl.String())}
            # One null that counts for all rows takes no memory.
            return nights.hstack([pl.Series(n, [None], t).new_from_index(0, nights.height) for n, t in empty.items()])
        known = self._of(nights, self._known)
        joined = nights.join(known, on=TOKEN, how="left", maintain_order="left")
        return joined.with_columns(pl.col(KNOWN).fill_null(False))

    def _of(self, nights: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
        """Give those participants of many that some nights can be of."""
        if HASH not in known.columns:
            return known
        wanted = nights.select(pl.col(TOKEN).hash().unique()).to_series()
        first, after = (known[HASH].search_sorted(wanted, side=side) for side in ("left", "right"))
        found = pl.int_ranges(first, after, dtype=pl.UInt32, eager=True).explode(empty_as_null=False)
        return known[found].drop(HASH)
