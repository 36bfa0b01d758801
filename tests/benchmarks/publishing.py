"""What the publishable form takes away, and what it costs.

`nox -s benchmarks -- publishing` publishes the demo and three invented submissions (60, 300 and 1,200 people, a third
of them with a diary) one after the other, each judged with those before it. It prints the smallest class (k) and the
smallest number of different answers in a class (l) before and after, of all and of those with a diary, the cells that
were taken away by column, and the ten primary ratios from the raw and from the publishable form next to each other.
"""

from __future__ import annotations

import random
import tempfile
from collections import defaultdict
from pathlib import Path

import polars as pl

from hypnic.analysis.programme.primary import rows as primary
from hypnic.analysis.studies import volunteers
from hypnic.datasets.checking.opened import open_table
from hypnic.datasets.cohort.simulation import simulate, write
from hypnic.datasets.intake.account import FEW, FEW_AS_TYPED
from hypnic.datasets.intake.classes import LEAST, WANTED, Tables, judge, people_of
from hypnic.datasets.intake.published import read_published
from hypnic.datasets.intake.submission import Sent, submit
from hypnic.datasets.loading import data_folder

SIZES = {"invented, 60": (60, 11), "invented, 300": (300, 12), "invented, 1200": (1200, 13)}  # people, seed
FACTS = """title = "{}"
data_state = "{}"
collection = "simulation"
period = "2026 Q3"
consent = "Nobody was asked: a program drew these answers."
licence = "CC0-1.0"
contact_role = "other"
"""


def folders(to: Path) -> dict[str, Path]:
    """Give the demo and the invented folders as they are sent."""
    made = {"demo": data_folder() / "demo"}
    for name, (people, seed) in SIZES.items():
        folder = to / name.replace(", ", "-")
        write(simulate(people, people // 3, 14, seed), folder)
        (folder / "submission.toml").write_text(FACTS.format(name.replace(",", "").capitalize(), "survey"), "utf-8")
        made[name] = folder
    return made


def diversity(folders: list[Tables], of: Tables) -> int:
    """Give the fewest different answers on medicines that a class has, of those that somebody of a folder is in."""
    classes: dict[tuple[tuple[str, ...], bool], set[str | None]] = defaultdict(set)
    for person in (person for tables in folders for person in people_of(tables)):
        classes[person.look, person.diary].add(person.tells[1])
    return min(len(classes[person.look, person.diary]) for person in people_of(of))


def with_a_diary(tables: Tables) -> Tables:
    """Give the people with nights alone."""
    diarists = tables["nights"]["participant_id"].unique().implode()
    return {**tables, "participants": tables["participants"].filter(pl.col("participant_id").is_in(diarists))}


def standing(name: str, raw: Tables, together: list[Tables], sent: Sent) -> dict[str, object]:
    """Say how well the people of a folder are hidden: as typed, and published among those of its data state."""
    before, own = judge(raw), together[-1]
    few = pl.col("reason").is_in([FEW, FEW_AS_TYPED])
    cells = sent.account.filter(few).group_by("column", maintain_order=True).agg(pl.col("cells").sum())
    return {
        "folder": name, "people": raw["participants"].height,
        "with a diary": with_a_diary(raw)["participants"].height, "k raw": before.k,
        "k raw, diarists": judge(with_a_diary(raw)).k,
        f"in classes under {LEAST}": sum(n for size, n in before.small.items() if size < LEAST),
        f"under {WANTED}": sum(before.small.values()), "l raw": diversity([raw], raw),
        "k, published": sent.hidden.k, "k, published, diarists": judge(*together, of=with_a_diary(own)).k,
        "l, published": diversity(together, own), "k, alone": judge(own).k, **dict(cells.iter_rows()),
    }  # fmt: skip


def ratios(folder: Path) -> dict[tuple[str, str], tuple[float | None, float | None, float | None]]:
    """Give the primary ratios of a folder with their limits, by design and exposure."""
    found = {}
    for data in volunteers.read([folder]).sets:
        for row in primary(data):
            if row["role"] == "primary":
                key = (str(row["design"]), str(row["exposure"]))
                found[key] = tuple(row.get(name) for name in ("estimate", "conf_low", "conf_high"))
    return found  # type: ignore[return-value]


def _said(line: tuple[float | None, ...] | None) -> str:
    if line is None or line[0] is None:
        return "none"
    return f"{line[0]:.3f} ({line[1]:.3f} to {line[2]:.3f})"


def main() -> None:
    """Publish all of them and print the tables."""
    with tempfile.TemporaryDirectory() as temporary:
        box = Path(temporary) / "box"
        table: list[dict[str, object]] = []
        accounts: list[pl.DataFrame] = []
        costs: list[dict[str, str]] = []
        shown: list[Tables] = []
        for number, (name, folder) in enumerate(folders(Path(temporary)).items()):
            sent = submit(folder, box, rng=random.Random(number))  # noqa: S311 -- the same each time
            raw = {table: open_table(folder / f"{table}.csv").cast.frame for table in ("participants", "nights")}
            shown = [*(shown if number > 1 else []), read_published(sent.folder)]  # the demo is no survey
            table.append(standing(name, raw, shown, sent))
            accounts.append(sent.account.select("column", "reason", pl.col("cells").alias(name)))
            before, after = ratios(folder), ratios(sent.folder)
            costs += [
                {"folder": name, "design": key[0], "exposure": key[1], "raw": _said(before.get(key)),
                 "published": _said(after.get(key))}
                for key in before
            ]  # fmt: skip
        cells = accounts[0]
        for account in accounts[1:]:
            cells = cells.join(account, on=["column", "reason"], how="full", coalesce=True)
        with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=200, tbl_hide_column_data_types=True,
                       fmt_str_lengths=60, tbl_hide_dataframe_shape=True):  # fmt: skip
            print(pl.DataFrame(table, infer_schema_length=None).transpose(include_header=True, column_names="folder"))
            print(cells.fill_null(0))
            print(pl.DataFrame(costs))


if __name__ == "__main__":
    main()
