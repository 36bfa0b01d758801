"""What a submission says of itself in `submission.toml`: read, judged, and never repeated."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

from hypnic.datasets.checking.sentences import private_sentence
from hypnic.errors import HypnicError
from hypnic.schemas.submission import FACTS, missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hypnic.schemas.submission import Fact

FILE = "submission.toml"
LARGEST = 1 << 20  # bytes: seven facts, a sentence each


def read(folder: Path) -> dict[str, object]:
    """Read the facts of a folder; none where it has no such file. Raises HypnicError where it is not TOML."""
    message = f'{FILE}: this is not TOML in UTF-8; write one line for each fact, such as title = "Our survey"'
    path = folder / FILE
    if not path.exists():
        return {}
    if not path.is_file() or path.stat().st_size > LARGEST:
        raise HypnicError(message)
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError):
        raise HypnicError(message) from None


def as_toml(facts: Mapping[str, object]) -> str:
    """Write facts as `submission.toml`: a line each, and nothing else, since a comment may hold anything.

    >>> as_toml({"licence": "CC0-1.0", "title": "Open day"})
    'title = "Open day"\\nlicence = "CC0-1.0"\\n'
    """
    # A JSON string is a TOML string, once it has no control characters: the facts' own check sees to that.
    return "".join(f"{key} = {json.dumps(facts[key], ensure_ascii=False)}\n" for key in FACTS if key in facts)


def fault(fact: Fact, value: object) -> str | None:
    """Say what is wrong with the value of a fact, as one clause without the value; None where nothing is.

    >>> fault(FACTS["title"], "Diary of 14 August")
    'it holds a calendar date; take it out'
    """
    if (wrong := fact.fault(value)) or not fact.sentence:
        return wrong
    held = private_sentence(str(value))
    return f"it holds {held}; take it out" if held else None


def faults(facts: Mapping[str, object]) -> Iterator[str]:
    """Yield what is wrong with the facts of a submission, one clause each; keys and values are never repeated.

    >>> list(faults({"title": "Sleep lab", "e-mail": "x"}))[0]
    'there is a key that is none of title, data_state, collection, period, consent, licence, contact_role'
    """
    if set(facts) - set(FACTS):
        yield f"there is a key that is none of {', '.join(FACTS)}"
    if lacking := missing(facts):
        yield f"there is no {', '.join(lacking)}"
    for key, fact in FACTS.items():
        if key in facts and (wrong := fault(fact, facts[key])):
            yield f"{key}: {wrong}"
