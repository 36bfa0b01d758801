"""What a conversion could not read, and what to type there: by places and names of columns, and never a cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypnic.datasets.checking.suggestions import ERROR, ODD, STRANGE
from hypnic.datasets.forms.drinks import NAMES, TARGETS
from hypnic.datasets.forms.naming import shown
from hypnic.datasets.forms.summary import column_at, in_unit, places_of, rows_of
from hypnic.datasets.forms.titles import parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hypnic.datasets.forms.transcriber import Transcriber

CODED = (
    "a code without its label is not guessed; export labels with the answers, or give the study's codebook with"
    " --codebook FILE: a REDCap data dictionary, an XLSForm, or a CSV of column, code, label"
)
VALUED = (
    "a code without its label is not guessed; {more}write a map with --map MAP.toml, and type in it under"
    ' [values."{head}"] what each code stands for, as 1 = "yes"'
)
LISTED = "give the study's codebook with --codebook FILE, a CSV of column, code, label; or "
EXPORTED = f"{CODED.partition('; ')[2]}; or "
LABELLED = (
    "the study's label for it is none of {words}; write a map with --map MAP.toml, and type in it under"
    ' [values."{head}"] what each label or code stands for, as 1 = "{word}"'
)
MEANT = '; or write a map with --map MAP.toml, and type in it under [values."{head}"] what each word stands for'
CROWDED = (
    "that is more than anybody drinks in a day; if a column counts ml, cl or oz, say so in its name, as Coffee (ml)"
)
TIMES = {"bed_clock_h": "23:30 or 11:30 pm", "wake_clock_h": "7:30 or 7:30 am", "": "16:30 or 4:30 pm"}
MOST_PLACES = 4  # columns that are named of one question
CODES = r"(-?\d+([.,]0)?|[a-z]{1,2}\d+)([,;\s]+(-?\d+|[a-z]{1,2}\d+))*"
DATE = "a spreadsheet made a date of this cell: format it as text, and type the answer again"
DATED = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]00:00:00(?:\.0+)?)?")


def what_it_is(reader: Transcriber, name: str, rows: Sequence[int]) -> str:
    """Say of cells that a spreadsheet made of something else what they are; blank where they are only words."""
    places = reader.found.answers.get(name, ())
    cells = [cell for number in rows for place in places if (cell := reader.export.rows[number][place])]
    said = [STRANGE.get(cell, ERROR) for cell in cells if ODD.fullmatch(cell)]
    said += [DATE for cell in cells if DATED.fullmatch(cell)]
    return "".join(f"{line}; " for line in dict.fromkeys(said))


def not_read(reader: Transcriber) -> Iterator[str]:
    """Say which cells and drinks could not be read, and what to type there."""
    for name, rows in sorted(reader.unread.items()):
        told = f"{what_it_is(reader, name, rows)}{_hint(reader, name, rows)}"
        yield f"not read, left blank: {name} in {rows_of(reader, rows)}{_whence(reader, name)}; {told}"
    yield from _strange(reader)
    for place, name in reader.found.refused.items():
        yield (
            f"not taken: {column_at(reader, place)} as {name}: its header names another unit or scale than"
            f" {in_unit(reader.found.facts[name])}; turn the numbers into that and name it in the header in brackets,"
            " there and in the map, or take the line out of the map"
        )
    yield from _doubtful(reader)
    for name, strange in reader.found.strange.items():
        codes = [place for place, one in strange.items() if not one.named]
        if codes:
            yield f"choices not read: {name} ({places_of(codes)}): {CODED}"
        if reader.foreign.get(name):
            places = places_of(place for place, one in strange.items() if one.named)
            yield (
                f"choices left out: {name} ({places}) in {rows_of(reader, reader.foreign[name])}:"
                " the instrument does not have these choices; the others were read"
            )
    yield from _drinks(reader)


def _drinks(reader: Transcriber) -> Iterator[str]:
    """Say which columns may count a drink that is not known, and once what to do."""
    sums: list[str] = []
    for place, kinds in reader.found.unmatched_drinks.items():
        names = [name for kind, name in TARGETS[reader.found.table].items() if kind in kinds]
        are = "is" if len(names) == 1 else "are"
        yield f"drink not matched: {column_at(reader, place)}, so {' and '.join(names)} {are} not computed"
        sums += names
    if sums:
        say = "in a map (--map MAP.toml)" if reader.profile.own_names else "in its name"
        each = "it" if len(reader.found.unmatched_drinks) == 1 else "each"
        yield (
            f"drinks not matched: say {say} which drink {each} counts and its ml, as {NAMES}; add a column {sums[0]},"
            " or take out what is no drink"
        )


def _doubtful(reader: Transcriber) -> Iterator[str]:
    """Say which columns hold what their names do not say."""
    for place, name in reader.found.doubtful.items():
        rest = reader.found.answers.get(name, ())
        other = f", and those of {' and '.join(column_at(reader, at) for at in rest)} do" if rest else ""
        yield (
            f"not sure: {column_at(reader, place)} is called as {name} is, and its answers do not look like it{other};"
            ' name what it is in a map (--map MAP.toml), or "" if it is none'
        )


def _whence(reader: Transcriber, name: str) -> str:
    """Say which columns of the export a column is read from, as ` of D "Woke up"`."""
    found = reader.found
    places = [*found.answers.get(name, ()), *found.ticks.get(name, ())]
    places += [place for place in found.computable.get(name, ()) if name not in found.answers]
    listed = ", ".join(column_at(reader, place) for place in places[:MOST_PLACES])
    more = " and others" if len(places) > MOST_PLACES else ""
    return f" of {listed}{more}" if listed else ""


def _hint(reader: Transcriber, name: str, rows: Sequence[int]) -> str:
    """Say what to type where a cell of a column could not be read."""
    heads = {shown(reader.export.headers[place][0]) for place in reader.found.answers.get(name, ())}
    head, facts = "; ".join(sorted(heads - {""})) or "its name", reader.found.facts.get(name)
    if facts and _by_code(reader, name, rows):
        if _labelled(reader, name, rows):
            return LABELLED.format(words=facts.hint.removeprefix("type "), head=head, word=facts.words[0])
        return VALUED.format(head=head, more=LISTED if reader.profile.own_names else EXPORTED)
    hint = reader.found.facts[name].hint if name in reader.found.facts else ""
    if name in TARGETS[reader.found.table].values():
        hint += ", or drinks with their size, as 2 x 0.5 l beer or 1 espresso"
    if name in reader.found.facts and reader.found.facts[name].unit == "clock h":
        _, comma, codes = hint.partition(", or ")
        hint = f"type a time such as {TIMES.get(name, TIMES[''])}{comma}{codes}"
    meant = MEANT.format(head=head) if facts and facts.words and heads and not reader.profile.own_names else ""
    return f"{CROWDED}; else {hint}" if name in reader.crowded else hint + meant


def _strange(reader: Transcriber) -> Iterator[str]:
    """Say which codes, such as 99, stand for no answer, as one column shows."""
    say = "in a map under [values]" if reader.profile.own_names else "with --codebook FILE"
    for code, names in reader.strange.items():
        yield (
            f"not read: {code}, in any column: it stands in {', '.join(names)}, where it can be no answer, so it may be"
            f" none elsewhere; say what it means {say}, as -8 (do not know) or -9 (refused)"
        )


def _labelled(reader: Transcriber, name: str, rows: Sequence[int]) -> bool:
    """Tell whether the study's codebook has a label for a code that could not be read."""
    places = reader.found.answers.get(name, ())
    each = [(reader.export.headers[place], reader.export.rows[number][place]) for number in rows for place in places]
    return any(reader.codebook.said([*parts(heads, reader.profile)], cell) for heads, cell in each)


def _by_code(reader: Transcriber, name: str, rows: Sequence[int]) -> bool:
    """Tell whether what could not be read were codes."""
    places = reader.found.answers.get(name, ())
    cells = {reader.export.rows[number][place] for number in rows for place in places} - {""}
    words = name in reader.found.facts and reader.found.facts[name].words
    return bool(words and cells) and all(re.fullmatch(CODES, cell) for cell in cells)
