"""A figure is one entry of the gallery, and then it is on the page and in the folder."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import pytest
from matplotlib.figure import Figure

from hypnic.reports import gallery
from hypnic.reports.files import report_files
from hypnic.reports.report import report
from hypnic.reports.svg import Told, drawing, look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.results import Results
    from hypnic.reports.svg import Drawing, Sketch


MOON = Told("Jerks by moon", "They do not follow the moon.", "At 0, 1.", pl.DataFrame({"moon": [0.0], "jerks": [1.0]}))


def _moon(results: Results, _: gallery.Ratios) -> Iterator[Sketch]:
    yield partial(_drawn, synthetic=results.data.study.synthetic)


def _drawn(*, synthetic: bool) -> Drawing:
    with look("moon"):
        figure = Figure(figsize=(2, 2))
        figure.subplots().plot([0, 1], [1, 0])
        return drawing(figure, "moon", MOON, synthetic=synthetic)


@pytest.mark.xdist_group("built")  # half a minute to make: once, in one process
@pytest.mark.parametrize("section", [*gallery.SECTIONS, "moons"])
def test_a_figure_is_one_entry_and_then_it_is_on_the_page_and_in_the_folder(
    section: str, found: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in gallery.SECTIONS:  # their own figures take a report's time to draw, and are looked at elsewhere
        monkeypatch.setitem(gallery.SECTIONS, other, ())
    monkeypatch.setitem(gallery.SECTIONS, section, (_moon,))
    files = report_files(report(replace(found, doses={}, checks=dict.fromkeys(found.checks, ()))))
    pages = "".join(page.decode() for name, page in files.items() if name.endswith(".html"))
    assert pages.count("Jerks by moon (synthetic data)</title>") == 1
    assert pages.count("<figcaption><strong>Jerks by moon.</strong> They do not follow the moon.") == 1
    assert b"Jerks by moon" in files["figures/moon.svg"]
    assert files["figures/moon.png"].startswith(b"\x89PNG")
    assert files["figures/moon.csv"] == b"data,moon,jerks\nsynthetic,0.0,1.0\n"


@pytest.mark.parametrize("lacking", ["title", "meaning", "seen", "data"])
def test_a_figure_without_its_words_and_its_data_cannot_be_built(lacking: str) -> None:
    empty = {"data": pl.DataFrame(schema={"moon": pl.Float64})}.get(lacking, "")
    with pytest.raises(ValueError, match=f"a figure needs {lacking}"):
        replace(MOON, **{lacking: empty})


def test_the_meaning_of_a_figure_is_a_sentence() -> None:
    with pytest.raises(ValueError, match="a sentence of meaning"):
        replace(MOON, meaning="by moon")
