"""Putting a report in its place: every file made aside, then in place in one step."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hypnic.aside import aside, put_in_place
from hypnic.errors import HypnicError, reason
from hypnic.schemas.filenames import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


def put(files: Callable[[], Mapping[str, bytes]], out: Path) -> Path:
    """Make files, by their paths, and put them into the folder `out` in one step, in place of an earlier build.

    Raises HypnicError where `out` can't be written or contains something that no build made; then nothing is made.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100 -- a link to a folder is kept as it is
    _refuse_foreign(out)
    with ExitStack() as stack:
        with _told_of(out.parent):
            out.parent.mkdir(parents=True, exist_ok=True)
            fresh = stack.enter_context(aside(out)) / "new"
        made = files()
        with _told_of(out.parent):
            for name, content in made.items():
                path = fresh / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            put_in_place(fresh, out)
    return out


def _refuse_foreign(out: Path) -> None:
    """Refuse to replace what no build made."""
    if not out.exists():
        return
    if not out.is_dir():
        message = f"{shown_path(out)} is a file: name a folder for the report"
        raise HypnicError(message)
    present = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    foreign = sorted(present - _built(out))
    if foreign:
        there, odd = shown_path(out), shown_path(foreign[0])
        message = f"{there} contains {odd}, which no build made: name another folder, or move it away"
        raise HypnicError(message)


def _built(out: Path) -> set[str]:
    """List the files of the build in a folder, and of the builds in the folders of it: a site has those of studies."""
    below = (folder.parent for folder in out.glob("*/provenance.json"))
    found = {f"{folder.name}/{name}" for folder in below for name in _outputs(folder)}
    return _outputs(out) | found


def _outputs(folder: Path) -> set[str]:
    try:
        document = json.loads((folder / "provenance.json").read_text("utf-8"))
        return {"provenance.json", *document["outputs"]} if document["report"] == "hypnic" else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


@contextmanager
def _told_of(folder: Path) -> Iterator[None]:
    """Say in a line that something cannot be written, or that a disk is full."""
    try:
        yield
    except OSError as error:
        message = f"cannot write in {shown_path(folder)} ({reason(error)}): name another folder for the report"
        raise HypnicError(message) from error
