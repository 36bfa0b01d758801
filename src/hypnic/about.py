"""Which version of the package this is."""

from __future__ import annotations

from importlib.metadata import version

__version__ = version("hypnic")
