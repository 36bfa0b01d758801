"""A release is found here by its version, and elsewhere by folder or address, and is what its hashes say."""

from __future__ import annotations

import functools
import http.server
import shutil
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import polars as pl
import pytest
import requests

import hypnic
from hypnic.datasets.release import find, releases
from hypnic.datasets.release.locating import packaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def shelf(release: Path, tmp_path: Path) -> Path:
    """Give a folder with three releases."""
    for name in ("demo-1", "demo-2", "demo-10"):
        shutil.copytree(release, tmp_path / "shelf" / name)
    return tmp_path / "shelf"


def test_the_latest_is_the_highest_number_and_not_the_last_word(shelf: Path) -> None:
    found = find("demo", "latest", shelf)
    assert found is not None
    assert found.version == "10.0.0"
    assert [one.version for one in releases(shelf)] == ["10.0.0", "2.0.0", "1.0.0"]


@pytest.mark.parametrize("version", ["2", "2.0", "2.0.0"])
def test_a_version_is_found_however_many_parts_are_said(version: str, shelf: Path) -> None:
    found = find("demo", version, shelf)
    assert found is not None
    assert found.folder == shelf / "demo-2"


def test_a_version_that_is_not_there_is_named_with_those_that_are(shelf: Path) -> None:
    with pytest.raises(hypnic.HypnicError, match=r"no release 3 of the study demo .*10.0.0, 2.0.0, 1.0.0"):
        find("demo", "3", shelf)


def test_a_study_without_releases_has_none(shelf: Path) -> None:
    assert find("open", "latest", shelf) is None


def test_the_package_carries_the_demo_and_says_how_many_rows_it_has() -> None:
    found = find("demo", "1", packaged())
    assert found is not None
    assert pl.scan_parquet(found.table("nights")).select(pl.len()).collect().item() == 5339


def test_a_table_is_loaded_from_the_folder_of_a_release(release: Path, contents) -> None:
    assert hypnic.load("nights", study="demo", source=release).equals(contents.tables["nights"])
    assert hypnic.scan("nights", study="demo", source=release).collect().equals(contents.tables["nights"])


def test_a_file_in_a_folder_that_is_not_the_published_one_is_refused(release: Path, tmp_path: Path) -> None:
    folder = tmp_path / "demo-1"
    shutil.copytree(release, folder)
    names = [path.name for path in (folder / "data").glob("*.parquet")]
    (folder / "data" / next(name for name in names if "nights" in name)).write_bytes(b"PAR1")
    with pytest.raises(hypnic.HypnicError, match="its sha256 is not the published one"):
        hypnic.load("nights", study="demo", source=folder)


@pytest.fixture
def served(release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, Path]]:
    """Serve a release on this machine; give its address and its folder."""
    folder = tmp_path / "served"
    shutil.copytree(release, folder)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


def test_a_release_at_an_address_is_fetched_checked_and_kept(served, contents) -> None:
    address, folder = served
    assert hypnic.load("nights", study="demo", source=address).equals(contents.tables["nights"])
    shutil.rmtree(folder)
    assert hypnic.load("nights", study="demo", source=address).equals(contents.tables["nights"])


def test_a_fetched_file_that_is_not_the_published_one_is_refused(served) -> None:
    address, folder = served
    next((folder / "data").glob("*nights*.parquet")).write_bytes(b"PAR1")
    with pytest.raises(hypnic.HypnicError, match=r"nights_data\.parquet: its sha256 is not the published one"):
        hypnic.load("nights", study="demo", source=address)


def test_an_address_without_a_release_is_named(served) -> None:
    address, _ = served
    with pytest.raises(hypnic.HypnicError, match=f"{address}/nowhere/SHA256SUMS: it cannot be fetched"):
        hypnic.load("nights", study="demo", source=f"{address}/nowhere")


def test_the_release_of_another_study_is_named(served) -> None:
    address, _ = served
    with pytest.raises(hypnic.HypnicError, match="this is no release of the study open"):
        hypnic.load("nights", study="open", source=address)


class Answer:
    """What `requests.get` gives."""

    def __init__(self, url: str, said: dict[str, object]) -> None:
        self.url, self.said, self.status_code = url, said, 200

    def json(self) -> dict[str, object]:
        return self.said


@pytest.fixture
def archived(served, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let doi.org and Zenodo's list of files answer as they do, for one record whose files lie on this machine."""
    address, folder = served
    files = {path.name: path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    said = {"id": 7, "files": [{"key": name, "links": {"self": f"{address}/{path}"}} for name, path in files.items()]}
    get = requests.get

    def answer(url: str, **options: object) -> object:
        match url:
            case "https://doi.org/10.5281/zenodo.7":
                return Answer("https://zenodo.org/records/7", {})
            case "https://doi.org/10.5281/zenodo.8":
                return Answer("https://zenodo.org/records/8", {})
            case "https://zenodo.org/api/records/7":
                return Answer(url, said)
            case "https://zenodo.org/api/records/8":
                return Answer(url, {"status": 404, "message": "The persistent identifier does not exist."})
            case _:
                return get(url, **options)

    monkeypatch.setattr(requests, "get", answer)
    return "doi:10.5281/zenodo.7"


def test_a_release_under_a_doi_is_fetched_from_its_archive_checked_and_kept(archived: str, served, contents) -> None:
    assert hypnic.load("nights", study="demo", source=archived).equals(contents.tables["nights"])
    shutil.rmtree(served[1])
    assert hypnic.scan("nights", study="demo", source=archived).collect().equals(contents.tables["nights"])


def test_a_file_under_a_doi_that_is_not_the_published_one_is_refused(archived: str, served) -> None:
    next((served[1] / "data").glob("*nights*.parquet")).write_bytes(b"PAR1")
    with pytest.raises(hypnic.HypnicError, match=r"nights_data\.parquet: its sha256 is not the published one"):
        hypnic.load("nights", study="demo", source=archived)


def test_a_doi_without_such_a_record_is_named_in_one_line(archived: str) -> None:
    with pytest.raises(hypnic.HypnicError, match=r"doi:10.5281/zenodo.8/SHA256SUMS: it cannot be fetched"):
        hypnic.load("nights", study="demo", source=archived.replace(".7", ".8"))


def test_an_address_that_gives_something_else_is_named(served) -> None:
    address, folder = served
    (folder / "SHA256SUMS").write_bytes(b"\xff\xfe<html>")
    with pytest.raises(hypnic.HypnicError, match="this is no release of the study demo"):
        hypnic.load("nights", study="demo", source=address)


def test_loading_a_release_imports_neither_pandas_nor_statsmodels_nor_pandera() -> None:
    program = (
        "import sys, hypnic; hypnic.load('nights', study='demo'); hypnic.scan('nights', study='demo').collect();"
        "hypnic.catalog(); hypnic.cite('demo');"
        "print(*{'pandas', 'statsmodels', 'pandera', 'pyarrow', 'numpy'} & {n.partition('.')[0] for n in sys.modules})"
    )
    run = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.strip() == ""


def test_not_even_the_empty_study_needs_them() -> None:
    program = (
        "import sys, warnings, hypnic; warnings.simplefilter('ignore'); hypnic.load('nights');"
        "print(*{'pandas', 'statsmodels'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-P", "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    assert run.stdout.strip() == ""
