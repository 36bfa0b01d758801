"""The house stands as it was drawn: data flows one way, and only hypnic is installed."""

from __future__ import annotations

import ast
from importlib.metadata import files
from importlib.resources import files as resources
from pathlib import Path

import pytest

ROOMS = ("schemas", "datasets", "analysis", "reports")
PACKAGE = Path(str(resources("hypnic")))


def imports(module: Path) -> set[str]:
    """Name the rooms that a module imports from."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        found |= {name.split(".")[1] for name in names if name.startswith("hypnic.") and name.count(".") >= 1}
    return found & set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_from_rooms_before_it(room: str) -> None:
    modules = sorted(Path(str(resources(f"hypnic.{room}"))).glob("*.py"))
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    assert modules
    assert {module.name: imports(module) - allowed for module in modules if imports(module) - allowed} == {}


def test_only_hypnic_comes_into_site_packages() -> None:
    tops = {path.parts[0] for path in files("hypnic") or []}
    assert {top for top in tops if not top.startswith(("hypnic", "..", "__editable__"))} == set()


def test_the_package_says_that_it_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()
