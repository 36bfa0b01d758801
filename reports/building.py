"""Building a report: every file of it, and where they go."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from hypnic.analysis.results import results
from hypnic.analysis.single import single_person
from hypnic.analysis.studies import study
from hypnic.analysis.studies.own import own, own_diary
from hypnic.reports.page import frame_of, page_of_few, page_of_one, pages
from hypnic.reports.pdf import FILE, printed
from hypnic.reports.placing import put
from hypnic.reports.provenance import provenance
from hypnic.reports.report import Report, report
from hypnic.reports.single import one_person
from hypnic.schemas.disclosure import too_few
from hypnic.workers import untold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hypnic.analysis.studies import StudyData
    from hypnic.reports.provenance import Provenance
    from hypnic.shelf import Shelf
    from hypnic.workers import Told


def build(  # noqa: PLR0913 -- each is an option of the command
    study_name: str,
    out: Path,
    folder: Path | None = None,
    *,
    progress: Told = untold,
    bayes: bool = False,
    jobs: int = 1,
) -> Path:
    """Build the report of a study into the folder `out`, and give that folder.

    It contains `index.html` and its further pages (sayings, sensitivity, diagnostics, methods, estimates),
    `report.pdf`, `claims.csv`, `estimates.csv`, `estimates.parquet`, `diagnostics.csv`, `figures/*.svg` with their
    data, `tables/*.csv` and `provenance.json`, the same bytes on every run. A build that fails or is interrupted
    leaves the last good one as it was. `folder` is that of the NHANES files, or of submissions; `progress` is told
    each step in a few words; `jobs` processes share the work, to the same digits. `bayes` adds the diary's Bayesian
    companion, whose bytes are the same on every run of one machine alone.
    Of fewer than ten people nothing is published but a sentence that says so.

    Raises
    ------
    HypnicError
        The study is not at hand, or the extra `bayes` where it is asked for; or `out` can't be written or contains
        something that no build made.
    """

    def files() -> dict[str, bytes]:
        progress("reading the study")
        return study_files(study(study_name, folder), progress, bayes=bayes, jobs=jobs)

    return put(files, out)


def build_own(folder: Path, out: Path, *, progress: Told = untold, jobs: int = 1) -> Path:
    """Build the report of a checked folder of one's own into `out`, and give that folder; see `build`.

    Of one person's diary it is a page for them. Raises HypnicError as `build`, and where the folder holds errors.
    """

    def files() -> dict[str, bytes]:
        progress("reading the folder")
        data, diary = own(folder), own_diary(folder)
        if diary is not None:
            return _with_provenance(page_of_one(one_person(single_person(diary))), provenance(data))
        return study_files(data, progress, jobs=jobs)

    return put(files, out)


def study_files(
    data: StudyData, tell: Told = untold, *, bayes: bool = False, jobs: int = 1, shelf: Shelf | None = None
) -> dict[str, bytes]:
    """Give every file of the report of a study that has been read; `jobs` and `shelf` are those of `results`."""
    if data.study.new_answers and too_few(data.persons):
        return _with_provenance({"index.html": page_of_few(data.study).encode()}, provenance(data))
    found = results(data, tell, bayes=bayes, jobs=jobs, shelf=shelf)
    tell("drawing")
    made = report(found)
    tell("setting pages and print")
    return report_files(made)


def report_files(made: Report) -> dict[str, bytes]:
    """Give every file of a report, by its path in the folder."""
    parquet = io.BytesIO()
    made.estimates.write_parquet(parquet, compression="zstd", statistics=False)
    files = {
        **{name: text.encode() for name, text in pages(made).items()},
        FILE: printed(made, frame_of(made)),
        "claims.csv": made.claims.write_csv().encode(),
        "estimates.csv": made.estimates.write_csv().encode(),
        "estimates.parquet": parquet.getvalue(),
        **({} if made.check_rows is None else {"diagnostics.csv": made.check_rows.write_csv().encode()}),
        **{one.file: one.as_csv(synthetic=made.synthetic).encode() for one in made.tables},
        **{name: text.encode() for drawing in made.drawings for name, text in drawing.files.items()},
    }
    return _with_provenance(files, made.provenance)


def _with_provenance(files: Mapping[str, bytes], made: Provenance) -> dict[str, bytes]:
    document = json.dumps(made.document(files), indent=2, ensure_ascii=False)
    return {**files, "provenance.json": f"{document}\n".encode()}
