"""The door of the command line: however a command ends, it ends with a line and an exit code, never a traceback."""

from __future__ import annotations

import os
import re
import signal
import sys
from contextlib import suppress
from io import UnsupportedOperation
from pathlib import Path
from typing import NoReturn

from hypnic.errors import HypnicError, reason
from hypnic.starting import start_sooner

SURROGATE, UNKNOWN = re.compile("[\ud800-\udfff]"), "\ufffd"  # a byte of a file's name that is not UTF-8
STOPPED = "hypnic: stopped; nothing half-written is left\n"


def main() -> None:
    """Run the command line; what the user can fix is one line and exit code 2."""
    # So that whatever was half-written is cleared away; as no exception of its own, since libraries swallow those.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, lambda *_: _stop())
    start_sooner()
    _open_what_is_closed()
    try:
        try:
            from hypnic.commands.app import app  # here, because it takes long enough to be stopped meanwhile

            app()
        finally:
            sys.stdout.flush()  # so that a full disk is told, and not lost after the last line
    except HypnicError as error:
        _fail(str(error))
    except ModuleNotFoundError as error:
        from hypnic.lazy import missing

        if (said := missing(error)) is error:
            raise
        _fail(str(said))
    except KeyboardInterrupt:  # polars has a handler of its own
        _stop()
    except OSError as error:
        _fail(_told(error))
    except SystemExit as end:
        if isinstance(end.__context__, BrokenPipeError):  # typer ends with 1, which would mean errors in a table
            _fail(_told(end.__context__))
        raise


def _open_what_is_closed() -> None:
    """Put something in the place of an output that was closed before the start: to write there fails, and is told."""
    if sys.stdout is None:
        sys.stdout = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115 -- for as long as the process lives
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def _told(error: OSError) -> str:
    """Say what the system refused, and where it is known, of which file."""
    if error.filename is not None:
        from hypnic.schemas.filenames import named

        return f"{named(Path(os.fsdecode(error.filename)))}: it cannot be read or written ({reason(error)})"
    why = "closed" if isinstance(error, (BrokenPipeError, UnsupportedOperation)) else reason(error)
    return f"what was to be printed could not be written whole ({why})"


def _fail(line: str) -> NoReturn:
    sys.unraisablehook = lambda _: None  # what a library cannot clear away on a full disk
    with suppress(OSError):
        sys.stderr.write(f"hypnic: {SURROGATE.sub(UNKNOWN, line)}\n")
        sys.stderr.flush()
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is left in the buffer goes nowhere
    raise SystemExit(2) from None


def _stop() -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough
    sys.stderr.write(STOPPED)
    raise SystemExit(130) from None
