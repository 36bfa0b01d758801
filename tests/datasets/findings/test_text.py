"""What findings say, and how they are printed for people."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import polars as pl
import pytest

import hypnic
from hypnic.datasets.checking.wording import SAYS, Words, words
from hypnic.datasets.findings.text import CELLS, GROUPS, as_text, groups, summary
from hypnic.schemas import Nights, Participants, catalogue, columns, conditions

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypnic.schemas import Rule

    Save = Callable[..., Path]
    Row = dict[str, str]

COMMANDS = ("add", "keep", "leave", "look", "fix", "send", "take", "type")
MODELS = [Participants, Nights]


def said(model: type) -> dict[str, tuple[str, str, str]]:
    """Give every message and remedy of a table, by rule and column."""
    of_rules = [words(model, c.rule, c.clause.column, number) for number, c in enumerate(conditions(model))]
    named = [f"{c.rule} {c.clause.column}" for c in conditions(model)]
    bare = {f"{rule} {name}": words(model, rule, name) for name, rule in _bare(model)}
    subjects = {f"{r.id} {r.subject}, all": _at_subject(model, r) for r in model.rules() if r.subject}
    numbered = {f"{name} #{number}": said for number, (name, said) in enumerate(zip(named, of_rules, strict=True))}
    return {name: tuple(found) for name, found in (numbered | bare | subjects).items()}


def _at_subject(model: type, rule: Rule) -> Words:
    others = list(dict.fromkeys(c.clause.column for c in conditions(model) if c.rule == rule.id))
    return words(model, rule.id, rule.subject or "", others=others, cells=[f"{name} (C2)" for name in others])


def _bare(model: type) -> list[tuple[str, str]]:
    facts = columns(model)
    cells = [(name, "level" if column.words else "type") for name, column in facts.items() if column.kind != "text"]
    return [*cells, *((next(iter(facts)), rule) for rule in SAYS if rule.startswith("column_"))]


@pytest.mark.parametrize("model", MODELS)
def test_the_words_of_every_rule_stay_as_they_are(model: type, snapshot) -> None:
    lines = [f"{level} {name}: {message}: {hint}" for name, (message, hint, level) in said(model).items()]
    assert "\n".join(lines) == snapshot


@pytest.mark.parametrize("model", MODELS)
def test_a_message_is_one_clause_and_a_remedy_is_a_command(model: type) -> None:
    for message, hint, _ in said(model).values():
        assert not message.endswith(".")
        assert "\n" not in message + hint
        assert hint.split()[0] in COMMANDS


@pytest.mark.parametrize("model", MODELS)
def test_every_rule_has_a_bad_and_a_good_example(model: type) -> None:
    assert [rule.id for rule in catalogue(model).values() if not (rule.bad and rule.good)] == []


def test_errors_come_before_flags_before_warnings_before_suggestions(diary: list[Row], save: Save) -> None:
    diary[1] |= {"sol_min": "200"}
    diary[3] |= {"evening_on_time": "false"}
    diary[6] |= {"wake_clock_h": "19.0"}
    found = hypnic.check(save("nights", diary))
    assert [group.level for group in groups(found)] == ["error", "flag", "warning", "suggestion"]
    assert as_text(found, [Path("nights.csv")]).endswith("\n1 error, 1 flag, 1 warning, 1 suggestion in 1 file\n")


def test_a_group_has_its_file_level_rule_count_first_cells_and_remedy(diary: list[Row], save: Save, snapshot) -> None:
    for night in diary[:8]:
        night["stress_0_10"] = "11"
    diary[2]["sol_min"] = "491511"
    assert as_text(hypnic.check(save("nights", diary)), [Path("nights.csv")]) == snapshot


def test_different_values_are_told_apart_each_with_its_first_cells_and_what_to_type(
    diary: list[Row], save: Save, snapshot
) -> None:
    for n, night in enumerate(diary):
        night["stress_0_10"] = ("11", "12")[n % 2]
        night["bed_clock_h"] = ("23:15", "11:30 pm", "22:30")[n % 3]
    diary[4]["jerk_count"] = "0"
    assert as_text(hypnic.check(save("nights", diary)), [Path("nights.csv")]) == snapshot


def test_no_more_than_a_screenful_is_printed_and_the_rest_is_counted() -> None:
    one = {"file": "nights.csv", "line": 2, "cell": "A2", "level": "error", "value": None, "hint": "fix it"}
    found = pl.DataFrame([one | {"rule": f"R{n}", "message": f"m{n}"} for n in range(GROUPS + 3) for _ in range(9)])
    text = as_text(found.with_columns(pl.col("level").cast(pl.Enum(["error"]))), [Path("nights.csv")])
    assert text.count("fix it") == GROUPS
    assert text.count("A2") == GROUPS * CELLS
    assert "27 more findings; see all with --format html --out findings.html" in text


def test_colour_only_adds_to_the_words(diary: list[Row], save: Save) -> None:
    diary[1]["stress_0_10"] = "11"
    found = hypnic.check(save("nights", diary))
    plain, coloured = (as_text(found, [Path("nights.csv")], colour=colour) for colour in (False, True))
    assert coloured != plain
    assert click.unstyle(coloured) == plain


def test_no_findings_are_said_in_two_words(diary: list[Row], save: Save) -> None:
    found = hypnic.check(save("nights", diary))
    assert (summary(found), as_text(found, [Path("nights.csv")])) == ("no findings", "nights.csv: no findings\n")
