"""Figures as PNG, for slides and messages that take no SVG: set by typst from the drawings, the same bytes on each run.

Typst draws by arithmetic of its own, with no library of the machine: a picture takes a hundredth of a second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typst

from hypnic.palette import PRINT
from hypnic.reports.pdf import set_figure, typst_fonts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypnic.reports.svg import Drawing

PER_INCH = 144  # pixels: twice those of a screen, so that letters stay clear
PAGE = '#set page(width: auto, height: auto, margin: 6pt, fill: rgb(sys.inputs.at("paper")))\n'
FIGURE = '#image(bytes(sys.inputs.at("figure:{}")), format: "svg")\n'


def pictures(drawings: Sequence[Drawing]) -> dict[str, bytes]:
    """Give each drawing as PNG on white, by its path in the folder of the report."""
    if not drawings:
        return {}
    source = PAGE + "#pagebreak()\n".join(FIGURE.format(number) for number in range(len(drawings)))
    inputs = {"paper": PRINT["paper"]}
    inputs |= {f"figure:{number}": set_figure(one) for number, one in enumerate(drawings)}
    made: Any = typst.compile(  # a list where there are several pages, whatever its type says
        source.encode(), None, format="png", ppi=PER_INCH, font_paths=typst_fonts(), sys_inputs=inputs, timestamp=0
    )
    pages = made if isinstance(made, list) else [made]
    return {f"figures/{one.name}.png": page for one, page in zip(drawings, pages, strict=True)}
