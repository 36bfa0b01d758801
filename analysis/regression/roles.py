"""Which column of a frame plays which part in a fit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Roles:
    """Which column plays which part."""

    outcome: tuple[str, ...]
    terms: tuple[str, ...]
    zero_terms: tuple[str, ...] = ()
    exposure: str | None = None
    cluster: str | None = None
    groups: str | None = None
    weights: str | None = None
    strata: str | None = None
    psu: str | None = None
    domain: str | None = None
    maximum: str | int | None = None

    def numeric(self) -> tuple[str, ...]:
        """Columns that must be numbers."""
        return *self.outcome, *(c for c in (self.exposure, self.weights, self.domain, self.ceiling) if c)

    @property
    def ceiling(self) -> str | None:
        """The column of the largest possible counts, where they differ between rows."""
        return self.maximum if isinstance(self.maximum, str) else None

    def labels(self) -> tuple[str, ...]:
        """Columns that only tell rows apart."""
        return tuple(c for c in (self.cluster, self.groups, self.strata, self.psu) if c)

    def every(self) -> list[str]:
        """Each column once."""
        return list(dict.fromkeys((*self.numeric(), *self.terms, *self.zero_terms, *self.labels())))
