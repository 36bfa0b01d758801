"""Every figure is a picture too, for whoever can use no SVG."""

from __future__ import annotations

import struct

import polars as pl
from matplotlib.figure import Figure

from hypnic.reports.pictures import PER_INCH, pictures
from hypnic.reports.svg import Drawing, Told, drawing, look


def _line(name: str, width: float) -> Drawing:
    told = Told("A line", "It rises.", "From 0 to 1.", pl.DataFrame({"x": [0.0, 1.0]}))
    with look(name):
        figure = Figure(figsize=(width, 1))
        figure.subplots().plot([0, 1])
        return drawing(figure, name, told, synthetic=True)


def _width(png: bytes) -> int:
    return int(struct.unpack(">I", png[16:20])[0])


def test_each_drawing_has_one_picture_as_wide_as_it_is_drawn() -> None:
    made = pictures([_line("short", 2), _line("long", 4)])
    assert list(made) == ["figures/short.png", "figures/long.png"]
    assert _width(made["figures/long.png"]) - _width(made["figures/short.png"]) == 2 * PER_INCH


def test_a_picture_is_the_same_bytes_alone_and_among_others() -> None:
    alone = pictures([_line("short", 2)])
    assert alone == pictures([_line("short", 2)])
    assert alone["figures/short.png"] == pictures([_line("long", 4), _line("short", 2)])["figures/short.png"]


def test_no_drawing_has_no_picture() -> None:
    assert pictures([]) == {}
