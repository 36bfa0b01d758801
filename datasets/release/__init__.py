"""Accepted answers, in publishable form, become a versioned release, which is found, fetched and compared here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.datasets.release.contents import Contents, assemble
    from hypnic.datasets.release.differences import compare
    from hypnic.datasets.release.folder import write_release
    from hypnic.datasets.release.locating import cite, find, releases
    from hypnic.datasets.release.showing import shown

__all__ = ["Contents", "assemble", "cite", "compare", "find", "releases", "shown", "write_release"]

__getattr__, __dir__ = attach(
    __name__,
    {
        "Contents": "contents",
        "cite": "locating",
        "compare": "differences",
        "assemble": "contents",
        "find": "locating",
        "releases": "locating",
        "shown": "showing",
        "write_release": "folder",
    },
)
