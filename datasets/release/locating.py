"""Where releases are, and their tables: in the package, in a folder, or elsewhere by address or DOI, hash-checked.

Only polars is imported to read a table, and pooch where it has to be fetched.
"""

from __future__ import annotations

import hashlib
import json
import sys
from importlib import resources
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from hypnic.datasets.release.names import STUDIES, order, stem, three_parts
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Mapping

SUMS = "SHA256SUMS"
PACKAGE = (
    "The hypnic contributors. hypnic: the open dataset of sleep starts (hypnic jerks), and the statistics that go with"
    " it [software], version {}. MIT, CC0-1.0."
)
REMOTE = ("https://", "http://", "doi:")


class Release(NamedTuple):
    """A release that is at hand as a folder."""

    study: str
    version: str
    folder: Path

    def table(self, name: str) -> Path:
        """Give the Parquet file of a table."""
        return self.folder / "data" / f"{stem(self.study, name)}.parquet"

    def facts(self) -> dict[str, Any]:
        """Give what it says of itself: title, version, created, and hypnic's own facts."""
        return dict(json.loads((self.folder / "datapackage.json").read_text("utf-8")))


def packaged() -> Path:
    """Give the folder of the releases that come with the package."""
    return Path(str(resources.files("hypnic.datasets"))) / "released"


def releases(released: Path) -> list[Release]:
    """List the releases in a folder, the newest of each study first.

    >>> [(one.study, one.version) for one in releases(packaged())][-1]
    ('demo', '1.0.0')
    """
    found = [
        Release(study, three_parts(path.name.partition("-")[2]), path)
        for study in STUDIES
        for path in released.glob(f"{study}-*")
        if (path / "datapackage.json").is_file()
    ]
    found.sort(key=lambda one: order(one.version), reverse=True)
    return sorted(found, key=lambda one: one.study, reverse=True)


def find(study: str, version: str, released: Path) -> Release | None:
    """Give a release of a study, `latest` the newest; None where there is none at all.

    Raises HypnicError, with the versions that there are, where that one is not.
    """
    there = [one for one in releases(released) if one.study == study]
    if version == "latest":
        return there[0] if there else None
    wanted = three_parts(version)
    for one in there:
        if one.version == wanted:
            return one
    known = ", ".join(one.version for one in there) or "none"
    message = f"there is no release {version} of the study {study} here (there: {known}); elsewhere, name its source"
    raise HypnicError(message)


def cite(study: Literal["open", "demo"] = "open", version: str = "latest") -> str:
    """Give the sentence to cite a release by; that of the package where the study has no release yet.

    Raises HypnicError where the study has no such release.

    >>> cite("demo", "1")
    'The hypnic contributors (2026). hypnic, synthetic demo (nobody gave these answers): sleep starts (hypnic jerks) in
    a survey and diaries [data set], version 1.0.0. CC0-1.0.'
    """
    found = find(study, version, packaged())
    return PACKAGE.format(installed("hypnic")) if found is None else str(found.facts()["hypnic"]["citation"])


def from_elsewhere(study: str, source: str, table: str) -> Path:
    """Give the Parquet file of a table of a release that lies in a folder, at an address, or under a DOI.

    A fetched file is kept, and is checked against the release's own SHA256SUMS each time it is used. Raises HypnicError
    where there is no release, or the file is not the one whose hash was published.
    """
    if not source.startswith(REMOTE):
        return _in_folder(Path(source), stem(study, table))
    base = source.rstrip("/") + "/"
    sums = _sums(_fetch(base, SUMS, None).read_text("utf-8", errors="replace"))
    name = f"{stem(study, table)}.parquet"
    path = f"data/{name}"
    if path not in sums:
        message = f"{source}: this is no release of the study {study}: its {SUMS} does not name {path}"
        raise HypnicError(message)
    # An archive that has a DOI keeps files without folders.
    return _fetch(base, name if source.startswith("doi:") else path, sums[path])


def _in_folder(folder: Path, name: str) -> Path:
    from hypnic.schemas.filenames import shown_path  # what reads a release imports no schemas

    path = folder / "data" / f"{name}.parquet"
    if not path.is_file():
        message = f"{shown_path(folder)}: this is no release of that study: it has no data/{path.name}"
        raise HypnicError(message)
    known = _sums((folder / SUMS).read_text("utf-8")) if (folder / SUMS).is_file() else {}
    if known.get(f"data/{path.name}") != hashlib.sha256(path.read_bytes()).hexdigest():
        message = f"{shown_path(path)}: its sha256 is not the published one; get the release again"
        raise HypnicError(message)
    return path


def _sums(text: str) -> Mapping[str, str]:
    """Read the lines of `sha256sum`: the hash of each file by its path."""
    pairs = (line.split(maxsplit=1) for line in text.splitlines())
    return {pair[1]: pair[0] for pair in pairs if len(pair) == 2 and len(pair[0]) == 64}


def _fetch(base: str, name: str, known: str | None) -> Path:
    """Fetch a file, or take the kept one; its sha256 must be the `known` one."""
    import pooch

    pooch.get_logger().setLevel("WARNING")
    keeper = pooch.create(
        pooch.os_cache("hypnic") / "releases" / "".join(c if c.isalnum() else "-" for c in base),
        base, registry={name: known and f"sha256:{known}"},
    )  # fmt: skip
    try:
        return Path(keeper.fetch(name, progressbar=sys.stderr.isatty()))
    except (OSError, ValueError, KeyError) as error:  # an archive without that record answers without its files
        reason = "its sha256 is not the published one" if "hash" in str(error) else "it cannot be fetched"
        message = f"{base}{name}: {reason}"
        raise HypnicError(message) from None
