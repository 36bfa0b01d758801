"""How each form tool lays its exports out, as the data files in `profiles/` say it; and text cleared to be compared."""

from __future__ import annotations

import html
import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from hypnic.errors import HypnicError
from hypnic.schemas.languages import fold

PROFILES = Path(str(resources.files("hypnic.datasets.forms"))) / "profiles"
MARKUP = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Profile:
    """How one tool lays its export out; a data file in `profiles/` says it.

    The last of the `header_rows`, which come before the answers, has the first of the `header_marks` that is found
    in it; without marks it is the first row. Where the first row has two of the tool's own `names`, there are
    `named_rows`, in whatever language. With `continued`, a question stands over the first of its choices alone.
    Columns of `dates` number the nights where nothing else does. With `own_names` it is a person's own table: its
    columns go by synonyms too, the row with most of them is the header, and without a respondent all nights are one
    person's. A name may follow its `groups`; the answers of one cell are split at `joined`; a column named as
    `ticked` says holds one choice of a question; `code` matches a choice that is given by its code. Cells in
    `blank` hold no answer. Of the tool's own columns, `metadata` are harmless and `private` tell who, when or
    where; a row is `void` where such a column has what is said there: a preview, say, and doubtful where it does not
    have what is `usual`. The header row `called`, from 0, tells people what a column is: a map goes by it. A question
    whose columns are named as `looped` says was asked several times. A key that is one of `nobody` tells nobody apart.
    `links` says which column of a repeat's rows has the key of the row that they belong to, and what that is called
    there.
    """

    title: str
    export: str
    documented: str
    header_rows: int = 1
    header_marks: tuple[str, ...] = ()
    called: int = 0
    looped: str = ""
    own_names: bool = False
    continued: bool = False
    named_rows: int = 0
    names: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    groups: str = ""
    joined: str = r"\s*,\s*"
    ticked: str = ""
    code: str = ""
    name_length: int = 0
    blank: tuple[str, ...] = ()
    respondent: tuple[str, ...] = ()
    night: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    nobody: tuple[str, ...] = ()
    usual: dict[str, str] = field(default_factory=dict)
    void: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)


@cache
def profiles() -> dict[str, Profile]:
    """Give every known layout by its name, with what all of them share added.

    >>> profiles()["redcap"].title
    'REDCap'
    """
    found = {path.stem: _toml(path) for path in sorted(PROFILES.glob("*.toml"))}
    shared = found.pop("common")
    return {
        name: Profile(**facts | {key: (*facts.get(key, ()), *shared[key]) for key in shared})
        for name, facts in found.items()
    }


def layout(form: str) -> Profile:
    """Give a layout by its name; raise HypnicError where there is none."""
    if form not in profiles():
        message = f"there is no form format {form!r}; choose one of {', '.join(profiles())}"
        raise HypnicError(message)
    return profiles()[form]


@cache
def word_lists(name: str) -> dict[str, Any]:
    """Give the lists of words of a data file in `names/`.

    >>> "kenncode" in word_lists("whose")["who"]
    True
    """
    return tomllib.loads((PROFILES.parent / "names" / f"{name}.txt").read_text("utf-8"))


def clear(text: str) -> str:
    r"""Take markup, entities, odd spaces and outer spaces away.

    >>> clear("<p>How&nbsp;stressful was\xa0<b>today</b>?</p> ")
    'How stressful was today?'
    """
    plain = unicodedata.normalize("NFKC", html.unescape(MARKUP.sub(" ", text)))
    return re.sub(r"\s+([?.,:;!])", r"\1", " ".join(plain.replace("\ufeff", "").split()))


def normalised(text: str) -> str:
    r"""Keep only letters of any script, digits and the plus of `75+`, in lower case: what is left is compared.

    >>> normalised("Head / neck") == normalised("head_neck"), normalised("R\u00e9veil"), normalised("\u591c (1)")
    (True, 'reveil', '\u591c1')
    """
    if text.isascii():
        return re.sub(r"[^a-z0-9+]+", "", text.casefold())
    return re.sub(r"[^\w+]+|_", "", fold(text))


def _toml(path: Path) -> dict[str, Any]:
    facts = tomllib.loads(path.read_text("utf-8"))
    return {key: tuple(value) if isinstance(value, list) else value for key, value in facts.items()}
