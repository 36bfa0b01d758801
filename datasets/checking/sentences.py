"""The privacy gate for sentences: titles, consents and names of files or sheets, which are wordy by nature."""

from __future__ import annotations

import re
from functools import cache

from hypnic.datasets.checking.spoken import LOOKED, finds, foreign, honest_words, named, plain, spoken
from hypnic.schemas import languages
from hypnic.schemas.countries import COUNTRIES
from hypnic.schemas.privacy import KINDS, PAIR, PUBLIC, WORDY

NAME = "somebody's name, or a place"
# Parts of words by which a title is one of a study, whatever its language.
STUDIES = re.compile(
    r"sleep|diar|stud|survey|schlaf|tagebuch|umfrage|befragung|zuck|sommeil|journal|enquete|sursaut|sueno|encuesta|estudi|sonno"
    r"|slaap|dagbo|onderzoek|somn|undersok|undersog|uyku|gunlu|sono|dziennik|ankiet|badani|spank|denik|alvas|naplo|unilo|unipaiv"
    r"|uczestn|zgod|deelnem|toestem|deltag|samtyck|samtykke|osallist|suostum|resztvev|hozzajarul|ucastn|souhlas|sudion"
    r"|sudjel|pristan|partecip|consens|katilim|onay|children|women|jedermann|jeder"
    r"|tutkim|kutat|vyzkum|einwillig|consent|zustimm|teilnehm|particip|answer|antwort|caffein|koffein"
)
WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
BEFORE = frozenset(
    ["from", "near", "by", "of", "for", "at", "aus", "uit", "ze", "fr\u00e5n", "fra", "chez", "\u0438\u0437"]
)
IN_A_TOWN = (
    "in",
    "near",
    "around",
    "bei",
    "von",
    "nach",
    "de",
    "a",
    "di",
    "da",
    "i",
    "w",
    "z",
    "en",
    "em",
    "te",
    "\u0432",
    "v",
)
PARTS = frozenset(
    [
        "north",
        "south",
        "east",
        "west",
        "new",
        "old",
        "san",
        "saint",
        "st",
        "el",
        "la",
        "los",
        "le",
        "de",
        "da",
        "van",
        "the",
    ]
)

LATIN = re.compile("[A-Za-z]{2,}")
LETTERS = re.compile(rf"[{languages.CASELESS}]+")
GIVEN = re.compile(r"(?:^|[\s(])(\w[\w'\u2019-]+),\s+(\w[\w'\u2019-]+|\w\.)")
PARTICLE = "(?:\uc740|\ub294|\uc774|\uac00|\uc744|\ub97c|\uc758|\uc5d0|\uc11c|\ub85c|\ub3c4|\uc528|\ub2d8)?"


def private_sentence(text: str) -> str | None:
    """Name the kind of private thing that a sentence of a contributor holds, or None where it may be published.

    Whole sentences are meant to be long and wordy, and may say how old respondents had to be.

    >>> private_sentence("Anna's sleep diary"), private_sentence("Diary from Hamburg")
    ("somebody's name, or a place", "somebody's name, or a place")
    >>> private_sentence("Every respondent, aged 18 or over, agreed to open data under CC BY 4.0.") is None
    True
    """
    said = PUBLIC.sub(" ", plain(text))
    folded = languages.fold(said)
    kinds = (kind for kind in (*KINDS, *WORDY) if kind.in_sentence and not kind.only and finds(kind, said))
    spelt = (kind for kind in languages.kinds(sentence=True) if finds(kind, folded))
    if kind := next(kinds, None) or next(spelt, None):
        return kind.says
    return NAME if _names_somebody(said[:LOOKED]) else None


@cache
def _known() -> frozenset[str]:
    """Give the words of honest titles; JO is a country, Jo may be a name."""
    return honest_words() - {code.casefold() for code in COUNTRIES} | languages.harmless()


def _ordinary(word: str) -> bool:
    bare = languages.fold(word).replace("\u2019", "'").removesuffix("'s")
    parts = [part for part in re.split(r"['-]", bare) if len(part) > 1]
    known = _known()
    return all(
        part in known or part.removesuffix("s") in known or part.removesuffix("es") in known or STUDIES.search(part)
        for part in parts
    )


def _names_somebody(said: str) -> bool:
    folds = [languages.fold(word) for word in spoken(said)]
    if named(folds, _known()) or named([word.removesuffix("s") for word in folds], _known()):
        return True
    if LATIN.search(said) and foreign(said):  # a word of another script among ours
        return True
    return _from_a_town(" ".join(folds)) or _capitals(said) or _caseless(said)


def _from_a_town(folded: str) -> bool:
    """Tell whether somebody is said to be from a town; a study may be called after one."""
    return _towns().search(folded) is not None


@cache
def _towns() -> re.Pattern[str]:
    towns = "|".join(re.escape(place) for place in sorted(languages.places(), key=len, reverse=True))
    return re.compile(rf"\b(?:{'|'.join((*BEFORE, *IN_A_TOWN))})\s(?:{towns})\b")


def _capitals(said: str) -> bool:
    """Look for words with a capital, next to each other or where a name stands, that are no ordinary words."""
    words = [word for word in WORD.findall(said) if not LETTERS.fullmatch(word)]
    strange = {word for word in words if len(word) > 1 and not _ordinary(word)}
    if 2 <= len(words) <= 5 and len(strange) == len([word for word in words if len(word) > 1]) and strange:
        return True
    pairs = [[part.strip() for part in match.groups()] for match in PAIR.finditer(said)]
    if any(all(part[0].isupper() and _no_word(part, strange) for part in pair) for pair in pairs):
        return True
    for first, second in GIVEN.findall(said):
        initial = second.endswith(".") and second[0].isupper() and len(second) == 2
        if first in strange and (initial or (second in strange and (first.isupper() or len(words) <= 4))):
            return True
    before = ""
    for word in words:
        if word in strange and _named_by(before, word):
            return True
        if word.casefold() not in PARTS:
            before = word
    return False


def _named_by(before: str, word: str) -> bool:
    """Tell whether a strange word stands where a name stands: `Anneke's`, `from Wuppertal`."""
    own = word[:1].isupper() and re.search(r"['\u2019]s$", word) is not None
    return own or (before.casefold() in BEFORE and word[:1].isupper() and not word.isupper())


def _no_word(part: str, strange: set[str]) -> bool:
    bare = part.rstrip(".")
    return len(bare) == 1 or bare in strange


def _caseless(said: str) -> bool:
    """Look for a name in a script without capitals: a family name is left where the ordinary words are taken out."""
    known = sorted((word for word in languages.harmless() if LETTERS.fullmatch(word)), key=len, reverse=True)
    korean = languages.languages()["ko"]["names"]
    surnames = "|".join(korean)
    for run in LETTERS.findall(said):
        left = run
        for word in known:
            left = left.replace(word, " ")
        if re.search("[\u0590-\u06ff]", run) and len(LETTERS.findall(said)) <= 4 and left.strip():
            return True
        if re.search("[\u3040-\u30ff\u3400-\u9fff]", left):
            if any(name in left for code in ("zh", "ja") for name in languages.languages()[code]["names"]):
                return True
            if len(run) <= 6 and len(left.replace(" ", "")) >= 2:
                return True
        elif re.fullmatch(rf"(?:{surnames})[\uac00-\ud7a3]{{2}}{PARTICLE}", left.strip()):
            return True
    return False
