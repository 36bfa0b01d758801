"""Pieces of large work, and what they are held against: each is run in a process of its own.

`python -P tests/benchmarks/work.py NAME FOLDER` does one piece on the data of a folder, and prints its seconds and its
peak memory; imports are not timed. It starts as the command line does; yardsticks have the same settings.
"""

from __future__ import annotations

import importlib
import json
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypnic.starting import start_sooner

start_sooner()

import numpy as np  # noqa: E402  -- after the start, as in the command line
import polars as pl  # noqa: E402

TERMS = ["caffeine", "alcohol", "stress", "late", "loss", "free", "sex", "age", "shift", "nicotine"]
SMOOTH = [*TERMS[:8], "x1", "x2"]
WITHIN = ["x1", "x2", "x3", "x4"]


def patterns(folder: Path) -> None:
    """Fit clustered Poisson on patterns."""
    from hypnic.analysis import fit

    fit(folder / "panel", "jerks", TERMS, "poisson", cluster="participant_id", covariance="CR1S", route="patterns")  # fmt: skip  # noqa: E501


def blocks(folder: Path) -> None:
    """Fit it in blocked passes."""
    from hypnic.analysis import fit

    fit(folder / "panel", "jerks", SMOOTH, "poisson", cluster="participant_id", covariance="CR1S", route="blocks")  # fmt: skip  # noqa: E501


def _glm(folder: Path, terms: list[str]) -> None:
    from statsmodels.genmod import families
    from statsmodels.genmod.generalized_linear_model import GLM

    frame = pl.read_parquet(folder / "panel", columns=["participant_id", "jerks", *terms])
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

    frame = pl.read_parquet(folder / "panel", columns=["participant_id", "jerks", *TERMS])
    x, y = frame.select(TERMS).to_numpy().astype(float), frame["jerks"].to_numpy().astype(float)
    model = GeneralizedLinearRegressor(family="poisson", alpha=0, gradient_tol=1e-8).fit(x, y)
    model.std_errors(x, y, clusters=frame["participant_id"].rank("dense").to_numpy() - 1)


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
        HELD["frame"] = pl.read_parquet(folder / "panel", columns=["participant_id", "jerks", *WITHIN])
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


def peak() -> float:
    """Give the MB that this program took at most; its parent does not count."""
    status = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def run(name: str, folder: Path) -> None:
    """Do one piece of work and print its wall and CPU seconds and peak memory."""
    import hypnic.analysis.scale.routes  # imports are not timed
    import hypnic.schemas  # noqa: F401

    warnings.simplefilter("ignore")
    for word, library in {"glm": "statsmodels.genmod.generalized_linear_model", "glum": "glum"}.items():
        if word in name:
            importlib.import_module(library)
    for _ in range(2 if name in WARM else 1):
        wall, cpu = time.perf_counter(), time.process_time()
        WORK[name](folder)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps([wall, cpu, peak()]))


if __name__ == "__main__":
    run(sys.argv[1], Path(sys.argv[2]))
