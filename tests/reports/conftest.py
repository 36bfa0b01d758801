"""One study and one built demo for all tests of the reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from hypnic.analysis import Study, study
from hypnic.reports.building import build

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def demo() -> Study:
    return study("demo")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the demo's report once."""
    return build("demo", tmp_path_factory.mktemp("reports") / "demo")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what reads one built report in one process: a build takes half a minute."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        for name in ("built", "nhanes"):
            if name in names and item.path.parent == HERE:
                item.add_marker(pytest.mark.xdist_group(name))
