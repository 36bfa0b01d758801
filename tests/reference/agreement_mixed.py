"""How closely `fit_mixed` agrees with R: `python tests/reference/agreement_mixed.py` prints one table.

R stops a little short of its maxima, so each fit has a second line: R's numbers after one Newton step of our
likelihood, which is R's own to ten digits. `glmer`'s Laplace fit has no such line: what it reports as its log
likelihood lies 0.02 below Laplace's approximation at its own numbers (its likelihoods differ from other programs' in
lme4 issue 289 too), and the approximation is higher at ours.
"""

import json
from collections.abc import Iterator
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from hypnic.analysis.mixed.fit import fit_mixed, mixed_counts
from hypnic.analysis.mixed.maximum import newton_step
from hypnic.analysis.regression.design import INTERCEPT, design_matrix
from hypnic.analysis.regression.frame import draw_sample
from hypnic.analysis.regression.roles import Roles

HERE = Path(__file__).parent
TERMS = ["caf_w", "caf_b", "alc_w", "alc_b", "stress_w", "stress_b"]
FITS: dict[str, dict[str, Any]] = {
    "simdiary_glmer_laplace": {"family": "poisson"},
    "simdiary_glmer_agq25": {"family": "poisson", "points": 25},
    "simdiary_glmmTMB_nb2": {"family": "nb2"},
    "simdiary_glmmTMB_nb2_rslope": {"family": "nb2", "slope": "alc_w"},
    "simdiary_glmmTMB_zinb": {"family": "nb2", "zero_terms": []},
}


def diary() -> pl.DataFrame:
    """Return the simulated diary."""
    return pl.read_csv(HERE / "simdiary.csv")


def truth(file: str) -> dict[str, Any]:
    """Return R's numbers, with `params` under our names."""
    r = json.loads((HERE / f"{file}.json").read_text(encoding="utf-8"))
    zero = {f"zero:{name}": value for name, value in (r.get("zi") or {}).items()}
    theta = {"log_theta": log(r["theta"])} if "theta" in r else {}
    return r | {"params": r["coef"] | zero | {"sd:(Intercept)": r["re_sd"]} | theta}


def ours(file: str) -> tuple[dict[str, float], dict[str, float], dict[str, Any]]:
    """Return our parameters, their standard errors and the facts of the fit, by name."""
    fitted = fit_mixed(diary(), "y", TERMS, groups="pid", covariance="model", **FITS[file])
    params = dict(zip(fitted.names, fitted.params.tolist(), strict=True))
    errors = dict(zip(fitted.names, np.sqrt(np.diag(fitted.vcov)).tolist(), strict=True))
    return params | {"log_theta": fitted.info["log_theta"]}, errors, dict(fitted.info)


def stepped(file: str) -> dict[str, float]:
    """Return R's numbers after one Newton step of our likelihood, our log likelihood at R's as `loglik`."""
    keywords = FITS[file]
    sample = draw_sample(diary(), Roles(("y",), tuple(TERMS), cluster="pid"), "count", within=False)
    columns = design_matrix(sample, TERMS, "count", (INTERCEPT,))
    zeros = design_matrix(sample, [], "count", (INTERCEPT,)) if "zero_terms" in keywords else None
    slope, points = keywords.get("slope"), keywords.get("points", 1)
    model = mixed_counts(sample, columns, zeros, keywords["family"], slope, points)
    r = truth(file)["params"]
    # R's file does not have the slope's sd, which is zero
    rest = {name: r.get(name, 0.0) for name in ("sd:(Intercept)", *(["sd:alc_w"] if slope else []))}
    rest |= {name: r[name] for name in ("log_theta", "zero:(Intercept)") if name in r}
    coef = np.linalg.solve(columns.back, [r[name] for name in columns.names])
    params, loglik = newton_step(model, np.concatenate([coef, list(rest.values())]))
    params[: len(coef)] = columns.back @ params[: len(coef)]
    return dict(zip([*columns.names, *rest], params.tolist(), strict=True)) | {"loglik": loglik}


def mixed_rows() -> Iterator[tuple[str, str, str, float, float | None]]:
    """Yield file, family, covariance and the largest relative differences of parameters and standard errors."""
    for file, keywords in FITS.items():
        params, errors, _ = ours(file)
        r = truth(file)
        family = f"{keywords['family']}, mixed"
        yield file, family, "model", _apart(params, r["params"]), _apart(errors, r["se"])
        if file != "simdiary_glmer_laplace":
            moved = stepped(file)
            yield file, f"{family}, R + a step", "model", _apart(params, {k: moved[k] for k in r["params"]}), None


def _apart(mine: dict[str, float], theirs: dict[str, float]) -> float:
    return max(abs(mine[name] / value - 1) for name, value in theirs.items())


if __name__ == "__main__":
    pl.Config(
        tbl_rows=-1,
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
        fmt_str_lengths=40,
        tbl_width_chars=120,
    )
    print(pl.DataFrame(list(mixed_rows()), schema=["file", "family", "covariance", "coef", "std_error"], orient="row"))
    for file in FITS:
        gain = ours(file)[2]["loglik"] - stepped(file)["loglik"]
        print(f"{file}: our log likelihood is {gain:.2g} above that of R's numbers")
