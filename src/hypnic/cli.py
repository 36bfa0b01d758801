"""The command line: thin over the Python API, and quick to say what it can do.

Heavy libraries are imported inside the commands: `hypnic --help` must answer at once.
"""

from __future__ import annotations

import gc
import os
import signal
import sys

import typer

from hypnic.commands.check import check
from hypnic.commands.convert import convert
from hypnic.commands.dictionary import dictionary
from hypnic.commands.load import load
from hypnic.commands.power import power
from hypnic.commands.report import report
from hypnic.commands.simulate import simulate
from hypnic.commands.submit import submit
from hypnic.commands.template import template
from hypnic.commands.withdraw import withdraw
from hypnic.errors import HypnicError

GUIDE = """The open dataset of sleep starts (hypnic jerks), and the statistics that go with it.

\b
Use the data     hypnic load nights --study demo > nights.csv
Send data        hypnic check participants.csv nights.csv
Build a report   hypnic report --study demo --out report
Plan a study     hypnic power --persons 500 --nights 14 --irr 1.1

\b
Studies
  demo     a synthetic cohort that comes with the package: nobody gave these answers
  open     all accepted submissions; empty until the first is accepted
  nhanes   NHANES 2005-2008 (CDC): leg jerks while trying to sleep, a proxy

Every command has a --help of its own, with an example.
Exit codes: 0 all well, 1 a check found errors, 2 something could not be read or written.
"""
app = typer.Typer(
    help=GUIDE, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False
)
for command in (template, check, convert, submit, withdraw, load, dictionary, report, simulate, power):
    app.command()(command)


def main() -> None:
    """Run the command line; what the user can mend is one line and exit code 2, never a traceback."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that whatever was half-written is cleared away
    gc.set_threshold(100_000)  # much is imported and little becomes garbage: this starts a check a tenth sooner
    try:
        app()
    except HypnicError as error:
        typer.echo(f"hypnic: {error}", err=True)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        typer.echo("hypnic: stopped; nothing half-written is left", err=True)
        raise SystemExit(130) from None
    except BrokenPipeError:  # the reader, `head` say, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
