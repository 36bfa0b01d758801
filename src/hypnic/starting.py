"""A command starts sooner when pandera finds no pandas, numpy or hypothesis, which it imports wherever they are.

Our tables are polars alone. Half of the time of a small check would go into libraries that it never calls. Pydantic it
cannot do without: it gets names that stand for nothing, since none of our columns is a pydantic model. A program that
imports hypnic gets pandera as it is, and memory as polars asks for it: only the command line asks for this.
"""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec

HIDDEN = frozenset({"hypothesis", "numpy", "pandas"})
NAMED = frozenset({"pydantic", "pydantic_core"})
WRAPPED = "pandera"  # all of its modules: some are imported when the first check fails
# polars gives memory back half a second after a block of a table is done with, and asks for it again with the next:
# each page is then cleared anew. Kept for ten seconds, in as many places as there are cores, it is used again.
MEMORY = "_RJEM_MALLOC_CONF"  # what polars' allocator reads when it starts; what comes last in it holds
KEPT = f"dirty_decay_ms:10000,oversize_threshold:0,narenas:{os.cpu_count() or 1}"


class Hiding(MetaPathFinder):
    """Tells whoever asks for a hidden library that it is not installed."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:  # noqa: ARG002
        """Raise ModuleNotFoundError for a hidden library, and leave every other to the next finder."""
        library = name.partition(".")[0]
        if library in HIDDEN and library not in sys.modules:
            message = f"No module named {name!r}"
            raise ModuleNotFoundError(message, name=name)


class Names(ModuleType):
    """Stands in for a library of which only the names are needed: each is a class that is nothing."""

    __version__ = "2"

    def __getattr__(self, name: str) -> type:
        """Make a class of the name; what the import system asks for is not there."""
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


@contextmanager
def hidden() -> Iterator[None]:
    """Hide the libraries that are not imported yet, until the outermost import of pandera is done."""
    if any(isinstance(finder, Hiding) for finder in sys.meta_path):
        yield
        return
    import polars as pl

    pl.DataFrame({"": [0]})  # it looks for numpy once, and must find it
    finder = Hiding()
    sys.meta_path.insert(0, finder)
    named = {name: Names(name) for name in NAMED - sys.modules.keys()}
    sys.modules.update(named)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in named:
            del sys.modules[name]


class Alone(Loader):
    """Loads a module as its own loader does, with libraries hidden from it."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Create the module as its own loader does."""
        return self.loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module, with libraries hidden from it and from what it imports."""
        with hidden():
            self.loader.exec_module(module)


class Wrapping(MetaPathFinder):
    """Finds pandera where it lies, and loads it alone."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Give pandera's spec with its loader wrapped; None for every other module."""
        if name.partition(".")[0] != WRAPPED:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        spec = next((found for finder in others if (found := finder.find_spec(name, path, target))), None)
        if spec is not None and spec.loader is not None:
            spec.loader = Alone(spec.loader)
        return spec


def start_sooner() -> None:
    """Let pandera be imported without pandas and numpy in this process, and polars use its memory again.

    What a user says of the memory holds.
    """
    gc.set_threshold(100_000)  # much is imported and little becomes garbage: this starts a check a tenth sooner
    if "polars" not in sys.modules:
        os.environ[MEMORY] = ",".join(filter(None, [KEPT, os.environ.get(MEMORY)]))
    if "pandera" not in sys.modules:
        sys.meta_path.insert(0, Wrapping())
