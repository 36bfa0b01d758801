"""Names of files and sheets as they can be printed: a word that is a frequent name of people is masked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hypnic import filenames

if TYPE_CHECKING:
    from pathlib import Path

MASK = "\u2026"
# Words of which nearly every file's name is made, so that the lists of names need not be opened for them.
USUAL = frozenset(
    """
    a b c all baseline check copy csv data diaries diary example export file final fixed fresh gz in my new nights
    night ods old out part participants people raw sheet study submission survey table template test tsv txt v week x
    xls xlsm xlsx
    """.split()  # noqa: SIM905 -- quoted words are harder to read
)
# Further words of which sheets are called, in the languages of spreadsheet programs.
SHEETS = frozenset(
    """
    answers april arkusz august auswertung baseline blad codes copie cover daten december deckblatt diario entries
    evening february feuil feuille foglio folha form friday hoja info january journal july june kopie liste main march
    may monday month morning munka nacht nachte night notes november october page protokoll questionnaire readme
    responses results saturday schlaf schlaftagebuch schlafprotokoll seite september sheets stats statistik suivi
    codebook planilha sunday tabelle thursday totals tuesday umfrage ubersicht wednesday weeks woche wochen
    """.split()  # noqa: SIM905
)
WORD = re.compile(r"[^\W\d_]+")
LONG = re.compile(r"\d[\d\s().+/-]{5,}\d|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")  # phones, dates
MAIL = re.compile(r"[\w.+-]+(?:@|\(at\))[\w-]+(?:\.[\w-]+)*")


def named(path: Path) -> str:
    """Give the name of a file as it can be printed: whatever bytes it is made of, and whoever it is called after.

    >>> from pathlib import Path
    >>> named(Path("anna_schmidt_nights.csv")), named(Path("nights_2.csv"))
    ('\u2026_\u2026_nights.csv', 'nights_2.csv')
    """
    return masked(filenames.named(path))


def shown_path(path: Path | str) -> str:
    """Give a path as it can be printed: each folder in it is named as a file is.

    >>> shown_path("/data/anna_schmidt/nights.csv")
    '/data/\u2026_\u2026/nights.csv'
    """
    return re.sub(r"[^/\\\\]+", lambda part: masked(part[0]), filenames.whole_name(path))


def pasted(path: Path | str, instead: str) -> str:
    """Give a path as it can be pasted into a command, or what stands there instead of one that cannot be printed.

    >>> pasted("my diary/nights.csv", "FILE"), pasted("anna.csv", "FILE")
    ("'my diary/nights.csv'", 'FILE')
    """
    return filenames.pasted(path) if shown_path(path) == str(path) else instead


def masked(name: str) -> str:
    """Mask names of people, addresses and long numbers in a name of a file or sheet."""
    if all(word.casefold() in USUAL for word in WORD.findall(name)):
        return LONG.sub(MASK, name)
    from hypnic.schemas import languages

    known = languages.names() | {name.removesuffix("s") + "s" for name in languages.names()}

    def one(word: re.Match[str]) -> str:
        parts = re.findall(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+(?![a-z])|[^\W\d_]", word[0])
        return "".join(MASK if languages.fold(part) in known else part for part in _whole(parts, known))

    return WORD.sub(one, LONG.sub(MASK, MAIL.sub(MASK, name)))


def sheet(name: str) -> str:
    """Give the name of a sheet as it can be printed: only words that sheets are called by; it may be anybody's name.

    >>> sheet("Tabelle1"), sheet("Ben"), sheet("Week 2 (Zofia)")
    ('Tabelle1', '\u2026', 'Week 2 (\u2026)')
    """
    from hypnic.schemas import languages

    words = USUAL | SHEETS | languages.harmless()
    known = frozenset(map(languages.fold, words)) - languages.listed("names")  # Ben is Italian for well, too
    parted = re.sub(r"(?<=[^\W\d_A-Z])(?=[A-Z])", "\0", LONG.sub(MASK, MAIL.sub(MASK, name)))
    shown = WORD.sub(lambda word: word[0] if len(word[0]) == 1 or languages.fold(word[0]) in known else MASK, parted)
    return shown.replace("\0", "")


def _whole(parts: list[str], known: set[str] | frozenset[str]) -> list[str]:
    """Give a word as one where it is a name, else its parts, as of `annaSchmidt`."""
    from hypnic.schemas import languages

    return ["".join(parts)] if languages.fold("".join(parts)) in known else parts
