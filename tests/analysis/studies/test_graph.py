"""The adjustment sets proved: each frozen set against the sets that the graph itself allows."""

from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from hypnic.analysis.studies import ESTIMANDS, Estimand, estimands
from hypnic.analysis.studies.graph import Graph, fault, faults, given, graphs, node_of, open_path, supposed

if TYPE_CHECKING:
    from collections.abc import Collection

HABITS, SLEEP, DRINK = "habits first", "sleep loss first", "drink, sleep loss, coffee"
ANY_ORDER = {HABITS, SLEEP, DRINK}
# In which orders of a usual week nothing else leads to both, with the set of a survey's or NHANES's row held still. A
# medicine is taken for what goes along with jerks, and may lift or cause the distress that is adjusted for: in none.
HOLDS = {
    "caffeine": {HABITS}, "caffeine_after_14": {HABITS}, "caffeine_before_14": {HABITS}, "caffeine_later": {HABITS},
    "alcohol": {HABITS, SLEEP}, "former_drinker": {HABITS, SLEEP}, "binge_days": {HABITS, SLEEP},
    "stress": ANY_ORDER, "poor_mental_days": ANY_ORDER, "anxious_days": ANY_ORDER,
    "exercise": {HABITS},
    "sleep_loss": {HABITS}, "short_sleep": {HABITS}, "long_sleep": {HABITS},
    "ssri_snri": set(), "stimulant": set(), "dopaminergic": set(),
    "magnesium": ANY_ORDER, "potassium": ANY_ORDER, "calcium": ANY_ORDER,
}  # fmt: skip
# What a diary's frozen sets leave open: last night's jerks, and for drink the fear of the coming night.
OPEN = {
    "caffeine": "caffeine <- jerks_before -> jerks",
    "alcohol": "alcohol <- jerks_before -> jerks; alcohol <- worry -> jerks",
    "stress": "stress <- jerks_before -> jerks",
    "exercise": "exercise <- jerks_before -> jerks",
    "sleep_loss": "sleep_loss <- jerks_before -> jerks",
}
USUAL = [row for row in ESTIMANDS if row.table != "diary"]


def orders(row: Estimand) -> set[str]:
    if row.unit.endswith("home interview alone"):  # nobody was asked about distress there
        return set()
    return ANY_ORDER - {HABITS} if "sleep_loss_usual_h" in row.adjustment else HOLDS[row.exposure]


def said(row: Estimand) -> str:
    return f"{row.table} {row.exposure} {row.role} {row.outcome}"


def subsets(nodes: Collection[str]) -> list[frozenset[str]]:
    return [frozenset(s) for s in chain.from_iterable(combinations(sorted(nodes), n) for n in range(len(nodes) + 1))]


@pytest.mark.parametrize("row", [r for r in ESTIMANDS if r.table == "diary" or orders(r)], ids=said)
def test_each_frozen_set_is_among_those_that_the_graph_allows(row: Estimand) -> None:
    exposure = node_of(row.column)
    # A diary's need last night's jerks besides, which `dynamic` holds still; drink also the evening's fear.
    besides = {"jerks_before", *(["worry"] if exposure == "alcohol" else [])} if row.table == "diary" else set()
    known = (given(row) | besides) - {exposure}
    chosen = {"stress", "sleep_loss", "caffeine", "caffeine_early", "alcohol", "exercise", "free",
              "stress_before", "caffeine_before", "alcohol_before"} - {exposure}  # fmt: skip
    background = known - chosen | supposed(row.table)
    allowed = {
        s | background
        for graph in graphs(row.table)
        for s in subsets({node for node in chosen if node in graph.nodes})
        if fault(graph, exposure, s | background) is None
    }
    assert known | supposed(row.table) in allowed


@pytest.mark.parametrize("row", estimands("diary"), ids=said)
def test_a_diary_row_says_what_its_frozen_set_leaves_open(row: Estimand) -> None:
    assert faults(row) == {"": OPEN[row.exposure]}


@pytest.mark.parametrize("row", estimands("diary"), ids=said)
def test_no_set_of_a_diary_holds_a_slow_cause_still_that_nobody_asked_about(row: Estimand) -> None:
    (graph,), exposure = graphs("diary"), node_of(row.column)
    everything = set(graph.nodes) - {exposure, "jerks", "spell"} - graph.descendants(exposure)
    assert fault(graph, exposure, everything) == f"{exposure} <- spell -> jerks"


