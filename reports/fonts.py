"""The font of figures: a subset of DejaVu Sans, which comes with matplotlib, inside the page or the drawing itself.

So text in a figure stays text, which can be searched, copied and read aloud, and looks the same on every machine.
"""

from __future__ import annotations

import io
from base64 import b64encode
from functools import cache
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from matplotlib import get_data_path

FAMILY = "DejaVu Sans"
FILES = {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}
# What any figure of a page may write: letters, digits, and the signs of numbers and intervals.
SIGNS = "\N{NO-BREAK SPACE}\N{MULTIPLICATION SIGN}\N{RIGHT SINGLE QUOTATION MARK}–—−≤≥…“”·→←±°µé"
PAGE = "".join(map(chr, range(0x20, 0x7F))) + SIGNS


def font_faces(text: str = PAGE, weights: tuple[str, ...] = ("normal", "bold")) -> str:
    """Give the CSS that brings the font with the characters of a text, for each weight.

    >>> font_faces("12", ("normal",)).startswith('@font-face { font-family: "DejaVu Sans"; font-weight: normal;')
    True
    """
    characters = "".join(sorted(set(text)))
    return "".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight};'
        f' src: url(data:font/ttf;base64,{_subset(weight, characters)}) format("truetype"); }}\n'
        for weight in weights
    )


@cache
def _subset(weight: str, characters: str) -> str:
    return b64encode(_cut(_page_font(weight), characters)).decode()


@cache
def _page_font(weight: str) -> bytes:
    """Give the font with all that a page may write: a drawing's own is cut from it, which is quick."""
    return _cut((Path(get_data_path()) / "fonts" / "ttf" / FILES[weight]).read_bytes(), PAGE)


def _cut(font: bytes, characters: str) -> bytes:
    # Hints and kerning weigh more than they help at these sizes; the time of the change would differ on every run.
    options = subset.Options(
        hinting=False, layout_features=[], name_IDs=[], notdef_outline=True, recalc_timestamp=False,
        drop_tables=["FFTM", "GSUB", "GPOS", "GDEF", "kern"],
    )  # fmt: skip
    opened = TTFont(io.BytesIO(font), recalcTimestamp=False)
    made = subset.Subsetter(options)
    made.populate(text=characters)
    made.subset(opened)
    file = io.BytesIO()
    opened.save(file)
    return file.getvalue()
