"""Scripts that read a release: in R from its CSV files, in Stata and SPSS from their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.datasets.release.names import stem
from hypnic.schemas.publish.labels import level_labels

if TYPE_CHECKING:
    from hypnic.datasets.release.contents import Contents
    from hypnic.schemas import Column

COLUMNS = {"text": "col_character()", "tokens": "col_character()", "flag": "col_logical()", "integer": "col_integer()"}


def r(contents: Contents) -> str:
    """Give load.R: data frames with factors, ordered where the scale is, and the words of a cell apart by choice."""
    lines = [
        *_head(contents, "# "), "# From anywhere: source('FOLDER/load.R', chdir = TRUE)", "library(readr)", "",
        "folder <- if (exists('release')) release else '.'", "",
        "# No answer is an empty cell, and nothing else is: na = '' keeps every word that looks like a missing one.",
    ]  # fmt: skip
    for name, table in contents.described.items():
        kinds = ",\n    ".join(f"{column.name} = {_r_column(column)}" for column in table.columns)
        path = f"file.path(folder, 'data', '{stem(contents.study, name)}.csv')"
        lines += [f"{name} <- read_csv({path}, na = '', col_types = cols(\n    {kinds}\n))", ""]
    return "\n".join(lines)


def _r_column(column: Column) -> str:
    if column.kind == "choice":
        levels = ", ".join(f"'{word}'" for word in level_labels(column))
        return f"col_factor(c({levels}){', ordered = TRUE' if column.ordered else ''})"
    return COLUMNS.get(column.kind, "col_double()")


def stata(contents: Contents) -> str:
    """Give load.do, which may be run twice: one frame a table; missing answers are .a to .d, left out everywhere."""
    lines = [
        *_head(contents, "* "), "* In the folder of the release: do load.do  (Stata 16 or newer)",
        "* .a not asked   .b do not know   .c refused   .d withheld   . left blank", "",
    ]  # fmt: skip
    lines += ["capture frame create default", "frame change default"]  # no frame is dropped that one stands in
    for name in contents.tables:
        lines += [f"capture frame drop {name}", f"frame create {name}"]
        lines += [f'frame {name}: use "data/{stem(contents.study, name)}.dta", clear']
    lines += ["", "frame change nights", "frlink m:1 participant_id, frame(participants)", ""]
    return "\n".join(lines)


def spss(contents: Contents) -> str:
    """Give load.sps: one data set a table; -9 to -6 are user-missing, which every procedure leaves out."""
    lines = [
        *_head(contents, "* ", "."), "* From anywhere: INSERT FILE='FOLDER/load.sps' CD=YES.",
        "* -6 withheld, -7 not asked, -8 do not know, -9 refused; system-missing was left blank.", "",
    ]  # fmt: skip
    for name in contents.tables:
        lines += [f"GET FILE='data/{stem(contents.study, name)}.sav'.", f"DATASET NAME {name}."]
    return "\n".join([*lines, "DATASET ACTIVATE nights.", ""])


def _head(contents: Contents, mark: str, end: str = "") -> list[str]:
    synthetic = [f"{mark}SYNTHETIC: nobody gave these answers{end}"] * contents.synthetic
    return [f"{mark}{contents.title}, version {contents.version}{end}", *synthetic]
