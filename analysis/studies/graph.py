"""The directed graphs behind the adjustment sets, and what else leads both to an exposure and to jerks.

The graphs are data (`graph.toml`, a reason for each arrow). If a graph is right, a set leaves the total effect alone
when it holds nothing that the exposure leads to and blocks every path into it (Pearl 1995, Biometrika 82:669);
what is blocked is found by walking (Koller & Friedman 2009, Probabilistic Graphical Models, algorithm 3.1).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from hypnic.analysis.studies.estimands import Estimand

OUTCOME = "jerks"


@dataclass(frozen=True)
class Graph:
    """Arrows (cause, effect), each with its reason; `order` names the one in which undecided arrows were drawn."""

    arrows: Mapping[tuple[str, str], str]
    order: str = ""

    @cached_property
    def parents(self) -> dict[str, list[str]]:
        """What leads to each node."""
        return {node: [cause for cause, effect in self.arrows if effect == node] for node in self.nodes}

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """What each node leads to."""
        return {node: [effect for cause, effect in self.arrows if cause == node] for node in self.nodes}

    @cached_property
    def nodes(self) -> list[str]:
        """Every node, as it first comes up."""
        return list(dict.fromkeys(node for arrow in self.arrows for node in arrow))

    def descendants(self, node: str) -> set[str]:
        """Name everything that a node leads to, in however many steps."""
        return _reached(self.children, [node])


def _reached(steps: Mapping[str, Sequence[str]], starts: Collection[str]) -> set[str]:
    found: set[str] = set()
    waiting = [step for start in starts for step in steps.get(start, ())]
    while waiting:
        if (at := waiting.pop()) not in found:
            found.add(at)
            waiting += steps[at]
    return found


def open_path(graph: Graph, exposure: str, given: Collection[str], outcome: str = OUTCOME) -> str | None:
    """Return a shortest path into the exposure that `given` leaves open, or None where they are all blocked.

    >>> fork = Graph({("tired", "coffee"): "", ("tired", "jerks"): "", ("coffee", "jerks"): ""})
    >>> open_path(fork, "coffee", given=())
    'coffee <- tired -> jerks'
    >>> open_path(fork, "coffee", given=["tired"]) is None
    True
    """
    seen = set(given)
    # A collider lets through what comes from both its sides if it, or something it leads to, is known.
    told = seen | _reached(graph.parents, seen)
    # Where a walk stands and whether it came against the arrow; with it, the walk in words.
    walks = {(cause, True): f"{exposure} <- {cause}" for cause in graph.parents.get(exposure, ())}
    waiting = list(walks)
    for node, against in waiting:  # grows as it goes: the shortest walks first
        if node == outcome:
            return walks[node, against]
        through = node not in seen
        steps = [(cause, True) for cause in graph.parents[node] if (through if against else node in told)]
        steps += [(effect, False) for effect in graph.children[node] if through]
        for step in steps:
            if step not in walks and step[0] != exposure:
                walks[step] = f"{walks[node, against]} {'<-' if step[1] else '->'} {step[0]}"
                waiting.append(step)
    return None


def fault(graph: Graph, exposure: str, given: Collection[str]) -> str | None:
    """Say why a set does not leave the total effect of an exposure on jerks alone, or None where it does.

    Of the open paths it names a shortest one for each cause of the exposure that they come in by.
    """
    if later := sorted(graph.descendants(exposure) & set(given)):
        return f"{exposure} -> {', '.join(later)}, which is held still"
    held, found = set(given), []
    while path := open_path(graph, exposure, held):
        found.append(path)
        held.add(path.split(" <- ")[1].split(" -> ")[0])
    return "; ".join(found) or None


def graphs(table: str) -> tuple[Graph, ...]:
    """Give the graph of the diary, or those of a survey or of NHANES: one for each order that may be the true one.

    An instrument that `graph.toml` does not know has none.
    """
    data = _data()
    if table not in data["supposed"]:
        return ()
    if table == "diary":
        return (Graph(_arrows(data["diary"])),)
    usual = _arrows(data["survey"])
    return tuple(Graph(usual | _arrows(drawn), order) for order, drawn in data["orders"].items())


def given(estimand: Estimand) -> frozenset[str]:
    """Name the nodes that an estimand holds still: those of its columns, and what its design holds."""
    held = _data()["held"].get(estimand.table, ())
    return frozenset([*(node for column in estimand.adjustment for node in _told_of(column)), *held])


def supposed(table: str) -> frozenset[str]:
    """Name the nodes that a table neither tells of nor holds still, and through which nothing is supposed to flow."""
    return frozenset(_data()["supposed"].get(table, ()))


def faults(estimand: Estimand) -> dict[str, str | None]:
    """Say, for each order that may be the true one, what is wrong with a frozen set, its suppositions granted.

    It is empty for an instrument without a graph.

    >>> from hypnic.analysis.studies import estimands
    >>> faults(estimands("survey")[0])["sleep loss first"]
    'caffeine <- sleep_loss -> jerks'
    """
    if not (drawn := graphs(estimand.table)):
        return {}
    exposure = node_of(estimand.column)
    # Two columns of one node (short and long sleep) are two doses of one exposure, none of which confounds the other.
    known = (given(estimand) | supposed(estimand.table)) - {exposure}
    return {graph.order: fault(graph, exposure, known) for graph in drawn}


def node_of(column: str) -> str:
    """Name the node that an exposure's column tells of."""
    return _told_of(column)[0]


def _told_of(column: str) -> list[str]:
    told: Mapping[str, list[str]] = _data()["columns"]
    return [node for node, columns in told.items() if column in columns]


def _arrows(drawn: Mapping[str, str]) -> dict[tuple[str, str], str]:
    """Read "a, b -> c, d" as four arrows of one reason."""
    found: dict[tuple[str, str], str] = {}
    for line, reason in drawn.items():
        causes, effects = (side.split(", ") for side in line.split(" -> "))
        found |= {(cause, effect): reason for cause in causes for effect in effects}
    return found


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("hypnic.analysis.studies").joinpath("graph.toml").read_text(encoding="utf-8"))
