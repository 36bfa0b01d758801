"""The API reference from the docstrings, read by pdoc: a page for each room that exports names."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, NamedTuple

from hypnic.reports.frame import Link
from hypnic.reports.site.markdown import html
from hypnic.reports.site.pages import Entry, SitePage, filled

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = "api"
ROOMS = ("hypnic", "hypnic.analysis", "hypnic.datasets", "hypnic.schemas")
ADDRESS = re.compile(r" at 0x[0-9a-f]+")
EXAMPLE = re.compile(r"((?:^>>> .*\n?(?:(?!^>>>|^$).*\n?)*)+)", re.MULTILINE)
MOST = 2000  # characters of a constant that is written out


class Documented(NamedTuple):
    """A name that a room exports: what it is, how it is called, and what its docstring says, as HTML."""

    name: str
    kind: str
    signature: str
    words: str
    members: tuple[Documented, ...] = ()
    id: str = ""

    @property
    def first(self) -> str:
        """Give the first sentence, without its marks."""
        return re.sub(r"<[^>]+>", "", self.words.partition("</p>")[0])


def api_pages() -> tuple[SitePage, ...]:
    """Give the page of each room, and one that lists them; none where pdoc is not installed."""
    if find_spec("pdoc") is None:
        return ()
    rooms = {name: tuple(_documented(name)) for name in ROOMS}
    laws = {name: inspect.cleandoc(import_module(name).__doc__ or "") for name in ROOMS}
    above = (Link("API", f"{FOLDER}/index.html"),)
    pages = tuple(
        SitePage(
            f"{FOLDER}/{room}.html", room, filled("api", room=room, law=laws[room], names=names),
            f"What {room} exports, from its docstrings.", above=above,
            entries=tuple(Entry(f"{room}.{one.name}", f"{FOLDER}/{room}.html#{one.id}", one.kind) for one in names),
        )
        for room, names in rooms.items()
    )  # fmt: skip
    front = SitePage(
        f"{FOLDER}/index.html", "API reference", filled("rooms", rooms=rooms, laws=laws),
        "Every public name of the package, from its docstrings.",
    )  # fmt: skip
    return (front, *pages)


def _documented(room: str) -> Iterator[Documented]:
    module = import_module(room)
    for name in module.__all__:
        yield _name(room, name, getattr(module, name))


def _name(room: str, name: str, value: Any) -> Documented:
    from pdoc import doc

    if inspect.isclass(value):
        one = doc.Class(room, name, value, (value.__module__, value.__qualname__))
        return Documented(name, "class", _called(value), _words(value.__doc__), tuple(_members(one, name)), name)
    if callable(value):
        function = doc.Function(room, name, value, (value.__module__, value.__qualname__))
        return Documented(name, "function", _plain(function.signature), _words(function.docstring), id=name)
    text = ADDRESS.sub("", repr(value))
    said = f"`{text}`" if len(text) < MOST else f"{type(value).__name__} of {len(value)}"
    return Documented(name, "constant", "", html(said), id=name.strip("_"))


def _members(one: Any, above: str) -> Iterator[Documented]:
    """Give the public methods and properties that a class defines itself; what a model holds is in the dictionary."""
    if hasattr(one.obj, "to_schema"):
        return
    for name, value in vars(one.obj).items():
        function = getattr(value, "fget", None) or getattr(value, "__func__", value)
        said = inspect.getdoc(function) if callable(function) else None
        if name.startswith("_") or not said or inspect.isclass(value):
            continue
        kind = "property" if isinstance(value, property) else "method"
        called = "" if kind == "property" else _called(function)
        yield Documented(name, kind, called, _words(said), id=f"{above}-{name}")


def _called(function: Any) -> str:
    try:
        return _plain(inspect.signature(function))
    except (TypeError, ValueError):
        return ""


def _plain(signature: inspect.Signature) -> str:
    """Write a signature without where an object lies in memory."""
    return ADDRESS.sub("", str(signature))


def _words(docstring: str | None) -> str:
    """Give a docstring in NumPy's manner as HTML."""
    from pdoc.docstrings import convert

    text = inspect.cleandoc(docstring or "")
    text = EXAMPLE.sub(lambda found: f"\n```\n{found[1].rstrip()}\n```\n", text)
    made = html(convert(text, "numpy", None))
    # The parts of a docstring are no parts of the page: the same heading stands under every name.
    return re.sub(r'<h6 id="[^"]*">(.*?)</h6>', r'<p class="part">\1</p>', made)
