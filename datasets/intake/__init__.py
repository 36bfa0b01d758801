"""A checked folder becomes its publishable form, is reviewed, and can be withdrawn from; it is never changed itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.datasets.intake.publishing import publishable
    from hypnic.datasets.intake.submission import submissions_folder, submit
    from hypnic.datasets.intake.withdrawal import code_hash, new_code, staying, withdraw

__all__ = ["code_hash", "new_code", "publishable", "staying", "submissions_folder", "submit", "withdraw"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "code_hash": "withdrawal",
        "new_code": "withdrawal",
        "publishable": "publishing",
        "staying": "withdrawal",
        "submissions_folder": "submission",
        "submit": "submission",
        "withdraw": "withdrawal",
    },
)
