"""A figure is one entry of the gallery, and then it is on the page and in the folder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from matplotlib.figure import Figure

from hypnic.reports import gallery
from hypnic.reports.building import report_files
from hypnic.reports.report import report
from hypnic.reports.svg import drawing, look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.analysis.results import Results
    from hypnic.reports.svg import Drawing


def _moon(results: Results, _: gallery.Ratios) -> Iterator[Drawing]:
    with look("moon"):
        figure = Figure(figsize=(2, 2))
        figure.subplots().plot([0, 1], [1, 0])
        yield drawing(figure, "moon", "Jerks by moon", "At 0, 1.", synthetic=results.data.study.synthetic)


@pytest.mark.xdist_group("built")  # half a minute to make: once, in one process
@pytest.mark.parametrize("section", [*gallery.SECTIONS, "moons"])
def test_a_figure_is_one_entry_and_then_it_is_on_the_page_and_in_the_folder(
    section: str, found: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(gallery.SECTIONS, section, (_moon,))
    files = report_files(report(replace(found, doses={}, checks=dict.fromkeys(found.checks, ()))))
    page = files["index.html"].decode()
    assert page.count("Jerks by moon (synthetic data)</title>") == 1
    assert page.count("<figcaption>Jerks by moon (synthetic data).</figcaption>") == (section != "ratios")
    assert b"Jerks by moon" in files["figures/moon.svg"]
