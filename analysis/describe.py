"""What the answers look like before any model: how often each was given, and shares of a population."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
from scipy.special import expit
from statsmodels.stats.proportion import proportion_confint

from hypnic.analysis.question.rows import rounded
from hypnic.analysis.regression.fit import fit
from hypnic.schemas.disclosure import FEWEST_PERSONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ASKED_FROM, ADULT_FROM = 16, 20  # years of age
NO_ANSWER, WEIGHTED = "no answer", "weighted"
DESIGN: dict[str, Any] = {"weights": "weight_interview", "strata": "stratum", "psu": "psu", "covariance": "design"}


def tally(answers: pl.Series, levels: Iterable[str]) -> dict[str, int]:
    """Count how often each level was given, then any other level that there is, and last how often no answer was.

    Other levels are those that were coarsened or withheld before a table was published.

    >>> tally(pl.Series(["yes", None, "yes"]), ["no", "yes"])
    {'no': 0, 'yes': 2, 'no answer': 1}
    """
    found = dict(answers.cast(pl.String).value_counts().iter_rows())
    listed = {level: found.get(level, 0) for level in levels}
    others = sorted(level for level in found if level is not None and level not in listed)
    return listed | {level: found[level] for level in others} | {NO_ANSWER: found.get(None, 0)}


def count_distribution(
    counts: pl.Series, persons: pl.Series, width: int = 1, least: int = FEWEST_PERSONS
) -> pl.DataFrame:
    """Say on how many rows a count was 0, 1, 2 ..., with the rare high counts in one last class.

    `width` joins neighbouring counts above zero. From the first class on that fewer than `least` persons gave, all are
    one open class. Columns `low`, `high` (null where open), `n_rows`.
    """
    frame = pl.DataFrame({"count": counts, "person": persons}).drop_nulls()
    start = pl.when(pl.col("count") == 0).then(0).otherwise((pl.col("count") - 1) // width * width + 1)
    classed = frame.with_columns(low=start.cast(pl.Int64))
    if classed.is_empty():
        return pl.DataFrame(schema={"low": pl.Int64, "high": pl.Int64, "n_rows": pl.Int64})
    sizes = classed.group_by("low").agg(pl.col("person").n_unique()).sort("low")
    lows = sizes["low"].to_list()
    cut = next((n for n, size in enumerate(sizes["person"]) if size < least), len(lows))
    while 0 < cut < len(lows) and classed.filter(pl.col("low") >= lows[cut])["person"].n_unique() < least:
        cut -= 1
    number = pl.max_horizontal(pl.when(pl.col("low") >= low).then(low) for low in lows[: cut + 1])
    whole = pl.when(pl.col("low") == 0).then(0).otherwise(pl.col("low") + width - 1)
    return (
        classed.group_by(number.alias("low"))
        .agg(n_rows=pl.len())
        .sort("low")
        .select(
            "low",
            pl.when(pl.col("low") < lows[cut] if cut < len(lows) else True).then(whole).alias("high"),
            "n_rows",
        )
    )


def weighted_share(frame: pl.DataFrame, answer: pl.Expr, asked: pl.Expr) -> dict[str, float]:
    """Estimate the share of a population with an NHANES answer, among those `asked`, with 95 % limits.

    Limits come from a weighted logit with a constant alone, Taylor-linearised over strata and PSUs: the interval
    `svyciprop(method = "logit")` of R's survey package.
    """
    marked = frame.with_columns(given=answer.cast(pl.Int8), domain=asked.fill_null(value=False).cast(pl.Int8))
    line = fit(marked, "given", [], "binomial", domain="domain", **DESIGN).tidy().row(0, named=True)
    return {key: rounded(float(expit(line[key]))) for key in ("estimate", "conf_low", "conf_high")}


def leg_answers(frame: pl.DataFrame, levels: Sequence[str]) -> pl.DataFrame:
    """Count NHANES answers about leg jerks by cycle, with their weighted shares of people aged 16 and over.

    Columns `cycle`, `answer`, `n_persons`, `estimate`, `conf_low`, `conf_high`; the last answer of each cycle is
    `refused or don't know`, which has no share.
    """
    rows: list[Mapping[str, Any]] = []
    for cycle, people in frame.filter(pl.col("age") >= ASKED_FROM).sort("cycle").group_by("cycle", maintain_order=True):
        own = frame.filter(cycle=cycle[0])
        counted = tally(people["leg_jerks"], levels)
        for answer in levels:
            share = weighted_share(own, pl.col("leg_jerks") == answer, pl.col("leg_jerks").is_not_null())
            rows.append({"cycle": cycle[0], "answer": answer, "n_persons": counted[answer], **share})
        rows.append({"cycle": cycle[0], "answer": "refused or don't know", "n_persons": counted["no answer"]})
    return pl.DataFrame(rows, infer_schema_length=None)


def leg_cramps(frame: pl.DataFrame) -> pl.DataFrame:
    """Estimate the weighted shares of adults (20+) with mild and with moderate or severe leg cramps, by cycle.

    Mild is up to 4 times a month, as in Grandner & Winkelman 2017 (PLoS ONE, PMC5460850). Columns `cycle`, `cramps`,
    `estimate`, `conf_low`, `conf_high`.
    """
    kinds = {"mild": ["rarely", "sometimes"], "moderate or severe": ["often", "almost_always"]}
    asked = (pl.col("age") >= ADULT_FROM) & pl.col("leg_cramps").is_not_null()
    return pl.DataFrame(
        {"cycle": cycle, "cramps": kind}
        | weighted_share(frame.filter(cycle=cycle), pl.col("leg_cramps").is_in(answers), asked)
        for cycle in frame["cycle"].unique().sort()
        for kind, answers in kinds.items()
    )


def rates(
    people: pl.DataFrame, column: str, hits: Sequence[str], by: Mapping[str, Sequence[str]], *, weighted: bool = False
) -> pl.DataFrame:
    """Give the share of each group that gave one of some answers, with 95 % limits.

    `by` has the columns to group by, each with its groups in order. Limits are Wilson's; where `weighted`, those of
    `weighted_share`. A group of whom fewer than ten gave such an answer, or any other, is left out. Columns `by`,
    `group`, `n_hit`, `n_persons`, `estimate`, `conf_low`, `conf_high`.

    >>> frame = pl.DataFrame({"often": ["yes"] * 10 + ["no"] * 30, "sex": ["f"] * 40})
    >>> rates(frame, "often", ["yes"], {"sex": ["f", "m"]}).select("group", "n_hit", "n_persons", "estimate").rows()
    [('f', 10, 40, 0.25)]
    """
    told = people.filter(pl.col(column).is_not_null())
    rows: list[dict[str, Any]] = []
    for name, groups in by.items():
        for group in groups:
            own = told.filter(pl.col(name) == group)
            hit = int(own[column].is_in(list(hits)).sum())
            if min(hit, own.height - hit) < FEWEST_PERSONS:
                continue
            facts = {"by": name, "group": group, "n_hit": hit, "n_persons": own.height}
            inside = (pl.col(name) == group) & pl.col(column).is_not_null()
            limits = (
                weighted_share(people, pl.col(column).is_in(list(hits)), inside)
                if weighted
                else wilson(hit, own.height)
            )
            rows.append(facts | limits)
    schema = {"by": pl.String, "group": pl.String, "n_hit": pl.Int64, "n_persons": pl.Int64}
    return pl.DataFrame(rows, schema=schema | dict.fromkeys(("estimate", "conf_low", "conf_high"), pl.Float64))


def wilson(hits: int, persons: int) -> dict[str, float]:
    """Give a share with its Wilson limits.

    >>> {key: round(value, 3) for key, value in wilson(10, 40).items()}
    {'estimate': 0.25, 'conf_low': 0.142, 'conf_high': 0.402}
    """
    low, high = proportion_confint(hits, persons, method="wilson")
    return {key: rounded(float(value)) for key, value in
            (("estimate", hits / persons), ("conf_low", low), ("conf_high", high))}  # fmt: skip


def weighted_tally(
    people: pl.DataFrame, column: str, levels: Sequence[str], by: str | None = None, weight: str | None = None
) -> pl.DataFrame:
    """Count who gave each answer, for each level of `by`, and what share of a population that is.

    Columns `part` (empty without `by`, `weighted` for the shares), `answer` (last `no answer`, where there is none
    in a part), `n_persons` (null for a share), `total` of the part, `share`.

    >>> weighted_tally(pl.DataFrame({"sex": ["f", "m", "f"]}), "sex", ["f", "m"]).select("answer", "n_persons").rows()
    [('f', 2), ('m', 1)]
    """
    parts = [("", people)] if by is None else [(p, people.filter(pl.col(by) == p)) for p in people[by].unique().sort()]
    rows: list[dict[str, Any]] = [
        {"part": part, "answer": answer, "n_persons": n, "total": of.height}
        for part, of in parts
        for answer, n in tally(of[column], levels).items()
        if n or answer != NO_ANSWER
    ]
    if weight:
        shares = people.group_by(column, maintain_order=True).agg(pl.col(weight).sum() / people[weight].sum())
        rows += [{"part": WEIGHTED, "answer": name or NO_ANSWER, "share": share} for name, share in shares.iter_rows()]
    schema = {"part": pl.String, "answer": pl.String, "n_persons": pl.Int64, "total": pl.Int64, "share": pl.Float64}
    return pl.DataFrame(rows, schema=schema)
