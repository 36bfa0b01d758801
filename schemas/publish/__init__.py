"""The schemas told to others: dictionary, template, labels and forms; no fact about a column is added here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hypnic.schemas.publish.dictionary import as_markdown, rule_table
    from hypnic.schemas.publish.handout import as_information, as_questionnaire
    from hypnic.schemas.publish.redcap import as_redcap
    from hypnic.schemas.publish.tabular import as_csv, as_json
    from hypnic.schemas.publish.template import as_template
    from hypnic.schemas.publish.xlsform import write_xlsform

__all__ = [
    "as_csv",
    "as_information",
    "as_json",
    "as_markdown",
    "as_questionnaire",
    "as_redcap",
    "as_template",
    "rule_table",
    "write_xlsform",
]

# `python -m hypnic.schemas.publish.dictionary` must find the module not yet imported.
_HOMES = {
    "as_csv": "tabular",
    "as_information": "handout",
    "as_json": "tabular",
    "as_markdown": "dictionary",
    "as_questionnaire": "handout",
    "as_redcap": "redcap",
    "as_template": "template",
    "rule_table": "dictionary",
    "write_xlsform": "xlsform",
}


def __getattr__(name: str) -> object:
    """Import a name on first use."""
    from importlib import import_module

    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List what is exported."""
    return __all__
