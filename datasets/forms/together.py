"""Several exports, or several sheets of a workbook, become one study; and the map of a workbook that cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.forms.codebook import Codebook
from hypnic.datasets.forms.conversion import Conversion, converted
from hypnic.datasets.forms.exports import read_export
from hypnic.datasets.forms.joining import joined, told
from hypnic.datasets.forms.layouts import layout
from hypnic.datasets.forms.match import match
from hypnic.datasets.forms.naming import file_name
from hypnic.datasets.forms.people import Tokens, persons
from hypnic.datasets.forms.readings import WAYS, Question
from hypnic.datasets.forms.recipe import as_map, merged
from hypnic.datasets.forms.sheets import ASKS, groups_of, sheets_seen
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hypnic.datasets.forms.layouts import Profile


def sketch(path: Path, sheet: str | None = None, form: str = "spreadsheet", codebook: Codebook | None = None) -> str:
    """Give a map of a file of which hardly a name is known, for a person to fill in; blank where it has none.

    Where the sheets of a person's own workbook may be nights or people, the map asks which.
    """
    profile = layout(form)
    asks: list[Question] = []
    perhaps: list[int] = []
    try:
        if profile.own_names and sheet is None and (groups := groups_of(path).groups):
            sheet = groups[0][0]
            asks = [Question("sheets", ASKS, dict.fromkeys(WAYS["sheets"], ()))] if len(groups[0]) > 1 else []
        export = read_export(path, profile, sheet, codebook)
        found = match(export, profile, least=0, codebook=codebook)
        if profile.own_names:
            sure, perhaps = persons(export, found)
            found.keys += sure
        return as_map(export.headers, found, asks, perhaps)
    except HypnicError:
        return ""


def convert_together(
    form: str, paths: Sequence[Path], sheet: str | None = None, codebook: Codebook | None = None
) -> list[Conversion]:
    """Convert exports to one study, so that nights find their participant.

    Each of several files becomes the table that fits best; one file becomes every table that it has, as does each of
    the sheets of a person's own workbook. Files of the same table are joined by their keys. Raises HypnicError as
    `convert` does.
    """
    profile, tokens = layout(form), Tokens()
    sources: list[tuple[Path, str | tuple[str, ...] | None]] = []
    for path in paths:
        groups = _sheets(path, profile, codebook) if sheet is None else []
        sources += [(path, group) for group in groups] if len(groups) > 1 else [(path, sheet)]
    plan: list[tuple[str, Path, str | tuple[str, ...] | None]] = []
    for path, which in sources:
        export = read_export(path, profile, which, codebook)
        found = {table: match(export, profile, table, least=0, codebook=codebook) for table in TABLES}
        weights = {table: one.weight for table, one in found.items()}
        best = max(weights, key=lambda table: weights[table])
        for other in {*TABLES} - {best}:
            cells = {row[place].casefold() for row in export.rows for place in found[best].keys}
            tokens.elsewhere[other] = tokens.elsewhere.get(other, set()) | cells - {""}
        plan += [(t, path, which) for t in TABLES if t == best or (len(sources) == 1 and weights[t] > 1)]
    study = []
    for table in sorted({table for table, *_ in plan}, reverse=True):  # participants first: nights hang on them
        taken = [(path, which) for wanted, path, which in plan if wanted == table]
        made = [converted(form, path, table, tokens, which, codebook or Codebook()) for path, which in taken]
        frame, differ = joined(table, [one.frame for one in made])
        said = [line for one in made for line in one.said]
        said += told([file_name(path.name) for path, _ in taken], table, frame.height, differ)
        complete = all(one.complete for one in made) and not differ
        whole = Conversion(
            table,
            frame,
            said,
            complete,
            merged([one.map for one in made]),
            any(one.strangers for one in made),
            profile.own_names,
        )
        study.append(whole.completed(codebook or Codebook()))
    return study


def _sheets(path: Path, profile: Profile, codebook: Codebook | None) -> Sequence[str | tuple[str, ...]]:
    """Give the sheets of a workbook that are a table each: a person's own, or a form's and those of its repeats."""
    if profile.own_names:
        return groups_of(path, codebook).groups
    return sheets_seen(path) if profile.links else []
