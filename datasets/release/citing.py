"""How a release is cited: as a sentence, as CITATION.cff, and for Zenodo."""

from __future__ import annotations

import json
from importlib.metadata import version as installed
from typing import TYPE_CHECKING, Literal

from hypnic.datasets.release.locating import find, packaged
from hypnic.schemas.publish.package import AUTHORS, KEYWORDS

if TYPE_CHECKING:
    from hypnic.datasets.release.contents import Contents


def cite(study: Literal["open", "demo"] = "open", version: str = "latest") -> str:
    """Give the sentence to cite a release by; that of the package where the study has no release yet.

    Raises HypnicError where the study has no such release.

    >>> cite("demo", "1")
    'The hypnic contributors (2026). hypnic, synthetic demo (nobody gave these answers): sleep starts (hypnic jerks) in
    a survey and diaries [data set], version 1.0.0. CC0-1.0.'
    """
    found = find(study, version, packaged())
    if found is None:
        title = "hypnic: the open dataset of sleep starts (hypnic jerks), and the statistics that go with it"
        return f"{AUTHORS}. {title} [software], version {installed('hypnic')}. MIT, CC0-1.0."
    facts = found.facts()
    return sentence(str(facts["title"]), found.version, str(facts["created"]))


def sentence(title: str, version: str, day: str) -> str:
    """Give the sentence that cites a release.

    >>> sentence("hypnic, open study", "1.0.0", "2026-10-01")
    'The hypnic contributors (2026). hypnic, open study [data set], version 1.0.0. CC0-1.0.'
    """
    return f"{AUTHORS} ({day[:4]}). {title} [data set], version {version}. CC0-1.0."


def citation_file(contents: Contents) -> str:
    """Give CITATION.cff; no day of release, since that would change from build to build."""
    keywords = "".join(f"  - {word}\n" for word in KEYWORDS)
    return (
        "cff-version: 1.2.0\nmessage: If you use these data, please cite them as below.\ntype: dataset\n"
        f"title: {json.dumps(contents.title)}\nversion: {contents.version}\n"
        f"authors:\n  - name: {AUTHORS}\nlicense: CC0-1.0\nkeywords:\n{keywords}"
        f"abstract: {json.dumps(contents.description)}\n"
    )


def zenodo(contents: Contents) -> str:
    """Give .zenodo.json: what Zenodo asks of an upload."""
    said = {
        "upload_type": "dataset", "title": contents.title, "version": contents.version,
        "description": contents.description, "creators": [{"name": AUTHORS}], "license": "cc-zero",
        "access_right": "open", "keywords": KEYWORDS, "language": "eng",
    }  # fmt: skip
    return json.dumps(said, indent=2) + "\n"
