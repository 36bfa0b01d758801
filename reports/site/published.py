"""The files of reports that were built before: published in the repository, or the last ones in a folder."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Literal

# `built` now; `published` in the repository, since the data are not at hand; `kept` from the last build, since this one
# failed; `failed` and `skipped` have no files.
State = Literal["built", "published", "kept", "failed", "skipped"]


def published(name: str) -> dict[str, bytes]:
    """Give the report of a study that is published in the repository; nothing where there is none."""
    for place in sorted(Path(str(resources.files("hypnic.reports") / "published")).glob("*/provenance.json")):
        if json.loads(place.read_text("utf-8"))["study"] == name:
            return files_of(place.parent)
    return {}


def files_of(folder: Path) -> dict[str, bytes]:
    """Read every file of a built report, by its path there; nothing where there is no report."""
    if not (folder / "provenance.json").is_file():
        return {}
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
