"""NHANES 2005-2008 (National Center for Health Statistics) as one checked row per sample person."""

from pathlib import Path
from typing import Final, NamedTuple

import polars as pl
from pandera.errors import SchemaErrors

from hypnic.datasets.nhanes.files import read_table, table_paths
from hypnic.datasets.nhanes.recodes import NO, person_columns
from hypnic.errors import HypnicError
from hypnic.schemas.cdc import CYCLES, SOURCES
from hypnic.schemas.nhanes import LEG_NIGHTS, NhanesPerson

NOTICE: Final = (
    "NHANES data are for statistical reporting and analysis only. Under the NCHS Data User Agreement you "
    "make no attempt to learn the identity of any person and link these data to nothing that could tell it. "
    "Cite: CDC/NCHS. National Health and Nutrition Examination Survey Data. Hyattsville, MD: U.S. Department "
    f"of Health and Human Services, CDC, {' and '.join(CYCLES.values())}. "
    "Drug classes: Multum Lexicon, Cerner Multum, Inc."
)

AFTERNOON_S: Final = 14 * 3600


class DrugClass(NamedTuple):
    """Multum category codes, and whether an ingredient of a combination counts as well as the product."""

    codes: tuple[int, ...]
    ingredients: bool


# 208 SSRI, 308 SSNRI antidepressants; 71 CNS stimulants; 276 dopaminergic antiparkinsonism agents; 347 gabapentin
# and pregabalin.
# As an ingredient, class 71 is above all the caffeine in headache tablets.
DRUG_CLASSES: Final = {
    "ssri_snri": DrugClass((208, 308), ingredients=True),
    "stimulant": DrugClass((71,), ingredients=False),
    "dopaminergic": DrugClass((276,), ingredients=True),
    "gabapentinoid": DrugClass((347,), ingredients=True),
}
PRODUCT_CODES: Final = [f"RXDDCI{n}{level}" for n in range(1, 5) for level in "ABC"]
INGREDIENT_CODES: Final = [f"RXDICI{n}{level}" for n in range(1, 7) for level in "ABC"]
# A table that gives a person twice, an unnamed code, and text among numbers.
_OFF_CODEBOOK: Final = (
    pl.exceptions.ComputeError,
    pl.exceptions.InvalidOperationError,
    pl.exceptions.SchemaError,
)


def load_persons(source: Path | None = None) -> pl.DataFrame:
    """Return all 20,497 sample persons of 2005-2008 as `NhanesPerson` describes them, ordered by `seqn`.

    `source` is a folder of CDC's tables (`.xpt`, `.csv` or `.csv.xz`); None means `HYPNIC_NHANES`, else
    CDC's website. Shows progress on a terminal. Raises HypnicError for a file that is missing or damaged, and
    for values that CDC's codebook does not have.
    """
    person_files(source)  # all that are missing are told before any is read
    try:
        drugs = _drug_classes(source)
        from tqdm import tqdm  # here: `hypnic check` looks at the studies, and fetches nothing

        progress = tqdm(CYCLES, desc="NHANES", unit="cycle", disable=None, leave=False)
        cycles = [_cycle(cycle, drugs, source) for cycle in progress]
        persons = pl.concat(cycles, how="diagonal").lazy().select(**person_columns()).sort("seqn").collect()
        return NhanesPerson.validate(persons, lazy=True)
    except (*_OFF_CODEBOOK, SchemaErrors) as error:
        msg = "an NHANES table holds a value outside CDC's codebook, or a person twice: get its files again"
        raise HypnicError(msg) from error


def person_files(source: Path | None = None) -> list[Path]:
    """List the files that `load_persons` reads, so that a report can say what it was made from."""
    tables = [
        f"{table}_{c}" for c in CYCLES for table in dict.fromkeys(i.table for i in SOURCES.values() if c in i.cycles)
    ]
    return table_paths([*tables, "RXQ_DRUG"], source)


