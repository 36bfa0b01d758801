"""The first rows of the synthetic demo, saved in many dialects: all read to equal frames.

`python tests/benchmarks/dialects.py` prints a line for each dialect; `--samples DIR` writes a few small ones.
"""

from __future__ import annotations

import csv
import gzip
import io
import itertools
import random
import re
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import polars as pl

from hypnic.datasets.checking.files import check_opened
from hypnic.datasets.checking.opened import open_table
from hypnic.datasets.loading import data_folder

ROWS, SEED = 40, 1729
BOMS = {"utf-8-sig": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
ENDS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}


class Saved(NamedTuple):
    """A dialect to save a table in; `pad` adds empty rows and columns after it."""

    encoding: str
    separator: str
    decimal: str
    ends: str
    quoting: int
    packed: bool = False
    pad: bool = False

    @property
    def name(self) -> str:
        """Name it as a file: `cp1252-semicolon-comma-crlf-all`."""
        quoting = {csv.QUOTE_ALL: "all", csv.QUOTE_MINIMAL: "minimal"}[self.quoting]
        decimal = {".": "point", ",": "decimalcomma"}[self.decimal]
        extra = f"{'-padded' if self.pad else ''}{'.gz' if self.packed else ''}"
        return f"{self.encoding}-{self.separator}-{decimal}-{self.ends.lower()}-{quoting}{extra}"


def dialects() -> list[Saved]:
    """List every separator with every line end and decimal sign, the encodings and quotings drawn for each."""
    draw = random.Random(SEED)  # noqa: S311 -- the same files each time
    encodings = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
    listed = [
        Saved(encoding, separator, decimal, draw.choice(list(ENDS)), draw.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
              draw.random() < 0.2, draw.random() < 0.3)
        for encoding, separator, decimal in itertools.product(encodings, SEPARATORS, ".,")
        if decimal == "." or separator != "comma"
    ]  # fmt: skip
    ends = [
        Saved("utf-8", "comma", ".", end, quoting) for end in ENDS for quoting in (csv.QUOTE_ALL, csv.QUOTE_MINIMAL)
    ]
    return list(dict.fromkeys([*listed, *ends]))


def demo(table: str, rows: int = ROWS) -> list[list[str]]:
    """Give the header and the first rows of a synthetic demo table, with one letter outside ASCII after them."""
    with (data_folder() / "demo" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        lines = list(itertools.islice(csv.reader(file), rows + 1))
    lines[1][lines[0].index("exercise_type" if table == "nights" else "recruitment_source")] = "café"
    return lines


def save(cells: list[list[str]], how: Saved, path: Path) -> Path:
    """Write a table in a dialect."""
    if how.pad:
        cells = [*([*row, "", ""] for row in cells), *([""] * (len(cells[0]) + 2) for _ in range(3))]
    if how.decimal == ",":
        cells = [[re.sub(r"^(-?\d+)\.(\d+)$", r"\1,\2", cell) if n else cell for cell in row]
                 for n, row in enumerate(cells)]  # fmt: skip
        if "schema_version" in cells[0]:
            place = cells[0].index("schema_version")
            cells = [[*row[:place], row[place].replace(",", "."), *row[place + 1 :]] for row in cells]
    buffer = io.StringIO(newline="")
    csv.writer(
        buffer, delimiter=SEPARATORS[how.separator], lineterminator=ENDS[how.ends], quoting=how.quoting  # type: ignore[arg-type]
    ).writerows(cells)  # fmt: skip
    content = BOMS.get(how.encoding, b"") + buffer.getvalue().encode(how.encoding)
    path.write_bytes(gzip.compress(content, mtime=0) if how.packed else content)
    return path


def save_workbook(cells: list[list[str]], path: Path) -> Path:
    """Write a table as a workbook: numbers as numbers, words as words, on the second of two sheets and the first."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("answers")
        book.add_worksheet("notes").write(0, 0, "nothing here")
        for number, row in enumerate(cells):
            for place, cell in enumerate(row):
                if re.fullmatch(r"-?\d+(\.\d+)?", cell) and cells[0][place] != "schema_version":
                    sheet.write_number(number, place, float(cell))
                elif cell in {"true", "false"}:
                    sheet.write_boolean(number, place, cell == "true")
                elif cell:
                    sheet.write_string(number, place, cell)
    return path


def same(path: Path, plain: Path) -> bool:
    """Whether two files give equal frames, equal findings in equal places, and the same physical lines."""
    ours, theirs = open_table(path), open_table(plain)
    found = [check_opened([file]).drop("file") for file in (ours, theirs)]
    blanks = ours.text.frame.width - theirs.text.frame.width
    return (
        ours.cast.frame.equals(theirs.cast.frame)
        and found[0].drop("value").equals(found[1].drop("value"))
        and not found[0].is_empty()
        and blanks in {0, 2}
    )


def results(folder: Path, rows: int = ROWS) -> pl.DataFrame:
    """Save both tables in every dialect, and tell of each whether it reads as the plain file does."""
    told = []
    for table in ("participants", "nights"):
        cells = demo(table, rows)
        plain = save(cells, Saved("utf-8", "comma", ".", "LF", csv.QUOTE_MINIMAL), folder / f"{table}.csv")
        for how in dialects():
            path = save(cells, how, folder / f"{table}-{how.name}.csv")
            told.append((table, how.name, str(open_table(path).text.dialect), same(path, plain)))
        book = save_workbook(cells, folder / f"{table}.xlsx")
        told.append((table, "xlsx", str(open_table(book).text.dialect), same(book, plain)))
    return pl.DataFrame(told, schema=["table", "saved as", "read as", "equal"], orient="row")


def samples(folder: Path) -> None:
    """Write four small files, of three synthetic nights each."""
    cells = demo("nights", 3)
    for how in (
        Saved("cp1252", "semicolon", ",", "CRLF", csv.QUOTE_MINIMAL),
        Saved("utf-16", "tab", ".", "CRLF", csv.QUOTE_ALL),
        Saved("utf-8-sig", "pipe", ",", "CR", csv.QUOTE_ALL, pad=True),
        Saved("utf-8", "comma", ".", "LF", csv.QUOTE_ALL, packed=True),
    ):
        name = f"synthetic-nights-{how.name}"
        save(cells, how, folder / (name.replace(".gz", ".csv.gz") if how.packed else f"{name}.csv"))


def main() -> None:
    """Print the table, or write the samples."""
    if sys.argv[1:2] == ["--samples"]:
        samples(Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as folder:
        told = results(Path(folder))
    with pl.Config(tbl_rows=-1, fmt_str_lengths=80, tbl_width_chars=160, tbl_hide_dataframe_shape=True):
        print(told)
    print(f"{told['equal'].sum()} of {told.height} files equal, in {told['saved as'].n_unique()} dialects")


if __name__ == "__main__":
    main()
