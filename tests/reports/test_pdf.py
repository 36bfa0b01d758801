"""The printed report: tagged, the same bytes everywhere, and everything in it stands on the pages too."""

from __future__ import annotations

import io
import os
import pickle
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from printed import text_of, told_in_print_alone
from pypdf import PdfReader

from hypnic.reports.page import frame_of
from hypnic.reports.pdf import FILE, printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypnic.reports.report import Report

pytestmark = pytest.mark.xdist_group("built")  # half a minute to make: once, in one process
AGAIN = """
import pickle, sys
from pathlib import Path
from hypnic.reports.page import frame_of
from hypnic.reports.pdf import printed
made = pickle.loads(Path(sys.argv[1]).read_bytes())
Path(sys.argv[2]).write_bytes(printed(made, frame_of(made)))
"""
HOSTILE = '#panic("ran") #read("/etc/passwd") $x$ *b* _i_ \\ <a> @b [c] // d /* e */ `f` "g" {h} %i &amp; ~'


@pytest.fixture(scope="module")
def pdf(built: Path) -> bytes:
    return (built / FILE).read_bytes()


@pytest.fixture(scope="module")
def pages(pdf: bytes) -> list[str]:
    return text_of(pdf)


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def plain(text: str) -> str:
    """Leave out where a line ends, and the hyphen there."""
    return re.sub(r"\s+", " ", re.sub("\xad\\s*\n|(?<=\\w)-\n", "", text))


def elements(node: Any) -> Iterator[Any]:
    """Give every element of the tree of tags."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif hasattr(node, "get"):
        yield node
        if "/K" in node:
            yield from elements(node["/K"])


def slim(made: Report, **told: Any) -> list[str]:
    """Give the printed pages of a report that tells something else, without its figures and sayings: soon done."""
    said = replace(made.sayings, entries=())
    other = replace(made, figures=dict.fromkeys(made.figures, ()), sayings=said, **told)
    return text_of(printed(other, frame_of(other)))


def test_print_is_the_same_bytes_in_another_place_with_another_clock_and_language_on_one_thread(
    made: Report, pdf: bytes, tmp_path: Path
) -> None:
    (tmp_path / "made").write_bytes(pickle.dumps(made))
    here = os.environ | {"TZ": "Asia/Tokyo", "LANG": "tr_TR.UTF-8", "RAYON_NUM_THREADS": "1", "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-P", "-c", AGAIN, "made", "out.pdf"], cwd=tmp_path, env=here, check=True)  # noqa: S603
    assert (tmp_path / "out.pdf").read_bytes() == pdf


def test_it_is_tagged_and_says_its_title_its_language_and_that_it_is_made_for_everybody(
    made: Report, pdf: bytes
) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert reader.metadata is not None
    assert reader.metadata.title == made.title
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert "/CreationDate" not in reader.metadata


def test_every_figure_is_in_it_with_its_alternative_text(made: Report, pdf: bytes) -> None:
    tree = PdfReader(io.BytesIO(pdf)).root_object["/StructTreeRoot"]
    told = [str(one["/Alt"]) for one in elements(tree["/K"]) if one.get("/S") == "/Figure"]
    assert sorted(told) == sorted(f"{one.title}. {one.description}" for one in made.drawings)


def test_every_main_ratio_stands_in_it_with_its_limits_and_model(made: Report, pages: list[str]) -> None:
    text = plain("\n".join(pages))
    first = made.estimates_tables[0]
    assert len(first.rows) > 5
    for row in first.rows:
        estimate, limits = row[1].partition(" ")[0], row[2]
        assert f"{estimate} ({limits})" in text  # in the figure
        assert limits in text.rpartition(plain(first.caption))[2]  # in the table


def test_each_page_says_that_the_data_are_synthetic_and_the_first_line_does(made: Report, pages: list[str]) -> None:
    assert made.synthetic
    assert all(page.startswith("SYNTHETIC DATA") for page in pages)
    assert f"SYNTHETIC DATA. {made.notices[0]}" in plain(pages[0])


def test_the_main_part_is_a_short_report_and_the_supplement_has_numbers_of_its_own(pdf: bytes) -> None:
    labels = list(PdfReader(io.BytesIO(pdf)).page_labels)
    main = [label for label in labels if not label.startswith("S")]
    assert main == [str(n + 1) for n in range(len(main))]
    assert 5 <= len(main) <= 20
    assert labels[len(main) :] == [f"S{n + 1}" for n in range(len(labels) - len(main))]


def test_how_to_cite_is_never_alone_on_a_page(pages: list[str], made: Report) -> None:
    (last,) = (page for page in pages if "How to cite, licence, contact" in page)
    assert "Provenance" in last
    (of_slim,) = (page for page in slim(made) if "How to cite, licence, contact" in page)
    assert "Provenance" in of_slim
    assert "Questions and corrections: the issue tracker" in plain(last)


def test_tables_and_figures_come_in_the_order_of_their_numbers(pages: list[str]) -> None:
    text = "\n".join(pages).replace("\N{NO-BREAK SPACE}", " ")
    for kind in ("Table", "Figure"):
        for mark in ("", "S"):
            numbers = [int(one) for one in re.findall(rf"^{kind} {mark}(\d+): ", text, re.MULTILINE)]
            assert numbers == list(range(1, len(numbers) + 1)), (kind, mark)
        assert len(numbers) > 2, kind


def test_print_tells_no_number_that_the_pages_do_not_tell(built: Path) -> None:
    assert told_in_print_alone(files_of(built)) == set()


def test_a_number_that_only_print_tells_is_found(made: Report, built: Path) -> None:
    other = replace(made, people_note=f"{made.people_note} 123,457 others were asked.", figures={})
    assert told_in_print_alone(files_of(built) | {FILE: printed(other, frame_of(other))}) == {"123,457"}


def test_what_somebody_wrote_is_shown_as_it_is_and_never_run(made: Report) -> None:
    table = replace(made.people[0], caption=HOSTILE, rows=((HOSTILE, *made.people[0].rows[0][1:]),))
    pages = slim(made, title=HOSTILE, threats=(HOSTILE,), people=(table,), missing=HOSTILE)
    assert plain("\n".join(pages)).count(HOSTILE) > 4


def test_what_no_font_can_show_is_shown_as_such_and_control_signs_are_left_out(made: Report) -> None:
    pages = slim(made, title="Diary of 睡眠 \x00\x07\ufdd0é")
    assert "Diary of \ufffd\ufffd \ufffdé" in pages[0]


def test_without_the_library_that_sets_it_the_command_says_in_one_line_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['typst'] = None; from hypnic.cli import main; main()"
    words = [sys.executable, "-P", "-c", code, "report", "--study", "demo", "--out", "report"]
    here = os.environ | {"HYPNIC_CACHE": str(tmp_path / "cache")}  # nothing that an earlier run kept
    run = subprocess.run(words, cwd=tmp_path, env=here, capture_output=True, text=True, check=False)  # noqa: S603
    assert "this needs typst, which comes with the extra analysis: pip install 'hypnic[analysis]'" in run.stderr
    assert "Traceback" not in run.stderr
    assert run.returncode == 2
    assert not (tmp_path / "report").exists()
