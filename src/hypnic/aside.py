"""Making files aside, in a hidden folder next to where they go: a run that is killed leaves nothing half-written.

Each such folder has a file with a lock, which the operating system lets go of however a run ends. A later run for the
same place takes the lock of those that were left, and clears them; those that another run still fills it leaves alone.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK, OLD = ".hypnic-lock", "old"
LONGEST = 200  # characters of a name that the hidden folder's repeats: its own must not become too long
RANDOM = 8  # characters that mkdtemp adds
HERE, SWAP = -100, 2  # AT_FDCWD; RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS


@contextmanager
def aside(place: Path) -> Iterator[Path]:
    """Give a fresh hidden folder next to `place`, on the same disk; it is removed afterwards, whatever happens.

    First those are removed that killed runs left for the same place. Raises OSError where no folder can be made.

    >>> with tempfile.TemporaryDirectory() as home, aside(Path(home, "report")) as folder:
    ...     folder.parent == Path(home), folder.name.startswith(".report.")
    (True, True)
    """
    with _guarded(place.parent) as guarded:
        _clear(place, empty=guarded)
        folder = Path(tempfile.mkdtemp(dir=place.parent, prefix=_prefix(place)))
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT)
        _seize(lock)
    try:
        yield folder
    finally:
        os.close(lock)
        _remove(folder)


def put_in_place(fresh: Path, place: Path) -> None:
    """Put a folder that was made in `aside(place)` in its place: in one step, where the system can exchange two names.

    Elsewhere there is a moment in which neither is in its place: what a run that is killed then leaves, the next one
    puts back. Raises OSError where it cannot be done; what was there is then there still.
    """
    with _guarded(place.parent):
        if not place.exists():
            fresh.rename(place)
        elif not _exchanged(fresh, place):
            old = fresh.parent / OLD
            place.rename(old)
            try:
                fresh.rename(place)
            except BaseException:
                old.rename(place)
                raise


def _prefix(place: Path) -> str:
    """Give how the hidden folders of a place start; a name that is no UTF-8 without what is none."""
    return f".{os.fsencode(place.name).decode(errors='ignore')[:LONGEST]}."


def _remove(folder: Path) -> None:
    """Remove a hidden folder, its lock last: of a run that is killed meanwhile, the next one still knows it by that."""
    with suppress(OSError):
        for part in folder.iterdir():
            if part.is_dir() and not part.is_symlink():
                shutil.rmtree(part, ignore_errors=True)
            elif part.name != LOCK:
                part.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _clear(place: Path, *, empty: bool) -> None:
    """Remove what killed runs left for a place; put back what one had moved away; `empty`: also empty ones."""
    prefix = _prefix(place)
    for left in place.parent.iterdir():
        if left.name.startswith(prefix) and len(left.name) == len(prefix) + RANDOM and left.is_dir():
            with suppress(OSError):
                lock = os.open(left / LOCK, os.O_RDWR) if (left / LOCK).exists() else None
                if lock is None:
                    if empty:  # killed before it had made its lock: nothing is in there, or it is none of ours
                        left.rmdir()
                    continue
                try:
                    _seize(lock)
                finally:
                    os.close(lock)
                if (left / OLD).exists() and not place.exists():
                    (left / OLD).rename(place)
                _remove(left)


@contextmanager
def _guarded(folder: Path) -> Iterator[bool]:
    """Keep other runs from clearing or exchanging in a folder; tells whether that could be had."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders, and a folder that is not there is told by whoever writes into it
        yield False
        return
    try:
        yield _waited(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _seize(handle: int) -> None:
        """Take a lock; raises OSError where another run has it."""
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _waited(_: int) -> bool:
        return False

    def _exchanged(fresh: Path, place: Path) -> bool:  # noqa: ARG001
        return False

else:
    import fcntl

    def _seize(handle: int) -> None:
        """Take a lock; raises OSError where another run has it, or the disk knows none."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _waited(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError:
            return False
        return True

    def _exchanged(fresh: Path, place: Path) -> bool:
        """Exchange two names in one step; False where the system, its library or the disk cannot."""
        library = ctypes.CDLL(None, use_errno=True)
        names = os.fsencode(fresh), os.fsencode(place)
        if exchange := getattr(library, "renameat2", None):
            return bool(exchange(HERE, names[0], HERE, names[1], SWAP) == 0)
        if exchange := getattr(library, "renamex_np", None):
            return bool(exchange(*names, SWAP) == 0)
        return False
