"""What a path can lead to that is no file, and names that are not UTF-8: one line, or the file is read."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import hypnic
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable

    Save = Callable[..., Path]
    Row = dict[str, str]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
@pytest.mark.parametrize("inside", [True, False], ids=["in a folder", "named"])
def test_a_pipe_that_nobody_writes_into_is_refused_and_not_waited_for(inside: bool, tmp_path: Path) -> None:
    pipe = tmp_path / "nights.csv"
    os.mkfifo(pipe)
    with pytest.raises(HypnicError, match="a pipe or a device"):
        hypnic.check(tmp_path if inside else pipe)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such device")
def test_a_device_is_refused() -> None:
    with pytest.raises(HypnicError, match="a pipe or a device"):
        hypnic.check("/dev/zero")


def test_a_folder_called_like_a_table_is_named_and_not_passed_over(person: Row, save: Save, tmp_path: Path) -> None:
    save("participants", [person])
    (tmp_path / "nights.csv").mkdir()
    with pytest.raises(HypnicError, match=r"nights\.csv: this is a folder"):
        hypnic.check(tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="here every file name is Unicode")
@pytest.mark.parametrize("form", ["text", "html", "json", "sarif"])
def test_a_name_that_is_not_utf_8_is_shown_with_a_replacement_character(form, diary, save, request) -> None:
    path = save("nights", [*diary, diary[0] | {"night_index": "13", "sol_min": "x"}])
    odd = os.fsencode(path.parent) + b"/f\xfcr.csv"
    os.rename(path, odd)  # noqa: PTH104 -- the name is bytes
    fixed = os.fsdecode(os.fsencode(path.parent) + b"/\xfc-fixed.csv")
    for more in ([], ["--fix", fixed], ["--out", fixed]):
        done = request.getfixturevalue("hypnic")("check", os.fsdecode(odd), "--format", form, *more)
        assert done.returncode == 1, done.stderr
        shown = done.stdout + done.stderr
        assert "\ufffd" in shown or (form == "sarif" and "f%FCr.csv" in shown)  # an address keeps the byte
