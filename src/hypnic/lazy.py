"""Names that a package exports and imports when they are first used, so that every command starts at once."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def attach(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Give a package its `__getattr__` and `__dir__` (PEP 562).

    `homes` says in which module of the package each of its names is. A name must not be called like a module of the
    package: Python binds a module to its package when it is imported, and the name would be hidden.
    """

    def get(name: str) -> object:
        if name not in homes:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        return getattr(import_module(f"{package}.{homes[name]}"), name)

    def names() -> list[str]:
        return sorted(homes)

    return get, names
