"""What is wrong with a submission apart from its cells, as a reviewer wants to know it before anybody merges it.

`python -m hypnic.datasets.intake.problems FOLDER` prints it for every accepted submission that lies in a folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hypnic.datasets.intake import facts as facts_of
from hypnic.datasets.intake import withdrawal as withdrawing
from hypnic.datasets.intake.accepted import Accepted, accepted, again
from hypnic.datasets.intake.classes import LEAST, judge
from hypnic.datasets.intake.published import RECEIPT, RUN, read_file, read_published
from hypnic.datasets.intake.receipt import SENT, altered, receipt
from hypnic.errors import HypnicError
from hypnic.schemas import PUBLISHED

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

READ_WHOLE = (RECEIPT, withdrawing.CODES, withdrawing.TOMBSTONES)  # files that are read whole
ALLOWED = (*SENT, RECEIPT, withdrawing.TOMBSTONES)


def problems(folder: Path, *, new: bool = True, among: list[Accepted] | None = None) -> list[str]:
    """List what is wrong with a submission apart from its cells; a `new` one is judged with all that lie next to it.

    An accepted one is not judged again: somebody's withdrawal is never refused because few are left. `among` are the
    submissions that lie there, where they have been read before.
    """
    if unfit := not_published(folder):
        return unfit
    found = []
    try:
        facts = facts_of.read(folder)
        found += [f"{facts_of.FILE}: {fault}" for fault in facts_of.faults(facts)]
    except HypnicError as error:
        return [str(error)]
    if not found and (folder / facts_of.FILE).read_text("utf-8") != facts_of.as_toml(facts):
        found.append(f"{facts_of.FILE}: it holds more than its facts; {RUN}")
    tables = {name: read_file(folder / f"{name}.csv", PUBLISHED[name]) for name in _there(folder)}
    people = set(tables["participants"]["participant_id"])
    path = folder / withdrawing.CODES
    if faults := list(withdrawing.faults(path.read_bytes(), people)) if path.is_file() else []:
        found += [f"{withdrawing.CODES}: {fault}" for fault in faults]
    elif path.is_file() and withdrawing.as_csv(withdrawing.with_tokens(path.read_bytes())) != path.read_bytes():
        found.append(f"{withdrawing.CODES}: it is not as hypnic writes it; {RUN}")
    elif withdrawing.unknown(folder):
        found.append(f"{withdrawing.TOMBSTONES} holds a tombstone that no code of this submission makes")
    changed = list(altered(folder))
    found += [f"{name} is not as {RECEIPT} says; run `hypnic submit` again" for name in changed]
    return found + (list(_judged(folder, facts, tables, among)) if new and not changed else [])


def not_published(folder: Path) -> list[str]:
    """Say why a folder is no submission at all, or not in publishable form; nothing where it is one."""
    return list(_unfit(folder))


def _unfit(folder: Path) -> Iterator[str]:
    if folder.is_symlink() or not folder.is_dir():
        yield "it is not there, or no folder"
    elif any(path.name not in ALLOWED or path.is_symlink() or not path.is_file() for path in folder.iterdir()):
        yield f"it may hold only plain files called {', '.join(sorted(ALLOWED))}"
    elif large := [name for name in READ_WHOLE if _size(folder / name) > withdrawing.LARGEST]:
        yield f"{large[0]} is larger than hypnic ever writes it; {RUN}"
    elif not (folder / "participants.csv").is_file():
        yield "there is no participants.csv, which holds the consent of each respondent"
    else:
        if not (folder / RECEIPT).is_file():
            yield f"there is no {RECEIPT}, so it is not in publishable form; {RUN}"
        for name in _there(folder):
            try:
                read_file(folder / f"{name}.csv", PUBLISHED[name])
            except HypnicError as error:
                yield str(error)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _there(folder: Path) -> list[str]:
    return [name for name in PUBLISHED if (folder / f"{name}.csv").is_file()]


def _judged(
    folder: Path, facts: dict[str, object], tables: dict[str, pl.DataFrame], among: list[Accepted] | None
) -> Iterator[str]:
    """Judge a new submission together with those of its data state that lie next to it."""
    try:
        if (folder / RECEIPT).read_text("utf-8") != receipt(folder):
            yield f"{RECEIPT} is not what these files make; update hypnic, and {RUN}"
    except HypnicError:
        return  # its cells break rules: the findings say which
    there = list(accepted(folder.parent)) if among is None else among
    others = [other for other in there if other.folder != folder]
    alike = [other.tables for other in others if other.state == facts.get("data_state")]
    judged = judge(tables, *alike, of=tables)
    if judged.k < LEAST:
        yield f"some of its people are alike to fewer than {LEAST}, with all accepted; update your clone, and {RUN}"
    if judged.alike:
        yield f"a class of people who look alike shares an answer that none may share; update your clone, and {RUN}"
    hashes = set(withdrawing.known(folder) or {})
    if repeated := again(tables, hashes, others):
        yield repeated


def main() -> None:
    """Print the problems of each submission; exit 1 where there are some."""
    found = [(folder.name, says) for folder in sorted(Path(sys.argv[1]).glob("[!.]*/")) for says in _all(folder)]
    for name, says in found:
        sys.stdout.write(f"{name}: {says}\n")
    sys.exit(bool(found))


def _all(folder: Path) -> list[str]:
    """List the problems of an accepted submission, broken rules of its cells among them."""
    found = problems(folder, new=False)
    if not found:
        try:
            read_published(folder)
        except HypnicError as error:
            return [str(error)]
    return found


if __name__ == "__main__":
    main()
