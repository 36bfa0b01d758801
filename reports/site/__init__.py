"""The site: what stands around the reports of the studies, every number of it read from their own files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.reports.site.building import build_site

__all__ = ["build_site"]

__getattr__, __dir__ = attach(__name__, {"build_site": "building"})
