"""What the page may ask: files, what was typed into them instead, and the facts of a submission."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from typing import Any, NoReturn

from hypnic.errors import HypnicError

SIZE = 20 * 2**20  # bytes of all files together
BODY = SIZE * 4 // 3 + 4 * 2**20  # as they are sent, with what was typed
FILES, EDITS = 3, 100_000  # files of a request, cells of a file
TYPED, NAME = 200, 100  # characters of a cell, of a file's name
MAP, MAPPED = "map", 100_000  # what a spreadsheet's names stand for, as a map file says it, and its characters
SHEETS = 50  # of a workbook that are offered
ADDRESS = re.compile(r"[A-Z]{1,3}[1-9][0-9]{0,6}")
LETTERS = re.compile(r"[A-Z]{1,3}")
PLAIN_TOO_LARGE = f"these files are larger than {SIZE // 2**20} MB together; use `hypnic check` for them"


class MalformedError(HypnicError):
    """A request that our page never makes."""


@dataclass(frozen=True)
class Asked:
    """A file as it was dropped, and what the person does to it.

    `edits` says what is typed into a cell instead, by its address; `drop` the letters of columns that are left out;
    `sheet` the place, from 1, of the sheet that was picked, and 0 where none was.
    """

    name: str
    content: bytes
    edits: dict[str, str] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()
    sheet: int = 0


def asked(body: bytes) -> tuple[list[Asked], dict[str, str]]:
    """Read a request: its files, and the facts of a submission.

    Raises MalformedError, which repeats nothing of the request, where it is none that the page makes.

    >>> files, facts = asked(b'{"files": [{"name": "a/nights.csv", "content": "YQ==", "edits": {"B2": "8"}}]}')
    >>> files[0].name, files[0].content, files[0].edits, facts
    ('nights.csv', b'a', {'B2': '8'}, {})
    """
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        _refuse("this is not JSON")
    files, facts = _dict(said).get("files"), _dict(_dict(said).get("facts", {}))
    if not isinstance(files, list) or not 1 <= len(files) <= FILES:
        _refuse(f"one to {FILES} files can be checked together")
    read = [_file(_dict(one)) for one in files]
    if len({one.name for one in read}) < len(read):
        message = "two of the files have the same name; give one of them another"
        raise HypnicError(message)
    if sum(len(one.content) for one in read) > SIZE:
        raise HypnicError(PLAIN_TOO_LARGE)
    return read, {_text(key, NAME): _text(value, MAPPED if key == MAP else TYPED * 2) for key, value in facts.items()}


def _file(said: dict[str, Any]) -> Asked:
    edits, drop = _dict(said.get("edits", {})), said.get("drop", [])
    if len(edits) > EDITS or not isinstance(drop, list) or len(drop) > EDITS:
        _refuse("that is more than can be typed")
    typed = {_like(ADDRESS, cell): _text(text, TYPED) for cell, text in edits.items()}
    try:
        content = base64.b64decode(_text(said.get("content"), BODY), validate=True)
    except (binascii.Error, ValueError):
        _refuse("a file is sent in base64")
    letters = frozenset(_like(LETTERS, column) for column in drop)
    sheet = said.get("sheet", 0)
    if type(sheet) is not int or not 0 <= sheet <= SHEETS:
        _refuse("there is no such sheet")
    return Asked(_name(_text(said.get("name"), 10 * NAME)), content, typed, letters, sheet)


def _name(name: str) -> str:
    """Make a name that is no path, and that every file system takes; what it is called is judged like other names."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(letter if letter.isprintable() and letter not in '<>:"|?*' else "_" for letter in last)
    stem, dot, ending = plain.strip(" .").rpartition(".")
    short = f"{stem[: NAME // 2]}{dot}{ending[:10]}"
    return short.encode()[:200].decode(errors="ignore") or "table"


def _dict(said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        _refuse("this is no request of the page")
    return said


def _text(said: Any, longest: int) -> str:
    if not isinstance(said, str) or len(said) > longest or any("\ud800" <= letter <= "\udfff" for letter in said):
        _refuse("this is no text, or too long")
    return said


def _like(pattern: re.Pattern[str], said: Any) -> str:
    if not isinstance(said, str) or not pattern.fullmatch(said):
        _refuse("this is no cell of a table")
    return said


def _refuse(message: str) -> NoReturn:
    raise MalformedError(message)
