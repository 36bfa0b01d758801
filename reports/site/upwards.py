"""The way up from the pages of a study to the front of the site: a report that stands alone has none."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MENU = b'<nav class="site" aria-label="Site">\n<ul>\n'
UP = b'<li><a href="../index.html">hypnic</a></li>\n'
PROVENANCE = "provenance.json"


def with_way_up(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the files of a report as they lie on the site: each page with a link up, and the hashes of what changed.

    >>> page = with_way_up({"index.html": MENU + b"</ul></nav>"})["index.html"]
    >>> page == with_way_up({"index.html": page})["index.html"], page.count(b"../index.html")
    (True, 1)
    """
    changed = {
        name: content.replace(MENU, MENU + UP, 1)
        for name, content in files.items()
        if name.endswith(".html") and MENU in content and UP not in content
    }
    if PROVENANCE not in files or not changed:
        return {**files, **changed}
    document = json.loads(files[PROVENANCE])
    document["outputs"] |= {name: sha256(content).hexdigest() for name, content in changed.items()}
    told = f"{json.dumps(document, indent=2, ensure_ascii=False)}\n".encode()
    return {**files, **changed, PROVENANCE: told}
