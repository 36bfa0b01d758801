"""One study and one built demo for all tests of the reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hypnic.analysis import Study, study
from hypnic.reports.building import build

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def demo() -> Study:
    return study("demo")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the demo's report once."""
    return build("demo", tmp_path_factory.mktemp("reports") / "demo")
