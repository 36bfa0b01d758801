"""A release read by R: haven on its SPSS and Stata files, readr on its CSV, against the Parquet, cell by cell.

`nox -s benchmarks -- haven` writes the release of the demo and counts what differs; it says so where R, haven or readr
is not there (Debian: r-base-core, r-cran-haven, r-cran-readr).
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import polars as pl

from hypnic.commands.release import contents
from hypnic.datasets.release import Contents, write_release
from hypnic.datasets.release.statistical import prepared
from hypnic.datasets.release.text import flat
from hypnic.schemas.publish.labels import LETTERS, MISSING


def ready() -> bool:
    """Tell whether R and both libraries are there."""
    script = "quit(status = !all(sapply(c('haven', 'readr'), requireNamespace, quietly = TRUE)))"
    if shutil.which("Rscript") is None:
        return False
    return subprocess.run(["Rscript", "-e", script], check=False, capture_output=True).returncode == 0  # noqa: S603, S607


def unlike(found: list[object], expected: list[object]) -> int:
    """Count the cells that differ; 1 and 1.0 do not."""
    return sum(a != b for a, b in zip(found, expected, strict=True))


def text(path: Path) -> pl.DataFrame:
    """Read what R wrote, everything as text."""
    return pl.read_csv(path, infer_schema=False)


def number(cells: pl.Series) -> list[object]:
    """Give numbers where all of them are, else text."""
    return cells.cast(pl.Float64).to_list() if cells.name != "participant_id" else cells.to_list()


def differences(made: Contents, out: Path, name: str) -> dict[str, int]:
    """Count what R found otherwise in one table, by what was read."""
    frame = flat(made.tables[name]).with_columns(pl.selectors.enum().cast(pl.String))
    readr = text(out / f"{name}-readr.csv")
    sav, dta, tags = (text(out / f"{name}-{kind}.csv") for kind in ("sav", "dta", "tags"))
    counts = dict.fromkeys(("readr", "sav", "dta", "labels", "titles", "order"), 0)
    labels = {kind: set(text(out / f"{name}-{kind}labels.csv").rows()) for kind in ("sav", "dta")}
    titles = {row[0]: row[1:] for row in text(out / f"{name}-titles.csv").rows()}
    for column in prepared(made, name):
        facts, key = column.facts, column.facts.name
        said, expected = readr[key], frame[key]
        if expected.dtype == pl.Boolean:
            said = said.replace_strict({"TRUE": True, "FALSE": False}, default=None, return_dtype=pl.Boolean)
        counts["readr"] += unlike(said.cast(expected.dtype).to_list(), expected.to_list())
        cells = column.cells.to_list()
        plain = column.cells.dtype == pl.String
        counts["sav"] += unlike(sav[key].to_list() if plain else number(sav[key]), cells)
        letters = {code: LETTERS[code] for code in column.codes}
        counts["dta"] += unlike(
            dta[key].to_list() if plain else number(dta[key]),
            [None if cell in letters else cell for cell in cells],
        )
        if not plain:
            counts["dta"] += unlike(tags[key].to_list(), [letters.get(cell) if cell else None for cell in cells])
        wanted = {(key, str(code), label) for code, label in column.labels.items()}
        for kind, names in (("sav", {c: str(c) for c in column.codes}), ("dta", letters)):
            missing = {(key, names[code], MISSING[code]) for code in column.codes}
            counts["labels"] += len({row for row in labels[kind] if row[0] == key} ^ (wanted | missing))
        counts["titles"] += sum(facts.title not in str(title) for title in titles[key])
    ordered = set(text(out / f"{name}-ordered.csv")["column"])
    counts["order"] += len(ordered ^ {c.name for c in made.described[name].columns if c.ordered and c.kind == "choice"})
    return counts


def main() -> None:
    """Print what differs, table by table."""
    if not ready():
        print("skipped: this needs Rscript with haven and readr")
        return
    with tempfile.TemporaryDirectory() as temporary:
        made = contents("demo", "1")
        folder = write_release(made, Path(temporary))
        script = Path(__file__).with_suffix(".R")
        subprocess.run(["Rscript", str(script), str(folder), temporary], check=True)  # noqa: S603, S607
        print(f"{'':<22}" + "".join(f"{word:>8}" for word in ("readr", "sav", "dta", "labels", "titles", "order")))
        for name in made.tables:
            counts = differences(made, Path(temporary), name)
            print(f"{name:<22}" + "".join(f"{count:8}" for count in counts.values()))


if __name__ == "__main__":
    main()
