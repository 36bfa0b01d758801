"""One study, its results and its built report for all tests of the reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypnic.analysis import StudyData, study
from hypnic.analysis.results import Results, results
from hypnic.reports.files import report_files
from hypnic.reports.placing import put
from hypnic.reports.report import Report, report
from hypnic.shelf import Shelf


@pytest.fixture(scope="session")
def demo() -> StudyData:
    return study("demo")


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder in which the demo's results are kept."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def found(demo: StudyData, cache: Path) -> Results:
    """Work out the demo's results once: half a minute."""
    return results(demo, shelf=Shelf(cache / "results"))


@pytest.fixture(scope="session")
def made(found: Results) -> Report:
    return report(found)


@pytest.fixture(scope="session")
def built(made: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the demo's report once."""
    return put(lambda: report_files(made), tmp_path_factory.mktemp("reports") / "demo")
