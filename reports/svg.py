"""A drawing as SVG: the same bytes on every run, told in words to who cannot see it."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import seaborn as sns
from matplotlib import style

from hypnic.palette import LIGHT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

INK, PAPER = LIGHT["ink"], LIGHT["paper"]
FIRST, SECOND = LIGHT["first"], LIGHT["second"]
LOOK: dict[str, Any] = {
    "font.family": "DejaVu Sans", "font.size": 9, "axes.titlesize": 10, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "axes.labelsize": 9, "xtick.labelsize": 9, "ytick.labelsize": 9,
    "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.linewidth": 0.8, "figure.facecolor": PAPER, "axes.facecolor": PAPER, "svg.fonttype": "path",
}  # fmt: skip


@dataclass(frozen=True)
class Drawing:
    """One figure: `name` is its file's, `title` and `description` its alternative text."""

    name: str
    title: str
    description: str
    svg: str

    @property
    def inline(self) -> str:
        """Give the element for a page: it takes the page's ink and shows the page's ground."""
        return self.svg.partition("\n")[2].replace(INK, "currentColor").replace(PAPER, "none")


@contextmanager
def look(name: str) -> Iterator[None]:
    """Set how figures look; `name` salts the ids inside, so that they are the same on every run."""
    # "default" first: a reader's own matplotlibrc must not change a byte.
    with style.context(["default", dict(sns.axes_style("ticks")), LOOK | {"svg.hashsalt": name}]):
        yield


def drawing(figure: Figure, name: str, title: str, description: str, *, synthetic: bool) -> Drawing:
    """Write a matplotlib figure down; synthetic data are called so in the image and in its text."""
    if synthetic:
        figure.suptitle("Synthetic data", x=0.01, ha="left", fontsize=9, fontstyle="italic", color=INK)
        title = f"{title} (synthetic data)"
    page = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(page, format="svg", metadata=nothing)
    body = page.getvalue()[page.getvalue().index("<svg") :]
    # Every figure numbers its glyphs and clips alike: on one page their ids must differ.
    body = re.sub(r'( id="|href="#|url\(#)', rf"\g<1>{name}-", body)
    opening, _, rest = body.partition(">")
    words = f'\n <title id="{name}-title">{escape(title)}</title>\n <desc id="{name}-desc">{escape(description)}</desc>'
    labelled = f'{opening} role="img" aria-labelledby="{name}-title {name}-desc">'
    return Drawing(name, title, description, f'<?xml version="1.0" encoding="utf-8"?>\n{labelled}{words}{rest}')
