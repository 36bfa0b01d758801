"""From answers received to answers analysed, each drop with its reason; and what filling the gaps changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.reports import numbers
from hypnic.reports.names import exposure_title
from hypnic.reports.tables import Table
from hypnic.reports.withholding import rows_each

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypnic.analysis.results import Results
    from hypnic.analysis.studies.sets import AnalysisSet
    from hypnic.analysis.studies.study import Written
    from hypnic.reports.ratios import Ratio

    Row = dict[str, Any]

MISSING = "left out: an answer is missing"
ALONE = "nothing to compare with (no jerk on any night, or one night alone)"
GAPS_NOTE = (
    "Gaps filled: the same model on answers completed at random from like people, many times over (multiple"
    " imputation). Information missing: the share of what the ratio could tell that the gaps took."
)


def flow_tables(results: Results, written: Written) -> Iterator[Table]:
    """Set the rows of each instrument on their way to its primary models."""
    for data in results.data.sets:
        design, noun = data.instrument.design, "nights" if data.instrument.design == "diary" else "people"
        rows = results.estimates.filter(analysis="primary", role="primary", design=design)
        own = {row["exposure"]: row for row in rows.iter_rows(named=True)}
        if not any(row["n_persons"] for row in own.values()):
            continue
        each, flagged = rows_each(design), sum(data.left_out.values())
        lines = [
            (f"{noun} received", [written(row["n_rows"] + row["n_dropped"] + flagged, each) for row in own.values()]),
            ("left out: a check flagged them", [written(flagged, each)] * len(own)),
            *((why, [written(count, each) for count in counts]) for why, counts in _dropped(data, own)),
            (f"{noun} in the model", [written(row["n_rows"], each) for row in own.values()]),
        ]
        if design == "diary":
            lines.append(("people in the model", [written(row["n_persons"], 1) for row in own.values()]))
        header = ("Step", *(exposure_title(exposure, data.table) for exposure in own))
        table = tuple((step, *cells) for step, cells in lines)
        yield Table(f"{data.instrument.title}: from received to analysed", header, table)


def _dropped(data: AnalysisSet, own: Mapping[str, Row]) -> list[tuple[str, list[int]]]:
    """Count the rows that each primary model leaves out, by why; all together where that cannot be told apart."""
    all_of_them = [row["n_dropped"] for row in own.values()]
    columns = {row.exposure: row.column for row in data.instrument.primary}
    needed = [
        [columns[name], *_outcome(data), *filter(None, row["adjustment"].split("+"))] for name, row in own.items()
    ]
    if any(not {*one} <= {*data.frame.columns} for one in needed):
        return [(f"{MISSING}, or {ALONE}", all_of_them)]
    missing = [data.frame.height - data.frame.drop_nulls(one).height for one in needed]
    rest = [whole - part for whole, part in zip(all_of_them, missing, strict=True)]
    if min(rest) < 0:  # parts of the rows were adjusted for different things
        return [(f"{MISSING}, or {ALONE}", all_of_them)]
    return [(MISSING, missing), *([(f"left out: {ALONE}", rest)] if any(rest) else [])]


def _outcome(data: AnalysisSet) -> tuple[str, ...]:
    return (data.outcome,) if isinstance(data.outcome, str) else data.outcome


def gap_table(results: Results, ratios: tuple[Ratio, ...]) -> Table | None:
    """Set each primary ratio of complete answers next to that with the gaps filled."""
    rows = results.estimates.filter(analysis="missing data", status="estimated")
    lines = []
    for r in ratios:
        own = rows.filter(design=r.instrument.design, exposure=r.estimand.exposure)
        filled, missing = own.filter(variant="imputed"), own.filter(variant="missing-information")
        if r.found is None or filled.is_empty():
            continue
        one = filled.row(0, named=True)
        lines.append(
            (
                f"{r.exposure} ({r.instrument.title})",
                f"{numbers.ratio(r.found.ratio)} ({numbers.interval(r.found.low, r.found.high)})",
                f"{numbers.ratio(one['estimate'])} ({numbers.interval(one['conf_low'], one['conf_high'])})",
                "–" if missing.is_empty() else numbers.percent(missing["estimate"][0], 0),
            )
        )
    header = ("Exposure", "Complete answers", "Gaps filled", "Information missing")
    return Table("Ratios with and without filled gaps", header, tuple(lines), GAPS_NOTE) if lines else None


def missing_sentence(results: Results) -> str:
    """Say how many of the rows that models could use lack an answer."""
    rows = results.estimates.filter(analysis="primary", role="primary").with_columns(
        share=pl.col("n_dropped") / (pl.col("n_rows") + pl.col("n_dropped"))
    )
    said = []
    for data in results.data.sets:
        shares = rows.filter(pl.col("share").is_not_nan(), design=data.instrument.design)["share"]
        if shares.len():
            low, high = (numbers.percent(share, 0) for share in (shares.min(), shares.max()))  # type: ignore[arg-type]
            said.append(f"{data.instrument.title}: {numbers.span(low, high)} of the rows")
    return f"Left out of a model, by exposure: {'; '.join(said)}." if said else ""
