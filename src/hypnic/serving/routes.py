"""The application: a page, its script and style, and five questions; it keeps nothing between two of them."""

from __future__ import annotations

import json
import sys
import tempfile
import threading
from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hypnic.datasets.intake.withdrawal import CODES
from hypnic.errors import HypnicError
from hypnic.palette import style_sheet
from hypnic.serving.answering import answer, saved
from hypnic.serving.asking import BODY, MAP, PLAIN_TOO_LARGE, MalformedError, asked
from hypnic.serving.converting import converted
from hypnic.serving.editing import opened
from hypnic.serving.front import front
from hypnic.serving.guard import Guard
from hypnic.serving.publishing import published, written
from hypnic.serving.sheets import offered

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from hypnic.datasets.checking.opened import Opened
    from hypnic.serving.asking import Asked
    from hypnic.serving.guard import Pace

    Work = Callable[[Path, list[Asked], dict[str, str]], dict[str, Any]]
    Told = Callable[[Path], dict[str, Any]]

PATIENCE = 60  # seconds that a request may take to arrive
ONE = threading.Lock()  # one check at a time, so that memory is bounded


def application(port: int, token: str, pace: Pace | None = None, nights: Told | None = None) -> Guard:
    """Make the application that answers at `http://127.0.0.1:PORT/TOKEN/`, and refuses everything else.

    Parameters
    ----------
    port
        The port that it is served at; the Host and Origin of a request must have it.
    token
        The first part of every path, which only the person who started it knows.
    pace
        How many files may be checked in a time; without it, 40 at once and 5 a second.
    nights
        Puts the nights of one person's folder in words and a picture; without it, the page does not.

    """
    page = resources("hypnic.serving") / "page"
    script, style = (page / "app.js").read_bytes(), style_sheet() + (page / "style.css").read_text("utf-8")
    routes = [
        _fixed("/", front(), "text/html"),
        _fixed("/app.js", script, "text/javascript"),
        _fixed("/style.css", style, "text/css"),
        _question("/check", lambda home, files, _: answer(_opened(home, files), _tables(files))),
        _question("/sheets", lambda home, files, _: {"files": [offered(home / one.name, one) for one in files]}),
        _question(
            "/convert", lambda home, files, said: converted(home, files, said.get("form", ""), said.get(MAP, ""))
        ),
        _question("/save", lambda home, files, _: {"files": [_saved(file) for file in _opened(home, files)]}),
        _question("/publish", _published),
        *([_question("/nights", lambda home, files, _: nights(_folder(home, files)))] if nights else []),
    ]
    handlers: dict[Any, Any] = {
        HTTPException: lambda _, error: JSONResponse({"error": error.detail}, error.status_code),
        MalformedError: lambda _, error: JSONResponse({"error": str(error)}, 400),
        HypnicError: lambda _, error: JSONResponse({"error": str(error)}, 422),
        Exception: _ours,
    }
    return Guard(Starlette(routes=routes, exception_handlers=handlers), port, token, pace)


def _fixed(path: str, content: str | bytes, kind: str) -> Route:
    async def give(_: Request) -> Response:
        return Response(content, media_type=kind)

    return Route(path, give)


def _question(path: str, work: Work) -> Route:
    """Make a route that reads the files of a request into a folder of its own, which is removed with them."""

    def answered(body: bytes) -> bytes:
        files, facts = asked(body)
        with ONE, tempfile.TemporaryDirectory(prefix="hypnic-") as folder:
            return json.dumps(work(Path(folder), files, facts)).encode()

    async def give(request: Request) -> Response:
        content = await run_in_threadpool(answered, await _body(request))
        return Response(content, media_type="application/json")

    return Route(path, give, methods=["POST"])


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        with anyio.move_on_after(PATIENCE) as late:
            async for part in request.stream():
                body += part
                if len(body) > BODY:
                    raise HTTPException(413, PLAIN_TOO_LARGE)
    except ClientDisconnect:
        raise HTTPException(400, "the request was broken off") from None
    if late.cancelled_caught:
        raise HTTPException(408, "the files took too long to arrive")
    return bytes(body)


def _opened(home: Path, files: list[Asked]) -> list[Opened]:
    """Read the tables among the files, and type into them what the person typed."""
    tables = _tables(files)
    if not tables:
        message = f"{CODES} goes with participants.csv; drop that as well"
        raise HypnicError(message)
    (home / "dropped").mkdir()
    return [opened(home / "dropped", one) for one in tables]


def _tables(files: list[Asked]) -> list[Asked]:
    return [one for one in files if one.name.casefold() != CODES]


def _saved(file: Opened) -> dict[str, str]:
    return {"name": f"{Path(file.text.name).stem}-fixed.csv", "csv": saved(file)}


def _folder(home: Path, files: list[Asked]) -> Path:
    """Write the tables, with what was typed, into a folder of their own."""
    return written(home / "your tables", _opened(home, files))


def _published(home: Path, files: list[Asked], facts: dict[str, str]) -> dict[str, Any]:
    codes = next((one.content for one in files if one.name.casefold() == CODES), None)
    return published(home, _opened(home, files), codes, facts)


async def _ours(_: Request, error: Exception) -> Response:
    """Say that it is a fault of ours, and nothing of the file: its name or a cell may stand in the error."""
    sys.stderr.write(f"hypnic: a fault of hypnic's own ({type(error).__name__}); please report what you did\n")
    words = "this is a fault of hypnic's own, not of your file; please report what you did, without the file"
    return JSONResponse({"error": words}, 500)
