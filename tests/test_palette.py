"""Colours stand in one place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hypnic.palette import DARK, LIGHT, PRINT

ROOT = Path(__file__).parents[1]
COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b")


@pytest.mark.parametrize("room", ["schemas", "datasets", "analysis", "reports", "src"])
def test_no_other_module_or_template_says_a_colour(room: str) -> None:
    kinds = {".py", ".css", ".j2", ".html", ".js", ".typ"}
    # A report that was built here, a release, and a published report have the colours that the palette gave them.
    built = {"_build", "released", "published"}
    paths = [path for path in (ROOT / room).rglob("*") if path.suffix in kinds]
    files = [path for path in paths if not built & set(path.parts)]
    assert files
    said = {path.name: found for path in files if (found := COLOUR.findall(path.read_text("utf-8")))}
    assert said.pop("palette.py", []) if room == "src" else said == {}
    assert said == {}


def test_every_paper_has_the_same_colours() -> None:
    assert list(LIGHT) == list(DARK) == list(PRINT)
