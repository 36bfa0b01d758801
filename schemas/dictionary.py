"""The data dictionary and the rule table, in Markdown, from the pandera models and nothing else.

`python -m hypnic.schemas.dictionary FOLDER` writes both pages into a folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hypnic.schemas import Nights, Participants, catalogue, columns, conditions
from hypnic.schemas.drinks import DRINKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hypnic.schemas import Column, Table

TABLES: dict[str, type[Table]] = {"participants": Participants, "nights": Nights}
COLUMNS = ("column", "tier", "type", "values", "required", "question", "missing", "privacy")
HELD = ("drink", "as forms ask for it", "in one", "source")
RULES = ("id", "table", "level", "rule", "columns", "what is found, and what to type instead", "bad", "good")


def dictionary(tables: Iterable[str] = TABLES) -> str:
    """Give the data dictionary of `tables`: a row a column, in table order; then what the computed ones are made of."""
    pages = ["# Data dictionary\n\nGenerated from the pandera models by `nox -s data`.\n"]
    for name in tables:
        facts = columns(TABLES[name])
        rows = [_column(column) for column in facts.values()]
        pages.append(f"## {name}\n\n{TABLES[name].__doc__}\n\n{_markdown(COLUMNS, rows)}")
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
        column.privacy,
    )  # fmt: skip


def _example(cells: Mapping[str, str]) -> str:
    return ", ".join(f"{column} = {cell or '(blank)'}" if column else cell for column, cell in cells.items())


def _markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |\n" for line in lines)


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "dictionary.md").write_text(dictionary(), "utf-8")
    (folder / "rules.md").write_text(rule_table(), "utf-8")
