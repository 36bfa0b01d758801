"""How each form tool lays its export out: one data file a tool."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

PROFILES = Path(str(resources.files("hypnic.datasets.forms"))) / "profiles"


@dataclass(frozen=True)
class Profile:
    """How one tool lays its export out; a data file in `profiles/` says it.

    The last of the `header_rows`, which come before the answers, has the first of the `header_marks` that is found in
    it; without marks it is the first row. A name may follow its `groups`; the answers of one cell are split at
    `joined`; a column named as `ticked` says holds one choice of a question; a choice may be given by its `code`, a
    position from 1. Cells in `blank` hold no answer. Of the tool's own columns, `metadata` are harmless and `private`
    tell who, when or where; a row is `void` where such a column has what is said there: a preview, say. `links` says
    which column of a repeat's rows has the key of the row that they belong to, and what that is called there.
    """

    title: str
    export: str
    documented: str
    header_rows: int = 1
    header_marks: tuple[str, ...] = ()
    groups: str = ""
    joined: str = r"\s*,\s*"
    ticked: str = ""
    code: str = ""
    name_length: int = 0
    blank: tuple[str, ...] = ()
    respondent: tuple[str, ...] = ()
    night: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    void: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


@cache
def profiles() -> dict[str, Profile]:
    """Give every known layout by its name, with what all of them share added.

    >>> profiles()["redcap"].title
    'REDCap'
    """
    found = {path.stem: _toml(path) for path in sorted(PROFILES.glob("*.toml"))}
    shared = found.pop("common")
    return {
        name: Profile(**facts | {key: (*facts.get(key, ()), *shared[key]) for key in shared})
        for name, facts in found.items()
    }


def _toml(path: Path) -> dict[str, Any]:
    facts = tomllib.loads(path.read_text("utf-8"))
    return {key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()}
