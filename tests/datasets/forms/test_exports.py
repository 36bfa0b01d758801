"""Each form tool's export, laid out as the tool lays it out, comes through to a table without findings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import pytest
from coding import data_dictionary, kobo, limesurvey, list_of_labels, odk, redcap
from exporting import demo, google_forms, qualtrics

from hypnic.datasets.checking.files import check
from hypnic.datasets.checking.types import typed
from hypnic.datasets.forms.codebook import read_codebook
from hypnic.datasets.forms.conversion import convert
from hypnic.datasets.writing import write_table
from hypnic.schemas import TABLES

if TYPE_CHECKING:
    from pathlib import Path

TOOLS = {
    "google-forms": google_forms,
    "qualtrics": qualtrics,
    "qualtrics (split)": partial(qualtrics, split=True),
    "redcap": redcap,
    "odk": odk,
    "odk (Kobo)": kobo,
    "limesurvey": limesurvey,
    "limesurvey (full answers)": partial(limesurvey, full=True),
}
WORKBOOKS = ("google-forms", "qualtrics", "odk (Kobo)")


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("tool", "ending"), [*((tool, ".csv") for tool in TOOLS), *((tool, ".xlsx") for tool in WORKBOOKS)]
)
def test_an_export_as_its_tool_lays_it_out_is_converted_without_findings(tool, ending, table, tmp_path: Path) -> None:
    rows = demo(table)
    TOOLS[tool](tmp_path / f"export{ending}", table, rows)
    codebook = None
    if tool in {"redcap", "limesurvey"}:  # their codes are positions, which nothing in the export explains
        made = {"redcap": lambda path: data_dictionary(path, [table]), "limesurvey": lambda p: list_of_labels(p, table)}
        made[tool](tmp_path / "codebook.csv")
        codebook = read_codebook(tmp_path / "codebook.csv")
    conversion = convert(tool.partition(" ")[0], tmp_path / f"export{ending}", codebook=codebook)
    assert (conversion.table, conversion.complete) == (table, True)
    assert not [line for line in conversion.said if line.startswith("left out as no question")]
    write_table(conversion.frame, tmp_path / f"{table}.csv")
    assert check(tmp_path / f"{table}.csv").to_dicts() == []
    made = pl.read_csv(tmp_path / f"{table}.csv", infer_schema=False)
    truth = pl.DataFrame(rows).with_columns(pl.when(pl.all() != "").then(pl.all()))
    assert typed(made.drop("participant_id"), TABLES[table]).equals(typed(truth.drop("participant_id"), TABLES[table]))
    pairs = set(zip(made["participant_id"], truth["participant_id"], strict=True))
    people = truth["participant_id"].n_unique()
    assert (len(pairs), made["participant_id"].n_unique()) == (people, people)
