"""Shares that popular claims speak of: of nights, of people, always of this sample and of no population."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from scipy.special import expit
from statsmodels.stats.proportion import proportion_confint

from hypnic.analysis.programme.analysis import analysis
from hypnic.analysis.programme.asked import refuse_unasked
from hypnic.analysis.question.rows import ESTIMATED, Row, attempt, refuse_few, rounded
from hypnic.analysis.regression.fit import fit
from hypnic.errors import HypnicError
from hypnic.schemas import dtypes
from hypnic.schemas.disclosure import too_few
from hypnic.schemas.estimates import Estimates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.studies.asked import Share
    from hypnic.analysis.studies.sets import AnalysisSet

HIT = "hit"


@analysis("shares", tables=("diary", "survey"))
def rows(data: AnalysisSet) -> Iterator[Row]:
    """Give each share with its 95 % interval: Wilson's of people, of nights one that knows whose they are."""
    for share in data.instrument.said:
        yield from attempt(_row, _blank(data, share), data, share)


def _blank(data: AnalysisSet, share: Share) -> Row:
    return dict.fromkeys(dtypes(Estimates)) | {
        "design": data.instrument.design, "variant": share.name, "role": "exploratory", "outcome": share.column,
        "exposure": "none", "unit": "", "effect": "association", "scale": "share", "family": "binomial",
        "covariance": "CR1S" if "cluster" in data.keywords else "wilson", "adjustment": "", "n_rows": 0,
        "n_persons": 0, "n_dropped": data.frame.height, "status": "not_estimable", "reason": "unsuitable",
    }  # fmt: skip


def _row(blank: Row, data: AnalysisSet, share: Share) -> Iterator[Row]:
    refuse_unasked(data, pl.col(share.column), share.hit, share.among)
    if data.frame[share.column].is_null().all():
        message = f"nobody answered {share.column}"
        raise HypnicError(message, reason="unanswered")
    among = data.frame if share.among is None else data.frame.filter(share.among)
    asked = among.filter(pl.col(share.column).is_not_null()).with_columns(share.hit.cast(pl.Int8).alias(HIT))
    asked = asked.drop_nulls(HIT)
    refuse_few(asked[data.person].n_unique())
    hits, misses = (asked.filter(pl.col(HIT) == hit)[data.person].n_unique() for hit in (1, 0))
    if too_few(min(hits, misses)):  # the rest of a share tells of people, too, and so does that there is nobody
        message = "fewer than ten persons on one side of a share"
        raise HypnicError(message, reason="few_persons")
    persons = asked[data.person].n_unique()
    facts = {"n_rows": asked.height, "n_persons": persons, "n_dropped": among.height - asked.height}
    yield blank | facts | ESTIMATED | (_clustered(asked, data.person) if "cluster" in data.keywords else _wilson(asked))


def _wilson(asked: pl.DataFrame) -> Row:
    """Give Wilson's interval (1927, JASA 22:209)."""
    hits, of = int(asked[HIT].sum()), asked.height
    low, high = proportion_confint(hits, of, method="wilson")
    return {"estimate": rounded(hits / of), "conf_low": rounded(float(low)), "conf_high": rounded(float(high))}


def _clustered(asked: pl.DataFrame, person: str) -> Row:
    """Give the interval of a logit with a constant alone and errors by person, turned back into a share."""
    line = fit(asked, HIT, [], "binomial", cluster=person, covariance="CR1S").tidy().row(0, named=True)
    return {key: rounded(float(expit(line[key]))) for key in ("estimate", "conf_low", "conf_high")}
