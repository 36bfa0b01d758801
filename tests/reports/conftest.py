"""One study and one built demo for all tests of the reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypnic.analysis import Study, study
from hypnic.reports.building import build


@pytest.fixture(scope="session")
def demo() -> Study:
    return study("demo")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the demo's report once."""
    return build("demo", tmp_path_factory.mktemp("reports") / "demo")
