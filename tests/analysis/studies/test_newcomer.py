"""A study that joins: one module's worth of code and one line in the registry, and everything runs on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import hypnic.analysis
from hypnic.analysis import Estimand, Study, estimate, study
from hypnic.analysis.results import results
from hypnic.analysis.studies import STUDIES, Instrument, instruments
from hypnic.analysis.studies.instrument import Interaction, Phrase, Style
from hypnic.analysis.studies.sets import AnalysisSet
from hypnic.analysis.studies.study import Content, People

# What a newcomer writes, in a module of its own: what is asked, what is compared, and how the answers are read.
TEA = Estimand(
    "teahouse", "tea", "cups", 2, "2 cups a day", "a day", ("age",), "jerks", "cloglog", "HC3"
)  # fmt: skip
TEAHOUSE = Instrument(
    name="teahouse",
    title="Teahouse",
    design="survey",
    times="as many nights with a jerk",
    estimands=(TEA,),
    phrases={"tea": Phrase("{} cups a day", "Each {} cups of tea a day", "cups")},
    style=Style("third", "D"),
    difference_units={"jerks": "nights of 30"},
    knots={"tea": (1, 2, 4, 6)},
    interactions=(Interaction("tea", "age", "10 years of age", 10, joint=False),),
    leaves_out={"raking": "guests are of no population"},
)


def _read(_: Path | None) -> Content:
    rng = np.random.default_rng(6)
    cups, age = rng.integers(0, 8, 300), rng.integers(20, 80, 300)
    frame = pl.DataFrame({"guest": range(300), "cups": cups, "age": age, "sex": rng.choice(["female", "male"], 300)})
    nights = rng.binomial(30, 1 - np.exp(-0.1 * 1.2 ** (cups / 2)))
    frame = frame.with_columns(nights=pl.Series(nights), asked=pl.lit(30))
    return Content((AnalysisSet(TEAHOUSE, frame, "guest", ("nights", "asked"), TEAHOUSE.estimands),), {"tea.csv": "0"})


TEA_STUDY = Study(
    name="tea",
    title="Sleep starts among synthetic guests of a teahouse",
    synthetic=True,
    notices=("Synthetic data.",),
    threats=("Nobody answered.",),
    instruments=(TEAHOUSE,),
    read=_read,
    people=People(("sex",), lambda _: ["female", "male"]),
    people_note=lambda content, *_: f"{content.sets[0].frame.height} guests.",
)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the line in the registry."""
    monkeypatch.setitem(STUDIES, "tea", TEA_STUDY)


def test_its_estimates_come_by_name_from_every_analysis_that_suits_it() -> None:
    found = estimate("tea", only=["primary", "differences", "leaving out", "splines", "interactions", "E-values"])
    assert set(found["analysis"]) == {"primary", "differences", "leaving out", "splines", "interactions", "E-values"}
    assert set(found["study"]) == {"tea"}
    assert set(found["status"]) == {"estimated"}
    row = found.row(0, named=True)
    assert row["conf_low"] < 1.2 < row["conf_high"]


def test_what_its_instrument_leaves_out_is_not_run() -> None:
    assert estimate("tea", only=["raking"]).is_empty()


def test_its_instrument_is_known_by_name_and_its_answers_are_described() -> None:
    assert instruments()["teahouse"] is TEAHOUSE
    found = results(study("tea"))
    assert found.answers.people["sex"].height > 0
    assert [one.estimand.exposure for one in found.checks["teahouse"]] == ["tea"]
    assert found.doses["teahouse", "tea"].curve is not None


def test_no_other_file_of_the_analysis_names_the_studies_that_there_are() -> None:
    """A newcomer touches its own module and the registry: a study's module is imported nowhere else.

    (Some read a file format of their own; then a module of `datasets` is the third.)
    """
    root = Path(hypnic.analysis.__file__).parent
    modules = [f"hypnic.analysis.studies.{name}" for name in ("demo", "open")]
    importers = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(f"from {module} import" in path.read_text("utf-8") for module in modules)
    }
    assert importers == {"studies/registry.py"}
