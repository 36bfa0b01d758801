"""An output that takes no more, a full disk or a closed pipe, is one line and 2; what stands there stays."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from hypnic.datasets.writing import write_whole
from hypnic.errors import HypnicError

FULL = Path("/dev/full")
COMMANDS = [
    ["check", "nights.csv"],
    ["check", "nights.csv", "--format", "json"],
    ["check", "nights.csv", "--format", "html"],
    ["load", "nights", "--study", "demo"],
    ["template", "nights"],
    ["dictionary"],
    ["--help"],
]
commands = pytest.mark.parametrize("command", COMMANDS, ids=" ".join)


@pytest.fixture(autouse=True)
def table(diary, save) -> Path:
    return save("nights", [*diary, diary[0] | {"night_index": "13", "sol_min": "x"}])


def into(output: int | None, command: list[str], folder: Path) -> tuple[int, list[str]]:
    """Run a command into an output, or into one that is closed; give how it ended, and what it said of it."""
    hypnic = shutil.which("hypnic", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    close = f"import os, sys; os.close(1); os.execv({hypnic!r}, sys.argv)"
    call = [str(hypnic)] if output is not None else [sys.executable, "-c", close]
    done = subprocess.run(  # noqa: S603
        [*call, *command], cwd=folder, stdout=output, stderr=subprocess.PIPE, text=True, check=False
    )
    return done.returncode, done.stderr.splitlines()


@pytest.mark.skipif(not FULL.is_char_device(), reason="this system has no disk that is always full")
@commands
def test_a_full_disk_is_one_line_and_2(command: list[str], tmp_path: Path) -> None:
    with FULL.open("w") as output:
        code, lines = into(output.fileno(), command, tmp_path)
    assert (code, len(lines)) == (2, 1), lines
    assert lines[0].startswith("hypnic: what was to be printed could not be written whole (No space left")


@pytest.mark.skipif(os.name != "posix", reason="pipes end otherwise there")
@commands
def test_a_pipe_that_nobody_reads_is_one_line_and_2(command: list[str], tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    code, lines = into(writing, command, tmp_path)
    os.close(writing)
    assert (code, lines) == (2, ["hypnic: what was to be printed could not be written whole (closed)"])


@pytest.mark.skipif(os.name != "posix", reason="outputs are closed otherwise there")
@commands
def test_an_output_that_was_closed_before_is_one_line_and_2(command: list[str], tmp_path: Path) -> None:
    code, lines = into(None, command, tmp_path)
    assert (code, lines) == (2, ["hypnic: what was to be printed could not be written whole (closed)"])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize(
    "command",
    [
        ["check", "nights.csv", "--out"],
        ["check", "nights.csv", "--fix"],
        ["load", "nights", "--study", "demo", "--out"],
    ],
    ids=" ".join,
)
def test_a_pipe_or_device_is_never_replaced_by_a_file(command: list[str], hypnic, tmp_path: Path) -> None:
    pipe = tmp_path / "out.csv"
    os.mkfifo(pipe)
    done = hypnic(*command, pipe)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert "not a file" in done.stderr
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError("No space left on device (os error 28)"),  # as polars says it
        pl.exceptions.ComputeError("parquet: underlying IO error: No space left on device (os error 28)"),
        shutil.Error([("from", "to", "[Errno 28] No space left on device: 'to'")]),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_disk_that_fills_up_meanwhile_leaves_what_was_there_and_nothing_else(error, tmp_path: Path) -> None:
    place = tmp_path / "out" / "kept.csv"
    write_whole(place, lambda path: path.write_text("kept"))

    def write(path: Path) -> None:
        path.write_text("half")
        raise error

    with pytest.raises(HypnicError, match=r"kept\.csv: nothing can be written there \(No space left on device\)"):
        write_whole(place, write)
    assert [(path.name, path.read_text()) for path in place.parent.iterdir()] == [("kept.csv", "kept")]
