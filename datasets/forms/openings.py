"""What the first rows of a person's own table look like, which are its names, and which of those are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.forms.naming import shown
from hypnic.datasets.forms.wording import bare
from hypnic.datasets.reading.references import letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.forms.matching import Matching
    from hypnic.datasets.forms.synonyms import Names

NAMED = 12  # columns that are listed
FIRST = 3  # rows that are described


def rows_told(cells: Sequence[Sequence[str]], at: int, names: Names) -> tuple[str, ...]:
    """Say how many cells of the first rows, and of the one at `at`, are filled, and how many of those are known names.

    >>> from hypnic.datasets.forms.synonyms import Names, column_names
    >>> rows_told([["My diary", ""], ["", ""], ["Bedtime", "Mood"]], 2, Names(column_names(), column_names()))
    ('row 1 has 1 filled cell', 'row 2 is blank', 'row 3 has 2 filled cells, 1 of them a known name')
    """
    told = []
    for n in sorted({*range(min(len(cells), FIRST)), at} & {*range(len(cells))}):
        filled = [cell for cell in cells[n] if cell]
        known = sum(bool(bare(cell, names.every)) for cell in filled)
        named = f", {known} of them {'known names' if known > 1 else 'a known name'}" if known else ""
        told.append(
            f"row {n + 1} has {len(filled)} filled cell{'s' if len(filled) > 1 else ''}{named}" if filled else ""
        )
        told[-1] = told[-1] or f"row {n + 1} is blank"
    return tuple(told)


def told(headers: Sequence[Sequence[str]], row: int, opening: Sequence[str], found: Matching) -> str:
    """Say what the first rows are, which was taken for the names, and which column each of them is; no answer.

    A name that may be somebody's is masked.
    """
    heads = [head for head, *_ in headers]
    known = {place: name for name, places in found.answers.items() for place in places}
    known |= dict.fromkeys(found.keys, "who it is of") | dict.fromkeys(found.nights, "the night")
    listed = [f"{letters(place)} is {known[place]}" for place in sorted(known)][:NAMED]
    others = [
        f"{letters(place)} {shown(head)}".strip() for place, head in enumerate(heads) if head and place not in known
    ][:NAMED]
    said = [*opening, f"row {row} was taken for the column names"]
    said.append(f"known: {', '.join(listed)}" if listed else "none of them is known")
    return "; ".join([*said, f"not known: {', '.join(others)}"] if others else said)
