"""The door of the command line: however a command ends, it ends with a line and an exit code, never a traceback."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import NoReturn

from hypnic.errors import HypnicError
from hypnic.starting import start_sooner

STOPPED = "hypnic: stopped; nothing half-written is left\n"


def main() -> None:
    """Run the command line; what the user can fix is one line and exit code 2."""
    # So that whatever was half-written is cleared away; as no exception of its own, since libraries swallow those.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGINT, lambda *_: _stop())
    gc.set_threshold(100_000)  # much is imported and little becomes garbage: this starts a check a tenth sooner
    start_sooner()
    try:
        from hypnic.commands.app import app  # here, because it takes long enough to be stopped meanwhile

        app()
    except HypnicError as error:
        sys.stderr.write(f"hypnic: {error}\n")
        raise SystemExit(2) from None
    except ModuleNotFoundError as error:
        from hypnic.lazy import missing

        if (said := missing(error)) is error:
            raise
        sys.stderr.write(f"hypnic: {said}\n")
        raise SystemExit(2) from None
    except KeyboardInterrupt:  # polars has a handler of its own
        _stop()
    except BrokenPipeError:  # the reader, `head` say, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def _stop() -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # once is enough
    sys.stderr.write(STOPPED)
    raise SystemExit(130) from None
