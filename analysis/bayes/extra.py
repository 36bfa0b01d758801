"""The library that draws: numpyro, which comes with an extra of its own, and what is said where it is absent."""

from __future__ import annotations

from importlib.util import find_spec

from hypnic.errors import HypnicError

ABSENT = (
    "posterior draws need numpyro, which comes with the extra bayes: pip install 'hypnic[bayes]'; everything else is"
    " estimated without it"
)


def absent() -> bool:
    """Tell whether numpyro is not installed: nothing is imported, which takes seconds."""
    return find_spec("numpyro") is None


def refuse_absent() -> None:
    """Raise HypnicError, which says what to install, where numpyro is absent."""
    if absent():
        raise HypnicError(ABSENT)
