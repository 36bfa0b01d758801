"""A release as a folder: every table in every format, described, hashed, and moved into place in one step."""

from __future__ import annotations

import hashlib
import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from hypnic.aside import aside, put_in_place
from hypnic.datasets.release import citing, pages, scripts
from hypnic.datasets.release.codebook import codebook
from hypnic.datasets.release.locating import releases
from hypnic.datasets.release.names import SYNTHETIC, marked, stem, three_parts
from hypnic.datasets.release.parquet import write_parquet
from hypnic.datasets.release.statistical import write_dta, write_sav
from hypnic.datasets.release.text import write_csv
from hypnic.datasets.release.workbook import write_workbook
from hypnic.errors import HypnicError, reason
from hypnic.schemas import PUBLISHED, catalogue
from hypnic.schemas.disclosure import FEWEST_PERSONS, may_follow
from hypnic.schemas.filenames import shown_path
from hypnic.schemas.publish.package import Facts, File, croissant, data_package, psych_ds

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypnic.datasets.release.contents import Contents

FORMATS = {"csv": write_csv, "parquet": write_parquet, "sav": write_sav, "dta": write_dta}
SUMS = "SHA256SUMS"
NEEDED = ("pyarrow", "pycountry", "pyreadstat", "xlsxwriter")


def write_release(
    contents: Contents, out: Path, *, estimates: Path | None = None, say: Callable[[str], None] = lambda _: None
) -> Path:
    """Write a release into a folder of its own in `out`; the same contents give the same bytes.

    Parameters
    ----------
    contents
        What it holds, judged already.
    out
        Where the folder goes; what stands there under its name is replaced if its tables are the same.
    estimates
        The `estimates.csv` of a report on these data, which the release then carries.
    say
        Is told what is being written.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    HypnicError
        A release of that name has other tables, too few people came or left since another release in `out`, nothing
        can be written there, or a library is missing.

    """
    if lacking := [name for name in NEEDED if find_spec(name) is None]:
        message = f"a release needs {', '.join(lacking)}; install with: pip install 'hypnic[release]'"
        raise HypnicError(message)
    place = out / contents.folder
    _refuse_a_telling_step(contents, out)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with aside(place) as temporary:
            fresh = temporary / contents.folder
            _fill(contents, fresh, out, estimates, say)
            _never_another(fresh, place)
            put_in_place(fresh, place)
    except OSError as error:
        message = f"{shown_path(place)}: nothing can be written there ({reason(error)}); choose another folder"
        raise HypnicError(message) from None
    return place


def _refuse_a_telling_step(contents: Contents, out: Path) -> None:
    """Refuse to follow a release by one that one to nine people came to or left: the difference would be their answers.

    What a program drew may be compared as anyone likes.
    """
    now = set(contents.tables["participants"]["participant_id"])
    for earlier in releases(out) if not contents.synthetic else ():
        if (earlier.study, earlier.version) == (contents.study, three_parts(contents.version)):
            continue
        tokens = pl.read_parquet(earlier.table("participants"), columns=["participant_id"])
        if earlier.study == contents.study and not may_follow(set(tokens["participant_id"]), now):
            message = (
                f"fewer than {FEWEST_PERSONS} people came, or left, since {earlier.folder.name}: what they answered"
                " would be the difference of the two releases; wait until there are more of them, or none"
            )
            raise HypnicError(message)


def _never_another(fresh: Path, place: Path) -> None:
    """Refuse to put other tables under the name of a release that is there: who cites it means those."""
    if not place.exists():
        return
    old, new = (json.loads(_read(folder / "datapackage.json") or "{}") for folder in (place, fresh))
    if [one["hash"] for one in old.get("resources", ())] != [one["hash"] for one in new["resources"]]:
        message = (
            f"{shown_path(place)} is there already and has other tables, which never change: give the new one --version"
        )
        raise HypnicError(message)


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.is_file() else ""


def _fill(contents: Contents, folder: Path, out: Path, estimates: Path | None, say: Callable[[str], None]) -> None:
    data = folder / "data"
    data.mkdir(parents=True)
    for name in contents.tables:
        say(name)
        for ending, write in FORMATS.items():
            write(contents, name, data / f"{stem(contents.study, name)}.{ending}")
    say("workbook")
    write_workbook(contents, data / f"study-{marked(contents.study)}.xlsx")
    say("descriptions")
    for name, text in _texts(contents, data, out).items():
        (folder / name).write_text(text, "utf-8", newline="")
    if estimates is not None:
        shutil.copyfile(estimates, folder / f"{_prefix(contents)}estimates.csv")
    (folder / SUMS).write_text(
        "".join(f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in _files(folder))
    )


def _texts(contents: Contents, data: Path, out: Path) -> dict[str, str]:
    """Give every file of text by its name."""
    citation = citing.sentence(contents.title, contents.version, contents.day)
    facts = Facts(
        contents.folder, contents.title, contents.description, contents.version, contents.day, citation,
        f"urn:hypnic:{contents.folder}",
    )  # fmt: skip
    files = [_file(contents, name, data) for name in contents.tables]
    package = data_package(facts, files, _own(contents))
    return {
        "datapackage.json": _json(package), "croissant.json": _json(croissant(facts, files)),
        "dataset_description.json": _json(psych_ds(facts, list(contents.described.values()))),
        ".zenodo.json": citing.zenodo(contents), "CITATION.cff": citing.citation_file(contents),
        "LICENSE": pages.licence(), "README.md": pages.readme(contents), "FORMATS.md": pages.formats(contents),
        "CHANGELOG.md": pages.changelog(contents, package, out),
        f"{_prefix(contents)}codebook.html": codebook(contents),
        "load.R": scripts.r(contents), "load.do": scripts.stata(contents), "load.sps": scripts.spss(contents),
    }  # fmt: skip


def _prefix(contents: Contents) -> str:
    return f"{SYNTHETIC}-" * contents.synthetic


def _file(contents: Contents, name: str, data: Path) -> File:
    path = data / f"{stem(contents.study, name)}.csv"
    return File(contents.described[name], f"data/{path.name}", path.stat().st_size, sha256(path))


def _own(contents: Contents) -> dict[str, Any]:
    """Say what the standard has no word for: who is in it, what it was made of, and every rule."""
    rules = {rule: one for model in PUBLISHED.values() for rule, one in catalogue(model).items()}
    return {
        "study": contents.study, "citation": citing.sentence(contents.title, contents.version, contents.day),
        "synthetic": contents.synthetic, "period": contents.period, "people": contents.people,
        "withdrawn": contents.withdrawn, "inputs": dict(sorted(contents.inputs.items())),
        "rules": {str(rule): f"{one.level}: {one.title}" for rule, one in sorted(rules.items())},
    }  # fmt: skip


def sha256(path: Path) -> str:
    """Give the sha256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _json(said: dict[str, Any]) -> str:
    return json.dumps(said, indent=2, ensure_ascii=False) + "\n"