def leg_jerk_counts(source: Path | None = None) -> pl.DataFrame:
    """Count the answers to SLQ150 in each cycle, unweighted.

    Columns `answer`, `nights_lo`, `nights_hi` and one count per cycle; refused and don't know share a row.
    """
    labels = [*LEG_NIGHTS, "refused_or_unknown"]
    table = pl.DataFrame(
        {
            "answer": labels,
            "nights_lo": [*(lo for lo, _ in LEG_NIGHTS.values()), None],
            "nights_hi": [*(hi for _, hi in LEG_NIGHTS.values()), None],
        }
    )
    for cycle, years in CYCLES.items():
        codes = _person_table("SLQ", cycle, source)["SLQ150"]
        answers = codes.cast(pl.Int64).replace_strict(dict(enumerate(LEG_NIGHTS)), return_dtype=pl.String)
        counts = answers.fill_null(labels[-1]).value_counts(name=years).rename({"SLQ150": "answer"})
        table = table.join(counts, on="answer", how="left", maintain_order="left")
    return table.with_columns(pl.col(*CYCLES.values()).fill_null(0))


def _person_table(table: str, cycle: str, source: Path | None) -> pl.DataFrame:
    """Read the variables that `SOURCES` lists for one table, with their missing codes set to null."""
    items = {v: item for v, item in SOURCES.items() if item.table == table and cycle in item.cycles}
    frame = read_table(f"{table}_{cycle}", ["SEQN", *items], source)
    return frame.with_columns(
        pl.col(v).replace(dict.fromkeys(item.missing)) for v, item in items.items() if item.missing
    )


def _cycle(cycle: str, drugs: pl.DataFrame, source: Path | None) -> pl.DataFrame:
    """Join the tables of one cycle to its sample persons (`DEMO`)."""
    persons = _person_table("DEMO", cycle, source)
    for table in ("SLQ", "DPQ", "HSQ", "ALQ", "PAQ", "BMX", "SMQ", "DR1TOT", "DR2TOT"):
        persons = persons.join(_person_table(table, cycle, source), on="SEQN", how="left", validate="1:1")
    for day in (1, 2):
        persons = persons.join(_afternoon_caffeine(day, cycle, source), on="SEQN", how="left", validate="1:1")
    return persons.join(_medicines(cycle, drugs, source), on="SEQN", how="left", validate="1:1")


def _afternoon_caffeine(day: int, cycle: str, source: Path | None) -> pl.DataFrame:
    """Sum one recall's caffeine from 14:00 on, per person who recalled any food (column `AFTERNOON<day>`)."""
    foods = _person_table(f"DR{day}IFF", cycle, source).lazy()
    late = pl.col(f"DR{day}ICAFF").filter(pl.col(f"DR{day}_020") >= AFTERNOON_S)
    return foods.group_by("SEQN").agg(late.sum().alias(f"AFTERNOON{day}")).collect()


def _drug_classes(source: Path | None) -> pl.DataFrame:
    """Say for each drug id whether it belongs to each of `DRUG_CLASSES`."""
    drugs = read_table("RXQ_DRUG", ["RXDDRGID", *PRODUCT_CODES, *INGREDIENT_CODES], source)
    classes = {}
    for name, (codes, ingredients) in DRUG_CLASSES.items():
        of_class = pl.col(PRODUCT_CODES + INGREDIENT_CODES * ingredients).cast(pl.Int64).is_in(codes)
        classes[name] = pl.any_horizontal(of_class.fill_null(value=False))
    return drugs.select("RXDDRGID", **classes)


def _medicines(cycle: str, drugs: pl.DataFrame, source: Path | None) -> pl.DataFrame:
    """Say per person whether any prescribed drug is of a class; null if only an unnamed one could be."""
    taken = _person_table("RXQ_RX", cycle, source).join(drugs, on="RXDDRGID", how="left", validate="m:1")
    none_taken = pl.col("RXDUSE") == NO
    of_class = [
        pl.when(none_taken).then(statement=False).otherwise(pl.col(name)).any(ignore_nulls=False).alias(name)
        for name in DRUG_CLASSES
    ]
    return taken.group_by("SEQN").agg(of_class)
