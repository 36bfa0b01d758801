"""The dictionary and the rules as pages, from the models of the schemas: one part for each column and each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.reports.frame import Link
from hypnic.reports.site.pages import Entry, SitePage, filled
from hypnic.schemas import TABLES, NhanesPerson, catalogue, columns, conditions
from hypnic.schemas.publish import as_csv, as_json
from hypnic.schemas.publish.labels import level_labels, number_labels
from hypnic.schemas.rules import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from hypnic.schemas import Column, Rule, Table

DICTIONARY, RULES = "dictionary.html", "rules.html"
MOST_LEVELS = 40  # of a list that is written out


class Told(NamedTuple):
    """A column or a rule in words: `facts` are pairs of what is told, and what it is."""

    id: str
    name: str
    title: str
    facts: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...] = ()


def dictionary_page() -> SitePage:
    """Give the page of every column that people are asked for, and of the columns of NHANES."""
    tables = {name: tuple(_column(name, column) for column in columns(TABLES[name]).values()) for name in TABLES}
    tables["persons"] = tuple(_persons())
    entries = tuple(
        Entry(f"{one.name}: {one.title}", f"{DICTIONARY}#{one.id}", f"column of {table}")
        for table, told in tables.items() for one in told
    )  # fmt: skip
    return SitePage(
        DICTIONARY, "Data dictionary", filled("dictionary", tables=tables, counts=_counts(tables)),
        "Every column of the tables: what was asked, what may be answered, and what is published of it.",
        entries=entries, files={"dictionary.csv": as_csv().encode(), "dictionary.json": as_json().encode()},
        downloads=(
            Link("dictionary.csv", "dictionary.csv", "every column that is asked for, a row each"),
            Link("dictionary.json", "dictionary.json", "the same for programs"),
        ),
    )  # fmt: skip


def rules_page() -> SitePage:
    """Give the page of every rule that a contributed table is checked by."""
    told: dict[str, Told] = {}
    for name, model in TABLES.items():
        for rule in catalogue(model).values():
            told.setdefault(str(rule.id), _rule(rule, model, name))
    entries = tuple(Entry(f"{one.id}: {one.title}", f"{RULES}#{one.id}", "rule") for one in told.values())
    return SitePage(
        RULES, "Rules of the check", filled("rules", rules=tuple(told.values()), levels=LEVELS),
        "Every rule that hypnic check holds a table to, with a bad and a good example.", entries=entries,
        files={"rules.csv": _rules_table(told.values()).write_csv().encode()},
        downloads=(Link("rules.csv", "rules.csv", "every rule, a row each"),),
    )  # fmt: skip


def _rules_table(told: Iterable[Told]) -> pl.DataFrame:
    """Give a row a rule, in the words of the page."""
    rows = [
        {"rule": one.id, "title": one.title, **{name.lower(): words for name, words in one.facts},
         "says": "; ".join(says for says, _ in one.levels)}
        for one in told
    ]  # fmt: skip
    return pl.DataFrame(rows)


def _counts(tables: Mapping[str, tuple[Told, ...]]) -> dict[str, int]:
    return {name: len(told) for name, told in tables.items()}


def _column(table: str, column: Column) -> Told:
    kind = f"{column.kind}, in order" if column.ordered else column.kind
    bounds = "" if column.low is None else f"{column.low:g} to {column.high:g} {column.unit}".strip()
    step = f"{column.step:g}" if column.step else ""
    labels: dict[str, str] = level_labels(column) or {str(n): word for n, word in number_labels(column).items()}
    many = len(labels) > MOST_LEVELS
    facts = {
        "Question": column.question,
        "Type": kind,
        "Range": bounds,
        "In steps of": step,
        "Answers": f"{len(labels)} codes, ISO 3166-1" if many else "",
        "Form": column.pattern or "",
        "Asked": f"where {column.routing}" if column.routing else "of everybody" if column.question else "",
        "Needed": "yes" if column.required else "no",
        "A missing answer": ", ".join(column.missing_words),
        "Privacy": column.privacy,
        "Published": str(column.released),
        "More": "" if column.description == column.title else column.description,
    }
    there = tuple((name, words) for name, words in facts.items() if words)
    levels = () if many else tuple((token, "" if label == token else label) for token, label in labels.items())
    return Told(f"{table}-{column.name}", column.name, column.title or column.name, there, levels)


def _persons() -> Iterator[Told]:
    """Tell the columns of NHANES, which nobody types in."""
    for name, column in NhanesPerson.to_schema().columns.items():
        facts, dtype = column.metadata or {}, column.dtype.type
        words = tuple((str(word), "") for word in getattr(dtype, "categories", ()))
        said = {
            "Unit": str(facts.get("unit") or ""),
            "CDC's variables": ", ".join(facts.get("source", ())),
            "More": column.description or "",
        }
        there = tuple((key, value) for key, value in said.items() if value)
        yield Told(f"persons-{name}", name, str(column.title or name), there, words)


def _rule(rule: Rule, model: type[Table], table: str) -> Told:
    clauses = [one.clause for one in conditions(model) if one.rule == rule.id]
    shared = all(rule.id in catalogue(other) for other in TABLES.values())
    says = () if shared else tuple(dict.fromkeys((clause.says, clause.hint) for clause in clauses))
    facts = {
        "Tables": "both" if shared else table,
        "Level": f"{rule.level}: {LEVELS[rule.level]}",
        "Bad": _example(rule.bad),
        "Good": _example(rule.good),
    }
    return Told(str(rule.id), str(rule.id), rule.title, tuple(facts.items()), says)


def _example(cells: Mapping[str, str]) -> str:
    return ", ".join(f"{column} = {cell or '(blank)'}" if column else cell for column, cell in cells.items())
