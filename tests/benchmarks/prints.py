"""Printed reports against the rules of PDF/UA-1, by a validator that knows nothing of how they are made.

    nox -s prints                     of the demo, and of the published NHANES
    nox -s prints -- reports/_build   of every report in a folder

typst refuses to write what it knows to break the standard; this is the second opinion. Exits 1 where a rule is broken.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path

import page
from pypdf import PdfReader

PUBLISHED = Path(__file__).parents[2] / "reports" / "published"


def told(path: Path) -> bool:
    """Print a line of a report, and tell whether it keeps every rule."""
    content = path.read_bytes()
    labels = list(PdfReader(io.BytesIO(content)).page_labels)
    supplement = sum(label.startswith("S") for label in labels)
    found = page.validate_pdf_bytes(content, profile="ua1")
    print(
        f"{path.parent.name}: {len(labels) - supplement} pages and {supplement} of the supplement,"
        f" {len(content) / 1000:.0f} kB; PDF/UA-1: {found.rules.passed} of {found.rules.total} rules kept"
    )
    for failure in found.failures:
        print(f"  {failure.rule_id}: {failure.message}")
    return bool(found.is_compliant)


def main() -> int:
    """Look at the reports of the folders that are named, or at the demo's and the published one."""
    with tempfile.TemporaryDirectory() as place:
        folders = [Path(name) for name in sys.argv[1:]]
        if not folders:
            demo = Path(place) / "demo"
            words = [str(Path(sys.executable).parent / "hypnic"), "report", "--study", "demo", "--out", str(demo)]
            subprocess.run(words, check=True, capture_output=True)  # noqa: S603
            folders = [demo, PUBLISHED]
        kept = [told(path) for folder in folders for path in sorted(folder.rglob("*.pdf"))]
    return 0 if kept and all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
