"""Building a report: from a study to every file of it, and where they go.

What draws and sets pages is imported while workers work: a second that nobody waits for.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from hypnic.analysis.results import results
from hypnic.analysis.studies.own import own, own_diary
from hypnic.lazy import ANALYSIS, missing
from hypnic.reports.placing import put
from hypnic.schemas.disclosure import too_few
from hypnic.workers import ahead, hired, untold

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.analysis.studies import StudyData
    from hypnic.shelf import Shelf
    from hypnic.workers import Jobs, Told


def build_own(folder: Path, out: Path, *, progress: Told = untold, jobs: int = 1) -> Path:
    """Build the report of a checked folder of one's own into `out`, and give that folder.

    Of one person's diary it is a page for them. Raises HypnicError as `hypnic.reports.rebuilding.rebuild` does, and
    where the folder holds errors.
    """

    def files() -> dict[str, bytes]:
        progress("reading the folder")
        data, diary = own(folder), own_diary(folder)
        if diary is not None:
            from hypnic.reports.files import files_of_one

            return files_of_one(data, diary)
        return study_files(data, progress, jobs=jobs)

    return put(files, out)


def study_files(
    data: StudyData, tell: Told = untold, *, bayes: bool = False, jobs: Jobs = 1, shelf: Shelf | None = None
) -> dict[str, bytes]:
    """Give every file of the report of a study that has been read; `jobs` and `shelf` are those of `results`."""
    if data.study.new_answers and too_few(data.persons):
        from hypnic.reports.files import files_of_few

        return files_of_few(data)
    _look_for_libraries()
    with hired(jobs, "hypnic.analysis.results") as hands:
        ahead("hypnic.reports.files")
        found = results(data, tell, bayes=bayes, jobs=hands, shelf=shelf)
        from hypnic.reports.files import report_files
        from hypnic.reports.report import report

        tell("drawing")
        made = report(found, hands)
    tell("setting pages and print")
    return report_files(made)


def _look_for_libraries() -> None:
    """Raise HypnicError, before any work, where a library is missing that draws or prints at its end."""
    for library in ANALYSIS:
        if find_spec(library) is None:
            raise missing(ModuleNotFoundError(name=library))
