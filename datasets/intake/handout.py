"""A study before it starts: tokens drawn once, both tables to fill in, and withdrawal codes to hand out."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hypnic.datasets.intake.withdrawal import HEADER, code_hash, new_code
from hypnic.datasets.writing import write_whole
from hypnic.errors import HypnicError
from hypnic.schemas.publish.checking import person_code
from hypnic.schemas.publish.template import as_template

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

FILES = ("participants.csv", "nights.csv", "withdrawals.csv", "hand-out.csv")
HAND_OUT = ("participant_id", "withdrawal_code")


def prepare_study(folder: Path, people: int, nights: int, *, core: bool = False) -> list[Path]:
    """Write what a study needs before it starts, and give the paths.

    Parameters
    ----------
    folder
        Where the files are written; none of them may be there yet.
    people, nights
        How many people take part, and how many nights each keeps the diary.
    core
        Only the columns that every file must have.

    Returns
    -------
    list of Path
        `participants.csv` and `nights.csv` to fill in, with the same new random tokens; `withdrawals.csv`, which holds
        the hashes of the codes and goes with them; and `hand-out.csv` with each person's token and code, to be cut into
        slips, given to the people alone, and destroyed.

    Raises
    ------
    HypnicError
        One of the files is there already, or cannot be written.

    """
    there = [name for name in FILES if (folder / name).exists()]
    if there:
        message = f"{there[0]}: is there already, and its tokens may be in use; name another folder with --out"
        raise HypnicError(message)
    tokens = [person_code() for _ in range(people)]
    codes = [new_code() for _ in tokens]
    texts = {
        "participants.csv": as_template("participants", core=core, people=tokens),
        "nights.csv": as_template("nights", core=core, people=tokens, nights=nights),
        "withdrawals.csv": _csv(HEADER, ((code_hash(code), one) for one, code in zip(tokens, codes, strict=True))),
        "hand-out.csv": _csv(HAND_OUT, zip(tokens, codes, strict=True)),
    }
    for name, text in texts.items():
        write_whole(folder / name, lambda path, text=text: path.write_text(text, "utf-8", newline=""))  # type: ignore[misc]
    return [folder / name for name in FILES]


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([header, *rows])
    return buffer.getvalue()
