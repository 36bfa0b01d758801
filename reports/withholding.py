"""Which rows of the table of estimates may be published, and how exactly: nothing that rests on fewer than ten people.

A ratio is no count, and tells no answer as long as ten people or more stand on either side of what it compares. Rows
where fewer do are suppressed, and so are those that give one person away by subtraction from the row above them. Counts
are rounded down to tens. So are degrees of freedom: some are people less coefficients, and limits with all their digits
would give them back. Three digits are what a page shows; nobody loses by them, and a reader who holds all answers but
one can't work that one back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from hypnic.schemas import Nights, columns
from hypnic.schemas.disclosure import FEWEST_PERSONS, in_tens, too_few
from hypnic.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hypnic.analysis.question.lean import Lean
    from hypnic.analysis.studies.estimands import Estimand
    from hypnic.analysis.studies.sets import AnalysisSet
    from hypnic.analysis.studies.study import StudyData

DIGITS: Final = 3
NUMBERS: Final = (
    "estimate", "conf_low", "conf_high", "std_error", "df", "statistic", "p_value", "p_adjusted", "score_max",
)  # fmt: skip
LEAVING_OUT: Final = "leaving out"
ONE_PERSON: Final = ("without-person", "without-person-who-raises", "without-person-who-lowers")
# Nobody and one person are fewer than ten: a word that tells which of them it was would tell a count.
TELLING: Final = ("empty_level", "no_contrast", "leverage")
COMPARED: Final = ("design", "outcome", "exposure", "unit", "scale")


def rows_each(design: str) -> int:
    """Say how many rows one person may have at most: nights in a diary, one answer in a survey.

    >>> rows_each("survey"), rows_each("diary")
    (1, 28)
    """
    return int(columns(Nights)["night_index"].high or 1) if design == "diary" else 1


def publishable_estimates(estimates: pl.DataFrame, data: StudyData, rules: Mapping[Estimand, Lean]) -> pl.DataFrame:
    """Suppress what rests on fewer than ten people, and round the rest: see the head of this module.

    Parameters
    ----------
    estimates
        A table as `hypnic.schemas.estimates.Estimates` says.
    data
        The study that they come from.
    rules
        What the rule for small studies left of each estimand: whose rows entered its fit.

    """
    alone = pl.col("analysis") == LEAVING_OUT
    small = (
        pl.any_horizontal(pl.lit(value=False), *(_about(*pair) for pair in sorted(hanging_on_few(data, rules))))
        | pl.col("n_persons").is_between(1, FEWEST_PERSONS - 1)
        | (alone & pl.col("variant").is_in(ONE_PERSON))
        | (alone & (pl.col("left") < FEWEST_PERSONS))
        | pl.col("reason").is_in(TELLING).fill_null(value=False)
    )
    told = estimates.pipe(_with_left).with_columns(small=small.fill_null(value=False)).with_columns(
        *(pl.when(~pl.col("small")).then(in_three_digits(pl.col(column))) for column in NUMBERS if column != "df"),
        df=pl.when(~pl.col("small")).then(
            pl.when(pl.col("df") < FEWEST_PERSONS).then(in_three_digits(pl.col("df"))).otherwise(_tens(pl.col("df")))
        ),
        status=pl.when("small").then(pl.lit("suppressed")).otherwise("status").cast(estimates.schema["status"]),
        reason=pl.when("small").then(pl.lit("few_persons")).otherwise("reason").cast(estimates.schema["reason"]),
        whole=pl.col("n_rows") + pl.col("n_dropped"),
        n_persons=_tens(pl.col("n_persons")).cast(pl.Int64),
    )  # fmt: skip
    each = pl.col("design").cast(pl.String).replace_strict({d: rows_each(d) for d in ("survey", "diary")})
    base = FEWEST_PERSONS * each
    told = told.with_columns(n_rows=pl.col("n_rows") // base * base)
    # Not rounded by itself: it is what two rounded numbers leave, and tells nothing that they do not.
    told = told.with_columns(n_dropped=pl.col("whole") // base * base - pl.col("n_rows"))
    return Estimates.validate(told.select(estimates.columns).cast(estimates.schema), lazy=True)


def hanging_on_few(data: StudyData, rules: Mapping[Estimand, Lean]) -> set[tuple[str, str]]:
    """Find the comparisons, by design and exposure, where fewer than ten people tell one side from the other.

    In a survey they are the people who answered anything but the commonest answer, about the exposure or about the
    jerks; in a diary the people with whom it was not every night the same.
    """
    return {
        (one.instrument.design, estimand.exposure)
        for one in data.sets
        for estimand in one.estimands
        if estimand in rules and any(map(too_few, _apart(one, estimand, rules[estimand])))
    }


def _apart(one: AnalysisSet, estimand: Estimand, rule: Lean) -> Iterator[int]:
    """Count the people who tell one side from the other, for the exposure and for the outcome."""
    outcome = one.outcome_of(estimand)
    outcomes = (outcome,) if isinstance(outcome, str) else outcome
    needed = [estimand.column, *outcomes[:1], *rule.adjustment]
    entered = rule.frame.drop_nulls(needed)
    for column in dict.fromkeys(needed[:2]):
        if one.instrument.design == "diary":
            nights = entered.group_by(one.person).agg(pl.col(column).n_unique())
            yield nights.filter(pl.col(column) > 1).height
        else:
            counted = entered[column].value_counts()["count"]
            yield entered.height - int(counted.max() or 0)  # type: ignore[arg-type]


def _about(design: str, exposure: str) -> pl.Expr:
    return (pl.col("design") == design) & (pl.col("exposure") == exposure)


def _with_left(estimates: pl.DataFrame) -> pl.DataFrame:
    """Add `left`: how many people the primary row has more than this one; null where there is no primary row."""
    primary = estimates.filter(analysis="primary", role="primary").unique(COMPARED, keep="first", maintain_order=True)
    whole = primary.select(*COMPARED, whole_persons="n_persons")
    joined = estimates.join(whole, on=COMPARED, how="left", maintain_order="left")
    return joined.with_columns(left=pl.col("whole_persons") - pl.col("n_persons"))


def _tens(count: pl.Expr) -> pl.Expr:
    return count // FEWEST_PERSONS * FEWEST_PERSONS


def rounded_down(count: int, design: str) -> int:
    """Round rows of a design down to those of tens of people.

    >>> rounded_down(97, "survey"), rounded_down(600, "diary")
    (90, 560)
    """
    return in_tens(count, rows_each(design))


def three_digits(value: float) -> float:
    """Round to three digits, as the published estimates are.

    >>> three_digits(0.0123456), three_digits(0.0)
    (0.0123, 0.0)
    """
    return value if value == 0 else float(f"{value:.{DIGITS - 1}e}")


def in_three_digits(numbers: pl.Expr) -> pl.Expr:
    """Round numbers to three digits."""
    return numbers.map_elements(three_digits, return_dtype=pl.Float64)
