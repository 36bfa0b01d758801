"""A bootstrap over persons that reads the rows once: a draw is how often each person enters.

Persons are drawn with replacement, all nights of each together. A within-person model has no intercept that persons
share, so a person who is drawn twice counts twice; nothing is copied, and each draw starts from the fit of everybody,
where what each person adds is worked out once.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import polars as pl

from hypnic.analysis.regression.families import family_named
from hypnic.analysis.regression.foreign import as_polars
from hypnic.analysis.regression.roles import Roles
from hypnic.analysis.scale.climbing import Sums, climb
from hypnic.analysis.scale.engine import Here
from hypnic.analysis.scale.persons import Numbers, fit_persons, prepared, sums
from hypnic.analysis.scale.rectangles import point, shares_at
from hypnic.analysis.scale.wanted import Wanted
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.analysis.regression.coefficients import Fit
    from hypnic.analysis.regression.foreign import Frame
    from hypnic.analysis.regression.problem import Array

SEED = 1729


class Bootstrap(NamedTuple):
    """The fit of everybody, and the coefficients of each draw: `draws` (replicates, p), by `fit.names`."""

    fit: Fit
    draws: Array

    def limits(self) -> pl.DataFrame:
        """Give term, estimate, std_error (the spread of the draws) and the 2.5th and 97.5th percentile of each."""
        low, high = np.quantile(self.draws, (0.025, 0.975), axis=0)
        return pl.DataFrame(
            {
                "term": list(self.fit.names),
                "estimate": self.fit.params,
                "std_error": self.draws.std(axis=0, ddof=1),
                "conf_low": low,
                "conf_high": high,
            }
        )


def bootstrap(  # noqa: PLR0913
    frame: Frame,
    outcome: str,
    terms: Sequence[str],
    groups: str,
    *,
    exposure: str | None = None,
    replicates: int = 200,
    seed: int = SEED,
) -> Bootstrap:
    """Fit a within-person Poisson model to `replicates` draws of as many persons as there are, with replacement.

    The arguments are those of `fit` with family fe-poisson; the same seed draws the same persons. Persons without an
    event are drawn as well, and tell nothing then as ever. Raises HypnicError as `fit` does, and for fewer than two
    replicates.

    >>> nights = pl.DataFrame({"who": [1, 1, 2, 2, 3, 3], "jerks": [0, 2, 1, 3, 2, 1], "late": [0, 1, 0, 1, 0, 1]})
    >>> bootstrap(nights, "jerks", ["late"], "who", replicates=20).draws.shape
    (20, 1)
    """
    if replicates < 2:
        message = "a bootstrap needs at least two replicates"
        raise HypnicError(message)
    roles = Roles((outcome,), tuple(terms), exposure=exposure, groups=groups, cluster=groups)
    wanted = Wanted("fe-poisson", family_named("fe-poisson"), roles, "CR1S")
    rows = as_polars(frame, roles.every())
    engine = Here(lambda: [rows], kept=True)
    fitted = fit_persons(wanted, engine)
    _, parts, spread, _ = prepared(wanted, engine)
    part: Numbers = next(iter(parts.each(_itself)))
    unit = 1 / np.sqrt(np.diag(spread.within))
    # Columns on one scale, so that a draw's equations are as well conditioned as those of everybody.
    scaled = replace(part, blocks=[block.scaled(unit) for block in part.blocks])
    everybody, telling = rows[groups].drop_nulls().n_unique(), len(part.clusters)
    rng = np.random.default_rng(seed)
    draws = np.empty((replicates, len(unit)))
    start = fitted.params / unit
    each = _each(scaled, start)
    for draw in draws:
        times = rng.multinomial(everybody, np.full(everybody, 1 / everybody))[:telling].astype(np.float64)
        found, _ = climb(partial(sums, scaled, weights=times), start, first=_together(times @ each, len(unit)))
        draw[:] = found * unit
    return Bootstrap(fitted, draws)


def _each(part: Numbers, params: Array) -> Array:
    """Give each person's likelihood, its slope and the upper triangle of its curvature, side by side (G, .)."""
    p = len(params)
    each = np.empty((len(part.clusters), 1 + p + p * (p + 1) // 2))
    for block in part.blocks:
        here = point(block, params)
        each[block.persons] = np.vstack([here.loglik, here.scores, shares_at(block, here)]).T
    return each


def _together(added: Array, p: int) -> Sums:
    information = np.empty((p, p))
    one, other = np.triu_indices(p)
    information[one, other] = information[other, one] = added[1 + p :]
    return Sums(float(added[0]), added[1 : 1 + p], information, information)


def _itself(part: Numbers) -> Numbers:
    return part
