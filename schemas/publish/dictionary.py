"""The data dictionary and the rule table, in Markdown, from the pandera models and nothing else.

`python -m hypnic.schemas.publish.dictionary FOLDER` writes both pages into a folder.
"""

from __future__ import annotations

import sys
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING

from hypnic.schemas import TABLES, NhanesPerson, catalogue, columns, conditions
from hypnic.schemas.drinks import DRINKS
from hypnic.schemas.outputs import Flags, Missingness, ParticipantChoices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandera.polars as pa

    from hypnic.schemas import Column, Table

# The other tables of `hypnic load`, by the name that they have there; nobody types these in.
SERVED: dict[str, type[pa.DataFrameModel]] = {
    "missingness": Missingness, "participant_choices": ParticipantChoices, "flags": Flags, "persons": NhanesPerson
}  # fmt: skip
OPENING = """
Four things hold for every column of `participants` and `nights`.

- **Clock hours** (`_clock_h`) are hours since 00:00 of the diary day, and run on past midnight: 22.5 is 22:30, 25.0 is
  01:00 on the next day, 31.0 is 07:00 on the next day. No date is kept.
- **A missing answer** is never 0. In a number it is -7 (not asked, because an earlier answer made it pointless), -8 (do
  not know) or -9 (refused); the column \"missing\" lists what each column takes, or the word that it has instead. Where
  the question was not asked, the cell may also stay blank; anywhere else a blank means that the form was abandoned.
- **Several words in one cell** (type \"tokens\") stand in alphabetical order with | between them, each once:
  `arm|leg`. `none` and `undisclosed` stand alone.

- **What is published** is made at the sender's machine by `hypnic submit`; the column \"published\" says what becomes
  of each answer. What is taken away is `withheld`, in a number -6, in published files alone. Two columns are computed
  there: `red_flag_any` (whether any sign was ticked) and `audit_c_total`.

`hypnic template` gives an empty table of these columns, `hypnic check` finds what does not fit them, and `hypnic load`
gives the clean tables, in which a missing answer is empty, and tables that nobody types in: `missingness`,
`participant_choices`, `flags` and, for NHANES, `persons`.
"""
FACTS = ("column", "type", "values", "what it holds", "CDC's variables")
COLUMNS = ("column", "tier", "type", "values", "required", "question", "missing", "privacy", "published")
HELD = ("drink", "as forms ask for it", "in one", "source")
RULES = ("id", "table", "level", "rule", "columns", "what is found, and what to type instead", "bad", "good")


def as_markdown(tables: Iterable[str] = (*TABLES, *SERVED)) -> str:
    """Give the data dictionary of `tables`: a row a column, in table order."""
    pages = [f"# Data dictionary\n\nGenerated from the pandera models by `nox -s data`.\n{OPENING}"]
    for name in tables:
        model = TABLES.get(name) or SERVED[name]
        page = _typed_in(TABLES[name]) if name in TABLES else _served(model)
        pages.append(f"## {name}\n\n{cleandoc(model.__doc__ or '')}\n\n{page}")
    held = [(one.name, one.asks, f"{one.amount:g} {'g' if one.strength else 'mg'}", one.source) for one in DRINKS]
    pages.append(f"## drinks\n\nWhat one holds: mg of caffeine, or g of alcohol.\n\n{_markdown(HELD, held)}")
    return "\n".join(pages)


def rule_table(tables: Iterable[str] = TABLES) -> str:
    """Give the table of rules: a row a rule, with one bad and one good example."""
    rows: dict[str, Sequence[str]] = {}
    for name in tables:
        model = TABLES[name]
        for rule in catalogue(model).values():
            clauses = [c.clause for c in conditions(model) if c.rule == rule.id]
            shared = all(rule.id in catalogue(TABLES[other]) for other in TABLES)
            says = [f"{clause.says}: {clause.hint}" for clause in clauses] if not shared else []
            named = [clause.column for clause in clauses] if not shared else []
            where = "both" if shared else name
            said = (", ".join(dict.fromkeys(named)), "<br>".join(dict.fromkeys(says)))
            rows[rule.id] = (rule.id, where, rule.level, rule.title, *said, _example(rule.bad), _example(rule.good))
    return f"# Rules\n\nGenerated from the pandera models by `nox -s data`.\n\n{_markdown(RULES, rows.values())}"


def _typed_in(model: type[Table]) -> str:
    return _markdown(COLUMNS, [_column(column) for column in columns(model).values()])


def _served(model: type[pa.DataFrameModel]) -> str:
    """Give the page of a table that is made: what pandera knows of each column."""
    rows = []
    for name, column in model.to_schema().columns.items():
        facts, dtype = column.metadata or {}, column.dtype.type
        known = {check.name: next(iter(check.statistics.values())) for check in column.checks}
        words = [*getattr(dtype, "categories", ()), *known.get("isin", ())]
        low, high = known.get("greater_than_or_equal_to"), known.get("less_than_or_equal_to")
        bounds = [f"from {low:g}"] if low is not None else ["above 0"] if "greater_than" in known else []
        bounds += [f"to {high:g}"] if high is not None else []
        values = " ".join([", ".join(words), *bounds, facts.get("unit") or ""]).strip()
        holds = ". ".join(filter(None, [column.title, column.description]))
        rows.append((f"`{name}`", str(dtype.base_type()), values, holds, ", ".join(facts.get("source", ()))))
    width = len(FACTS) if any(row[-1] for row in rows) else len(FACTS) - 1
    return _markdown(FACTS[:width], [row[:width] for row in rows])


def _column(column: Column) -> Sequence[str]:
    allowed = ", ".join(column.options) if len(column.options) <= 20 else f"{len(column.options)} codes, ISO 3166-1"
    if column.kind == "flag":
        allowed = "true, false"
    if column.low is not None:
        step = f", step {column.step:g}" if column.step else ""
        allowed = f"{column.low:g} to {column.high:g} {column.unit}{step}"
    kind = f"{column.kind}, ordered" if column.ordered else column.kind
    required = f"if {column.routing}" if column.routing and column.required else "yes" if column.required else "no"
    missing = ", ".join(column.missing_words)
    return (
        f"`{column.name}`", column.tier, kind, allowed or f"`{column.pattern}`", required, column.question, missing,
        column.privacy, str(column.released),
    )  # fmt: skip


def _example(cells: Mapping[str, str]) -> str:
    return ", ".join(f"{column} = {cell or '(blank)'}" if column else cell for column, cell in cells.items())


def _markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "dictionary.md").write_text(as_markdown(), "utf-8")
    (folder / "rules.md").write_text(rule_table(), "utf-8")
