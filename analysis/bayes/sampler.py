"""Draws from the posterior of NB2 counts with a level and a slope for every person, by NUTS.

The model: log mean = level_i + slope_i (dose - mean dose_i) + within columns; slope_i ~ N(slope, spread_slope); level_i
~ N(level + slope_i mean dose_i + between columns, spread_level). The level holds the slope times the mean dose, so that
the slope is on the dose itself and independent of the intercept, as in `hypnic.analysis.mixed`.

Levels and slopes are not drawn as they are, nor as distances from their means in sds: each is where its conditional
normal form (`Counts.alone`, and its mean and sd at that draw) puts a standard normal number. Persons who tell much are
then drawn about their own counts and those who tell little about the mean, so that the numbers hardly depend on the
spreads: about a quarter of the steps of the usual form are needed. Its density is put right in the target.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from hypnic.analysis.bayes.arrays import Array
from hypnic.analysis.bayes.counts import TYPICAL_SLOPE, Counts, Normal
from hypnic.analysis.bayes.extra import refuse_absent
from hypnic.analysis.bayes.priors import PRIORS, Priors
from hypnic.environment import environment

SEED = 20
CHAINS, WARMUP, KEPT = 4, 400, 1000
ACCEPTANCE = 0.9  # wanted of NUTS: above its 0.8, as spreads near zero need small steps
DEPTH = (6, 9)  # of the trees of steps: while it warms up, and then
JITTER = 0.1  # sd of where chains start about a working fit
# One thread, so that no sum is put together another way: read once, when jax first computes.
FLAGS = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


@dataclass(frozen=True, eq=False)
class Draws:
    """What was drawn, after warm-up.

    `shared` has `level`, `slope`, `spread_level`, `spread_slope` and `noise` (chains, draws), and `between` and
    `within` (chains, draws, columns); `levels` and `slopes` are persons' (chains, draws, persons).
    """

    shared: dict[str, Array]
    levels: Array
    slopes: Array
    divergences: int


def draw(counts: Counts, priors: Priors = PRIORS, *, warmup: int = WARMUP, kept: int = KEPT, seed: int = SEED) -> Draws:
    """Draw from the posterior in double precision, four chains one after the other; the same draws on every run.

    Raises HypnicError where numpyro is absent.
    """
    refuse_absent()
    with _one_thread():
        import jax
        from numpyro.infer import MCMC, NUTS

        with jax.enable_x64(True), jax.default_device(jax.devices("cpu")[0]):
            start = _starts(counts, seed)
            shared = [name for name in start if not name.startswith("z_")]
            kernel = NUTS(_model, target_accept_prob=ACCEPTANCE, dense_mass=[tuple(shared)], max_tree_depth=DEPTH)
            chains = MCMC(
                kernel, num_warmup=warmup, num_samples=kept, num_chains=CHAINS, chain_method="sequential",
                progress_bar=False,
            )  # fmt: skip
            key = jax.random.PRNGKey(seed)
            chains.run(key, counts, priors, init_params=start, extra_fields=("diverging",))
            found = {name: np.asarray(v) for name, v in chains.get_samples(group_by_chain=True).items()}
            divergences = int(np.asarray(chains.get_extra_fields()["diverging"]).sum())
    return Draws({name: found[name] for name in shared}, found["levels"], found["slopes"], divergences)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Ask jax for one thread of the processor, if it is not there already; the environment is then as before."""
    if "jax" in sys.modules:
        yield
        return
    asked = {"XLA_FLAGS": f"{os.environ.get('XLA_FLAGS', '')} {FLAGS}".strip(), "JAX_PLATFORMS": "cpu"}
    with environment(asked):
        yield


def _model(counts: Counts, priors: Priors) -> None:
    """Say the model to numpyro."""
    import jax.numpy as jnp
    import numpyro
    from numpyro.distributions import HalfNormal
    from numpyro.distributions import Normal as Gaussian

    def many(name: str, columns: Array) -> Any:
        size = len(columns)
        return numpyro.sample(name, Gaussian(0, priors.others).expand([size]).to_event(1)) if size else ()

    level = numpyro.sample("level", Gaussian(0, priors.level))
    slope = numpyro.sample("slope", Gaussian(0, priors.slope))
    between, within = many("between", counts.between), many("within", counts.within)
    spread_level = numpyro.sample("spread_level", HalfNormal(priors.spread_level))
    spread_slope = numpyro.sample("spread_slope", HalfNormal(priors.spread_slope))
    noise = numpyro.sample("noise", HalfNormal(priors.noise))

    of_level, of_slope = counts.alone()
    slopes = _persons("slopes", slope, spread_slope, of_slope)
    about = level + slopes * counts.mean_dose
    for value, column in zip(between, counts.between, strict=True):
        about = about + value * column
    levels = _persons("levels", about, spread_level, of_level)

    line = levels[:, None] + slopes[:, None] * counts.dose
    for value, column in zip(within, counts.within, strict=True):
        line = line + value * column
    # The log likelihood of NB2; of gamma functions of the counts only sums over j < count are left.
    size, above = noise**-2, counts.above
    cells = counts.count * line - counts.present * (counts.count + size) * jnp.log(size + jnp.exp(line))
    rising = jnp.sum(above * jnp.log(size + np.arange(len(above))))
    numpyro.factor("likelihood", jnp.sum(cells) + counts.rows * size * jnp.log(size) + rising)


def _persons(name: str, mean: Any, sd: Any, alone: Normal) -> Any:
    """Draw one number a person, N(mean, sd) before their counts are seen, in the coordinates told of above."""
    import jax.numpy as jnp
    import numpyro
    from numpyro.distributions import Normal as Gaussian

    z = numpyro.sample(f"z_{name}", Gaussian(0, 1).expand([len(alone.pull)]).to_event(1))
    precision = alone.information + sd**-2
    values = (alone.pull + mean * sd**-2) / precision + z / jnp.sqrt(precision)
    log_density = -(((values - mean) / sd) ** 2) / 2 - jnp.log(sd)
    numpyro.factor(f"density_{name}", jnp.sum(log_density + z**2 / 2 - jnp.log(precision) / 2))
    numpyro.deterministic(name, values)
    return values


def _starts(counts: Counts, seed: int) -> dict[str, Array]:
    """Give where each chain starts, on the scale without limits: about a working fit, apart from each other."""
    rng = np.random.default_rng(seed)
    persons = len(counts.count)
    centres = {
        "level": np.array(counts.start()), "slope": np.array(0.0), "between": np.zeros(len(counts.between)),
        "within": np.zeros(len(counts.within)), "spread_level": np.array(0.0),
        "spread_slope": np.array(np.log(TYPICAL_SLOPE)), "noise": np.array(np.log(0.7)),
    }  # fmt: skip
    starts = {
        name: centre + JITTER * rng.normal(size=(CHAINS, *centre.shape))
        for name, centre in centres.items()
        if centre.size
    }
    return starts | {f"z_{name}": rng.normal(size=(CHAINS, persons)) for name in ("slopes", "levels")}
