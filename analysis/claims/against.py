"""What a study itself says against one of its estimates: its parts, its answers one by one, its gaps filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from hypnic.analysis.claims.verdict import DECIDED, MOST_P, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hypnic.analysis.claims.saying import Evidence

EXCLUDES_ONE: Final = frozenset({"supported", "contradicted"})


def against(test: Evidence, row: Mapping[str, Any], estimates: pl.DataFrame) -> tuple[str, ...]:
    """Say what contradicts the verdict of a primary row of results, each in a clause that follows "but".

    Only the same comparison counts: in parts of the study, where they differ by more than chance; among frequent
    answers alone, where these do not show it; with its gaps filled, where that has another verdict. A part or an answer
    alone that is merely less sure contradicts nothing.
    """
    found = verdict(test.expects, row, proxy=test.proxy)
    if row["analysis"] != "primary" or found not in DECIDED:
        return ()
    own = estimates.filter(design=row["design"], exposure=row["exposure"], outcome=row["outcome"])
    return tuple(_against(test, row, own, found))


def _against(test: Evidence, row: Mapping[str, Any], own: pl.DataFrame, found: str) -> Iterator[str]:
    apart = own.filter(pl.col("p_value") < MOST_P, analysis="combining", variant="heterogeneity")
    if not apart.is_empty():
        yield f"differs between {test.table.parts}"
    alone = own.filter(analysis="proportional odds", scale="OR", status="estimated", unit=row["unit"])
    if found in EXCLUDES_ONE and unclear_when_frequent(alone.select("conf_low", "conf_high").iter_rows()):
        yield "not seen in frequent jerks alone"
    for filled in own.filter(analysis="missing data", variant="imputed", unit=row["unit"]).iter_rows(named=True):
        other = verdict(test.expects, filled, proxy=test.proxy)
        if other not in {found, "needs data"}:
            yield f"{other} with gaps filled"


def unclear_when_frequent(limits: Iterable[tuple[float, float]]) -> bool:
    """Tell whether any answer but the lowest, taken alone, leaves it open on which side of 1 its ratio lies.

    `limits` are those of the ratio at each answer or a more frequent one, in their order.

    >>> unclear_when_frequent([(0.9, 1.2), (1.1, 1.4)]), unclear_when_frequent([(1.1, 1.4), (0.9, 1.2)])
    (False, True)
    """
    return any(low <= 1 <= high for low, high in list(limits)[1:])
