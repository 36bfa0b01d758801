"""Hostile requests to the page of `hypnic serve`: hosts, origins, paths, headers, bodies and files, each at random.

`python tests/benchmarks/serving.py [COUNT [SEED]]` sends COUNT (1,000) and prints how many got each status; it ends
with 1 where one is a fault of the server, or a refusal says anything but one line.
"""

from __future__ import annotations

import base64
import json
import random
import runpy
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio

from hypnic.reports.mine import own_nights
from hypnic.serving import application
from hypnic.serving.guard import Pace

if TYPE_CHECKING:
    from collections.abc import Callable

PORT, TOKEN = 8123, "token"
HOST = f"127.0.0.1:{PORT}"
TEXTS = ["", "nights.csv", "../../etc/passwd", "C:\\x\\y.csv", "con", ".", "..", "a\0b", "\ud800", "x" * 5000, "<b>",
         "\u202egnp.csv", "n" * 99 + "\U0001f634" * 99, " . ", "withdrawals.csv", "A1", "ZZ99", "A0",
         "XFD1048576"]  # fmt: skip
HOSTS = [HOST] * 60 + ["", "evil.example", f"evil.example:{PORT}", "[::1]", f"{HOST}.evil.example", f"{HOST}, {HOST}"]
ORIGINS = [f"http://{HOST}"] * 60 + ["null", "", "http://evil.example", f"https://{HOST}", "file://"]
KINDS = ["application/json"] * 60 + ["text/plain", "multipart/form-data; boundary=x", "application/json; charset=x"]
PATHS = ["check", "convert", "sheets", "save", "publish", "nights"] * 10 + [
    "",
    "app.js",
    "../app.js",
    "%2e%2e/x",
    "\u00e9",
    "a/b/c",
]
METHODS = ["POST"] * 60 + ["GET", "HEAD", "PUT", "OPTIONS", "BREW"]
DEEP = b"[" * 100_000


def request(draw: random.Random, content: bytes) -> tuple[str, str, list[tuple[bytes, bytes]], bytes]:
    """Draw the method, the path, the headers and the body of one request."""
    body = _body(draw, content)
    length = draw.choice([str(len(body))] * 60 + ["", "x", "-5", "9" * 30, "0"])
    headers = [
        ("host", draw.choice(HOSTS)), ("origin", draw.choice(ORIGINS)), ("content-type", draw.choice(KINDS)),
        ("content-length", length), ("sec-fetch-site", draw.choice(["same-origin"] * 40 + ["cross-site", "x"])),
        ("x-forwarded-host", "evil.example"),
    ]  # fmt: skip
    if draw.random() < 0.05:
        headers = draw.choices(headers, k=draw.randrange(9))
    token = draw.choice([TOKEN] * 40 + ["", "tokem", "\u00e9", "x" * 9999])
    path = f"/{token}/{draw.choice(PATHS)}"
    return draw.choice(METHODS), path, [(name.encode(), said.encode()) for name, said in headers], body


def _body(draw: random.Random, content: bytes) -> bytes:
    kind = draw.randrange(20)
    if kind == 0:
        return draw.choice([b"", b"{}", b"null", b"[]", DEEP, b"\xff\xfe", b'{"files": 1e999}', draw.randbytes(99)])
    said: Any = {"files": [_file(draw, content) for _ in range(draw.choice([0, 1, 1, 1, 1, 2, 4]))]}
    said["facts"] = {"form": draw.choice(["spreadsheet", "redcap", "odk", "qualtrics", "google-forms", "nothing"])}
    if draw.random() < 0.2:
        said["facts"] |= {draw.choice(["title", "x", *TEXTS]): draw.choice([*TEXTS, 5, None, []]) for _ in range(3)}
    if kind == 1:
        said = draw.choice([said["files"], {"files": said}, {"files": [said]}, {"files": [None]}])
    body = json.dumps(said).encode()
    return body[: draw.randrange(len(body))] if kind == 2 else body


def _file(draw: random.Random, content: bytes) -> dict[str, Any]:
    def odd(usual: Any, *strange: Any) -> Any:
        return draw.choice(strange) if draw.random() < 0.08 else usual

    sent = base64.b64encode(content).decode()
    cells = ["A2", "B2", "V3", "C1", "Z2", "AA3"]
    edits = {odd(draw.choice(cells), *TEXTS): odd(draw.choice(["5", "", "=1+1", "sol_min"]), *TEXTS, 7, None)}
    file = {
        "name": odd("nights.csv", *TEXTS),
        "content": odd(sent, "%", None, "YQ=", sent[:-1]),
        "edits": odd(draw.choice([{}, edits]), [], None, "A1"),
        "drop": odd(draw.choice([[], [], ["A"], ["C", "D"]]), ["ZZZ"], [1], "A", None, {}),
    }
    if draw.random() < 0.1:
        file["sheet"] = odd(draw.randrange(4), "1", None, -1, 1e9)
    if draw.random() < 0.03:
        del file[draw.choice(list(file))]
    return file


def statuses(count: int, draw: random.Random) -> Counter[int]:
    """Send `count` requests, and count the statuses; an answer that never comes, or not in one line, counts as 599."""
    fuzz = runpy.run_path(str(Path(__file__).with_name("fuzz.py")))
    inputs: Callable[[int, int], Any] = fuzz["inputs"]
    app = application(PORT, TOKEN, Pace(burst=float("inf")), own_nights)
    counts: Counter[int] = Counter()
    for content in inputs(count, draw.randrange(2**31)):
        counts[anyio.run(_status, app, *request(draw, content))] += 1
    return counts


async def _status(app: Any, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> int:
    got: list[dict[str, Any]] = []
    parts = [body[: len(body) // 2], body[len(body) // 2 :]]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Any) -> None:
        got.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": headers,
        "server": ("127.0.0.1", PORT), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    try:
        await app(scope, receive, send)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is what is looked for
        print(f"{type(error).__name__}: {str(error)[:300]}")
    if not got:
        return 599
    status = int(got[0]["status"])
    said = b"".join(message.get("body", b"") for message in got[1:])
    one_line = method == "HEAD" or status < 400 or "\n" not in json.loads(said)["error"]
    return status if one_line else 599


def main() -> int:
    """Print the counts; give 1 where anything is wrong."""
    count, seed = (*map(int, sys.argv[1:]), *(1_000, 1729)[len(sys.argv) - 1 :])
    start = time.perf_counter()
    counts = statuses(count, random.Random(seed))  # noqa: S311 -- the same requests each time
    for status, number in sorted(counts.items()):
        print(f"{number:>8,}  {status}")
    wrong = sum(number for status, number in counts.items() if status >= 500)
    print(f"{count:>8,}  requests, seed {seed}, in {time.perf_counter() - start:.0f} s; {wrong} faults of the server")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
