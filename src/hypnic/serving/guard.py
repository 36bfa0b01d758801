"""Who may ask: this page in this person's browser, at a bearable pace; no other page, name, machine or program."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from hypnic.serving.asking import BODY, PLAIN_TOO_LARGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none';"
        " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
ABREAST = 4  # requests that are held in memory
PACE, BURST = 5.0, 40.0  # requests with files a second in the long run, and at once


class Pace:
    """Lets `burst` through at once, and `pace` a second in the long run."""

    def __init__(self, pace: float = PACE, burst: float = BURST, clock: Callable[[], float] = time.monotonic) -> None:
        self.pace, self.burst, self.clock = pace, burst, clock
        self.left, self.seen = burst, clock()

    def passes(self) -> bool:
        """Tell whether one more may pass now."""
        now = self.clock()
        self.left = min(self.burst, self.left + (now - self.seen) * self.pace)
        self.seen = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class Guard:
    """Refuses what does not come from the page itself, before anything of it is read.

    `port` is where the page is, and `token` the first part of its path, which no other page can know.
    """

    def __init__(self, app: ASGIApp, port: int, token: str, pace: Pace | None = None) -> None:
        self.app, self.token, self.pace = app, token, pace or Pace()
        self.inside = 0
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [(name, value) for name, value in message["headers"] if name.decode().lower() not in HEADERS]
                ours = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
                message = {**message, "headers": [*kept, *ours]}
            await send(message)

        refusal = self.refusal(scope)
        if refusal is not None:
            status, words = refusal
            await JSONResponse({"error": words}, status)(scope, receive, guarded)
            return
        self.inside += 1
        try:
            await self.app({**scope, "path": "/" + scope["path"].split("/", 2)[2]}, receive, guarded)
        finally:
            self.inside -= 1

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Give the status and the words with which a request is refused; None where it is not."""
        said: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            said.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        if stranger := self._stranger(said, scope["path"]):
            return stranger
        if scope["method"] in {"GET", "HEAD"}:
            return None
        if scope["method"] != "POST":
            return 405, "this page is asked with GET and POST alone"
        if said.get("origin", []) != [f"http://{said['host'][0].lower()}"]:
            return 403, "another page asked for this"
        return self._unfit(said)

    def _stranger(self, said: dict[str, list[str]], path: str) -> tuple[int, str] | None:
        """Judge for which address a request is, what made it, and whether it knows the token."""
        hosts = said.get("host", [])
        first, *rest = path.removeprefix("/").split("/", 1)
        if len(hosts) != 1 or hosts[0].lower() not in self.hosts:
            return 421, "this page answers to its own address alone"
        if said.get("sec-fetch-site", ["none"]) not in (["none"], ["same-origin"]):
            return 403, "another page asked for this"
        if not rest or not secrets.compare_digest(first.encode(errors="replace"), self.token.encode()):
            return 404, "there is nothing here; open the address that `hypnic serve` printed"
        return None

    def _unfit(self, said: dict[str, list[str]]) -> tuple[int, str] | None:
        """Judge the kind, the size and the pace of a request of the page."""
        if said.get("content-type") != ["application/json"]:
            return 415, "files are sent as JSON"
        length = said.get("content-length", [""])
        if len(length) != 1 or not (length[0].isascii() and length[0].isdigit()) or len(length[0]) > 12:
            return 411, "say how long the request is"
        if int(length[0]) > BODY:
            return 413, PLAIN_TOO_LARGE
        if self.inside >= ABREAST or not self.pace.passes():
            return 429, "that is more than can be checked at once; wait a few seconds"
        return None
