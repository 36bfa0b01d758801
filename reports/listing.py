"""The listing of every estimate: a table for each role, a row for each row of estimates.csv."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypnic.reports import numbers
from hypnic.reports.names import exposure_title, readable
from hypnic.reports.tables import Table
from hypnic.reports.withholding import rows_each
from hypnic.schemas.disclosure import told_exactly
from hypnic.schemas.estimates import ROLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from hypnic.analysis.studies.study import Written

# What p is adjusted by, for the roles where it is.
ADJUSTED = {"primary": "Holm p", "secondary": "BH p"}
ROLE_NOTES = {
    "primary": (
        "IRR is a ratio of rates or of means, OR one of odds. p is two-sided; Holm p adjusts the {} primary rows of a"
        " design."
        " Rows left out miss an answer or lie outside the analysis. Largest score: how far from its maximum the fit"
        " stopped (0 is there)."
    ),
    "secondary": (
        "A difference is in the outcome's own unit: the average change among the people at"
        " hand for one step more, or for a yes in place of a no. BH p adjusts a design's secondary rows"
        " (Benjamini-Hochberg)."
    ),
    "sensitivity": (
        "The primary comparisons once more, with one thing done otherwise. p is not adjusted. A tipping point is no"
        " ratio: it says how far the answers left open would have to lie from those drawn for them before the nearer"
        " limit crosses 1, or how much more would have to be noticed to make the ratio, or its nearer limit, alone."
        " The E-value of an odds ratio is that of its square root, which is near a ratio of risks."
    ),
    "exploratory": "What nobody had to expect. p is not adjusted: none of these rows confirms anything.",
}


def estimates_tables(estimates: pl.DataFrame, primary: int, written: Written = told_exactly) -> tuple[Table, ...]:
    """Set every row of the table of estimates, role by role.

    `primary` are the primary rows of a design; `written` writes a count, given the most rows that a person has.
    """
    said = {role: note.format(numbers.in_words(primary)) for role, note in ROLE_NOTES.items()}
    numbered = estimates.with_row_index("place", offset=1)
    return tuple(
        _estimates_table(role, rows, said[role], written)
        for role in ROLES
        if (rows := numbered.filter(role=role)).height
    )


def _estimates_table(role: str, estimates: pl.DataFrame, note: str, written: Written) -> Table:
    header = (
        "Comparison", "Estimate", "95 % interval", "p", "Analysis", "Model", "Rows", "Persons", "Adjusted for",
    )  # fmt: skip
    rows = tuple(_estimates_row(row, written, ADJUSTED.get(role)) for row in estimates.iter_rows(named=True))
    number = numbers.count(estimates.height)
    caption = f"{role.capitalize()} rows of estimates.csv ({number})"
    return Table(caption, header, rows, note, role, tuple(f"row-{place}" for place in estimates["place"]))


def _estimates_row(row: Mapping[str, Any], written: Written, adjusted: str | None) -> tuple[str, ...]:
    """Set a row: what was compared, what was found, how, and on whom."""
    each = rows_each(row["design"])
    status = row["status"] if row["reason"] is None else f"{row['status']}: {row['reason']}".replace("_", " ")
    scale = "" if row["estimate"] is None else f" ({row['scale']})"
    what = exposure_title(row["exposure"], row["study"])
    step = f", {row['unit']}" if row["unit"] else ""
    dropped = written(row["n_dropped"], each)
    score = "" if row["score_max"] is None else f", largest score {row['score_max']:g}"
    more = f"; {adjusted} {numbers.p_value(row['p_adjusted'])}" if adjusted else ""
    return (
        f"{what}{step}: {readable(row['outcome'])}",
        f"{numbers.ratio(row['estimate'])}{scale}" if row["status"] == "estimated" else status,
        numbers.interval(row["conf_low"], row["conf_high"]),
        f"{numbers.p_value(row['p_value'])}{more}",
        f"{row['design']}, {row['analysis']}, {row['variant'].replace('/', ' / ').replace('_', ' ')} ({row['effect']})",
        f"{row['family']}, {row['covariance']}{score}",
        f"{written(row['n_rows'], each)} ({dropped} left out)",
        written(row["n_persons"], 1),
        ", ".join(readable(name) for name in row["adjustment"].split("+") if name) or "–",
    )
