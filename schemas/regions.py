"""The sub-regions of the world: where a country goes whose people are too few to be named by it.

`regions.csv` holds the sub-regions of the United Nations' standard M49 (Standard country or area codes for statistical
use, series M, no. 49; unstats.un.org/unsd/methodology/m49). Taiwan, which M49 does not list, stands with Eastern Asia;
Antarctica has no sub-region there, and so goes to ZZ.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import NamedTuple


class Region(NamedTuple):
    """A sub-region: its three digits in M49, its name, and the alpha-2 codes of its countries."""

    code: str
    name: str
    countries: tuple[str, ...]


@cache
def regions() -> tuple[Region, ...]:
    """Read the sub-regions.

    >>> [region.name for region in regions() if "CH" in region.countries]
    ['Western Europe']
    """
    text = (resources.files("hypnic.schemas") / "regions.csv").read_text("utf-8")
    return tuple(
        Region(row["code"], row["name"], tuple(row["countries"].split())) for row in csv.DictReader(text.splitlines())
    )


@cache
def region_of() -> dict[str, str]:
    """Give the sub-region of each country that has one.

    >>> region_of()["JP"]
    '030'
    """
    return {country: region.code for region in regions() for country in region.countries}
