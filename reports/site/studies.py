"""A study on the site: whether it is there, the files of its report, and the tables that the site reads in them."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypnic.analysis.studies import Study
    from hypnic.reports.site.published import State

# Whose answers come first: people who were asked about sleep starts, people who were asked about a proxy, nobody's.
ORDER = ("open", "nhanes", "demo")


@dataclass(frozen=True, eq=False)
class Shown:
    """A study with the files of its report, by their path in its folder, which is below the site's.

    `state` is one of `hypnic.reports.site.published.State`; where there is no new report, `why` says what happened, and
    `remedy` what would make one possible.
    """

    study: Study
    state: State
    files: Mapping[str, bytes] = field(default_factory=dict)
    why: str = ""
    remedy: str = ""

    @property
    def folder(self) -> str:
        """Name its folder below the site's."""
        return self.study.name

    @property
    def page(self) -> str:
        """Give the address of its report."""
        return f"{self.folder}/index.html"

    @property
    def short(self) -> str:
        """Name it in a few words.

        >>> from hypnic.analysis.studies import STUDIES
        >>> Shown(STUDIES["demo"], "skipped").short, Shown(STUDIES["nhanes"], "skipped").short
        ('Synthetic demo', 'NHANES, leg jerks')
        """
        return {"demo": "Synthetic demo", "open": "Volunteers", "nhanes": "NHANES, leg jerks"}.get(
            self.study.name, self.study.title
        )

    @cached_property
    def estimates(self) -> pl.DataFrame:
        """Give its estimates, as its report wrote them down; no rows where it has none."""
        return self._table("estimates.csv")

    @cached_property
    def claims(self) -> pl.DataFrame:
        """Give what its answers say of each saying; no rows where it has none."""
        return self._table("claims.csv")

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Give what it was made from."""
        return dict(json.loads(self.files["provenance.json"])) if "provenance.json" in self.files else {}

    def _table(self, name: str) -> pl.DataFrame:
        if name not in self.files:
            return pl.DataFrame()
        return pl.read_csv(io.BytesIO(self.files[name]), infer_schema_length=None)


def in_order(shown: list[Shown]) -> list[Shown]:
    """Put real people first, and those who were asked about sleep starts before those who were asked about a proxy."""
    return sorted(shown, key=lambda one: ORDER.index(one.study.name) if one.study.name in ORDER else len(ORDER))


def dates(shown: Sequence[Shown]) -> str:
    """Say when the answers are from that stand behind a page: those of every study with a report."""
    return "; ".join(f"{one.short}: {one.study.dated}" for one in shown if one.files)
