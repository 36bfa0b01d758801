"""The page as it is before a file is dropped; everything that follows is drawn by its script, as text alone."""

from __future__ import annotations

from html import escape
from importlib.resources import files as resources
from string import Template
from typing import TYPE_CHECKING

from hypnic.schemas import Nights, Participants, columns
from hypnic.schemas.drinks import DRINKS
from hypnic.schemas.submission import FACTS, LONGEST
from hypnic.serving.converting import forms

if TYPE_CHECKING:
    from hypnic.schemas.submission import Fact


def front() -> str:
    """Give the page, with the form tools, and a question for each fact of a submission."""
    page = (resources("hypnic.serving") / "page" / "index.html").read_text("utf-8")
    return Template(page).substitute(facts="".join(map(_asked, FACTS.values())), forms=_forms(), columns=_columns())


def _forms() -> str:
    return "".join(f'<option value="{escape(name)}">{escape(title)}</option>' for name, title in forms().items())


def _columns() -> str:
    """List what a column of somebody's own spreadsheet may be: the instrument's columns, a date, a person, drinks."""
    said = {"date": "the date of the evening, to count nights by", "respondent_id": "who a row is of"}
    said |= {column.name: column.question for model in (Nights, Participants) for column in columns(model).values()}
    said |= {f"{one.name}_{one.ml:g}": f"how many of them: {one.label}" for one in DRINKS if one.ml}
    lines = (f"<li><code>{escape(name)}</code>: {escape(words)}</li>" for name, words in said.items())
    return f"<ul>{''.join(lines)}</ul>"


def _asked(fact: Fact) -> str:
    key, hint = f"fact-{fact.key}", ""
    if fact.options:
        options = "".join(f"<option>{escape(word)}</option>" for word in fact.options)
        chosen = "" if len(fact.options) == 1 else '<option value="">choose</option>'
        field = f'<select id="{key}" name="{fact.key}" required>{chosen}{options}</select>'
    else:
        field = (
            f'<input id="{key}" name="{fact.key}" maxlength="{LONGEST}" required autocomplete="off"'
            f' aria-describedby="{key}-hint">'
        )
        hint = f'<span class="quiet" id="{key}-hint">{escape(fact.hint)}</span>'
    return f'<p class="fact"><label for="{key}">{escape(fact.question)}</label>{field}{hint}</p>'
