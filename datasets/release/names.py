"""What a release and its files are called."""

from __future__ import annotations

import re

from hypnic.errors import HypnicError

TABLES = ("participants", "nights", "missingness", "participant_choices", "flags")
SYNTHETIC = "SYNTHETIC"
ENDING = re.compile(r"(\.0){1,2}$")
VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){0,2}")
STUDIES = {"demo": SYNTHETIC, "open": ""}  # what the file names of its data say besides the study's name


def three_parts(version: str) -> str:
    """Give a version as metadata say it: in three parts, since some formats refuse fewer.

    Raises HypnicError where it is none.

    >>> three_parts("1"), three_parts("2.1")
    ('1.0.0', '2.1.0')
    """
    if not VERSION.fullmatch(version):
        message = f"{version!r} is no version of a release; a version is 1, or 1.2, or 1.2.3"
        raise HypnicError(message)
    return ".".join((*version.split("."), "0", "0")[:3])


def folder_name(study: str, version: str) -> str:
    """Give the name of a release's folder: the version without zeros at its end.

    >>> folder_name("demo", "1.0.0"), folder_name("open", "2.1.0")
    ('demo-1', 'open-2.1')
    """
    return f"{study}-{ENDING.sub('', three_parts(version))}"


def order(version: str) -> tuple[int, ...]:
    """Give what versions are sorted by.

    >>> order("1.10.0") > order("1.9")
    True
    """
    return tuple(int(part) for part in three_parts(version).split("."))


def stem(study: str, table: str) -> str:
    """Give the name of a table's file without its ending, as Psych-DS wants it.

    >>> stem("demo", "participant_choices")
    'study-demoSYNTHETIC_table-participantchoices_data'
    """
    return f"study-{marked(study)}_table-{table.replace('_', '')}_data"


def marked(study: str) -> str:
    """Give the name of a study as the names of its files say it: that nobody gave these answers stands in each."""
    return study + STUDIES[study]
