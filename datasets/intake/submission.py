"""Submitting: a checked folder is published whole or not at all, and stays as it is."""

from __future__ import annotations

import shutil
import tempfile
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from hypnic.aside import aside
from hypnic.datasets.checking.files import check_opened, not_a_file, not_text, open_tables, strayed, tables_of
from hypnic.datasets.checking.opened import open_table
from hypnic.datasets.intake import facts as facts_of
from hypnic.datasets.intake import withdrawal as withdrawing
from hypnic.datasets.intake.accepted import accepted, again
from hypnic.datasets.intake.classes import Judgement, judge
from hypnic.datasets.intake.published import RECEIPT, as_csv, faulty, is_published
from hypnic.datasets.intake.publishing import publishable
from hypnic.datasets.intake.receipt import SENT, receipt
from hypnic.errors import HypnicError, reason
from hypnic.schemas import PUBLISHED, TABLES, submission
from hypnic.schemas.filenames import shown_path

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    import polars as pl

    from hypnic.schemas.submission import Fact


class Sent(NamedTuple):
    """Where a submission now is, and its rows by table.

    `account` is what was taken away, `hidden` how well its people are hidden among all accepted ones of its data state,
    `spare` how many withdrawal codes were left out, as nobody answered with their token.
    """

    folder: Path
    rows: dict[str, int]
    account: pl.DataFrame
    hidden: Judgement
    receipt: str
    spare: int = 0


def submit(
    folder: Path,
    to: Path,
    ask: Callable[[Fact], str] | None = None,
    *,
    among: Path | None = None,
    rng: random.Random | None = None,
) -> Sent:
    """Check a contributor's folder and write its publishable form into the submissions.

    Parameters
    ----------
    folder
        Holds `participants.csv`; may hold `nights.csv`, `withdrawals.csv` and `submission.toml`. Nothing else is sent.
    to
        The folder of submissions; the new one is named after its title.
    ask
        Answers what `submission.toml` lacks; without it, what is lacking is an error.
    among
        The folder of submissions that it is judged with; else `to`.
    rng
        Where the new tokens come from: the operating system's secure source, but in tests.

    Raises
    ------
    HypnicError
        The folder, a file or a fact is missing, faulty or published already, people were sent before, or somebody
        cannot be hidden among five.

    """
    if folder.is_file():
        message = f"{shown_path(folder)}: this is a file; name the folder that it lies in"
        raise HypnicError(message)
    if is_published(folder):
        message = f"{shown_path(folder)}: this is in publishable form already; name the folder that you keep"
        raise HypnicError(message)
    if not (folder / "participants.csv").is_file():
        near = strayed(folder)
        message = f"{shown_path(folder)}: there is no participants.csv; it holds the consent of each respondent{near}"
        raise HypnicError(message)
    with tempfile.TemporaryDirectory() as temporary:
        # What is checked is what is published, even where somebody edits the folder meanwhile.
        raw, made = Path(temporary) / "raw", Path(temporary) / "made"
        try:
            raw.mkdir()
            made.mkdir()
            for name in SENT:
                if not_a_file(folder / name):
                    message = f"{name}: this is a folder, a pipe or a device, not a file; take it out"
                    raise HypnicError(message)
                if (folder / name).is_file():
                    shutil.copyfile(folder / name, raw / name)
                    if what := not_text(raw / name):
                        message = f"{name}: this is {what}, whatever its name says; save it as CSV, and submit that"
                        raise HypnicError(message)
        except OSError as error:
            message = f"{shown_path(folder)} cannot be read ({reason(error)})"
            raise HypnicError(message) from None
        tables = _sound_tables(raw, folder)
        spare = _leave_spare_codes_out(raw, tables)
        _refuse_faulty_codes(raw, tables)
        facts = _facts(raw, ask)
        home, among = to / _slug(str(facts["title"])), among or to
        if home.exists() or (among / home.name).exists():
            message = f"there is a submission called {home.name} already; give yours another title"
            raise HypnicError(message)
        account, hidden = _publish(raw, made, tables, facts, among, rng)
        text = receipt(made)
        (made / RECEIPT).write_text(text, "utf-8")
        rows = {path.stem: path.read_bytes().count(b"\n") - 1 for path in tables_of(made)}
        _move(made, home, folder)
        return Sent(home, rows, account, hidden, text, spare)


def submissions_folder(start: Path) -> Path:
    """Find the submissions of the clone that `start` lies in."""
    for parent in (start, *start.parents):
        if (parent / "datasets" / "submissions").is_dir():
            return parent / "datasets" / "submissions"
    message = "this is no clone of the hypnic repository; run it inside one, or name a folder with --to"
    raise HypnicError(message)


