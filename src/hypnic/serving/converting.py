"""What was dropped and is no table of the instrument: an export or somebody's own spreadsheet, converted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypnic.datasets.forms import convert, convert_together, profiles

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.serving.asking import Asked

OWN = "spreadsheet"


def converted(folder: Path, files: list[Asked], form: str) -> dict[str, Any]:
    """Convert files as `hypnic convert` does; give the tables as CSV, and a sentence for everything that was decided.

    Raises HypnicError where there is no such form tool, or a file is not laid out as it exports.
    """
    paths = []
    for one in files:
        paths.append(folder / one.name)
        paths[-1].write_bytes(one.content)
    made = [convert(form, paths[0])] if form == OWN and len(paths) == 1 else convert_together(form, paths)
    return {
        "files": [{"name": f"{one.table}.csv", "csv": one.frame.write_csv()} for one in made],
        "said": [line for one in made for line in one.said],
        "complete": all(one.complete for one in made),
    }


def forms() -> dict[str, str]:
    """Give the name and the title of each form tool, a person's own spreadsheet first."""
    return {name: profile.title for name, profile in sorted(profiles().items(), key=lambda pair: pair[0] != OWN)}
