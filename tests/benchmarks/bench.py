"""How large work compares with a yardstick that is run in the same minute: ratios, and the memory each takes.

`nox -s bench` runs every case five times, ours and its yardstick in turn, each in a process of its own that imports
first and is timed after; it prints the median ratio of wall and CPU time, that of whole processes (imports included),
with peak memory, and says what got slower than the table in `guide/scale.md`. Each case has its share of `--minutes`
(12): the column `rounds` says how many rounds there was time for. A yardstick that does not fit the memory at a size is
run at a smaller one and counted as many times as that is smaller, which the table says. `-- NAME...` runs some cases,
`--rows 1e7` takes another size, `--rounds 3` fewer rounds, and `--keep` writes the table. Data are synthetic.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
import polars as pl

GUIDE = Path(__file__).parents[2] / "guide" / "scale.md"
MARKS = "<!-- kept: written by `nox -s bench -- --keep` -->\n", "<!-- end of kept -->\n"
TERMS = ["caffeine", "alcohol", "stress", "late", "loss", "free", "sex", "age", "shift", "nicotine"]
SMOOTH = [*TERMS[:8], "x1", "x2"]
WITHIN = ["x1", "x2", "x3", "x4"]
SLOWER = 1.25


class Case(NamedTuple):
    """Ours and what it is held against, the ratio to reach, the library that the yardstick is, and rows.

    The yardstick is run on `most` rows at most, and counted as many times as there are more.
    """

    ours: str
    yardstick: str
    reach: float
    library: str
    rows: int | None = 1_000_000
    most: int = 100_000_000


CASES = {
    "clustered Poisson, 10 terms": Case("patterns", "glm", 0.06, "statsmodels", most=1_000_000),
    "the same, two terms never repeat": Case("blocks", "glm_smooth", 0.15, "statsmodels", most=1_000_000),
    "clustered Poisson, 10 terms, again": Case("patterns", "glum", 0.5, "glum"),
    "within-person Poisson, 4 terms": Case("persons", "fepois", 0.1, "pyfixest", 300_000),
    "within-person Poisson, 4 terms, again": Case("persons", "conditional", 0.03, "statsmodels", 300_000),
    "tidy diary to Parquet": Case("tidy", "scan", 2.0, "polars"),
    "200 draws of persons, demo": Case("draws", "fits", 0.1, "hypnic", None),
}


def panel(rows: int, path: Path) -> None:
    """Write nights of 30 a person: terms as people answer them, two and more that never repeat, and a count."""
    rng = np.random.default_rng(20261126)
    people = -(-rows // 30)
    person, night = np.repeat(np.arange(people), 30)[:rows], np.tile(np.arange(30), people)[:rows]
    habit, stressed = rng.gamma(1.5, 80, people)[person], rng.normal(4, 1.5, people)[person]
    columns: dict[str, Any] = {
        "participant_id": person.astype(np.int32),
        "caffeine": np.minimum(rng.poisson(habit / 50) * (rng.random(rows) < 0.6) * 50, 600).astype(np.int16),
        "alcohol": ((rng.random(rows) < 0.35) * rng.integers(1, 9, rows) * 8).astype(np.int16),
        "stress": np.clip(np.rint(stressed + rng.normal(0, 1.5, rows)), 0, 10).astype(np.int8),
        "late": (rng.random(rows) < 0.12).astype(np.int8),
        "loss": np.clip(np.rint(rng.normal(0.7, 1.2, rows)), -2, 4).astype(np.int8),
        "free": (night % 7 >= 5).astype(np.int8),
    }
    for name, levels in {"sex": 2, "age": 4, "shift": 2, "nicotine": 2}.items():
        columns[name] = rng.integers(0, levels, people)[person].astype(np.int8)
    columns |= {name: rng.normal(size=rows) for name in WITHIN}
    eta = -1.6 + 0.001 * columns["caffeine"] + 0.06 * columns["stress"] + 0.14 * columns["late"] + 0.05 * columns["x1"]
    rate = rng.gamma(1.2, 1 / 1.2, people)[person] * np.exp(eta)
    pl.DataFrame({**columns, "jerks": rng.poisson(rate).astype(np.int16)}).write_parquet(path, row_group_size=250_000)


def diary(rows: int, folder: Path) -> None:
    """Write clean nights as CSV, and participants: the synthetic demo again and again, with new participants."""
    from hypnic.datasets.loading import data_folder, gather

    demo = gather([data_folder() / "demo"], "nights", "participants")
    nights = demo["nights"].sort("participant_id", "night_index")
    people = demo["participants"].select("participant_id", "sleep_need_h")
    with (folder / "nights.csv").open("wb") as file:
        for copy in range(-(-rows // nights.height)):
            part = nights.head(rows - copy * nights.height)
            part = part.with_columns(pl.col("participant_id").str.replace("^p_", f"p_{copy:05}"))
            part.write_csv(file, include_header=not copy)
    copies = range(-(-rows // nights.height))
    pl.concat(
        people.with_columns(pl.col("participant_id").str.replace("^p_", f"p_{copy:05}")) for copy in copies
    ).write_parquet(folder / "participants.parquet")


def patterns(folder: Path) -> None:
    """Fit clustered Poisson on patterns."""
    from hypnic.analysis import fit

    fit(folder / "panel.parquet", "jerks", TERMS, "poisson", cluster="participant_id", covariance="CR1S", route="patterns")  # fmt: skip  # noqa: E501


def blocks(folder: Path) -> None:
    """Fit it in blocked passes."""
    from hypnic.analysis import fit

    fit(folder / "panel.parquet", "jerks", SMOOTH, "poisson", cluster="participant_id", covariance="CR1S", route="blocks")  # fmt: skip  # noqa: E501


def _glm(folder: Path, terms: list[str]) -> None:
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM

    frame = pl.read_parquet(folder / "panel.parquet", columns=["participant_id", "jerks", *terms])
    x = np.column_stack([np.ones(frame.height), frame.select(terms).to_numpy()]).astype(float)
    model = GLM(frame["jerks"].to_numpy().astype(float), x, family=families.Poisson())
    model.fit(cov_type="cluster", cov_kwds={"groups": frame["participant_id"].to_numpy()})


def glm(folder: Path) -> None:
    """Fit clustered Poisson by statsmodels on all rows."""
    _glm(folder, TERMS)


def glm_smooth(folder: Path) -> None:
    """Fit the same with two terms that never repeat."""
    _glm(folder, SMOOTH)


def glum(folder: Path) -> None:
    """Fit clustered Poisson by glum on all rows, without a penalty."""
    from glum import GeneralizedLinearRegressor

    frame = pl.read_parquet(folder / "panel.parquet", columns=["participant_id", "jerks", *TERMS])
    x, y = frame.select(TERMS).to_numpy().astype(float), frame["jerks"].to_numpy().astype(float)
    model = GeneralizedLinearRegressor(family="poisson", alpha=0, gradient_tol=1e-8).fit(x, y)
    model.std_errors(x, y, clusters=frame["participant_id"].to_numpy())


def persons(folder: Path) -> None:
    """Fit within-person Poisson person by person, from a frame in memory."""
    from hypnic.analysis import fit

    fit(_frame(folder), "jerks", WITHIN, "fe-poisson", groups="participant_id", covariance="CR1S", route="persons")


def fepois(folder: Path) -> None:
    """Fit the same by pyfixest."""
    import pyfixest

    data = _pandas(folder)
    pyfixest.fepois(f"jerks ~ {' + '.join(WITHIN)} | participant_id", data, vcov={"CRV1": "participant_id"})


def conditional(folder: Path) -> None:
    """Fit the same by statsmodels."""
    from statsmodels.discrete.conditional_models import ConditionalPoisson

    data = _pandas(folder)
    ConditionalPoisson(data["jerks"], data[WITHIN], groups=data["participant_id"]).fit(disp=False)


HELD: dict[str, Any] = {}


def _frame(folder: Path) -> pl.DataFrame:
    if "frame" not in HELD:
        HELD["frame"] = pl.read_parquet(folder / "panel.parquet", columns=["participant_id", "jerks", *WITHIN])
    found: pl.DataFrame = HELD["frame"]
    return found


def _pandas(folder: Path) -> Any:
    if "pandas" not in HELD:
        HELD["pandas"] = _frame(folder).to_pandas()
    return HELD["pandas"]


def tidy(folder: Path) -> None:
    """Tidy a diary, lags and means included."""
    from hypnic.analysis.scale.tidied import tidy as run

    with tempfile.TemporaryDirectory(dir=folder) as place:
        run(folder / "nights.csv", folder / "participants.parquet", Path(place) / "tidy")


def scan(folder: Path) -> None:
    """Scan the same file in one streaming pass, typed, counting what is missing."""
    from hypnic.analysis.scale.tidied import clean_scan
    from hypnic.schemas import Nights

    clean_scan(folder / "nights.csv", Nights).select(pl.all().null_count()).collect(engine="streaming")


def _question() -> Any:
    from hypnic.analysis import questions, study

    if "asked" not in HELD:
        HELD["asked"] = questions(study("demo").sets[0])[0]
    return HELD["asked"]


def draws(_: Path) -> None:
    """Draw persons 200 times on rows read once."""
    from hypnic.analysis.scale.bootstrap import bootstrap

    asked = _question()
    bootstrap(asked.exposed(), "jerk_count", [*asked.terms, *asked.estimand.adjustment], "participant_id")


def fits(_: Path) -> None:
    """Fit 200 times."""
    from hypnic.analysis.regression.fit import fit

    asked = _question()
    frame, terms = asked.exposed(), [*asked.terms, *asked.estimand.adjustment]
    for _number in range(200):
        fit(frame, "jerk_count", terms, "fe-poisson", groups="participant_id", covariance="CR1S")


WORK: dict[str, Callable[[Path], None]] = {
    work.__name__: work
    for work in (patterns, blocks, glm, glm_smooth, glum, persons, fepois, conditional, tidy, scan, draws, fits)
}
# A first call that compiles, or fills caches, is no fair time of a library: these are timed the second time.
WARM = ("persons", "fepois", "conditional", "draws", "fits")


def run(name: str, folder: Path) -> None:
    """Do one piece of work and print its wall and CPU seconds and peak memory."""
    import warnings

    import hypnic.analysis.scale.routes  # noqa: F401  -- imports are not timed

    warnings.simplefilter("ignore")
    for word, library in {"glm": "statsmodels.genmod.generalized_linear_model", "glum": "glum"}.items():
        if word in name:
            importlib.import_module(library)
    for _ in range(2 if name in WARM else 1):
        wall, cpu = time.perf_counter(), time.process_time()
        WORK[name](folder)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps([wall, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))


def measured(name: str, folder: Path) -> list[float]:
    """Do it in a process of its own: wall and CPU seconds, peak memory, and the CPU seconds of the whole process."""
    call = [sys.executable, "-P", __file__, "--run", name, str(folder)]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
    before = _children()
    done = subprocess.run(call, check=True, capture_output=True, text=True, env=environment)  # noqa: S603
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return [*found, _children() - before]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compared(name: str, case: Case, rows: int | None, rounds: int, seconds: float) -> dict[str, Any]:
    """Run a case and its yardstick in turn, as often as there are seconds for; once at least."""
    its_rows = None if rows is None else min(rows, case.most)
    times = 1 if rows is None or its_rows is None else rows / its_rows
    pairs: list[tuple[list[float], list[float]]] = []
    with tempfile.TemporaryDirectory() as place:
        folder, its = Path(place) / "ours", Path(place) / "its"
        _data(case, rows, folder)
        if its_rows != rows:
            _data(case, its_rows, its)
        start = time.perf_counter()
        while len(pairs) < rounds and (not pairs or (time.perf_counter() - start) * (1 + 1 / len(pairs)) < seconds):
            pairs.append((measured(case.ours, folder), measured(case.yardstick, its if its_rows != rows else folder)))
    wall, cpu, whole = ([ours[k] / (other[k] * times) for ours, other in pairs] for k in (0, 1, 3))
    told = "" if times == 1 else f", at {its_rows:,} rows x {times:g}"
    numbers = {
        "CPU ratio": median(cpu), "wall ratio": median(wall), "whole process": median(whole), "reach": case.reach,
        "CPU seconds": median(ours[1] for ours, _ in pairs), "its": median(other[1] for _, other in pairs),
    }  # fmt: skip
    return {
        "work": name, "rows": "-" if rows is None else f"{rows:,}", "yardstick": case.yardstick,
        **{key: f"{value:.3g}" for key, value in numbers.items()},
        "MB": f"{median(ours[2] for ours, _ in pairs):.0f}", "its MB": f"{median(other[2] for _, other in pairs):.0f}",
        "rounds": str(len(pairs)), "version": f"{case.library} {_version(case.library)}{told}",
    }  # fmt: skip


def _data(case: Case, rows: int | None, folder: Path) -> None:
    folder.mkdir()
    if rows is not None:
        (diary if case.ours == "tidy" else _panel_in)(rows, folder)


def _panel_in(rows: int, folder: Path) -> None:
    panel(rows, folder / "panel.parquet")


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def kept() -> list[dict[str, str]]:
    """Read the table of the guide."""
    text = GUIDE.read_text("utf-8") if GUIDE.is_file() else ""
    lines = [line for line in text.partition(MARKS[0])[2].partition(MARKS[1])[0].splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]] if cells else []


def slower(row: dict[str, Any], before: list[dict[str, str]]) -> str:
    """Say whether a ratio of CPU time is larger than the kept one."""
    same = [one for one in before if all(one[key] == str(row[key]) for key in ("work", "rows", "yardstick"))]
    if not same:
        return "no kept ratio"
    now, then = float(row["CPU ratio"]), float(same[0]["CPU ratio"])
    return f"SLOWER: {then:g} was kept" if now > SLOWER * then else f"as kept ({then:g})"


def keep(rows: list[dict[str, Any]]) -> None:
    """Write the table of the guide: new rows in the place of old ones of the same work, size and yardstick."""
    text = GUIDE.read_text("utf-8")
    new = {tuple(str(row[key]) for key in ("work", "rows", "yardstick")): row for row in rows}
    old = {tuple(row[key] for key in ("work", "rows", "yardstick")): row for row in kept()}
    every = [{**old, **new}[key] for key in sorted({**old, **new})]
    names = list(every[0])
    lines = [names, ["---"] * len(names), *([str(row[name]) for name in names] for row in every)]
    told = f"{_about()}\n\n" + "".join(f"| {' | '.join(line)} |\n" for line in lines)
    start, end = (re.escape(mark) for mark in MARKS)
    GUIDE.write_text(re.sub(f"(?s){start}.*{end}", lambda _: f"{MARKS[0]}\n{told}\n{MARKS[1]}", text), "utf-8")


def _about() -> str:
    libraries = ", ".join(f"{one} {_version(one)}" for one in ("polars", "numpy", "scipy"))
    return (
        f"Measured {datetime.now(UTC):%B %Y} on {os.cpu_count()} shared cores ({platform.machine()}), Python"
        f" {platform.python_version()}, {libraries}. The machine was busy: trust ratios of CPU time most."
    )


def main() -> None:
    """Run the cases and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"words of: {'; '.join(CASES)}")
    parser.add_argument("--rows", type=float)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("--run", nargs=2)
    asked = parser.parse_args()
    if asked.run:
        run(asked.run[0], Path(asked.run[1]))
        return
    before, rows = kept(), []
    some = {
        name: case
        for name, case in CASES.items()
        if not asked.names or any(word in (name, case.ours, case.yardstick) for word in asked.names)
    }
    for name, case in some.items():
        if _version(case.library) == "not installed":
            print(f"{name}: {case.library} is not installed, so there is nothing to hold it against")
            continue
        size = int(asked.rows) if asked.rows and case.rows else case.rows
        row = compared(name, case, size, asked.rounds, 60 * asked.minutes / len(some))
        rows.append(row)
        print("; ".join(f"{key} {value}" for key, value in row.items()), "--", slower(row, before), flush=True)
    if asked.keep:
        keep(rows)


if __name__ == "__main__":
    main()
