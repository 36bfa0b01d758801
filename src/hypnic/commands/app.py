"""All commands together, and the guide that `hypnic --help` prints.

Heavy libraries are imported inside the commands: `hypnic --help` must answer at once.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import typer
from typer.core import TyperCommand

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


class Strict(TyperCommand):
    """A command that takes no option for the value of another: `--fix --out DIR` would write a folder called --out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse what was typed, and say where an option lacks its value."""
        known = [one for one in self.params if one.param_type_name == "option"]
        every = {name for one in known for name in (*one.opts, *one.secondary_opts)}
        valued = {name for one in known if not getattr(one, "is_flag", False) for name in one.opts}
        typed = args[: args.index("--")] if "--" in args else args
        for option, value in pairwise(typed):
            if option in valued and value.partition("=")[0] in every:
                from hypnic.errors import HypnicError

                message = f"{option} wants a value, and {value.partition('=')[0]} stands there; type it behind {option}"
                raise HypnicError(message)
        return super().parse_args(ctx, args)


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
    app.command(cls=Strict)(command)
