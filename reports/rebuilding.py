"""Building the report of a study anew only where something that it is made from has changed.

Nothing that takes long to import is imported before that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from hypnic.datasets.sources import SOURCES
from hypnic.reports.commit import commit
from hypnic.reports.contact import tracker
from hypnic.reports.placing import put
from hypnic.shelf import Shelf, print_of_files
from hypnic.workers import hired, untold

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.workers import Told


class Options(TypedDict, total=False):
    """How a report is made: see `made_files`, which has what holds where one is not given."""

    progress: Told
    bayes: bool
    jobs: int
    shelf: Shelf | None


def rebuild(study_name: str, out: Path, folder: Path | None = None, **options: Unpack[Options]) -> Path:
    """Build the report of a study into the folder `out`, and give that folder; the options are those of `made_files`.

    It contains `index.html` and its further pages (sayings, sensitivity, diagnostics, methods, estimates),
    `report.pdf`, `claims.csv`, `estimates.csv`, `estimates.parquet`, `diagnostics.csv`, `figures/*` as SVG and PNG with
    their data, `tables/*.csv` and `provenance.json`, the same bytes on every run. A build that fails or is interrupted
    leaves the last good one as it was. Of fewer than ten people nothing is published but a sentence that says so.

    Raises
    ------
    HypnicError
        The study is not at hand, or the extra `bayes` where it is asked for; or `out` can't be written or contains
        something that no build made.

    """
    made = put(lambda: made_files(study_name, folder, **options), out)
    if shelf := options.get("shelf"):
        shelf.clear()
    return made


def made_files(  # noqa: PLR0913 -- each is an option of the command
    study_name: str,
    folder: Path | None = None,
    *,
    progress: Told = untold,
    bayes: bool = False,
    jobs: int = 1,
    shelf: Shelf | None = None,
) -> dict[str, bytes]:
    """Give every file of the report of a study; `folder` is that of the NHANES files, or of submissions.

    `progress` is told each step in a few words; `jobs` processes share the work, to the same digits. `bayes` adds the
    diary's Bayesian companion, whose bytes are the same on every run of one machine alone. What lies on the `shelf`,
    made from the same input files by the same code, is not made again.
    """
    given = {"study": study_name, "bayes": bayes, "commit": commit(), "tracker": tracker()}
    key = None if shelf is None else _key(study_name, folder, given)
    found = shelf.take(key) if shelf is not None and key else None
    if isinstance(found, dict):
        progress("nothing has changed")
        return found
    progress("starting")
    with hired(jobs, "hypnic.analysis.results") as hands:
        from hypnic.analysis.studies import study
        from hypnic.reports.building import study_files

        progress("reading the study")
        made = study_files(study(study_name, folder), progress, bayes=bayes, jobs=hands, shelf=shelf)
    # Files that changed while they were read are no key to what was made.
    if shelf is not None and key and key == _key(study_name, folder, given):
        shelf.put(key, made)
    return made


def _key(study_name: str, folder: Path | None, given: dict[str, object]) -> str | None:
    """Tell everything that a report follows from besides its code; None where its files are not known before."""
    home = SOURCES[study_name].home(folder) if study_name in SOURCES else None
    return None if home is None or not home.is_dir() else f"{given} {print_of_files(home)}"
