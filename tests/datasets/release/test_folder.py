"""A release as a folder: whole, the same on every run, never another under the same name, never of too few."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from smallrelease import small

from hypnic.datasets.release import Contents, assemble, write_release
from hypnic.datasets.release.names import folder_name
from hypnic.errors import HypnicError

NAMED_BY_OTHERS = {
    ".zenodo.json", "CHANGELOG.md", "CITATION.cff", "FORMATS.md", "LICENSE", "README.md", "SHA256SUMS",
    "croissant.json", "datapackage.json", "dataset_description.json", "load.R", "load.do", "load.sps",
}  # fmt: skip


def sums(folder: Path) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_sums_are_those_of_every_other_file(release: Path) -> None:
    said = dict(line.split("  ")[::-1] for line in (release / "SHA256SUMS").read_text().splitlines())
    found = sums(release)
    del found["SHA256SUMS"]
    assert said == found


def test_the_same_contents_give_the_same_bytes_on_another_day(release, tmp_path, monkeypatch) -> None:
    program = (
        "import sys\n"
        "sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path\n"
        "from smallrelease import small\n"
        "from hypnic.datasets.release import assemble, write_release\n"
        "made = assemble('demo', '1', '2026 Q4', small(), k=5, inputs={'demo/nights.csv': '0' * 64})\n"
        "write_release(made, Path(sys.argv[1]))\n"
    )
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")  # where it is another day, and the clocks differ by the second
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    time.sleep(1)
    here = str(Path(__file__).parent)
    subprocess.run([sys.executable, "-P", "-c", program, str(tmp_path), here], check=True)  # noqa: S603
    assert sums(tmp_path / "demo-1") == sums(release)


def test_every_file_of_data_says_that_it_is_synthetic_and_so_do_the_others_inside(release: Path) -> None:
    for path in (path for path in release.rglob("*") if path.is_file()):
        if "SYNTHETIC" not in path.name:
            assert path.name in NAMED_BY_OTHERS
            said = path.name in {"LICENSE", "CHANGELOG.md"} or re.search("(?i)synthetic", path.read_text("utf-8"))
            assert said, path.name


def test_no_page_has_a_gap_left_in_its_text(release: Path) -> None:
    for name in ("README.md", "FORMATS.md", "CHANGELOG.md"):
        assert not re.search(r"[{}]|None", (release / name).read_text("utf-8"))


def test_a_release_of_people_who_are_too_few_alike_is_refused() -> None:
    with pytest.raises(HypnicError, match="fewer than 5 people look alike"):
        assemble("demo", "1", "2026 Q4", small(), k=4, inputs={})


def test_a_release_of_nobody_is_refused() -> None:
    empty = {name: frame.clear() for name, frame in small().items()}
    with pytest.raises(HypnicError, match="there is nobody to release"):
        assemble("open", "1", "2026 Q4", empty, k=0, inputs={})


@pytest.mark.parametrize("version", ["", "one", "1.2.3.4", "1-2", "../1"])
def test_a_version_is_numbers_with_points(version: str) -> None:
    with pytest.raises(HypnicError, match="is no version of a release"):
        assemble("demo", version, "2026 Q4", small(), k=5, inputs={})


def test_a_study_that_is_not_released_is_refused() -> None:
    with pytest.raises(HypnicError, match="'nhanes' is not released"):
        assemble("nhanes", "1", "2026 Q4", small(), k=5, inputs={})


@pytest.mark.parametrize(("version", "folder"), [("1", "open-1"), ("1.0.0", "open-1"), ("1.0.3", "open-1.0.3")])
def test_a_folder_is_named_by_study_and_version(version: str, folder: str) -> None:
    assert folder_name("open", version) == folder


def test_other_tables_never_take_the_name_of_a_release(release: Path, tmp_path: Path) -> None:
    shutil.copytree(release, tmp_path / "demo-1")
    fewer = assemble("demo", "1", "2026 Q4", small(without=1), k=5, inputs={})
    with pytest.raises(HypnicError, match=r"demo-1 is there already and has other tables.*--version"):
        write_release(fewer, tmp_path)
    assert sums(tmp_path / "demo-1") == sums(release)
    assert [path.name for path in tmp_path.iterdir()] == ["demo-1"]


def test_the_changelog_counts_people_in_and_withdrawn_since_the_release_before(release: Path, tmp_path: Path) -> None:
    shutil.copytree(release, tmp_path / "demo-1")
    fewer = assemble("demo", "2", "2026 Q4", small(without=1), k=5, inputs={}, withdrawn=1)
    said = (write_release(fewer, tmp_path) / "CHANGELOG.md").read_text()
    assert "- 79 people, after 80 in 1.0.0." in said
    assert "- Withdrawn since: 1." in said
    assert "- Rules changed: none." in said
    assert said.endswith("## 1.0.0\n\n- The first release: 80 people.\n")


def test_a_release_carries_the_estimates_that_it_is_given(contents, tmp_path: Path) -> None:
    given = tmp_path / "estimates.csv"
    given.write_text("study\ndemo\n")
    folder = write_release(contents, tmp_path / "out", estimates=given)
    assert (folder / "SYNTHETIC-estimates.csv").read_bytes() == given.read_bytes()


def test_columns_of_a_table_are_those_of_its_model(contents) -> None:
    for name, table in contents.described.items():
        assert contents.tables[name].columns == [column.name for column in table.columns]


def open_release(version: str, *, without: int) -> Contents:
    return assemble("open", version, "2026 Q4", small(60, without=without), k=10, inputs={})


def test_a_release_waits_until_ten_people_or_nobody_came_or_left(tmp_path: Path) -> None:
    write_release(open_release("1", without=0), tmp_path)
    with pytest.raises(HypnicError, match="fewer than 10 people came, or left, since open-1"):
        write_release(open_release("2", without=3), tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"open-1"}
    write_release(open_release("2", without=10), tmp_path)
    write_release(open_release("2", without=10), tmp_path)  # the same once more
    assert {path.name for path in tmp_path.iterdir()} == {"open-1", "open-2"}
