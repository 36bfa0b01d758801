"""Where the table of a spreadsheet ends: sums, remarks, signatures and other tables below it are none of its rows."""

from __future__ import annotations

import re
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.forms.answers import is_answer
from hypnic.datasets.forms.subtotals import bare_numbers
from hypnic.datasets.forms.synonyms import key_names
from hypnic.datasets.forms.wording import bare
from hypnic.schemas.languages import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.datasets.forms.synonyms import Names

Cells = tuple[tuple[str, ...], ...]
LEAST = 2  # names of columns in a row that may be another header
SUM = re.compile(
    r"(?:(?:weekly|overall|grand|group|woche\w*|gesamt|monats?)[ -]?)?(?:average|avg|mean|total|totals|sum|sums|median"
    r"|mittel|mittelwert|mw|durchschnitt|schnitt|summe|gesamt|insgesamt|moyenne|moyennes|mediane|somme|totaux|media"
    r"|promedio|mediana|suma|totales|gemiddelde|gemiddeld|totaal|som|mediaan"
    r"|totale|totali|somma|medie|medias|soma|totais|ecart[- ]type|desviacion\w*|sd|std"
    r"|stdev|standardabweichung|subtotal|srednia|suma|razem)\b\W*.{0,24}"
)
OF = re.compile(  # week total, Summe Woche 2
    r"(?:[^\W\d_]+\W+|\d{1,2}\W+){1,3}(?:average|avg|mean|totals?|sum|median|mittel|mittelwert|durchschnitt|summe|moyenne|somme|media|promedio"
    r"|suma|gemiddelde|totaal|totale|totali|soma|subtotal|srednia|razem)"
)
NAMED = re.compile(r"(?:min|max|minimum|maximum)\W*")  # Max is a name too
AGAIN, SUMS, REMARKS = "the column names again", "sums or means", "remarks"
LABEL = re.compile(r"(?:week|woche|kw|semaine|semana|settimana|weekend|wochenende)\W*\d{0,2}\W*")  # of the nights below
EXAMPLE = re.compile(
    r"(?:e\.? ?g\.|z\.? ?b\.|p\.? ?ex\.|(?:bsp|example|beispiel|exemple|ejemplo|esempio|exemplo|voorbeeld)\b).*"
)
EXAMPLES = "an example"
KEYLESS = "what stands below the table and has no night or date,"
NUMBERS = "only numbers, and no night, date or time as the others have,"
TABLE, BELOW = "table", "below"
ENDS = {
    TABLE: "left out: another table from row {first} on; convert it from a sheet or file of its own",
    BELOW: "left out: rows {first} to {last}, below the table and not filled like it",
}
SIGNS = "\u2211\u03a3\u00d8\u2300"


def ended(rows: Cells, heads: Sequence[str], top: int, names: Names) -> tuple[Cells, tuple[str, ...]]:
    """Blank out what is no row of the table: its header again, sums, remarks, and what stands below it.

    `top` is the spreadsheet's row of the first of `rows`; what was left out is said by its rows.
    """
    places = _places(rows, [place for place, head in enumerate(heads) if bare(head, key_names())])
    kinds = [_kind(row, tuple(heads), place, names) for row, place in zip(rows, places, strict=True)]
    labels = [LABEL.fullmatch(fold(next(filter(None, row), ""))) is not None for row in rows]
    if sum(labels) * 3 <= sum(map(any, rows)):  # else it is a column of weeks
        kinds = [SUMS if label and not kind else kind for kind, label in zip(kinds, labels, strict=True)]
    kinds = bare_numbers(rows, kinds, SUMS, NUMBERS)
    end = next((n for n, kind in enumerate(kinds) if kind in ENDS), len(rows))
    said = [ENDS[kinds[end]].format(first=top + end, last=top + len(rows) - 1)] if end < len(rows) else []
    for what in (AGAIN, EXAMPLES, SUMS, NUMBERS, KEYLESS, REMARKS):
        listed = [str(top + n) for n, kind in enumerate(kinds[:end]) if kind == what]
        said += [f"left out: {what} in row{'s' if len(listed) > 1 else ''} {', '.join(listed)}"] if listed else []
    kept = [("",) * len(heads) if kind else row for row, kind in zip(rows[:end], kinds, strict=False)]
    return tuple(kept), tuple(said)


class Place(NamedTuple):
    """Where a row stands: `apart` below an empty row, `last` among the last ones, with nothing `like` the table below.

    `keyless` rows do not say whose or when they are, though all above them do and none below them; a `worded` one
    stands apart and has no answer in it, such as a number, though all above it do; `usual` is how many cells a row has.
    """

    apart: bool
    last: bool
    like: bool
    keyless: bool
    worded: bool
    usual: float


def _places(rows: Cells, keys: Sequence[int]) -> list[Place]:
    """Look at every row from above and from below once."""
    counts = [sum(map(bool, row)) for row in rows]
    usual = median([count for count in counts if count] or [0])
    full = [n for n, count in enumerate(counts) if count]
    like = max((n for n in full if counts[n] * 2 >= usual), default=-1)
    gap = next((n for n in range(min(full, default=0), len(rows)) if not counts[n]), len(rows))
    numbered = [any(re.search(r"\d", row[place]) for place in keys) for row in rows]
    some = [any(row[place] for place in keys) for row in rows]
    keyed = (
        numbered if sum(numbered[:gap]) * 2 > sum(some[:gap]) else some
    )  # a legend has words where nights have numbers
    key = max((n for n in full if keyed[n]), default=-1)
    whole = bool(keys) and all(keyed[n] for n in full if n <= key)
    end = max(full, default=0)
    worded = [bool(count) and not any(map(is_answer, row)) for count, row in zip(counts, rows, strict=True)]
    stranger = not any(worded[:gap])
    return [
        Place(n > gap, n + 3 >= end, n <= like, whole and n > key >= 0, n > gap and stranger and worded[n], usual)
        for n in range(len(rows))
    ]


def _kind(row: tuple[str, ...], heads: tuple[str, ...], place: Place, names: Names) -> str:
    """Say what a row is that is none of the table's; blank for one that is."""
    filled = [cell for cell in row if cell]
    found = {name for cell in filled if (name := bare(cell, names.every))}
    if not filled or row == heads:
        return AGAIN if filled else ""
    another = len(found) > LEAST and len(filled) < 2 * len(found) + 1
    extreme = place.last and NAMED.fullmatch(fold(filled[0]))
    alone = len(filled) == 1 and place.usual > LEAST and re.search(r"[^\W\d_]{2}", filled[0])
    kinds = {
        TABLE: another or (place.worded and len(filled) > 1),
        EXAMPLES: EXAMPLE.fullmatch(fold(filled[0])),
        SUMS: _sums(filled[0]) or extreme,
        KEYLESS: place.apart and place.keyless,
        REMARKS: alone and not found,
        BELOW: place.apart and not place.like,
    }
    return next((kind for kind, told in kinds.items() if told), "")


def _sums(cell: str) -> bool:
    """Tell whether a cell names a sum or a mean.

    >>> _sums("Mittelwert:"), _sums("Week 1 total"), _sums("\u00d8"), _sums("1"), _sums("Monday")
    (True, True, True, False, False)
    """
    said = fold(cell).strip(" :=")
    return cell[:1] in SIGNS or any(way.fullmatch(said) for way in (SUM, OF))
