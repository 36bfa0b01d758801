"""What may be said of a header or a file's name: words that forms are made of, and never a word that may be a name."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache

from hypnic.datasets.checking.privacy import private_value
from hypnic.datasets.forms.drinks import OTHER_WORDS, VESSELS, spoken
from hypnic.datasets.forms.layouts import profiles
from hypnic.datasets.forms.synonyms import spelt
from hypnic.schemas import TABLES, columns, languages
from hypnic.schemas.drinks import DRINKS
from hypnic.schemas.privacy import ANSWERS, DENIED, JOINERS, PROSE, STUDY

SHOWN = 48  # characters of a foreign header that are printed
WORD = re.compile(r"[^\W\d_]+")
PART = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])")  # `startDate` is two words
LEAST = 6  # letters of a word that may be a misspelt one
LONG = re.compile(r"\d{1,4}(?:[./-]\d{1,4}){2,}|\d{4,}")  # dates, phones, numbers of people
MASK = "\u2026"
ORDINARY = """
active all alone answer baseline best black book chocolate choice cocoa code color colour comment count csv data
app apple average baby bed bedtime block clean cleaned coffee course daily dream exam fitbit garmin google health heute
hours journal journée kaffee kurs log logbook nacht nap nuit noche own patterns phone protocol protokoll quality rest
schlaf schlaftagebuch schlafprotokoll semester shift shifts sleep sommeil sueño tagebuch team tracker tracking uni
watch week weekly woche work workbook date default diary document dummy duration end evening export
extra favorite favourite field file final first
form forms group header hot id index info item juice kobo label last lemonade level list log main matcha mate
milk minutes mood morning my new next night note number odk ods old own page part percent phase photo press
qualtrics question raw redcap respondent response responses result results row sample score section select sheet
shoe size soda start starts step study sum survey table tag task test text time title total tsv txt type unit
value version visit water wave week xls xlsm xlsx
averages hh holiday kw legend map mm month monat mois mes people semaine semana summary toml woche
"""


@cache
def ordinary() -> frozenset[str]:
    """Give every word that a form's headers are made of, in lower case: the instrument's, the tools', a few others."""
    facts = [column for model in TABLES.values() for column in columns(model).values()]
    said = [text for f in facts for text in (f.name, f.title, f.question, f.unit)]
    said += [word for f in facts if f.name != "country_code" for word in f.words]  # JO is a country, Jo may be a name
    said += [ORDINARY]
    said += [text for drink in DRINKS for text in (drink.name, drink.label, *drink.called, *drink.also)]
    for tool in profiles().values():
        said += [tool.title, tool.export, *tool.metadata, *tool.private, *tool.respondent, *tool.night]
    words = {word.casefold() for text in said for word in WORD.findall(text)}
    words |= {word.casefold() for name in spelt() for word in WORD.findall(name)}
    words |= languages.harmless() | languages.listed("months") | spoken().keys()
    return frozenset(words | ANSWERS | DENIED | JOINERS | STUDY | OTHER_WORDS | VESSELS) - languages.names()


def shown(header: str) -> str:
    """Give a header as it may be printed, with every word masked that may be somebody's name or a place.

    Blank where the header as a whole looks like somebody's data, or nothing is left of it.

    >>> shown("Anna's sleep diary"), shown("Diary from Hamburg"), shown("awakenigns_n"), shown("maria@example.org")
    ("\u2026's sleep diary", 'Diary from \u2026', 'awakenigns_n', '')
    """
    known = {word.casefold() for word in PART.findall(header)} <= ordinary()
    if not known and private_value(header) not in {None, PROSE.says}:
        return ""
    masked = _masked(header)
    return masked[:SHOWN] if WORD.search(masked) else ""


def file_name(name: str) -> str:
    """Give a file's name as it may be printed.

    >>> file_name("anna_schmidt.csv"), file_name("diary_2.csv")
    ('\u2026_\u2026.csv', 'diary_2.csv')
    """
    return _masked(name)


def _masked(text: str) -> str:
    return LONG.sub(MASK, WORD.sub(lambda word: word[0] if _known(word[0]) else MASK, text))


def _known(word: str) -> bool:
    """Tell whether a word, or each of several run together as `startDate`, is ordinary, or is misspelt from one."""
    bare = word.casefold()
    if len(bare) == 1 or bare in ordinary() or bare.removesuffix("s") in ordinary():
        return True
    parts = PART.findall(word)
    if len(parts) > 1 and all(len(part) == 1 or part.casefold() in ordinary() for part in parts):
        return True
    return len(bare) >= LEAST and bool(get_close_matches(bare, ordinary(), 1, 0.88))
