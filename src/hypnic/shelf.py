"""What was worked out before, kept in the user's own cache folder under what it was worked out from.

A key tells everything a result follows from: the rows, the code that made it, the versions of every library installed.
Nothing on the shelf is ever out of date: what follows from something else has another key. An entry that is damaged or
half-written is none.
"""

from __future__ import annotations

import os
import pickle
import platform
import sys
import time
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

PACKAGE, ROOMS = "hypnic", ("schemas", "datasets", "analysis", "reports")
# Answers, which are inputs and no code, and what Python makes of code.
NO_CODE = frozenset({"__pycache__", "demo", "submissions", "released", "_build", "published"})
DAYS = 30  # how long an entry is kept that nobody asks for
_HASH = sha256().digest_size


class Shelf:
    """A folder of results by their keys: for this user alone, since results may tell what is not published.

    >>> import tempfile
    >>> shelf = Shelf(Path(tempfile.mkdtemp()) / "kept")
    >>> shelf.put("rows and code", [1, 2])
    >>> shelf.take("rows and code"), shelf.take("other rows")
    ([1, 2], None)
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or _folder()

    def take(self, key: str) -> object:
        """Give what was put under a key; None where there is nothing whole."""
        place = self._place(key)
        try:
            if not _own(place):
                return None
            content = place.read_bytes()
            if sha256(content[_HASH:]).digest() != content[:_HASH]:
                return None
            found: object = pickle.loads(content[_HASH:])  # noqa: S301 -- this user wrote it
            os.utime(place)
        except Exception:  # noqa: BLE001 -- whatever cannot be read is made again
            return None
        return found

    def put(self, key: str, value: object) -> None:
        """Keep a value; where nothing can be kept, on a full disk say, nothing is."""
        place = self._place(key)
        fresh = place.with_name(f"{place.name}.{os.getpid()}")
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _own(self.folder):
                return
            content = pickle.dumps(value)
            try:
                fresh.write_bytes(sha256(content).digest() + content)
                fresh.replace(place)
            finally:
                fresh.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove what nobody asked for in a month, and what killed runs left half-written."""
        with suppress(OSError):
            for place in self.folder.iterdir():
                age = time.time() - place.stat().st_mtime
                if age > DAYS * 86400 or ("." in place.name and age > 3600):
                    place.unlink(missing_ok=True)

    def _place(self, key: str) -> Path:
        return self.folder / sha256(f"{made_by()} {key}".encode()).hexdigest()


def print_of(name: str, frame: pl.DataFrame, rest: str) -> str:
    """Give a fingerprint of rows and of what is said of them."""
    content = frame.write_ipc(None, compression="uncompressed").getvalue()
    return sha256(content + repr((name, frame.schema, rest)).encode()).hexdigest()


def print_of_files(folder: Path) -> str:
    """Give a fingerprint of all files below a folder: their paths and bytes."""
    found = sha256()
    for path in sorted(_below(folder, frozenset())):
        found.update(f"{path.relative_to(folder).as_posix()} ".encode(errors="surrogateescape"))
        found.update(sha256(path.read_bytes()).digest())
    return found.hexdigest()


@cache
def made_by() -> str:
    """Give a fingerprint of the code: every file of hypnic that holds no answers, Python, and what is installed."""
    found = sha256()
    for name in (PACKAGE, *(f"{PACKAGE}.{room}" for room in ROOMS)):
        spec = find_spec(name)
        for place in (spec and spec.submodule_search_locations) or ():
            for path in sorted(_below(Path(place), NO_CODE)):
                found.update(path.relative_to(place).as_posix().encode())
                found.update(sha256(path.read_bytes()).digest())
    installed = sorted(path.name for place in sys.path if place for path in Path(place).glob("*.dist-info"))
    found.update(repr((sys.version, platform.platform(), platform.machine(), installed)).encode())
    return found.hexdigest()


def _below(folder: Path, leave: frozenset[str]) -> Iterator[Path]:
    seen: set[str] = set()  # links may lead in a circle
    for place, folders, files in os.walk(folder, followlinks=True):
        folders[:] = [name for name in folders if name not in leave and os.path.realpath(Path(place, name)) not in seen]
        seen.update(os.path.realpath(Path(place, name)) for name in folders)
        yield from (Path(place, name) for name in files)


def _own(place: Path) -> bool:
    """Tell whether something is this user's: what somebody else put there is never read."""
    return not hasattr(os, "getuid") or place.stat().st_uid == os.getuid()


def _folder() -> Path:
    import pooch

    return Path(os.environ.get("HYPNIC_CACHE") or pooch.os_cache("hypnic")) / "results"
