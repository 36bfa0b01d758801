"""A build is whole or it is not there: the same bytes each time, and nothing left behind."""

from __future__ import annotations

import errno
import json
import os
import re
import shlex
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from hypnic.errors import HypnicError
from hypnic.reports.placing import put
from hypnic.reports.rebuilding import rebuild

pytestmark = pytest.mark.xdist_group("built")  # half a minute to make: once, in one process
MARK = {"report": "hypnic", "outputs": {"index.html": "of the last build"}}


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def last_build(tmp_path: Path) -> Path:
    """Leave a folder as the build before would have."""
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / "index.html").write_text("last good build")
    (folder / "provenance.json").write_text(json.dumps(MARK))
    return folder


def test_the_command_of_the_readme_builds_the_same_bytes_elsewhere(built: Path, cache: Path, tmp_path: Path) -> None:
    """Analyses are not run again: that they give the same digits elsewhere, the published NHANES report shows."""
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    (line,) = re.findall(r"^hypnic report --study demo --out \S+$", readme, re.MULTILINE)
    *command, out = shlex.split(line)
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\nfont.size: 20\n")
    elsewhere = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "MPLCONFIGDIR": str(tmp_path)}
    elsewhere["HYPNIC_CACHE"] = str(cache)
    place = str(Path(sys.executable).parent / command[0])
    subprocess.run([place, *command[1:], out], cwd=tmp_path, env=elsewhere, check=True)  # noqa: S603
    assert contents(tmp_path / out) == contents(built)


def test_a_report_has_its_page_estimates_figures_and_provenance(built: Path) -> None:
    names = set(contents(built))
    assert {
        "index.html",
        "claims.html",
        "claims.csv",
        "estimates.html",
        "estimates.csv",
        "estimates.parquet",
        "provenance.json",
        "figures/forest.svg",
        "figures/forest.png",
    } < names


def test_the_provenance_hashes_every_other_file(built: Path) -> None:
    files = contents(built)
    document = json.loads(files.pop("provenance.json"))
    assert document["outputs"] == {name: sha256(content).hexdigest() for name, content in files.items()}


def test_a_new_build_replaces_the_last_one_whole(last_build: Path) -> None:
    put(lambda: {"page.html": b"new", "provenance.json": b"{}"}, last_build)
    assert contents(last_build) == {"page.html": b"new", "provenance.json": b"{}"}
    assert [path.name for path in last_build.parent.iterdir()] == ["demo"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_interrupted_build_leaves_the_last_good_one_and_no_debris(
    last_build: Path, error: type[BaseException]
) -> None:
    before = contents(last_build)

    def stop(_: str) -> None:
        raise error

    with pytest.raises(error):
        rebuild("demo", last_build, progress=stop)
    assert contents(last_build) == before
    assert [path.name for path in last_build.parent.iterdir()] == ["demo"]


def test_a_folder_that_no_build_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("irreplaceable")
    with pytest.raises(HypnicError, match=r"contains thesis\.txt, which no build made: name another folder"):
        rebuild("demo", tmp_path)
    assert contents(tmp_path) == {"thesis.txt": b"irreplaceable"}


def test_a_note_put_into_a_build_is_not_deleted_with_it(last_build: Path) -> None:
    (last_build / "note.txt").write_text("mine")
    with pytest.raises(HypnicError, match=r"contains note\.txt"):
        rebuild("demo", last_build)


def test_another_programs_provenance_is_no_build_of_ours(tmp_path: Path) -> None:
    (tmp_path / "provenance.json").write_text("[]")
    with pytest.raises(HypnicError, match=r"contains provenance\.json"):
        rebuild("demo", tmp_path)


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("")
    with pytest.raises(HypnicError, match="is a file: name a folder"):
        rebuild("demo", tmp_path / "report")


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HypnicError, match=r"cannot write in .*: name another folder for the report") as caught:
        rebuild("demo", tmp_path / "file" / "report")
    assert "\n" not in str(caught.value)


def test_a_disk_that_is_full_is_one_line_and_leaves_the_last_build(last_build: Path, monkeypatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = contents(last_build)
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(HypnicError, match=r"cannot write in .* \(No space left on device\)"):
        put(lambda: {"index.html": b"new"}, last_build)
    assert contents(last_build) == before
    assert [path.name for path in last_build.parent.iterdir()] == ["demo"]


def test_an_unknown_study_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(HypnicError, match="there is no study 'dmeo'"):
        rebuild("dmeo", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_the_picture_of_the_readme_is_the_one_that_a_build_draws(built: Path) -> None:
    committed = Path(__file__).parents[2] / "reports" / "demo-forest.svg"
    assert (built / "figures" / "forest.svg").read_bytes() == committed.read_bytes()
