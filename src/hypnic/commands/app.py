"""All commands together, and the guide that `hypnic --help` prints.

Heavy libraries are imported inside the commands: `hypnic --help` must answer at once.
"""

from __future__ import annotations

import typer

from hypnic.commands.check import check
from hypnic.commands.convert import convert
from hypnic.commands.dictionary import dictionary
from hypnic.commands.fit import fit
from hypnic.commands.load import load
from hypnic.commands.power import power
from hypnic.commands.release import release
from hypnic.commands.report import report
from hypnic.commands.serve import serve
from hypnic.commands.simulate import simulate
from hypnic.commands.submit import submit
from hypnic.commands.template import template
from hypnic.commands.withdraw import withdraw
from hypnic.datasets.sources import SOURCES

STUDIES = "\n".join(f"  {source.name:<9}{source.words}" for source in SOURCES.values())
GUIDE = f"""The open dataset of sleep starts (hypnic jerks), and the statistics that go with it.

\b
Use the data     hypnic load nights --study demo > nights.csv
Send data        hypnic check participants.csv nights.csv
On a page        hypnic serve
Build a report   hypnic report --study demo --out report
Plan a study     hypnic power --persons 500 --nights 14 --irr 1.1

\b
Studies
{STUDIES}

Every command has a --help of its own, with an example.
Exit codes: 0 all well, 1 a check found errors, 2 something could not be read or written.
"""
app = typer.Typer(
    help=GUIDE, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False
)
for command in (
    template,
    check,
    convert,
    serve,
    submit,
    withdraw,
    load,
    release,
    dictionary,
    report,
    fit,
    simulate,
    power,
):
    app.command()(command)
