"""A drawing as SVG: the same bytes on every run, with text as text, told in words, and with its data next to it."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl
import seaborn as sns
from matplotlib import style

from hypnic.palette import LIGHT
from hypnic.reports.fonts import font_faces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from matplotlib.figure import Figure

INK, PAPER = LIGHT["ink"], LIGHT["paper"]
FIRST, SECOND = LIGHT["first"], LIGHT["second"]
SIZE = 11  # points: a phone of 390 pixels shows a figure of WIDTH inches about as large as it is drawn
WIDTH = 4.9  # inches
WIDE = 8.6  # inches: a second layout, for a page with room
LOOK: dict[str, Any] = {
    "font.family": "DejaVu Sans", "font.size": SIZE, "axes.titlesize": SIZE + 1, "axes.titleweight": "bold",
    "axes.titlelocation": "left", "axes.labelsize": SIZE, "xtick.labelsize": SIZE, "ytick.labelsize": SIZE,
    "legend.fontsize": SIZE, "legend.frameon": False,
    "text.color": INK, "axes.labelcolor": INK, "axes.edgecolor": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.linewidth": 0.8, "figure.facecolor": PAPER, "axes.facecolor": PAPER, "svg.fonttype": "none",
}  # fmt: skip
FACE = re.compile(r"<style>@font-face.*?</style>\n", re.DOTALL)
OF_THE_PAGE = {INK: "currentColor", PAPER: "none", FIRST: "var(--first)", SECOND: "var(--second)"}
DIGITS = 6

Sketch: TypeAlias = "Callable[[], Drawing]"  # draws when it is called, in whichever process


@dataclass(frozen=True, eq=False)
class Told:
    """What no figure goes without: a title, one sentence of meaning, what is seen on it, and the data that are drawn.

    Parameters
    ----------
    title
        What the figure is about, without a full stop.
    meaning
        One sentence: what a reader should take from it.
    seen
        The alternative text: what somebody sees on it, with its numbers.
    data
        The numbers that are drawn, a row a mark; already as they may be published.

    Raises
    ------
    ValueError
        One of them is empty, or the meaning is not a sentence.

    """

    title: str
    meaning: str
    seen: str
    data: pl.DataFrame

    def __post_init__(self) -> None:
        """Refuse a figure that lacks one of them."""
        lacking = [name for name in ("title", "meaning", "seen") if not getattr(self, name).strip()]
        if self.data.is_empty():
            lacking.append("data")
        if not self.meaning.endswith("."):
            lacking.append("a sentence of meaning")
        if lacking:
            message = f"a figure needs {', '.join(lacking)}"
            raise ValueError(message)


@dataclass(frozen=True)
class Drawing:
    """One figure: `name` is its files', `title` and `description` its alternative text, `csv` its data.

    `narrow` is the layout for a phone, where the figure has one of its own.
    """

    name: str
    title: str
    meaning: str
    description: str
    svg: str
    csv: str
    narrow: str = ""

    @property
    def inline(self) -> str:
        """Give the element for a page: it takes the page's colours, font, and ground."""
        if not self.narrow:
            return _inline(self.svg)
        wide, phone = _inline(self.svg), _inline(self.narrow)
        return f'<div class="layouts"><div class="for-phone">{phone}</div><div class="for-wide">{wide}</div></div>'

    @property
    def files(self) -> dict[str, str]:
        """Give what a reader may download, by its path in the folder of the report."""
        narrow = {f"figures/{self.name}-phone.svg": self.narrow} if self.narrow else {}
        return {f"figures/{self.name}.svg": self.svg, f"figures/{self.name}.csv": self.csv} | narrow


def _inline(svg: str) -> str:
    bare = FACE.sub("", svg.partition("\n")[2])
    for colour, instead in OF_THE_PAGE.items():
        bare = bare.replace(colour, instead)
    return bare


@contextmanager
def look(name: str) -> Iterator[None]:
    """Set how figures look; `name` salts the ids inside, so that they are the same on every run."""
    # "default" first: a reader's own matplotlibrc must not change a byte.
    with style.context(["default", dict(sns.axes_style("ticks")), LOOK | {"svg.hashsalt": name}]):
        yield


def drawing(figure: Figure, name: str, told: Told, *, synthetic: bool, phone: Figure | None = None) -> Drawing:
    """Write a matplotlib figure down; synthetic data are called so in the image, in its text and in its data.

    `phone` is the same figure in the layout of a phone, where `figure` is too wide for one.
    """
    data = told.data.with_columns(pl.selectors.float().round_sig_figs(DIGITS))
    title = told.title
    if synthetic:
        title = f"{title} (synthetic data)"
        data = data.select(pl.lit("synthetic").alias("data"), pl.all())
    svg = _written(figure, name, title, told.seen, synthetic=synthetic)
    narrow = _written(phone, f"{name}-phone", title, told.seen, synthetic=synthetic) if phone else ""
    return Drawing(name, title, told.meaning, told.seen, svg, data.write_csv(), narrow)


def _written(figure: Figure, name: str, title: str, seen: str, *, synthetic: bool) -> str:
    if synthetic:
        figure.suptitle("Synthetic data", x=0.01, ha="left", fontsize=SIZE, fontstyle="italic", color=INK)
    page = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(page, format="svg", metadata=nothing)
    body = page.getvalue()[page.getvalue().index("<svg") :]
    # Every figure numbers its marks and clips alike: on one page their ids must differ.
    body = re.sub(r'( id="|href="#|url\(#)', rf"\g<1>{name}-", body)
    opening, _, rest = body.partition(">")
    words = f'\n <title id="{name}-title">{escape(title)}</title>\n <desc id="{name}-desc">{escape(seen)}</desc>\n'
    labelled = f'{opening} role="img" aria-labelledby="{name}-title {name}-desc">'
    face = f"<style>{font_faces()}</style>\n"  # cutting it to each drawing's own letters costs more than it saves
    return f'<?xml version="1.0" encoding="utf-8"?>\n{labelled}{words}{face}{rest.lstrip()}'
