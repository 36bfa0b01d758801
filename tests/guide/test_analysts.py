"""The guide for analysts runs as it stands, and says that its data are synthetic."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import matplotlib as mpl
import pytest

from hypnic.analysis import study

pytestmark = pytest.mark.xdist_group("guide")
GUIDE = Path(__file__).parents[2] / "guide" / "analysts.py"


@pytest.fixture(scope="module")
def run():
    mpl.use("agg")
    spec = spec_from_file_location("analysts", GUIDE)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.app.run()


def texts(run) -> list[str]:
    return [output.text for output in run[0] if isinstance(getattr(output, "text", None), str)]


@pytest.mark.slow
def test_the_guide_runs_to_its_end_as_a_script():
    done = subprocess.run([sys.executable, "-P", str(GUIDE)], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stderr) == (0, "")


def test_the_guide_says_first_that_its_data_are_synthetic(run):
    assert "Every number on this page is synthetic" in texts(run)[0]


def test_the_guide_ends_with_the_frozen_ratio_within_people_and_its_picture(run):
    values = run[1]
    found = values["primary"].tidy(exponentiate=True).row(0, named=True)
    assert found["term"] == "caffeine"
    assert found["conf_low"] < study("demo").truth["diary"]["caffeine"]["target"] < found["conf_high"]
    assert [label.get_text() for label in values["axes"].get_yticklabels()] == list(values["within"].names)
    assert f"{found['estimate']:.2f}" in "\n".join(texts(run))


def test_every_variable_of_the_guide_exists(run):
    values = run[1]
    columns = {*values["tidy"].columns, *values["participants"].columns, "SLQ150"}
    rows = [line.split("|")[1] for line in GUIDE.read_text("utf-8").splitlines() if line.startswith("    | `")]
    named = {word for row in rows for word in row.split("`")[1::2] if word != "nhanes"}
    assert len(named) > 10
    assert named <= columns
