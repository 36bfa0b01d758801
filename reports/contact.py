"""Where a reader asks: the issue tracker, where its address is known, and in words where it is not."""

from __future__ import annotations

import os
import re
from importlib.metadata import metadata

WEB = re.compile(r"https://[\w.-]+(?:/[\w.~-]+)+")
TRACKER = "the issue tracker of the repository"
# A build knows no address where it is made from a copy: a page must not name one that may not be there.
UNKNOWN = (
    "open an issue in the repository that you have this page from, or ask whoever gave it to you. CONTRIBUTING.md there"
    " says how to send data or a change, CITATION.cff whom to cite"
)
# Said next to how to cite, where no address is known.
NO_ADDRESS = (
    "This copy knows no address of its own: version and specification say which one it is. If you have it from the web,"
    " add that address and the day."
)


def tracker() -> str:
    """Give the address of the issue tracker; blank where it is not known.

    It is that of `HYPNIC_REPOSITORY`, an address of the web that the workflow of the site sets, or the one that the
    package names itself.

    >>> from hypnic.environment import environment
    >>> with environment({"HYPNIC_REPOSITORY": "https://github.com/somebody/hypnic"}):
    ...     tracker()
    'https://github.com/somebody/hypnic/issues'
    """
    named = os.environ.get("HYPNIC_REPOSITORY", "").rstrip("/")
    if WEB.fullmatch(named):
        return f"{named}/issues"
    known = (line.split(", ", 1) for line in metadata("hypnic").get_all("Project-URL") or ())
    return next((address for label, address in known if label.lower() in {"issues", "tracker"}), "")
