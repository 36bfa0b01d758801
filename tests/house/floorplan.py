"""Reads the source tree: which modules there are, and which imports which, however the import is written."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

Graph = dict[str, set[str]]
IMPORTERS = ("import_module", "__import__", "find_spec")


@dataclass(frozen=True)
class Plan:
    """The modules of one source tree, by dotted name: `folders` says which package lies in which folder."""

    folders: Mapping[str, Path]

    @cached_property
    def files(self) -> dict[str, Path]:
        """Every Python file below the folders; a package is its `__init__`."""
        found = {}
        for package, folder in self.folders.items():
            for path in sorted(set(folder.rglob("*.py")) - set(folder.glob("_build/**/*.py"))):  # what was built there
                parts = path.relative_to(folder).with_suffix("").parts
                found[".".join((package, *parts)).removesuffix(".__init__")] = path
        return found

    @cached_property
    def packages(self) -> set[str]:
        """Every folder that has an `__init__`."""
        return {name for name, path in self.files.items() if path.name == "__init__.py"}

    @cached_property
    def arrows(self) -> Graph:
        """What every module imports of this tree."""
        return {name: set(self._arrows(name)) - {name} for name in self.files}

    def _arrows(self, name: str) -> Iterator[str]:
        package = name if name in self.packages else name.rpartition(".")[0]
        for target in Imports.read(self.files[name].read_text("utf-8"), package):
            # `from a import b` is the module a.b where there is one, and else a name that a has.
            while target and target not in self.files:
                target = target.rpartition(".")[0]  # noqa: PLW2901 -- step by step up
            if target:
                yield target

    def between(self, group: Mapping[str, str]) -> Graph:
        """Join modules into the nodes that `group` puts them in, and keep the arrows between nodes."""
        joined: Graph = {node: set() for node in group.values()}
        for name, node in group.items():
            joined[node] |= {group[target] for target in self.arrows[name] if target in group} - {node}
        return joined


@dataclass
class Imports(ast.NodeVisitor):
    """Collects the dotted names that a module imports, at any depth and in any dress."""

    package: str
    found: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, source: str, package: str) -> list[str]:
        """Return the dotted names that `source`, a module of `package`, imports."""
        visitor = cls(package)
        visitor.visit(ast.parse(source))
        return visitor.found

    def _absolute(self, dots: int, rest: str) -> str:
        parents = self.package.split(".")
        above = parents[: len(parents) - dots + 1] if dots else []
        return ".".join([*above, *filter(None, [rest])])

    def visit_Import(self, node: ast.Import) -> None:
        self.found += [alias.name for alias in node.names]

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        base = self._absolute(node.level, node.module or "")
        self.found += [base if alias.name == "*" else f"{base}.{alias.name}" for alias in node.names]

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        names = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "name")]
        for text in filter(None, map(_literal, names if called in IMPORTERS else [])):
            rest = text.lstrip(".")
            self.found.append(self._absolute(len(text) - len(rest), rest))
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        # A table of module names is one of lazy imports; a lone string may be a folder of data.
        self.found += filter(None, map(_module, node.values))
        self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple | ast.List | ast.Set) -> None:
        self.found += filter(None, map(_module, node.elts))
        self.generic_visit(node)

    visit_List = visit_Set = visit_Tuple  # noqa: N815


def _module(node: ast.expr) -> str:
    """Return a literal that could be the name of a module of hypnic."""
    text = node.value if isinstance(node, ast.Constant) else ""
    return text if isinstance(text, str) and text.startswith("hypnic.") else ""


def _literal(node: ast.expr) -> str:
    """Return the text of a literal, or what an f-string starts with."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    return str(node.value).rstrip(".") if isinstance(node, ast.Constant) and node.value != "." else ""


def circle(graph: Graph) -> list[str]:
    """Return the nodes of one circle, the first of them again at the end; none is an empty list."""
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node not in done:
            for target in sorted(graph.get(node, ())):
                if found := walk(target, [*path, node]):
                    return found
            done.add(node)
        return []

    return next(filter(None, (walk(node, []) for node in sorted(graph))), [])


def floors(graph: Graph) -> int | None:
    """Return the nodes of the longest chain of arrows; None where there is a circle."""
    if circle(graph):
        return None
    heights: dict[str, int] = {}

    def height(node: str) -> int:
        if node not in heights:
            heights[node] = 1 + max((height(target) for target in graph.get(node, ())), default=0)
        return heights[node]

    return max(map(height, graph), default=0)


def count(graph: Graph) -> int:
    """Return the number of arrows."""
    return sum(map(len, graph.values()))


def within(names: Iterable[str], room: str) -> list[str]:
    """Return those of the names that are the room or lie in it."""
    return [name for name in names if name == room or name.startswith(f"{room}.")]


def house(root: Path) -> Plan:
    """Return the plan of the tree at `root`, whose `pyproject.toml` says where each room lies."""
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    return Plan({package: root / folder for package, folder in settings["package-dir"].items()})


def nodes(plan: Plan, room: str) -> Graph:
    """Return the arrows between the folders and top modules of a room; its `__init__` may look at all of them."""
    inside = [name for name in within(plan.files, f"hypnic.{room}") if name != f"hypnic.{room}"]
    return plan.between({name: name.removeprefix(f"hypnic.{room}.").partition(".")[0] for name in inside})


def table(plan: Plan, fewest: int = 40, most: int = 250) -> list[str]:
    """Return lines: every room with its files, lines, floors, arrows inside and arrows out, then unusual sizes."""
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in plan.files.items()}
    lines = [f"{'room':<24}{'files':>6}{'lines':>8}{'floors':>8}{'arrows':>8}  arrows to other rooms"]
    rooms = [name for name in plan.packages if name != "hypnic"]
    for room in sorted(rooms):
        own = within(plan.files, room)
        short = room.removeprefix("hypnic.")
        graph = nodes(plan, short)
        out = Counter(_room(target, rooms, short) for name in own for target in plan.arrows[name] - set(own))
        to = ", ".join(f"{name} {times}" for name, times in sorted(out.items()) if name)
        label = "  " * short.count(".") + short.rpartition(".")[2]
        size = f"{len(own):>6}{sum(lengths[name] for name in own):>8}"
        lines.append(f"{label:<24}{size}{floors(graph) or 'circle':>8}{count(graph):>8}  {to or '-'}")
    modules = {name: n for name, n in lengths.items() if name not in plan.packages and not fewest <= n <= most}
    unusual = ", ".join(f"{name.removeprefix('hypnic.')} {n}" for name, n in sorted(modules.items()))
    return [*lines, f"modules outside {fewest} to {most} lines: {unusual or 'none'}"]


def _room(target: str, rooms: list[str], seen_from: str) -> str:
    """Name the room that a module lies in: a large one, or, seen from the same large room, a smaller one."""
    large = seen_from.partition(".")[0]
    inside = [room.removeprefix("hypnic.") for room in rooms if within([target], room)]
    near = [room for room in inside if room.partition(".")[0] == large]
    return max(near, key=len).rpartition(".")[2] + "/" if near else min(inside, key=len, default="")
