"""The forms in other languages: a data file each, in `schemas/questions`, with the translation of each English text."""

from __future__ import annotations

import gettext
import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from hypnic.errors import HypnicError
from hypnic.schemas.publish.wording import AUDIT_C, TWO_WEEKS, country_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypnic.schemas.publish.item import Item

FOLDER = Path(str(resources.files("hypnic.schemas"))) / "questions"
NUMBER = re.compile(r"\d+(?:[.:]\d+)?")
# Texts that are put together of two, each with its own translation.
PARTS = (TWO_WEEKS, AUDIT_C, ": how many of them after 14:00?", ": how many?")


@dataclass(frozen=True)
class Language:
    """A language of the forms; `reviewed` is false until a speaker has read its translations."""

    code: str
    name: str
    reviewed: bool
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Its name and code, as the columns of an XLSForm have it.

        >>> languages()["de"].title
        'Deutsch (de)'
        """
        return f"{self.name} ({self.code})"

    def says(self, text: str) -> str:
        """Translate a text of the forms; a text without a translation stays English.

        >>> languages()["de"].says("yes"), languages()["fr"].says("01:15, after midnight")
        ('ja', '01:15, après minuit')
        """
        if not self.words or not text:
            return text
        return "\n\n".join(map(self._paragraph, text.split("\n\n")))

    def lacks(self, text: str) -> bool:
        """Tell whether a text has words, and some of it has no translation."""
        if "\n\n" in text or (text not in self.words and _pieces(text)):
            return any(map(self.lacks, text.split("\n\n") if "\n\n" in text else _pieces(text)))
        return re.search(r"[^\W\d_]{2}", text) is not None and not self._found(text)

    def country(self, code: str) -> str:
        """Name a country; English where the language has no name for it."""
        import pycountry

        if not self.words or code == "ZZ":
            return self.says(country_name(code))
        named = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[self.code], fallback=True)
        return named.gettext(country_name(code))

    def _paragraph(self, text: str) -> str:
        return self._found(text) or text

    def _found(self, text: str) -> str:
        """Look a text up as it is, as two parts, then with # for its numbers; blank where it is not there."""
        if text in self.words:
            return self.words[text]
        if pieces := _pieces(text):
            said = map(self.says, pieces)
            return "".join(one if one.lstrip()[0] == ":" else f" {one}" for one in said).strip()
        numbers = iter(NUMBER.findall(text))
        return re.sub("#", lambda _: next(numbers), self.words.get(NUMBER.sub("#", text), ""))


def _pieces(text: str) -> list[str]:
    """Give the texts that a text is put together of; none where it is one."""
    for part in PARTS:
        before, found, after = text.partition(part)
        if found and (before or after):
            return [piece.strip() for piece in (before, part, after) if piece]
    return []


@cache
def languages() -> dict[str, Language]:
    """Give the languages of the forms by their codes, English first.

    >>> list(languages())
    ['en', 'de', 'es', 'fr']
    """
    found = {"en": Language("en", "English", reviewed=True)}
    for path in sorted(FOLDER.glob("*.toml")):
        facts = tomllib.loads(path.read_text("utf-8"))
        found[path.stem] = Language(path.stem, facts["name"], facts["reviewed"], facts["words"])
    return found


def language(code: str) -> Language:
    """Give a language of the forms; raises HypnicError where there is none with that code."""
    known = languages()
    if code not in known:
        message = f"the forms do not speak that language; there are {', '.join(known)}"
        raise HypnicError(message)
    return known[code]


def in_language(item: Item, said: Language) -> Item:
    """Give a line of a form in a language: what people see of it."""
    says = said.country if item.name == "country_code" else None
    choices = tuple((word, says(word) if says else said.says(label)) for word, label in item.choices)
    return replace(
        item,
        label=said.says(item.label),
        section=said.says(item.section),
        hint=said.says(item.hint),
        excuse=said.says(item.excuse),
        choices=choices,
    )
