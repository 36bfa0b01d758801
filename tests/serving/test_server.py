"""`hypnic serve` as a person starts and ends it."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from hypnic.errors import HypnicError
from hypnic.lazy import missing
from hypnic.serving import serve

COMMAND = [sys.executable, "-P", "-c", "from hypnic.cli import main; main()", "serve", "--no-browser"]


def test_the_command_prints_an_address_answers_there_alone_and_ends_in_one_line() -> None:
    with subprocess.Popen(COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as serving:  # noqa: S603
        assert serving.stdout is not None
        try:
            address, said = serving.stdout.readline().strip(), serving.stdout.readline()
            with urllib.request.urlopen(address, timeout=60) as page:  # noqa: S310
                assert (page.status, page.headers.get("server")) == (200, None)
            with pytest.raises(urllib.error.HTTPError, match="404") as refused:
                urllib.request.urlopen(address.rsplit("/", 2)[0], timeout=60)  # noqa: S310
            refused.value.close()
        finally:
            serving.send_signal(signal.SIGINT)
        complaint = serving.communicate(timeout=60)[1]
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/[\w-]{32}/", address)
    assert said == "the page is there until you press Control-C\n"
    assert (serving.returncode, complaint.count("\n"), "Traceback" in complaint) == (130, 1, False)


def test_a_port_that_is_taken_is_said_in_a_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(HypnicError, match=rf"the port {port} is taken or cannot be used; name another with --port"):
            serve(port, browser=False)


def test_the_extra_that_is_missing_is_named() -> None:
    said = str(missing(ModuleNotFoundError(name="uvicorn")))
    assert said == "this needs uvicorn, which comes with the extra serve: pip install 'hypnic[serve]'"
