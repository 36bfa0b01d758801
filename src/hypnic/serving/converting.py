"""What was dropped and is no table of the instrument: an export or somebody's own spreadsheet, converted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypnic.datasets.forms import convert, convert_together, profiles
from hypnic.errors import HypnicError
from hypnic.serving.sheets import chosen

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.serving.asking import Asked

OWN = "spreadsheet"


def converted(folder: Path, files: list[Asked], form: str) -> dict[str, Any]:
    """Convert files as `hypnic convert` does; give the tables as CSV, and a sentence for everything that was decided.

    Raises HypnicError where there is no such form tool, or a file is not laid out as it exports.
    """
    paths = [folder / one.name for one in files]
    for path, one in zip(paths, files, strict=True):
        path.write_bytes(one.content)
    sheet = next((chosen(path, one) for path, one in zip(paths, files, strict=True) if one.sheet), None)
    alone = form == OWN and len(paths) == 1
    try:
        made = [convert(form, paths[0], sheet=sheet)] if alone else convert_together(form, paths, sheet)
    except HypnicError as error:
        if "--sheet" not in str(error):  # which the page has a question for
            raise
        message = f"{str(error).partition('; ')[0]}; pick one where it is asked which sheet"
        raise HypnicError(message) from None
    return {
        "files": [{"name": f"{one.table}.csv", "csv": one.frame.write_csv()} for one in made],
        "said": [line for one in made for line in one.said],
        "complete": all(one.complete for one in made),
    }


def forms() -> dict[str, str]:
    """Give the name and the title of each form tool, a person's own spreadsheet first."""
    return {name: profile.title for name, profile in sorted(profiles().items(), key=lambda pair: pair[0] != OWN)}
