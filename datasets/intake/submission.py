"""Submitting: a folder of tables becomes a submission, untouched, whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hypnic.datasets.checking.files import check, open_table, tables_of
from hypnic.datasets.intake import facts as facts_of
from hypnic.datasets.intake import withdrawal as withdrawing
from hypnic.datasets.intake.receipt import RECEIPT, SENT, altered, digest, receipt
from hypnic.errors import HypnicError
from hypnic.schemas import TABLES, submission

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypnic.schemas.submission import Fact


class Sent(NamedTuple):
    """Where a submission now is, and its rows by table."""

    folder: Path
    rows: dict[str, int]


def submit(folder: Path, to: Path, ask: Callable[[Fact], str] | None = None) -> Sent:
    """Check a contributor's folder and copy it into the submissions.

    Parameters
    ----------
    folder
        Holds `participants.csv`; may hold `nights.csv`, `withdrawals.csv` and `submission.toml`. Nothing else is sent.
    to
        The folder of submissions; the new one is named after its title.
    ask
        Answers what `submission.toml` lacks; without it, what is lacking is an error.

    Raises
    ------
    HypnicError
        A file or a fact is missing or faulty, or the files or their respondents were sent before.

    """
    if not (folder / "participants.csv").is_file():
        message = (
            f"{folder}: there is no participants.csv; it must be sent, since it holds the consent of each respondent"
        )
        raise HypnicError(message)
    made = not to.exists()
    try:
        to.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=to, prefix=".") as temporary:
            # What is checked is what is sent, even where somebody edits the folder meanwhile.
            staged = Path(temporary) / "submission"
            staged.mkdir()
            for name in SENT:
                if (folder / name).is_file():
                    shutil.copyfile(folder / name, staged / name)
            _refuse_errors(staged, folder)
            facts = _facts(staged, ask)
            home = to / _slug(str(facts["title"]))
            if repeated := _repeated(staged, to):
                raise HypnicError(repeated)
            if home.exists():
                message = f"there is a submission called {home.name} already; give yours another title"
                raise HypnicError(message)
            (staged / RECEIPT).write_text(receipt(staged), "utf-8")
            staged.rename(home)
    except OSError as error:
        message = f"{folder} cannot be copied to {to} ({error.strerror}); choose another folder with --to"
        raise HypnicError(message) from None
    finally:
        if made:
            with suppress(OSError):  # not empty, where all went well
                to.rmdir()
    return Sent(home, {path.stem: open_table(path, path.stem).cast.frame.height for path in tables_of(home)})


def submissions_folder(start: Path) -> Path:
    """Find the submissions of the clone that `start` lies in."""
    for parent in (start, *start.parents):
        if (parent / "datasets" / "submissions").is_dir():
            return parent / "datasets" / "submissions"
    message = "this is no clone of the hypnic repository; run it inside one, or name a folder with --to"
    raise HypnicError(message)


def problems(folder: Path) -> list[str]:
    """List what is wrong with a submission apart from its cells: facts, withdrawals, receipt, files that do not belong.

    Raises HypnicError where its tables cannot be read.
    """
    allowed = {*SENT, RECEIPT, withdrawing.TOMBSTONES}
    if folder.is_symlink() or any(
        path.name not in allowed or path.is_symlink() or not path.is_file() for path in folder.iterdir()
    ):
        return [f"it may hold only plain files called {', '.join(sorted(allowed))}"]
    if not (folder / "participants.csv").is_file():
        return ["there is no participants.csv, which holds the consent of each respondent"]
    if misnamed := _misnamed(folder):
        return [misnamed]
    found = [f"{facts_of.FILE}: {fault}" for fault in facts_of.faults(facts_of.read(folder))]
    if faults := [f"{withdrawing.CODES}: {fault}" for fault in _withdrawal_faults(folder)]:
        found += faults
    elif withdrawing.unknown(folder):
        found.append(f"{withdrawing.TOMBSTONES} holds a tombstone that no code of this submission makes")
    found += [repeated] if (repeated := _repeated(folder, folder.parent)) else []
    return found + [f"{name} is not as {RECEIPT} says; run `hypnic submit` again" for name in altered(folder)]


def _refuse_errors(staged: Path, folder: Path) -> None:
    found = check(staged)
    if errors := int((found["level"] == "error").sum()):
        message = f"{folder}: {errors} error{'s' if errors > 1 else ''}; `hypnic check {folder}` shows them"
        raise HypnicError(message)
    if misnamed := _misnamed(staged):
        raise HypnicError(misnamed)
    if not _participants(staged):
        message = f"{folder}: participants.csv has no rows; there is nothing to send"
        raise HypnicError(message)
    if fault := next(_withdrawal_faults(staged), None):
        message = f"{withdrawing.CODES}: {fault}"
        raise HypnicError(message)


def _misnamed(folder: Path) -> str | None:
    """Say which file does not hold the table that it is called after: consent would not be found."""
    wrong = [path.name for path in tables_of(folder) if open_table(path).model is not TABLES[path.stem]]
    return f"{wrong[0]} holds the other table; call it by the name of what it holds" if wrong else None


def _withdrawal_faults(folder: Path) -> Iterator[str]:
    path = folder / withdrawing.CODES
    return withdrawing.faults(path.read_bytes(), _participants(folder)) if path.is_file() else iter(())


def _facts(staged: Path, ask: Callable[[Fact], str] | None) -> dict[str, object]:
    """Read and judge the facts; ask for those that lack, and add them to the copy."""
    facts = facts_of.read(staged)
    lacking = submission.missing(facts)
    if ask and lacking and set(facts) <= set(submission.FACTS):
        answers = {key: ask(submission.FACTS[key]) for key in lacking}
        facts |= answers
        # A JSON string is a TOML string, once it has no control characters: the facts' own check sees to that.
        lines = "".join(f"{key} = {json.dumps(facts[key], ensure_ascii=False)}\n" for key in submission.FACTS)
        (staged / facts_of.FILE).write_text(lines, "utf-8")
    if faults := list(facts_of.faults(facts)):
        message = f"{facts_of.FILE}: {'; '.join(faults)}"
        raise HypnicError(message)
    return facts


def _repeated(folder: Path, submissions: Path) -> str | None:
    """Say which submission has one of these tables, or some of these respondents, already."""
    new, people = {digest(path) for path in tables_of(folder)}, _participants(folder)
    for other in sorted(submissions.glob("[!.]*/")):
        tables = [other / f"{name}.csv" for name in TABLES if (other / f"{name}.csv").is_file()]
        if other == folder or not tables:
            continue
        if repeated := [path.name for path in tables if digest(path) in new]:
            return f"{repeated[0]} was sent before, as the submission {other.name}; send only what is new"
        if (other / "participants.csv").is_file() and (again := len(people & _participants(other))):
            return f"participants.csv: {again} of its tokens are in the submission {other.name} already; send each once"
    return None


def _participants(folder: Path) -> set[str]:
    frame = open_table(folder / "participants.csv", "participants").cast.frame
    return set(frame["participant_id"].drop_nulls()) if "participant_id" in frame.columns else set()


def _slug(title: str) -> str:
    """Make a folder's name of a title: lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = "-".join("".join(c if c.isalnum() else " " for c in plain).split())[:60].strip("-")
    if not slug:
        message = f"{facts_of.FILE}: title: use some Latin letters or digits, since the folder is named after it"
        raise HypnicError(message)
    return slug