def _publish(  # noqa: PLR0913, PLR0917 -- what is there, and where it goes
    raw: Path,
    made: Path,
    tables: dict[str, pl.DataFrame],
    facts: dict[str, object],
    among: Path,
    rng: random.Random | None,
) -> tuple[pl.DataFrame, Judgement]:
    """Write the publishable form of `raw` into `made`; give the account of what was taken away, and a judgement."""
    others = list(accepted(among))
    if (raw / withdrawing.CODES).is_file():
        tables = tables | {"withdrawals": withdrawing.with_tokens((raw / withdrawing.CODES).read_bytes())}
    alike = [other.tables for other in others if other.state == facts["data_state"]]
    published, account = publishable(tables, alike, rng)
    codes = published.pop("withdrawals", None)
    hashes = set() if codes is None else set(codes["code_hash"])
    if repeated := again(published, hashes, others):
        raise HypnicError(repeated)
    for name, frame in published.items():
        (made / f"{name}.csv").write_bytes(as_csv(frame, PUBLISHED[name]))
    if codes is not None:
        (made / withdrawing.CODES).write_bytes(withdrawing.as_csv(codes))
    (made / facts_of.FILE).write_text(facts_of.as_toml(facts), "utf-8")
    return account, judge(published, *alike, of=published)


def _move(made: Path, home: Path, folder: Path) -> None:
    """Copy what was made next to its place, and put it there in one step."""
    to, fresh = home.parent, not home.parent.exists()
    try:
        to.mkdir(exist_ok=True)
        with aside(home) as temporary:
            staged = shutil.copytree(made, temporary / "submission")
            staged.rename(home)
    except OSError as error:
        ours, there = shown_path(folder), shown_path(to)
        message = f"{ours} cannot be published in {there} ({reason(error)}); choose another folder with --to"
        raise HypnicError(message) from None
    finally:
        if fresh:
            with suppress(OSError):  # not empty, where all went well
                to.rmdir()


def _leave_spare_codes_out(raw: Path, tables: dict[str, pl.DataFrame]) -> int:
    """Leave out the withdrawal codes of people who sent no answers, and count them."""
    codes = raw / withdrawing.CODES
    if not codes.is_file():
        return 0
    content, spare = withdrawing.without_strangers(codes.read_bytes(), _participants(tables))
    codes.write_bytes(content)
    return spare


def _sound_tables(staged: Path, folder: Path) -> dict[str, pl.DataFrame]:
    """Read the tables once, by what each is called; raise HypnicError where the check finds an error, or no people."""
    paths = tables_of(staged)
    opened = open_tables(paths)
    if errors := int((check_opened(opened)["level"] == "error").sum()):
        raise HypnicError(faulty(folder, errors))
    # Of a large table, the check keeps only what may be wrong.
    whole = {path: one if one.whole else open_table(path, memory=None) for path, one in zip(paths, opened, strict=True)}
    if misnamed := [path.name for path, one in whole.items() if one.model is not TABLES[path.stem]]:
        message = f"{misnamed[0]} holds the other table; call it by the name of what it holds"  # consent is not found
        raise HypnicError(message)
    tables = {path.stem: one.cast.frame for path, one in whole.items()}
    if not _participants(tables):
        message = f"{shown_path(folder)}: participants.csv has no rows; there is nothing to send"
        raise HypnicError(message)
    return tables


def _refuse_faulty_codes(staged: Path, tables: dict[str, pl.DataFrame]) -> None:
    path = staged / withdrawing.CODES
    if path.is_file() and (fault := next(withdrawing.faults(path.read_bytes(), _participants(tables)), None)):
        message = f"{withdrawing.CODES}: {fault}"
        raise HypnicError(message)


def _facts(staged: Path, ask: Callable[[Fact], str] | None) -> dict[str, object]:
    """Read and judge the facts; ask for those that lack."""
    facts = facts_of.read(staged)
    lacking = submission.missing(facts)
    if ask and lacking and set(facts) <= set(submission.FACTS):
        facts |= {key: ask(submission.FACTS[key]) for key in lacking}
    if faults := list(facts_of.faults(facts)):
        message = f"{facts_of.FILE}: {'; '.join(faults)}"
        raise HypnicError(message)
    return facts


def _participants(tables: dict[str, pl.DataFrame]) -> set[str]:
    frame = tables["participants"]
    return set(frame["participant_id"].drop_nulls()) if "participant_id" in frame.columns else set()


def _slug(title: str) -> str:
    """Make a folder's name of a title: lower-case letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = "-".join("".join(c if c.isalnum() else " " for c in plain).split())[:60].strip("-")
    if not slug:
        message = f"{facts_of.FILE}: title: use some Latin letters or digits, since the folder is named after it"
        raise HypnicError(message)
    return slug
