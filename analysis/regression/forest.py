"""A fit as a picture: a point and its limits for each term."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from hypnic.analysis.regression.design import INTERCEPT
from hypnic.analysis.regression.display import logarithms
from hypnic.errors import HypnicError
from hypnic.lazy import missing
from hypnic.palette import LIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from hypnic.analysis.regression.fitted import Fitted


def forest(fitted: Fitted, table: pl.DataFrame, terms: Sequence[str] | None, ax: Axes | None) -> Axes:
    """Draw the rows of `Fit.tidy` that are asked for: see `Fit.plot`."""
    try:
        import seaborn as sns
        from matplotlib import pyplot as plt
        from matplotlib.ticker import LogLocator, MaxNLocator, NullFormatter, ScalarFormatter
    except ModuleNotFoundError as error:
        raise missing(error) from error

    if terms is None:
        thresholds = 0 if fitted.kept is None else max(0, len(fitted.sample.levels) - 1)
        terms = [name for name in fitted.names[thresholds:] if not name.endswith(INTERCEPT) and name[:3] != "sd:"]
    if absent := [name for name in terms if name not in fitted.names]:
        message = f"the fit has no term {absent[0]!r}: its terms are {', '.join(fitted.names)}"
        raise HypnicError(message)
    rows = pl.DataFrame({"term": list(terms)}, schema={"term": pl.String}).join(
        table, on="term", how="left", maintain_order="left"
    )
    if not rows.height or not rows["conf_low"].is_finite().all() or not rows["conf_high"].is_finite().all():
        message = "there is nothing to draw: the fit has no term with finite limits"
        raise HypnicError(message)
    ratios = logarithms(fitted)
    if ratios:
        rows = rows.with_columns(pl.col("estimate", "conf_low", "conf_high").exp())
    if ax is None:
        _, ax = plt.subplots(figsize=(6.4, 1.1 + 0.4 * rows.height), layout="constrained")
    places = list(range(rows.height))
    ax.axvline(1.0 if ratios else 0.0, color=LIGHT["quiet"], linewidth=0.8, linestyle="--")
    ax.hlines(places, rows["conf_low"].to_list(), rows["conf_high"].to_list(), color=LIGHT["first"], linewidth=1.6)
    sns.scatterplot(x=rows["estimate"].to_list(), y=places, color=LIGHT["first"], s=45, ax=ax, legend=False)
    ax.set_yticks(places, rows["term"].to_list())
    ax.set_ylim(rows.height - 0.5, -0.5)
    ax.set_ylabel("")
    if ratios:
        ax.set_xscale("log")
        low, high = ax.get_xlim()
        ax.xaxis.set_major_locator(
            MaxNLocator(6, steps=[1, 2, 5, 10]) if high < 4 * low else LogLocator(subs=(1.0, 2.0, 5.0))
        )
        ax.xaxis.set_major_formatter(ScalarFormatter())
        ax.xaxis.set_minor_formatter(NullFormatter())
    ax.set_xlabel("Ratio per unit, 95 % limits" if ratios else "Difference per unit, 95 % limits")
    sns.despine(ax=ax, left=True)
    return ax
