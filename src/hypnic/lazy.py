"""Names that a package exports and imports when they are first used, so that every command starts at once."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


# Libraries that come with an extra, and its name; checking needs none of them.
ANALYSIS = (
    "jinja2", "markupsafe", "matplotlib", "numpy", "pyreadstat", "scipy", "seaborn", "statsmodels", "threadpoolctl",
    "typst",
)  # fmt: skip
EXTRA = dict.fromkeys(ANALYSIS, "analysis") | dict.fromkeys(("anyio", "starlette", "uvicorn"), "serve")


def missing(error: ModuleNotFoundError) -> Exception:
    """Say which extra a missing library comes with; the error itself where it comes with none.

    >>> str(missing(ModuleNotFoundError(name="statsmodels.api"))).partition(":")[0]
    'this needs statsmodels, which comes with the extra analysis'
    """
    library = (error.name or "").partition(".")[0]
    if library not in EXTRA:
        return error
    extra = EXTRA[library]
    return HypnicError(f"this needs {library}, which comes with the extra {extra}: pip install 'hypnic[{extra}]'")


def attach(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Give a package its `__getattr__` and `__dir__` (PEP 562).

    `homes` says in which module of the package each of its names is. A name must not be called like a module of the
    package: Python binds a module to its package when it is imported, and the name would be hidden.
    """

    def get(name: str) -> object:
        if name not in homes:
            message = f"module {package!r} has no attribute {name!r}"
            raise AttributeError(message)
        try:
            return getattr(import_module(f"{package}.{homes[name]}"), name)
        except ModuleNotFoundError as error:
            raise missing(error) from error

    def names() -> list[str]:
        return sorted(homes)

    return get, names
