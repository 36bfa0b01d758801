"""What was dropped and is no table of the instrument: an export or somebody's own spreadsheet, converted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from hypnic.datasets.forms import convert, convert_together, merged, profiles, read_map, sketch
from hypnic.errors import HypnicError
from hypnic.serving.sheets import chosen

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.forms.codebook import Codebook
    from hypnic.serving.asking import Asked

OWN = "spreadsheet"
NAMES = "[columns]"  # with which a map begins
COMMAND = re.compile(
    r"; run it with --map .*|; run: .*"
)  # what a message says of a command, and the page has a box for
OPTION = re.compile(r"in a map \(--map MAP\.toml\)|in a map(?= under)")


def converted(folder: Path, files: list[Asked], form: str, own_map: str | None = None) -> dict[str, Any]:
    """Convert files as `hypnic convert` does; give the tables as CSV, and a sentence for everything that was decided.

    `map` says what the names and questions stand for, to be changed and given back as `own_map`; it comes without
    tables where hardly one is known. Raises HypnicError where there is no such form tool, or a file
    is not laid out as it exports.
    """
    paths = [folder / one.name for one in files]
    for path, one in zip(paths, files, strict=True):
        path.write_bytes(one.content)
    sheet = next((chosen(path, one) for path, one in zip(paths, files, strict=True) if one.sheet), None)
    own, own_map = form == OWN, (own_map or "").strip()
    book = _book(folder, own_map) if own_map else None
    try:
        made = (
            [convert(form, paths[0], sheet=sheet, codebook=book)]
            if own and len(paths) == 1
            else convert_together(form, paths, sheet, book)
        )
    except HypnicError as error:
        if "--sheet" in str(error):  # which the page has a question for
            message = f"{str(error).partition('; ')[0]}; pick one where it is asked which sheet"
            raise HypnicError(message) from None
        known = own_map or merged([sketch(path, sheet, form) for path in paths])
        if not known:
            raise
        why = COMMAND.sub("; say below what its columns stand for, and convert it again", str(error))
        return {"files": [], "said": [why], "complete": False, "map": _names(known)}
    return {
        "files": [{"name": f"{one.table}.csv", "csv": one.frame.write_csv()} for one in made],
        "said": [OPTION.sub("below", line) for one in made for line in one.said],
        "complete": all(one.complete for one in made),
        "map": _names(own_map or merged([one.map for one in made])),
    }


def _names(own_map: str) -> str:
    """Give a map without what it says of the command line first."""
    return own_map[max(own_map.find(NAMES), 0) :]


def _book(folder: Path, own_map: str) -> Codebook:
    """Read what the names of a file stand for; raises HypnicError that names the line where it cannot be."""
    path = folder / "columns.toml"
    path.write_text(own_map, "utf-8")
    return read_map(path)


def forms() -> dict[str, str]:
    """Give the name and the title of each form tool, a person's own spreadsheet first."""
    return {name: profile.title for name, profile in sorted(profiles().items(), key=lambda pair: pair[0] != OWN)}
