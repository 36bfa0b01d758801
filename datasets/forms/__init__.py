"""Exports of form tools become tables of the instrument; what is special about a tool is data, never code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.datasets.forms.codebook import Codebook, read_codebook
    from hypnic.datasets.forms.conversion import Conversion, convert
    from hypnic.datasets.forms.guessing import recognised
    from hypnic.datasets.forms.layouts import Profile, profiles
    from hypnic.datasets.forms.people import Tokens
    from hypnic.datasets.forms.recipe import merged, read_map
    from hypnic.datasets.forms.together import convert_together, sketch

__all__ = [
    "Codebook",
    "Conversion",
    "Profile",
    "Tokens",
    "convert",
    "convert_together",
    "merged",
    "profiles",
    "read_codebook",
    "read_map",
    "recognised",
    "sketch",
]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Codebook": "codebook",
        "Conversion": "conversion",
        "Profile": "layouts",
        "Tokens": "people",
        "convert": "conversion",
        "convert_together": "together",
        "merged": "recipe",
        "profiles": "layouts",
        "read_codebook": "codebook",
        "read_map": "recipe",
        "recognised": "guessing",
        "sketch": "together",
    },
)
