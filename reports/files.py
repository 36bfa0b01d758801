"""The files of a report, by their paths in its folder."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from hypnic.analysis.single import single_person
from hypnic.reports.page import frame_of, page_of_few, page_of_one, pages
from hypnic.reports.pdf import FILE, printed
from hypnic.reports.pictures import pictures
from hypnic.reports.provenance import provenance
from hypnic.reports.single import one_person

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from hypnic.analysis.studies import StudyData
    from hypnic.reports.provenance import Provenance
    from hypnic.reports.report import Report


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
        **pictures(made.drawings),
    }
    return _with_provenance(files, made.provenance)


def files_of_few(data: StudyData) -> dict[str, bytes]:
    """Give the files of a study of so few people that nothing is told of them."""
    return _with_provenance({"index.html": page_of_few(data.study).encode()}, provenance(data))


def files_of_one(data: StudyData, diary: pl.DataFrame) -> dict[str, bytes]:
    """Give the files of one person's own report."""
    return _with_provenance(page_of_one(one_person(single_person(diary))), provenance(data))


def _with_provenance(files: Mapping[str, bytes], made: Provenance) -> dict[str, bytes]:
    document = json.dumps(made.document(files), indent=2, ensure_ascii=False)
    return {**files, "provenance.json": f"{document}\n".encode()}
