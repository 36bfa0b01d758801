"""The small release, written once for all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from smallrelease import small

from hypnic.datasets.release import assemble, write_release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hypnic.datasets.release import Contents


@pytest.fixture(scope="session")
def contents() -> Contents:
    """Give the small release before it is written."""
    return assemble("demo", "1", "2026 Q4", small(), k=5, inputs={"demo/nights.csv": "0" * 64})


@pytest.fixture(scope="session")
def release(contents: Contents, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of the small release."""
    return write_release(contents, tmp_path_factory.mktemp("released"))


@pytest.fixture(scope="session")
def file(release: Path) -> Callable[[str, str], Path]:
    """Give the file of a table in a format."""

    def find(table: str, ending: str) -> Path:
        return release / "data" / f"study-demoSYNTHETIC_table-{table.replace('_', '')}_data.{ending}"

    return find
