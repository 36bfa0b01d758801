"""A page on this machine alone: files are checked, fixed and published as by the commands, and nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypnic.lazy import attach

if TYPE_CHECKING:
    from hypnic.serving.routes import application
    from hypnic.serving.server import serve

__all__ = ["application", "serve"]

__getattr__, __dir__ = attach(__name__, {"application": "routes", "serve": "server"})
