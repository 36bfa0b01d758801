"""Building the site: every study's report, and what stands around them, put in place in one step."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from hypnic.about import __version__
from hypnic.analysis.studies import STUDIES, study
from hypnic.errors import HypnicError
from hypnic.reports.building import put, study_files
from hypnic.reports.provenance import commit
from hypnic.reports.site.making import site_pages
from hypnic.reports.site.pages import rendered
from hypnic.reports.site.studies import Shown, files_of, in_order, needed, published

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from hypnic.analysis.studies import Study


class Site(NamedTuple):
    """A built site: what each study came to that has no new report, and the names of those that failed."""

    told: tuple[str, ...]
    failed: tuple[str, ...]


def build_site(
    out: Path,
    names: Iterable[str] = (),
    clone: Path | None = None,
    *,
    progress: Callable[[str], None] | None = None,
    bayes: bool = False,
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
        Is told each step in a few words.
    bayes
        Adds the diary's Bayesian companion.

    Returns
    -------
    Site
        Which studies were skipped and which failed, and why. Of one that failed the last report is kept.

    Raises
    ------
    HypnicError
        `out` can't be written, or contains something that no build made.

    """
    tell = progress or (lambda _: None)
    asked = set(names)
    shown: list[Shown] = []

    def files() -> dict[str, bytes]:
        for one in STUDIES.values():
            wanted = one.name in asked if asked else one.at_hand()
            shown.append(_shown(one, out, tell, wanted=wanted, bayes=bayes))
        tell("making the site")
        return site_files(shown, clone)

    put(files, out)
    told = tuple(f"{one.study.name}: {_told(one)}" for one in shown if one.state != "built")
    return Site(told, tuple(one.study.name for one in shown if one.state in {"failed", "kept"}))


def site_files(shown: Iterable[Shown], clone: Path | None = None) -> dict[str, bytes]:
    """Give every file of the site, by its path: the reports of the studies, the pages around them, and the data."""
    studies = in_order(list(shown))
    pages, more = site_pages(studies, clone)
    files = {f"{one.folder}/{name}": content for one in studies for name, content in one.files.items()}
    paths = [page.path for page in pages]
    files |= {page.path: rendered(page, paths).encode() for page in pages} | more
    return files | {"provenance.json": _provenance(files)}


def _shown(one: Study, out: Path, tell: Callable[[str], None], *, wanted: bool, bayes: bool) -> Shown:
    """Build the report of a study, or say why there is none: whatever goes wrong in it stops no other."""
    if not wanted:
        there = published(one)
        return Shown(one, "published", there, needed(one)) if there else Shown(one, "skipped", why=needed(one))
    try:
        tell(f"{one.name}: reading the study")
        return Shown(one, "built", study_files(study(one.name), lambda step: tell(f"{one.name}: {step}"), bayes=bayes))
    except Exception as error:  # noqa: BLE001 -- the others are built, and the site says that this one failed
        # What an error of ours says is fit to be read; another one may name a value of somebody's answers.
        said = str(error) if isinstance(error, HypnicError) else type(error).__name__
        kept = files_of(out / one.name)
        return Shown(one, "kept" if kept else "failed", kept, f"Its report failed in this build ({said}).")


def _told(one: Shown) -> str:
    """Say what became of a study that has no new report."""
    what = {"published": "the published report is shown.", "kept": "the last report is shown.", "failed": "",
            "skipped": "skipped."}  # fmt: skip
    return " ".join(filter(None, [what[one.state].capitalize(), one.why]))


def _provenance(files: Mapping[str, bytes]) -> bytes:
    outputs = {name: sha256(content).hexdigest() for name, content in sorted(files.items())}
    document = {"report": "hypnic", "site": True, "version": __version__, "commit": commit(), "outputs": outputs}
    return f"{json.dumps(document, indent=2)}\n".encode()
