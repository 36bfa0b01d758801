"""The released data on the site: their files in every format that is at hand, and how each program reads them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from hypnic.analysis.studies import STUDIES
from hypnic.datasets.nhanes.persons import NOTICE
from hypnic.datasets.release.locating import Release, packaged, releases

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = "data"
FORMATS = {"csv": "CSV", "parquet": "Parquet", "sav": "SPSS", "dta": "Stata"}
# Studies of answers that others published: the package takes them from there. What binds their users stands with them.
ELSEWHERE = ((STUDIES["nhanes"], NOTICE),)

OTHERS = {
    "load.R": "types and levels for R", "load.do": "all tables for Stata", "load.sps": "all tables for SPSS",
    "datapackage.json": "the same facts for programs (Data Package v2)", "croissant.json": "and as Croissant",
    "FORMATS.md": "what each format cannot carry", "SHA256SUMS": "tells whether every file is whole",
}  # fmt: skip


class File(NamedTuple):
    """A file of a release: where it lies below the site's folder, and how large it is."""

    name: str
    href: str
    size: int

    @property
    def weight(self) -> str:
        """Say its size as people do.

        >>> File("a", "a", 902_686).weight, File("a", "a", 1_495_168).weight, File("a", "a", 32).weight
        ('903 kB', '1.5 MB', '1 kB')
        """
        return f"{self.size / 1e6:.1f} MB" if self.size >= 1e6 else f"{max(1, round(self.size / 1e3))} kB"


class TableFiles(NamedTuple):
    """A table of a release: how many rows it has, what a row is, and its files by format."""

    name: str
    rows: int
    words: str
    files: Mapping[str, File]


@dataclass(frozen=True)
class Released:
    """A release, its files as they lie on the site, and what it says of itself."""

    release: Release
    files: Mapping[str, bytes]  # by path below the site's folder

    @property
    def folder(self) -> str:
        """Name its folder below the site's."""
        return f"{FOLDER}/{self.release.folder.name}"

    @property
    def title(self) -> str:
        """Give its title."""
        return str(self.release.facts()["title"])

    @property
    def dated(self) -> str:
        """Say which release it is, and when its answers are from."""
        return f"{self.release.study}, release {self.release.version}: {STUDIES[self.release.study].dated}"

    @property
    def citation(self) -> str:
        """Give the sentence to cite it by."""
        return str(self.release.facts()["hypnic"]["citation"])

    @property
    def synthetic(self) -> bool:
        """Tell whether nobody gave these answers."""
        return bool(self.release.facts()["hypnic"]["synthetic"])

    @property
    def tables(self) -> tuple[TableFiles, ...]:
        """Give its tables in the order of the release, each with the formats that are at hand."""
        return tuple(self._tables())

    def _tables(self) -> Iterator[TableFiles]:
        for resource in self.release.facts()["resources"]:
            name, stem = str(resource["name"]), Path(str(resource["path"])).stem
            rows = pl.scan_parquet(self.release.table(name)).select(pl.len()).collect().item()
            found = {form: self.file(f"data/{stem}.{form}") for form in FORMATS}
            there = {form: file for form, file in found.items() if file}
            yield TableFiles(name, int(rows), str(resource["description"]), there)

    def file(self, path: str) -> File | None:
        """Give a file of the release by its path there; None where it is not at hand."""
        href = f"{self.folder}/{path}"
        return File(Path(path).name, href, len(self.files[href])) if href in self.files else None

    @property
    def workbook(self) -> File | None:
        """Give the Excel workbook of all tables."""
        return next((self.file(f"data/{Path(name).name}") for name in self.files if name.endswith(".xlsx")), None)

    @property
    def codebook(self) -> File | None:
        """Give the codebook."""
        return next((self.file(Path(name).name) for name in self.files if name.endswith("codebook.html")), None)

    @property
    def others(self) -> tuple[tuple[File, str], ...]:
        """Give the files that are no table, with what they are."""
        found = ((self.file(name), words) for name, words in OTHERS.items())
        return tuple((file, words) for file, words in found if file)

    @property
    def bundle(self) -> File | None:
        """Give the archive of everything that R needs."""
        name = f"{FOLDER}/hypnic-{self.release.folder.name}-csv.zip"
        return File(Path(name).name, name, len(self.files[name])) if name in self.files else None


def released(clone: Path | None) -> tuple[Released, ...]:
    """Give the newest release of each study, real answers first: of a clone in every format."""
    place = packaged() if clone is None else clone / "datasets" / "released"
    newest = {one.study: one for one in reversed(releases(place))}
    return tuple(_on_site(one) for one in sorted(newest.values(), key=lambda one: one.study == "demo"))


def _on_site(release: Release) -> Released:
    there = {
        path.relative_to(release.folder).as_posix(): path.read_bytes()
        for path in sorted(release.folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")  # such files of a site are not served
    }
    if "SHA256SUMS" in there:
        lines = there["SHA256SUMS"].decode().splitlines(keepends=True)
        there["SHA256SUMS"] = "".join(line for line in lines if line.split(maxsplit=1)[1].strip() in there).encode()
    name = release.folder.name
    files = {f"{FOLDER}/{name}/{path}": content for path, content in there.items()}
    if "load.R" in there:
        files[f"{FOLDER}/hypnic-{name}-csv.zip"] = _zipped(name, there)
    return Released(release, files)


def _zipped(name: str, there: Mapping[str, bytes]) -> bytes:
    """Pack what R needs; not compressed, as other versions of zlib make other bytes of the same files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for path, content in there.items():
            if Path(path).suffix in {".csv", ".R", ".html", ".md"} or path == "LICENSE":
                member = zipfile.ZipInfo(f"hypnic-{name}/{path}", (1980, 1, 1, 0, 0, 0))
                member.external_attr = 0o644 << 16
                archive.writestr(member, content)
    return file.getvalue()
