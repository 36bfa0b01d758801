"""One estimand on one study's data: its fit, and its rows in the table of results."""

from __future__ import annotations

from hypnic.analysis.question.comparison import Comparison, estimand
from hypnic.analysis.question.question import Question, questions
from hypnic.analysis.question.rows import Row, rounded

__all__ = ["Comparison", "Question", "Row", "estimand", "questions", "rounded"]


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
