"""How a release is cited: as a sentence, as CITATION.cff, and for Zenodo."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypnic.schemas.publish.package import AUTHORS, KEYWORDS

if TYPE_CHECKING:
    from hypnic.datasets.release.contents import Contents


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
