"""Building the site: every study's report, and what stands around them, put in place in one step.

Nothing that takes long to import is imported before it is known that something has changed.
"""

from __future__ import annotations

from contextlib import nullcontext
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.release.locating import packaged
from hypnic.datasets.sources import SOURCES
from hypnic.errors import HypnicError
from hypnic.reports.commit import commit
from hypnic.reports.contact import tracker
from hypnic.reports.placing import put
from hypnic.reports.rebuilding import made_files
from hypnic.reports.site.published import files_of, published
from hypnic.shelf import print_of_files
from hypnic.workers import untold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from hypnic.reports.site.published import State
    from hypnic.shelf import Shelf
    from hypnic.workers import Told

# What stands in front of the reason in the line about a study that has no new report.
LINES = {
    "skipped": "skipped {}: {}",
    "published": "skipped {}, and its published report is shown: {}",
    "failed": "{} failed: {}",
    "kept": "{} failed, and its last report is kept: {}",
}
NOT_ASKED = (
    "this build was asked for other studies",
    "`hypnic report --study all` builds every study whose data are at hand",
)


class Made(NamedTuple):
    """What became of a study: its state, the files of its report, why there are none anew, and what would bring one."""

    name: str
    state: State
    files: Mapping[str, bytes]
    why: str = ""
    remedy: str = ""

    @property
    def line(self) -> str:
        """Say in a line of the terminal why it has no new report."""
        return LINES[self.state].format(self.name, "; ".join(filter(None, (self.why, self.remedy))))


class Site(NamedTuple):
    """A built site: what each study came to that has no new report, and the names of those that failed."""

    told: tuple[str, ...]
    failed: tuple[str, ...]


def build_site(  # noqa: PLR0913 -- each is an option of the command
    out: Path,
    names: Iterable[str] = (),
    clone: Path | None = None,
    *,
    progress: Callable[[str], AbstractContextManager[Told]] = lambda _: nullcontext(untold),
    bayes: bool = False,
    jobs: int = 1,
    shelf: Shelf | None = None,
) -> Site:
    """Build the site into the folder `out`: the reports of the studies `names`, and all that stands around them.

    Parameters
    ----------
    out
        The folder. The site that was there stays until the new one is whole.
    names
        Which studies; without, every one whose data are at hand. Of the others the published report is taken, where
        there is one.
    clone
        The folder of a clone of the repository, for what does not come with the package: the guide, and the released
        data in every format.
    progress
        Shows what is told of each study, which it is given the name of.
    bayes, jobs, shelf
        As for `hypnic.reports.rebuilding.rebuild`.

    Returns
    -------
    Site
        Which studies were skipped and which failed, and why. Of one that failed the last report is kept.

    Raises
    ------
    HypnicError
        `out` can't be written, or contains something that no build made.

    """
    asked = set(names)
    made: list[Made] = []

    def files() -> dict[str, bytes]:
        for name, source in SOURCES.items():
            if name not in asked if asked else not source.at_hand():
                there = published(name)
                state: State = "published" if there else "skipped"
                unasked = Made(name, state, there, *NOT_ASKED)
                made.append(unasked if asked else Made(name, state, there, source.wanting, source.remedy))
                continue
            with progress(name) as tell:
                build = partial(made_files, name, progress=tell, bayes=bayes, jobs=jobs, shelf=shelf)
                made.append(_made(name, build, out / name))
        with progress("site") as tell:
            return _files(made, clone, tell, shelf)

    put(files, out)
    if shelf is not None:
        shelf.clear()
    told = tuple(one.line for one in made if one.state in LINES)
    return Site(told, tuple(one.name for one in made if one.state in {"failed", "kept"}))


def _made(name: str, build: Callable[[], dict[str, bytes]], last: Path) -> Made:
    """Make the report of a study: whatever goes wrong in it stops no other, and leaves its last report."""
    try:
        return Made(name, "built", build())
    except Exception as error:  # noqa: BLE001 -- the others are built, and the site says that this one failed
        # What an error of ours says is fit to be read; another one may name a value of somebody's answers.
        kept, said = files_of(last), str(error) if isinstance(error, HypnicError) else type(error).__name__
        return Made(name, "kept" if kept else "failed", kept, said)


def _files(made: Sequence[Made], clone: Path | None, tell: Told, shelf: Shelf | None) -> dict[str, bytes]:
    """Give every file of the site, from the shelf where nothing that it is made from has changed."""
    key = _key(made, clone)
    found = shelf.take(key) if shelf is not None else None
    if isinstance(found, dict):
        tell("nothing has changed")
        return found
    tell("making the pages")
    from hypnic.analysis.studies import STUDIES
    from hypnic.reports.site.making import site_files
    from hypnic.reports.site.studies import Shown

    files = site_files([Shown(STUDIES[one.name], *one[1:]) for one in made], clone)
    if shelf is not None and key == _key(made, clone):
        shelf.put(key, files)
    return files


def _key(made: Sequence[Made], clone: Path | None) -> str:
    """Tell everything that the site follows from besides its code."""
    found = sha256()
    for one in made:
        found.update(repr((one.name, one.state, one.why, one.remedy)).encode())
        for name, content in sorted(one.files.items()):
            found.update(name.encode())
            found.update(sha256(content).digest())
    folders = [packaged()] if clone is None else [clone / "guide", clone / "datasets" / "released"]
    prints = [print_of_files(folder) for folder in folders if folder.is_dir()]
    return f"site {commit()} {tracker()} {found.hexdigest()} {clone is None} {prints}"
