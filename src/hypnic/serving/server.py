"""Serving the page on loopback, until it is stopped."""

from __future__ import annotations

import secrets
import socket
import threading
import webbrowser
from typing import TYPE_CHECKING

import uvicorn

from hypnic.errors import HypnicError
from hypnic.serving.routes import application

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypnic.serving.routes import Told

LOOPBACK = "127.0.0.1"


def serve(
    port: int = 0, *, browser: bool = True, say: Callable[[str], object] = print, nights: Told | None = None
) -> None:
    """Serve the page on this machine's loopback alone; return when it is stopped.

    Parameters
    ----------
    port
        Where; 0 takes a free one.
    browser
        Open the page in the person's browser.
    say
        Told the address of the page, in one line, once it can be opened.
    nights
        Puts the nights of one person's folder in words and a picture, as `hypnic.reports.mine.own_nights` does.

    Raises
    ------
    HypnicError
        The port is taken, or may not be used.

    """
    with _bound(port) as listening:
        port, token = listening.getsockname()[1], secrets.token_urlsafe(24)
        address = f"http://{LOOPBACK}:{port}/{token}/"
        config = uvicorn.Config(
            application(port, token, nights=nights), log_level="critical", access_log=False, lifespan="off", ws="none",
            http="h11", proxy_headers=False, server_header=False, date_header=False, timeout_graceful_shutdown=2,
        )  # fmt: skip
        say(address)
        if browser:
            # A browser of the terminal would hold us up.
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        uvicorn.Server(config).run(sockets=[listening])


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.bind((LOOPBACK, port))
        listening.listen(16)
    except (OSError, OverflowError):
        listening.close()
        message = f"the port {port} is taken or cannot be used; name another with --port, or leave it out"
        raise HypnicError(message) from None
    return listening
