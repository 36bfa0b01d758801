"""The likelihood of counts with normal random effects integrated out, and its exact gradient, person by person.

Given b ~ N(0, I), a person's log means are x beta + sum_m sd_m z_m b_m + offset. Their likelihood is integrated about
its mode in b by adaptive Gauss-Hermite quadrature (Pinheiro & Bates 1995, JCGS 4:12); with one node that is Laplace's
approximation, as in `lme4::glmer` (nAGQ = 1) and `glmmTMB`. The gradient is that of the approximation itself: it
follows the mode and the curvature there as they move with the parameters. All persons are computed at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from scipy.special import logsumexp, roots_hermitenorm

from hypnic.analysis.mixed.laws import Mass, nb2, poisson, zero_inflated
from hypnic.analysis.regression.problem import Array, Codes

# Squared distance from the mode, in its own units, below which one more Newton step reaches rounding error.
_NEAR = 1e-13


@dataclass(frozen=True, eq=False)
class MixedCounts:
    """Rows sorted by person; parameters are p coefficients, r sds, log theta (nb2), m coefficients of the zero part."""

    law: Literal["poisson", "nb2"]
    matrix: Array  # (n, p)
    random: Array  # (n, r): ones, and what has a random slope
    zero: Array  # (n, m); m = 0 for a law without a zero part
    count: Array  # (n, 1)
    offset: Array  # (n,)
    person: Codes  # (n,) 0-based, ascending, none left out
    points: int = 1
    off_zero: bool = False  # whether the last sd's logarithm is added to the log likelihood, shared by the persons

    @cached_property
    def parts(self) -> tuple[slice, slice, slice, slice]:
        """Where coefficients, sds, log theta and the zero part lie among the parameters."""
        sizes = [self.matrix.shape[1], self.random.shape[1], int(self.law == "nb2"), self.zero.shape[1]]
        ends = np.cumsum([0, *sizes])
        return slice(0, ends[1]), slice(ends[1], ends[2]), slice(ends[2], ends[3]), slice(ends[3], ends[4])

    @cached_property
    def n_persons(self) -> int:
        """How many persons there are."""
        return int(self.person[-1]) + 1

    @property
    def zeros(self) -> Array:
        """Random effects (persons, r) of nobody in particular: where the search for modes may start."""
        return np.zeros((self.n_persons, self.random.shape[1]))

    @cached_property
    def _starts(self) -> Codes:
        return np.flatnonzero(np.diff(self.person, prepend=-1))

    @cached_property
    def _nodes(self) -> tuple[Array, Array]:
        """Nodes (k, r) in units of the curvature, and the logarithms of their weights over the normal density."""
        at, weight = roots_hermitenorm(self.points)
        r = self.random.shape[1]
        grid = np.stack(np.meshgrid(*[at] * r, indexing="ij"), axis=-1).reshape(-1, r)
        logs = np.log(weight / weight.sum()) + at**2 / 2
        return grid, np.stack(np.meshgrid(*[logs] * r, indexing="ij"), axis=-1).reshape(-1, r).sum(axis=1)

    def sums(self, rows: Array) -> Array:
        """Add rows (n, ...) up by person."""
        return np.asarray(np.add.reduceat(rows, self._starts, axis=0))

    def mass(self, params: Array, effects: Array, *, further: bool = True) -> Mass:
        """Evaluate the law of every row at persons' random effects (persons, k, r)."""
        coef, sds, theta, zero = (params[part] for part in self.parts)
        fixed = self.matrix @ coef + self.offset
        eta = fixed[:, None] + np.einsum("nr,nkr->nk", self.random * sds, effects[self.person])
        if self.law == "poisson":
            base = poisson(self.count, eta)
        else:
            base = nb2(self.count, eta, float(theta[0]), further=further or bool(zero.size))
        return zero_inflated(self.count, base, (self.zero @ zero)[:, None]) if zero.size else base

    def modes(self, params: Array, start: Array) -> Array:
        """Find every person's most likely random effects (persons, r) by Newton's method with halved steps."""
        at, loadings = start, self.random * params[self.parts[1]]
        mass = self.mass(params, at[:, None], further=False)
        level = self._posterior(mass, at)
        for _ in range(200):
            slope = self.sums(mass.d1 * loadings) - at
            step = np.linalg.solve(self._uphill(mass, loadings), slope[:, :, None])[:, :, 0]
            decrement = (slope * step).sum(axis=1)
            length = np.ones(len(at))
            for _ in range(40):
                trial = at + length[:, None] * step
                mass = self.mass(params, trial[:, None], further=False)
                reached = self._posterior(mass, trial)
                worse = ~(reached >= level - 1e-12 * np.abs(level))
                if not worse.any():
                    break
                length[worse] /= 2
            at, level = trial, reached
            if not decrement.max() > _NEAR:
                break
        return at

    def _posterior(self, mass: Mass, effects: Array) -> Array:
        return np.asarray(self.sums(mass.value)[:, 0] - (effects**2).sum(axis=1) / 2)

    def _curvature(self, d2: Array, loadings: Array) -> Array:
        products = loadings[:, :, None] * loadings[:, None, :]
        return np.eye(loadings.shape[1]) - self.sums(d2[:, :, None] * products)

    def _uphill(self, mass: Mass, loadings: Array) -> Array:
        """Give the curvature or, where it is not positive (zero-inflated laws), one that leads uphill all the same."""
        exact = self._curvature(mass.d2, loadings)
        if not self.zero.shape[1]:  # the law is log-concave
            return exact
        wrong = np.linalg.eigvalsh(exact)[:, 0] < 1e-3
        return np.where(wrong[:, None, None], self._curvature(np.minimum(mass.d2, 0), loadings), exact)

    def evaluate(self, params: Array, start: Array) -> tuple[Array, Array, Array]:
        """Return persons' log likelihoods (persons,), their scores (persons, q) and modes, searched from `start`."""
        sds = params[self.parts[1]]
        loadings = self.random * sds
        modes = self.modes(params, start)
        mass = self.mass(params, modes[:, None])
        curvature = self._curvature(mass.d2, loadings)
        # spread @ spread' is the inverse of the curvature
        spread = np.linalg.inv(np.linalg.cholesky(curvature)).transpose(0, 2, 1)
        nodes, log_weights = self._nodes
        effects = modes[:, None] + np.einsum("iab,kb->ika", spread, nodes)
        at = self.mass(params, effects)
        terms = self.sums(at.value) - (effects**2).sum(axis=2) / 2 + log_weights
        total = logsumexp(terms, axis=1)
        log_likelihood = total + np.log(np.diagonal(spread, axis1=1, axis2=2)).sum(axis=1)

        weights = np.exp(terms - total[:, None])
        pull = self.sums(at.d1[:, :, None] * loadings[:, None, :]) - effects
        # What the log likelihood owes to each entry of the curvature, by way of the spread of the nodes. With
        # M = spread' dH spread and T its lower triangle with half the diagonal, the spread moves by -spread T'
        # (Murray 2016, arXiv:1602.07527), and the log of its determinant by -trace T.
        moved = np.einsum("iab,ik,ika,kc->icb", spread, weights, pull, nodes) + np.eye(len(sds))
        half = np.tril(np.ones_like(curvature[0])) - np.eye(len(sds)) / 2
        bend = spread @ (moved * half) @ spread.transpose(0, 2, 1)
        score = self._score(mass, at, modes, effects, sds, weights, pull, bend, spread)
        if self.off_zero:
            log_likelihood += np.log(np.abs(sds[-1])) / self.n_persons
            score[:, self.parts[1].stop - 1] += 1 / sds[-1] / self.n_persons
        return np.asarray(log_likelihood), score, modes

    def _score(  # noqa: PLR0913, PLR0917
        self,
        mass: Mass,
        at: Mass,
        modes: Array,
        effects: Array,
        sds: Array,
        weights: Array,
        pull: Array,
        bend: Array,
        spread: Array,
    ) -> Array:
        """Give persons' scores: complete-data ones at the nodes, then what moves with the mode and the curvature.

        Backwards, as the log likelihood is one number: what it owes to the curvature (`bend`), to each row's second
        derivative (`bent`), to each mode (`move`, over the curvature there), and so to each row's slope (`drift`).
        """
        loadings, person = self.random * sds, self.person
        bent = np.einsum("na,nab,nb->n", loadings, bend[person], loadings)[:, None]
        owed = np.einsum("ik,ikr->ir", weights, pull) + self.sums(bent * mass.d3 * loadings)
        move = (spread @ spread.transpose(0, 2, 1) @ owed[:, :, None])[:, :, 0]
        w, drift = weights[person], np.einsum("nr,nr->n", loadings, move[person])[:, None]
        still = drift * mass.d2 + bent * mass.d3
        both = bend + bend.transpose(0, 2, 1)
        by_sd = np.einsum("nk,nk,nkr->nr", w, at.d1, effects[person]) + still * modes[person]
        by_sd += mass.d1 * move[person] + mass.d2 * np.einsum("nab,nb->na", both[person], loadings)
        rows = [((w * at.d1).sum(axis=1, keepdims=True) + still) * self.matrix, by_sd * self.random]
        for own, there, columns in ((mass.by_theta, at.by_theta, 1.0), (mass.by_zero, at.by_zero, self.zero)):
            if own:
                first = (w * there[0]).sum(axis=1, keepdims=True)
                rows.append((first + drift * own[1] + bent * own[2]) * columns)
        return self.sums(np.column_stack(rows))
