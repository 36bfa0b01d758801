"""A study's codebook: the label of every code, from REDCap's data dictionary, an XLSForm, or a plain list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hypnic.datasets.forms.layouts import clear, normalised
from hypnic.datasets.forms.naming import file_name
from hypnic.datasets.reading.headers import folded
from hypnic.datasets.reading.text import read_text
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

Row = dict[str, str]
FIELDS = ("variable_field_name", "field_name", "column", "variable", "field", "name")
LISTS = ("choices_calculations_or_slider_labels", "select_choices_or_calculations")
QUESTIONS = ("field_label", "question")
CODES = ("code", "value")
YES_NO = {"yesno", "truefalse"}  # REDCap always codes these 1 and 0
KINDS = "a REDCap data dictionary, an XLSForm (.xlsx), or a CSV with the columns column, code and label"


@dataclass(frozen=True)
class Codebook:
    """What a study's own names and codes stand for: by field the question's text, by field and code the label.

    Fields are normalised, as the columns of an export are before they are compared. `texts` are the study's own
    questions. A map names in `questions` what each column is, and also has `readings`, which say how what can be read
    in two ways is meant, those that are `unanswered` yet, and the fields that are `left_out`.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    readings: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    unanswered: frozenset[str] = frozenset()

    def over(self, other: Codebook | None) -> Codebook:
        """Add what another codebook says; where both say something, this one holds."""
        if other is None:
            return self
        return replace(
            self,
            texts={**other.texts, **self.texts},
            questions={**other.questions, **self.questions},
            labels={**other.labels, **self.labels},
            left_out=self.left_out | (other.left_out - self.questions.keys()),
        )

    def question(self, name: str) -> str:
        """Give what a map calls a column; blank where there is none, or it says nothing of it."""
        return self.questions.get(normalised(name), "")

    def text(self, name: str) -> str:
        """Give the question that a field asks, in the study's words; blank where the codebook has none."""
        return self.texts.get(normalised(name), "")

    def said(self, names: Sequence[str], typed: str) -> Sequence[str]:
        """Give the labels of a code in the first of `names` that the codebook has; none where it has none."""
        known = next((self.labels[bare] for bare in map(normalised, names) if bare in self.labels), {})
        return known.get(code(typed), ())

    def known(self, names: Sequence[str]) -> Sequence[str]:
        """Give every label of the first of `names` that the codebook has."""
        known = next((self.labels[bare] for bare in map(normalised, names) if bare in self.labels), {})
        return [label for labels in known.values() for label in labels]


def read_codebook(path: Path) -> Codebook:
    """Read a codebook.

    Raises HypnicError where the file cannot be read, or is of none of the kinds.
    """
    workbook = path.suffix.casefold() in {".xlsx", ".xlsm"}
    rows = _rows(path, "survey" if workbook else None)
    heads = set(rows[0]) if rows else set()
    if workbook and {"type", "name"} <= heads:
        return _xlsform(rows, _rows(path, "choices"))
    fields, lists = _first(FIELDS, heads), _first(LISTS, heads)
    if fields and lists:
        return _redcap(rows, fields, lists)
    codes = _first(CODES, heads)
    if fields and codes and "label" in heads:
        return _plain(rows, fields, codes)
    message = f"{file_name(path.name)}: this is no codebook; give {KINDS}"
    raise HypnicError(message)


def _rows(path: Path, sheet: str | None) -> list[Row]:
    text = read_text(path, sheet)
    heads = [folded(name) for name in text.header]
    return [dict(zip(heads, map(clear, row), strict=True)) for row in text.frame.fill_null("").iter_rows()]


def _first(names: Sequence[str], heads: set[str]) -> str:
    return next((name for name in names if name in heads), "")


def _redcap(rows: list[Row], fields: str, lists: str) -> Codebook:
    """Read `1, Iron | 4, Magnesium`; a calculation is no list."""
    question = _first(QUESTIONS, set(rows[0]))
    made: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        kind = row.get("field_type", "")
        if kind in {"", "radio", "dropdown", "checkbox"}:
            made[normalised(row[fields])] = {known: [label] for known, label in _listed(row[lists])}
        elif kind in YES_NO:
            made[normalised(row[fields])] = {code("0"): ["no"], code("1"): ["yes"]}
    return Codebook({normalised(row[fields]): row.get(question, "") for row in rows}, labels=_some(made))


def _listed(choices: str) -> Iterator[tuple[str, str]]:
    for choice in choices.split("|"):
        typed, comma, label = choice.partition(",")
        if comma:
            yield code(typed.strip()), label.strip()


def _xlsform(survey: list[Row], choices: list[Row]) -> Codebook:
    """Read both sheets; a question takes its choices from the list that its type names, in every language."""
    lists: dict[str, dict[str, list[str]]] = {}
    for row in choices:
        labels = _labels(row)
        lists.setdefault(row.get("list_name", "") or row.get("list", ""), {})[code(row.get("name", ""))] = labels
    made = {}
    for row in survey:
        words = row["type"].split()
        if len(words) > 1 and words[0] in {"select_one", "select_multiple"}:
            made[normalised(row["name"])] = lists.get(words[1], {})
    asked = {normalised(row["name"]): next(iter(_labels(row)), "") for row in survey}
    return Codebook(asked, labels=_some(made))


def _labels(row: Row) -> list[str]:
    return [cell for head, cell in row.items() if head.startswith("label") and cell]


def _plain(rows: list[Row], fields: str, codes: str) -> Codebook:
    made: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        made.setdefault(normalised(row[fields]), {})[code(row[codes])] = [row["label"]]
    return Codebook(labels=_some(made))


def _some(made: dict[str, dict[str, list[str]]]) -> dict[str, dict[str, list[str]]]:
    return {name: labels for name, labels in made.items() if name and labels}


def code(typed: str) -> str:
    """Write a code in one way: REDCap's columns are in lower case, a workbook makes 1.0 of 1, and 01 is 1.

    >>> code("1.0"), code("SQ001"), code("-9")
    ('1', 'sq001', '-9')
    """
    bare = re.sub(r"\.0$", "", typed.casefold())
    return re.sub(r"^0+(?=\d)", "", bare)