@pytest.mark.parametrize("row", USUAL, ids=said)
def test_a_survey_row_says_in_which_order_of_habits_it_holds(row: Estimand) -> None:
    assert {order for order, why in faults(row).items() if why is None} == orders(row)


def test_the_two_survey_rows_of_caffeine_bracket_every_order() -> None:
    rows = [row for row in estimands("survey") if row.exposure == "caffeine"]
    assert set().union(*(orders(row) for row in rows)) == ANY_ORDER


def test_exercise_and_sleep_from_the_home_interview_alone_leave_distress_open() -> None:
    rows = [row for row in ESTIMANDS if row.unit.endswith("home interview alone")]
    first = {str(faults(row)[HABITS]).split("; ")[0] for row in rows}
    assert first == {"exercise <- stress -> jerks", "sleep_loss <- stress -> jerks"}


@pytest.mark.parametrize("row", estimands("diary"), ids=said)
def test_without_fixed_effects_every_diary_row_has_an_open_path(row: Estimand) -> None:
    (graph,) = graphs("diary")
    assert open_path(graph, node_of(row.column), given(row) - {"background"})


@pytest.mark.parametrize("table", ["diary", "survey", "nhanes"])
def test_nothing_is_supposed_that_no_row_needs(table: str) -> None:
    rows, (graph, *_) = estimands(table), graphs(table)  # type: ignore[arg-type]
    for node in supposed(table):
        rest = supposed(table) - {node}
        assert any(open_path(graph, node_of(row.column), given(row) | rest) for row in rows), node


def test_no_adjustment_mends_that_volunteers_came_for_their_coffee_and_their_jerks() -> None:
    came = given(estimands("survey")[0]) | supposed("survey") | {"volunteered"}
    assert {fault(graph, "caffeine", came) for graph in graphs("survey")} == {
        "caffeine -> volunteered, which is held still"
    }


def test_caffeine_within_persons_needs_stress() -> None:
    (graph,), row = graphs("diary"), estimands("diary")[0]
    assert open_path(graph, "caffeine", given(row) - {"stress"}) == "caffeine <- stress -> jerks"


def test_each_column_of_a_frozen_set_tells_of_a_node_of_its_graph() -> None:
    for row in ESTIMANDS:
        for graph in graphs(row.table):
            assert given(row) | {node_of(row.column)} <= set(graph.nodes)


def test_every_arrow_has_a_reason_and_no_graph_has_a_circle() -> None:
    for table in ("diary", "survey", "nhanes"):
        for graph in graphs(table):
            assert all(graph.arrows.values())
            assert not [node for node in graph.nodes if node in graph.descendants(node)]


@over(st.data())
def test_a_set_blocks_exactly_the_paths_over_which_numbers_go_together(data: st.DataObject) -> None:
    """In a linear Gaussian system the partial correlation is zero if and only if every path is blocked."""
    size = 6
    pairs = list(combinations(range(size), 2))
    drawn = data.draw(st.lists(st.sampled_from(pairs), unique=True))
    seen = data.draw(st.sets(st.integers(1, size - 2)))
    # Node 5 is the exposure and leads to nothing, so that every path to the outcome, node 0, comes in by a cause of it.
    order = data.draw(st.permutations(range(1, size - 1)))
    name = dict(enumerate([0, *order, size - 1]))
    seed = data.draw(st.integers(0, 2**32 - 1))
    arrows = {(name[a], name[b]) for a, b in drawn}
    strength = np.zeros((size, size))
    for cause, effect in arrows:
        strength[effect, cause] = np.random.default_rng([seed, cause, effect]).uniform(0.5, 1.5)
    mix = np.linalg.inv(np.eye(size) - strength)
    keep = [5, 0, *sorted(seen)]
    precision = np.linalg.inv((mix @ mix.T)[np.ix_(keep, keep)])
    graph = Graph({(str(cause), str(effect)): "drawn" for cause, effect in arrows})
    blocked = open_path(graph, "5", {str(node) for node in seen}, outcome="0") is None
    assert blocked == (abs(precision[0, 1]) < 1e-9)
