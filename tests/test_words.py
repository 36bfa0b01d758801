"""Plain modern English: words that nobody uses any more are not used here either."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("schemas", "datasets", "analysis", "reports", "src", "tests", "guide")
KINDS = {".py", ".md", ".toml", ".j2", ".ambr"}
# What to write in their place: next to, fix, ragged, normalised, from which, with unlimited data, could easily arise.
OLD = ("beside", "mends?", "mended", "mending", "crooked", "squashed", "whence", "endless sample", "can well arise")
FOUND = re.compile(rf"\b({'|'.join(OLD)})\b", re.IGNORECASE)


def files() -> list[Path]:
    inside = [path for room in ROOMS for path in (ROOT / room).rglob("*") if path.suffix in KINDS]
    kept = [path for path in inside if path != Path(__file__) and not {"messy", "_build"} & {*path.parts}]
    return [*kept, *ROOT.glob("*.md"), ROOT / "noxfile.py"]


def test_no_file_uses_a_word_that_readers_have_to_guess() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in files()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if (match := FOUND.search(line))
    ]
    assert found == []


@pytest.mark.parametrize("line", ["the notes beside this file", "Mend it", "one can well arise by chance"])
def test_such_a_word_is_seen_where_it_stands(line: str) -> None:
    assert FOUND.search(line)


@pytest.mark.parametrize("line", ["besides, it recommends", "the amended file"])
def test_a_word_that_only_contains_one_is_left_alone(line: str) -> None:
    assert not FOUND.search(line)
