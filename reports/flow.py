"""From answers received to answers analysed, each drop with its reason; and what filling the gaps changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.analysis.checks.flow import MISSING as LACKING
from hypnic.reports import numbers
from hypnic.reports.names import exposure_title, readable
from hypnic.reports.tables import Table
from hypnic.reports.withholding import rounded_down, rows_each
from hypnic.schemas.disclosure import FEWEST_PERSONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypnic.analysis.results import Results
    from hypnic.analysis.studies.sets import AnalysisSet
    from hypnic.analysis.studies.study import Written
    from hypnic.reports.ratios import Ratio

    Row = dict[str, Any]

MISSING = "left out: an answer is missing"
WITHIN = "fe-poisson"  # compares nights of one person, and so nobody who has none to compare
ALONE = "nothing to compare with (no jerk on any night, or one night alone)"
GAPS_NOTE = (
    "Gaps filled: the same model on answers completed at random from like people, many times over (multiple"
    " imputation). Information missing: the share of what the ratio could tell that the gaps took."
)


def flow_tables(results: Results, written: Written) -> Iterator[Table]:
    """Set the rows of each instrument on their way to its primary models."""
    for data in results.data.sets:
        design, noun = data.instrument.design, "nights" if data.instrument.design == "diary" else "people"
        own = _primary(results, data)
        if not any(row["n_persons"] for row in own.values()):
            continue
        each, flagged = rows_each(design), sum(data.left_out.values())
        # Where counts are rounded, none is not told from a few.
        flags = [("left out: a check flagged them", [written(flagged, each)] * len(own))]
        flags = flags if flagged or results.data.study.protected else []
        lines = [
            (f"{noun} received", [written(row["n_rows"] + row["n_dropped"] + flagged, each) for row in own.values()]),
            *flags,
            *((why, [written(count, each) for count in counts]) for why, counts in _dropped(results, data, own)),
            (f"{noun} in the model", [written(row["n_rows"], each) for row in own.values()]),
        ]
        if design == "diary":
            lines.append(("people in the model", [written(row["n_persons"], 1) for row in own.values()]))
        header = ("Step", *(exposure_title(exposure, data.table) for exposure in own))
        table = tuple((step, *cells) for step, cells in lines)
        yield Table(f"{data.instrument.title}: from received to analysed", header, table)


def _dropped(results: Results, data: AnalysisSet, own: Mapping[str, Row]) -> list[tuple[str, list[int]]]:
    """Count the rows that each primary model leaves out, by why; all together where that cannot be told apart."""
    columns = {row.exposure: row.column for row in data.instrument.primary}
    counted = [_counted(data, row, columns[exposure]) for exposure, row in own.items()]
    told = [one for one, row in zip(counted, own.values(), strict=True) if one and _agrees(results, one, row)]
    if len(told) < len(own):
        return [(f"{MISSING}, or {ALONE}", [row["n_dropped"] for row in own.values()])]
    missing, alone = ([one[at] for one in told] for at in (0, 1))
    return [(MISSING, missing), *([(f"left out: {ALONE}", alone)] if any(alone) else [])]


def _counted(data: AnalysisSet, row: Row, column: str) -> tuple[int, int] | None:
    """Count rows that lack an answer, and of a diary those of people who cannot be compared with themselves."""
    outcome = (data.outcome,) if isinstance(data.outcome, str) else data.outcome
    needed = [column, *outcome, *filter(None, row["adjustment"].split("+"))]
    if not {*needed} <= {*data.frame.columns}:
        return None
    whole = data.frame.drop_nulls(needed)
    missing = data.frame.height - whole.height
    if row["family"] != WITHIN:
        return missing, 0
    jerks = pl.col(outcome[0])
    return missing, whole.filter((jerks.sum().over(data.person) == 0) | (pl.len().over(data.person) == 1)).height


def _agrees(results: Results, counted: tuple[int, int], row: Row) -> bool:
    """Tell whether these are all that a model left out: rare answers and parts that asked differently leave out more.

    Published numbers are rounded, and can differ by as much as that takes away.
    """
    if results.data.study.protected:
        over = sum(counted) - int(row["n_dropped"])
        return int(row["n_rows"]) > 0 and 0 <= over < FEWEST_PERSONS * rows_each(row["design"])
    return sum(counted) == int(row["n_dropped"])


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
    weighed = [readable(one.instrument.imputes.weights) for one in results.data.sets if one.instrument.imputes]
    note = " ".join([GAPS_NOTE, *(f"They are filled among all adults, by the {weight}." for weight in weighed)])
    return Table("Ratios with and without filled gaps", header, tuple(lines), note) if lines else None


def missing_sentence(results: Results) -> str:
    """Say how many of the rows that models could use lack an answer."""
    said = []
    for data in results.data.sets:
        shares, reason = _staged(results.flow) if results.flow is not None else _unanswered(results, data)
        if shares:
            low, high = (numbers.percent(share, 0) for share in (min(shares), max(shares)))
            said.append(f"{data.instrument.title}: {numbers.span(low, high)} of {reason}")
    return f"An answer is missing, by exposure: {'; '.join(said)}." if said else ""


def _staged(flow: pl.DataFrame) -> tuple[list[float], str]:
    """Give the shares of those whom a model is about that do not enter it."""
    steps = flow.filter(pl.col("stage") != LACKING).drop_nulls("n_persons")
    last = steps.group_by("exposure", maintain_order=True).agg(pl.col("n_persons").tail(2), pl.col("stage").tail(2))
    shares = [1 - after / before for before, after in last["n_persons"].to_list()]
    return shares, f"{last['stage'][0][0].removeprefix('of them ')}" if shares else ""


def _unanswered(results: Results, data: AnalysisSet) -> tuple[list[float], str]:
    """Give the shares of rows that lack an answer that a model needs."""
    own = {name: row for name, row in _primary(results, data).items() if row["n_persons"]}
    if not own:
        return [], ""
    why, counts = _dropped(results, data, own)[0]
    of = [row["n_rows"] + row["n_dropped"] for row in own.values()]
    if results.data.study.protected:
        counts = [rounded_down(count, data.instrument.design) for count in counts]
    shares = [count / whole for count, whole in zip(counts, of, strict=True) if whole]
    return shares, "the rows" if why == MISSING else "the rows, those included that cannot be compared"


def _primary(results: Results, data: AnalysisSet) -> dict[str, Row]:
    rows = results.estimates.filter(analysis="primary", role="primary", design=data.instrument.design)
    return {row["exposure"]: row for row in rows.iter_rows(named=True)}
