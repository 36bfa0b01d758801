"""The publishable folder of what was dropped, as `hypnic submit` makes it, in a zip."""

from __future__ import annotations

import base64
import io
import zipfile
from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.datasets.intake import code_hash, new_code, submit
from hypnic.datasets.intake.facts import FILE, as_toml
from hypnic.datasets.intake.withdrawal import CODES, HEADER, as_csv
from hypnic.errors import HypnicError
from hypnic.serving.answering import saved

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hypnic.datasets.checking.opened import Opened

WHEN = (1980, 1, 1, 0, 0, 0)  # a zip that tells no time


def published(folder: Path, files: list[Opened], codes: bytes | None, facts: Mapping[str, str]) -> dict[str, Any]:
    """Make the publishable form of checked tables, in `folder`, and pack it.

    `codes` is the sender's own `withdrawals.csv`; without it, a code is drawn for each participant, and told to the
    sender alone: the zip has what `hypnic.datasets.intake.withdrawal` keeps of it.

    Raises
    ------
    HypnicError
        A fact is faulty, a table has errors, or somebody cannot be hidden among five.

    """
    raw, to = written(folder / "your tables", files), folder / "made"
    told = None
    if codes is None:
        told = _drawn(files)
        hashed = told.select(pl.col("code").map_elements(code_hash, pl.String).alias(HEADER[0]), HEADER[1])
        codes = as_csv(hashed)
    (raw / CODES).write_bytes(codes)
    (raw / FILE).write_text(as_toml(facts), "utf-8")
    try:
        sent = submit(raw, to)
    except HypnicError as error:
        message = str(error).replace(str(raw), "your tables").partition("; `hypnic check")[0]
        raise HypnicError(message) from None
    return {
        "name": f"{sent.folder.name}.zip",
        "zip": base64.b64encode(_packed(sent.folder)).decode(),
        "codes": told.select(HEADER[1], "code").write_csv() if told is not None else "",
        "rows": ", ".join(f"{count:,} {name}" for name, count in sent.rows.items()),
        "account": [
            {"column": column, "reason": reason, "people": people, "cells": cells}
            for column, reason, people, cells in sent.account.iter_rows()
        ],
        "alike": sent.hidden.k - 1,
        "receipt": sent.receipt,
    }


def written(folder: Path, files: list[Opened]) -> Path:
    """Write tables, with what was typed, into a new folder, and give it; raises HypnicError for two of the same."""
    folder.mkdir()
    for file in files:
        path = folder / f"{file.model.table_name()}.csv"
        if path.exists():
            message = f"two of the files hold {file.model.table_name()}; put their rows into one"
            raise HypnicError(message)
        path.write_text(saved(file), "utf-8", newline="")
    return folder


def _drawn(files: list[Opened]) -> pl.DataFrame:
    """Draw a withdrawal code for each participant: `participant_id`, `code`."""
    people = next((one.cast.frame for one in files if one.model.table_name() == "participants"), None)
    if people is None or HEADER[1] not in people.columns:
        message = "drop participants.csv as well: it holds the consent of each respondent"
        raise HypnicError(message)
    tokens = people[HEADER[1]].drop_nulls().unique(maintain_order=True)
    return pl.DataFrame({HEADER[1]: tokens, "code": [new_code() for _ in tokens]}, schema_overrides={"code": pl.String})


def _packed(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            packed.writestr(
                zipfile.ZipInfo(f"{folder.name}/{path.name}", WHEN), path.read_bytes(), zipfile.ZIP_DEFLATED
            )
    return buffer.getvalue()
