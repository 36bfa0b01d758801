"""The house stands as it was drawn: data flows one way, and every room keeps its law.

Alone, this file prints the plan of the house: `python -m pytest tests/test_house.py -q`.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import import_module
from importlib.metadata import distributions
from importlib.resources import files as resources
from pathlib import Path

import pytest
from floorplan import Plan, circle, count, floors, house, nodes, table, within

ROOT = Path(__file__).parents[1]
HOUSE = house(ROOT)
FRONT = ("hypnic", "hypnic.cli", "hypnic.commands")
ROOMS = ("schemas", "datasets", "analysis", "reports")
# Which rooms a room may import from; `hypnic.errors`, and what lies next to it, is everybody's. A module that lies in
# no smaller room may also use the smaller rooms of its own room; a smaller room may use only what its line names.
LAWS = {
    "schemas": "",
    "schemas.publish": "schemas",
    "datasets": "schemas",
    "datasets.reading": "schemas",
    "datasets.checking": "schemas datasets.reading datasets.writing",
    "datasets.findings": "schemas datasets.checking",
    "datasets.forms": "schemas datasets.reading datasets.checking datasets.loading",
    "datasets.intake": "schemas schemas.publish datasets.checking datasets.writing",
    "datasets.cohort": "schemas datasets.writing",
    "datasets.nhanes": "schemas",
    "datasets.release": "schemas",
    "analysis": "schemas datasets",
    "analysis.regression": "",
    "analysis.mixed": "analysis.regression",
    "analysis.bayes": "",
    "analysis.scale": "schemas analysis.regression analysis.studies",
    "analysis.studies": "schemas datasets",
    "analysis.question": "schemas analysis.regression analysis.studies",
    "analysis.checks": "schemas analysis.regression analysis.studies analysis.question",
    "analysis.claims": "schemas",
    "analysis.programme": (
        "schemas analysis.regression analysis.mixed analysis.bayes analysis.studies analysis.question analysis.checks"
    ),
    "reports": "schemas datasets analysis",
    "reports.site": "schemas datasets analysis reports",
    "serving": "schemas datasets",
}
LIMITS = {"analysis": (7, 30), "datasets": (5, 15)}  # floors, arrows


def law_of(module: str, laws: dict[str, str]) -> str:
    """Return the smallest room that has a law and holds the module; nothing for what lies in no room."""
    return max((room for room in laws if within([module], f"hypnic.{room}")), key=len, default="")


def breaches(plan: Plan, laws: dict[str, str]) -> list[tuple[str, str]]:
    """Return each import that breaks a law: the module, and what it imports."""
    front = ["hypnic", *(name for door in FRONT[1:] for name in within(plan.files, door))]
    helpers = [name for name in plan.files if name not in front and not law_of(name, laws)]
    found = []
    for module in plan.files.keys() - set(front):
        room = law_of(module, laws)
        allowed = [f"hypnic.{name}" for name in (*laws[room].split(), room)] if room else []
        known = {name for place in allowed for name in within(plan.files, place)} | set(helpers)
        found += [(module, target) for target in plan.arrows[module] - known]
    return sorted(found)


@pytest.fixture(scope="module", autouse=True)
def printed(request: pytest.FixtureRequest) -> None:
    """Print the plan under the tests of this file, where they run alone."""

    class Summary:
        def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
            terminalreporter.section("the house")
            for line in (*table(HOUSE), *(measured(room) for room in LIMITS)):
                terminalreporter.write_line(line)

    request.config.pluginmanager.register(Summary())


def measured(room: str) -> str:
    """Say how a room stands to its limits."""
    graph = nodes(HOUSE, room)
    most_floors, most_arrows = LIMITS[room]
    around = " → ".join(circle(graph)) or "none"
    return (
        f"{room}, folders and top modules: {floors(graph)} floors (at most {most_floors}), "
        f"{count(graph)} arrows (at most {most_arrows}), circle: {around}"
    )


def test_a_room_imports_only_what_its_law_allows_and_nobody_the_front_door() -> None:
    assert breaches(HOUSE, LAWS) == []


def test_every_room_has_a_law_and_every_law_its_room() -> None:
    rooms = {name.removeprefix("hypnic.") for name in HOUSE.packages} - {"hypnic", "commands"}
    assert {room for room in LAWS if f"hypnic.{room}" in HOUSE.packages} == rooms
    named = {name for law in LAWS.values() for name in law.split()} | set(LAWS)
    assert {name for name in named if f"hypnic.{name}" not in HOUSE.files} == set()


@pytest.mark.parametrize("room", ROOMS)
def test_imports_inside_a_room_go_only_downwards(room: str) -> None:
    everything = {name: name.split(".")[2] if name.count(".") > 1 else "__init__" for name in HOUSE.files}
    assert circle(HOUSE.between({name: everything[name] for name in within(HOUSE.files, f"hypnic.{room}")})) == []


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle(HOUSE.arrows) == []


@pytest.mark.parametrize("room", LIMITS)
def test_a_room_has_few_floors_and_few_arrows(room: str) -> None:
    graph = nodes(HOUSE, room)
    most_floors, most_arrows = LIMITS[room]
    assert (floors(graph) or 99) <= most_floors
    assert count(graph) <= most_arrows


def test_every_package_is_named_in_pyproject_and_every_name_is_a_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    assert sorted(settings["packages"]) == sorted(HOUSE.packages)
    assert {str(path.parent) for path in HOUSE.files.values() if not (path.parent / "__init__.py").is_file()} == set()


@pytest.mark.parametrize("package", sorted(HOUSE.packages))
def test_a_room_says_its_law_in_one_sentence(package: str) -> None:
    law = ast.get_docstring(ast.parse(HOUSE.files[package].read_text("utf-8"))) or ""
    assert re.fullmatch(r"(?s)[A-Z](?:(?![.!?]\s).)+\.", law), law


@pytest.mark.parametrize("package", sorted(HOUSE.packages))
def test_a_room_that_exports_names_exports_nothing_else(package: str) -> None:
    said = ast.parse(HOUSE.files[package].read_text("utf-8")).body
    if len(said) > 1:  # more than its law
        room = import_module(package)
        assert "__dir__" in vars(room)
        assert sorted(dir(room)) == sorted(room.__all__)
        assert [name for name in room.__all__ if not hasattr(room, name)] == []


MADE_UP = {
    "from a room": "from hypnic.analysis import fit",
    "a module from a room": "from hypnic.analysis import estimates",
    "by its full name": "import hypnic.analysis.estimates",
    "under another name": "import hypnic.analysis.estimates as e",
    "relative": "from ...analysis import estimates",
    "relative, everything": "from ...analysis.estimates import *",
    "for types": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from hypnic.analysis.estimates import A",
    "in a function": "def late():\n    from hypnic.analysis.estimates import a",
    "in a method of a class": "class A:\n    def late(self):\n        import hypnic.analysis",
    "by its name as text": "from importlib import import_module\nimport_module('hypnic.analysis.estimates')",
    "by its name as text, by a keyword": "import importlib\nimportlib.import_module(name='hypnic.analysis')",
    "by a name relative to a package": "import importlib\nimportlib.import_module('...analysis', __package__)",
    "by a name of which the start is known": "import importlib\nimportlib.import_module(f'hypnic.analysis.{name}')",
    "by the oldest way": "__import__('hypnic.analysis.estimates')",
    "from a table of names": "HOMES = {'estimate': 'hypnic.analysis.estimates'}",
    "from the front door": "from hypnic import load",
    "the front door itself": "import hypnic",
    "a command": "from hypnic.commands.check import check",
}


def made_up(folder: Path, **sources: str) -> Plan:
    """Write a small house, in which `sources` replace modules, `__` for a dot."""
    empty = ("hypnic", "hypnic.errors", "hypnic.commands", "hypnic.commands.check", "hypnic.datasets")
    empty += ("hypnic.datasets.reading", "hypnic.analysis", "hypnic.schemas", "hypnic.schemas.columns")
    modules = dict.fromkeys((*empty, "hypnic.analysis.estimates", "hypnic.datasets.reading.text"), "")
    modules |= {f"hypnic.{name.replace('__', '.')}": source for name, source in sources.items()}
    for name, source in modules.items():
        package = any(other.startswith(f"{name}.") for other in modules) or name in empty[:1]
        path = folder.joinpath(*name.split("."), *(["__init__"] if package else [])).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, "utf-8")
    return Plan({"hypnic": folder / "hypnic"})


@pytest.mark.parametrize("source", MADE_UP.values(), ids=MADE_UP)
def test_the_law_catches_an_import(source: str, tmp_path: Path) -> None:
    plan = made_up(tmp_path, datasets__reading__text=source)
    ((module, target),) = breaches(plan, LAWS)
    assert module == "hypnic.datasets.reading.text"
    assert target in {"hypnic", "hypnic.analysis", "hypnic.analysis.estimates", "hypnic.commands.check"}


@pytest.mark.parametrize(
    "source",
    [
        "from hypnic.errors import HypnicError",
        "from hypnic.schemas import columns",
        "from . import limits",
        "from importlib.resources import files\nfiles('hypnic.analysis')",
        "import hypnically",
        "'hypnic.analysis'",
    ],
)
def test_the_law_lets_other_lines_pass(source: str, tmp_path: Path) -> None:
    assert breaches(made_up(tmp_path, datasets__reading__text=source), LAWS) == []


def test_the_law_of_a_small_room_is_stricter_than_that_of_the_room_around_it(tmp_path: Path) -> None:
    source = "from hypnic.datasets.checking.check import check"
    plan = made_up(tmp_path, datasets__checking__check="", datasets__reading__text=source, datasets__loading=source)
    assert breaches(plan, LAWS) == [("hypnic.datasets.reading.text", "hypnic.datasets.checking.check")]


def test_a_circle_is_found_wherever_the_import_stands(tmp_path: Path) -> None:
    late = "def late():\n    from hypnic.schemas import columns"
    plan = made_up(tmp_path, schemas__columns="from .rules import Rule", schemas__rules=late)
    assert circle(plan.arrows) == ["hypnic.schemas.columns", "hypnic.schemas.rules", "hypnic.schemas.columns"]
    assert floors(plan.arrows) is None


def test_floors_are_the_longest_chain_of_arrows() -> None:
    graph = {"a": {"b", "d"}, "b": {"c"}, "c": {"d"}, "d": set()}
    assert (floors(graph), count(graph), circle(graph)) == (4, 4, [])


def test_only_hypnic_comes_into_site_packages() -> None:
    # A build leaves an egg-info in the source tree, which is no installation.
    elsewhere = [place for place in sys.path if Path(place).resolve() not in (ROOT, ROOT / "src")]
    (installed,) = distributions(name="hypnic", path=elsewhere)
    tops = {path.parts[0] for path in installed.files or []}
    assert {top for top in tops if not top.startswith(("hypnic", "..", "__editable__"))} == set()


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(str(resources("hypnic"))) / "py.typed").is_file()
