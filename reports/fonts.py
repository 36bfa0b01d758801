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
LETTERS = "".join(map(chr, range(0x20, 0x7F))) + SIGNS


@cache
def font_faces() -> str:
    """Give the CSS that brings the font in both weights.

    >>> font_faces().startswith('@font-face { font-family: "DejaVu Sans"; font-weight: normal;')
    True
    """
    return "".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight};'
        f' src: url(data:font/ttf;base64,{_subset(file)}) format("truetype"); }}\n'
        for weight, file in FILES.items()
    )


def _subset(file: str) -> str:
    # Hints and kerning weigh more than they help at these sizes; the time of the change would differ on every run.
    options = subset.Options(
        hinting=False, layout_features=[], name_IDs=[], notdef_outline=True, recalc_timestamp=False,
        drop_tables=["FFTM", "GSUB", "GPOS", "GDEF", "kern"],
    )  # fmt: skip
    font = TTFont(Path(get_data_path()) / "fonts" / "ttf" / file, recalcTimestamp=False)
    made = subset.Subsetter(options)
    made.populate(text=LETTERS)
    made.subset(font)
    written = io.BytesIO()
    font.save(written)
    return b64encode(written.getvalue()).decode()
