"""How the command line starts: what it tells polars' allocator."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SHOWN = """
from hypnic.starting import start_sooner
start_sooner()
import os, polars
print(os.environ["_RJEM_MALLOC_CONF"])
"""


def told(**said: str) -> list[str]:
    """Give what the allocator is told by a process of its own, to which a user has said something."""
    clean = {name: value for name, value in os.environ.items() if name != "_RJEM_MALLOC_CONF"}
    run = subprocess.run([sys.executable, "-P", "-c", SHOWN], check=True, capture_output=True, text=True, env=clean | said)  # fmt: skip  # noqa: E501, S603
    return run.stdout.strip().split(",")


def last(settings: list[str]) -> dict[str, str]:
    """Give the settings that hold: the last of each name."""
    return dict(setting.split(":") for setting in settings)


def test_memory_is_kept_for_the_next_block() -> None:
    assert last(told())["dirty_decay_ms"] == "10000"


@pytest.mark.parametrize("decay", ["0", "-1"])
def test_what_a_user_says_of_the_memory_holds(decay: str) -> None:
    assert last(told(_RJEM_MALLOC_CONF=f"dirty_decay_ms:{decay}"))["dirty_decay_ms"] == decay
