"""Building a report: every file made aside, then put in place in one step."""

from __future__ import annotations

import io
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from hypnic.analysis.results import results
from hypnic.analysis.single import single_person
from hypnic.analysis.studies import study
from hypnic.analysis.studies.own import own, own_diary
from hypnic.errors import HypnicError
from hypnic.reports.page import page_of_few, page_of_one, pages
from hypnic.reports.provenance import provenance
from hypnic.reports.report import Report, report
from hypnic.reports.single import one_person
from hypnic.schemas.disclosure import too_few

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hypnic.analysis.studies import StudyData
    from hypnic.reports.provenance import Provenance


def build(
    study_name: str,
    out: Path,
    folder: Path | None = None,
    *,
    progress: Callable[[str], None] | None = None,
    bayes: bool = False,
) -> Path:
    """Build the report of a study into the folder `out`, and give that folder.

    It contains `index.html` and its further pages (sayings, sensitivity, diagnostics, methods, estimates),
    `claims.csv`, `estimates.csv`, `estimates.parquet`, `diagnostics.csv`, `figures/*.svg` with their data,
    `tables/*.csv` and `provenance.json`, the same bytes on every run. A build that fails or is interrupted leaves the
    last good one as it was. `folder` is that of the NHANES files, or of submissions; `progress` is told each step in a
    few words. `bayes` adds the diary's Bayesian companion, whose bytes are the same on every run of one machine alone.
    Of fewer than ten people nothing is published but a sentence that says so.

    Raises
    ------
    HypnicError
        The study is not at hand, or the extra `bayes` where it is asked for; or `out` can't be written or contains
        something that no build made.
    """
    tell = progress or (lambda _: None)

    def files() -> dict[str, bytes]:
        tell("reading the study")
        return study_files(study(study_name, folder), tell, bayes=bayes)

    return put(files, out)


def build_own(folder: Path, out: Path, *, progress: Callable[[str], None] | None = None) -> Path:
    """Build the report of a checked folder of one's own into `out`, and give that folder; see `build`.

    Of one person's diary it is a page for them. Raises HypnicError as `build`, and where the folder holds errors.
    """
    tell = progress or (lambda _: None)

    def files() -> dict[str, bytes]:
        tell("reading the folder")
        data, diary = own(folder), own_diary(folder)
        if diary is not None:
            return _with_provenance(page_of_one(one_person(single_person(diary))), provenance(data))
        return study_files(data, tell)

    return put(files, out)


def study_files(
    data: StudyData, tell: Callable[[str], None] = lambda _: None, *, bayes: bool = False
) -> dict[str, bytes]:
    """Give every file of the report of a study that has been read."""
    if data.study.new_answers and too_few(data.persons):
        return _with_provenance({"index.html": page_of_few(data.study).encode()}, provenance(data))
    found = results(data, tell, bayes=bayes)
    tell("drawing")
    made = report_files(report(found))
    tell("writing")
    return made


def put(files: Callable[[], Mapping[str, bytes]], out: Path) -> Path:
    """Make files, by their paths, and put them into the folder `out` in one step, in place of an earlier build.

    Raises HypnicError where `out` can't be written or contains something that no build made; then nothing is made.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100 -- a link to a folder is kept as it is
    _refuse_foreign(out)
    aside = out.parent / f".{out.name}.{os.getpid()}"
    try:
        _make_folder(aside)
        for name, content in files().items():
            path = aside / "new" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        _swap(aside, out)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return out


def report_files(made: Report) -> dict[str, bytes]:
    """Give every file of a report, by its path in the folder."""
    parquet = io.BytesIO()
    made.estimates.write_parquet(parquet, compression="zstd", statistics=False)
    files = {
        **{name: text.encode() for name, text in pages(made).items()},
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


def _refuse_foreign(out: Path) -> None:
    """Refuse to replace what no build made."""
    if not out.exists():
        return
    if not out.is_dir():
        message = f"{out} is a file: name a folder for the report"
        raise HypnicError(message)
    present = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()}
    foreign = sorted(present - _built(out))
    if foreign:
        message = f"{out} contains {foreign[0]}, which no build made: name another folder, or move it away"
        raise HypnicError(message)


def _built(out: Path) -> set[str]:
    """List the files of the build in a folder."""
    try:
        document = json.loads((out / "provenance.json").read_text("utf-8"))
        return {"provenance.json", *document["outputs"]} if document["report"] == "hypnic" else set()
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        message = f"cannot write in {folder.parent} ({error.strerror}): name another folder for the report"
        raise HypnicError(message) from error


def _swap(aside: Path, out: Path) -> None:
    """Put the new folder in place of the old one; if that fails, the old one comes back."""
    old = aside / "old"
    if out.exists():
        out.rename(old)
    try:
        (aside / "new").rename(out)
    except BaseException:
        if old.exists():
            old.rename(out)
        raise
