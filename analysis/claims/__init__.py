"""Popular sayings and what the data say of them: reads rows of results by their key, and fits nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.analysis.claims.judging import judged
    from hypnic.analysis.claims.saying import sayings

__all__ = ["judged", "sayings"]

__getattr__, __dir__ = attach(__name__, {"judged": "judging", "sayings": "saying"})
