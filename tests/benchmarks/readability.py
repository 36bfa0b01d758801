"""How many words a report's pages have, and how easily its first screen and its first page are read.

`nox -s words` builds the demo and prints a line a page; `-- DIR` looks at the report that lies there instead. The
grades are Flesch-Kincaid's: the years at school that a reader needs, so that an age of 14 is a grade of about 8.5.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import textstat

# Where a sentence ends, though no full stop says so.
BLOCKS = {"p", "li", "dt", "dd", "h1", "h2", "h3", "td", "th", "caption", "figcaption", "summary"}
VOID = {"meta", "link", "input", "br", "path", "circle", "use", "rect", "img"}
NOT_READ = {"style", "svg", "head", "script", "nav", "footer"}


class Text(HTMLParser):
    """The words of a page: of all of it, of its first screen, and of its running text without tables."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[str] = []
        self.lead: list[str] = []
        self.running: list[str] = []
        self._inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._inside.append("lead" if dict(attrs).get("class") == "lead" else tag)

    def handle_endtag(self, tag: str) -> None:
        if self._inside and tag not in VOID:
            self._inside.pop()
        if tag in BLOCKS:
            for words in (self.lead, self.running):
                if words and not words[-1].endswith((".", ":", "?")):
                    words.append(".")

    def handle_data(self, data: str) -> None:
        inside = set(self._inside)
        if inside & NOT_READ or not data.strip():
            return
        self.all += data.split()
        if "table" not in inside:
            self.running += data.split()
        if "lead" in inside:
            self.lead += data.split()


def line(name: str, words: list[str]) -> str:
    """Say how long and how hard a text is."""
    text = " ".join(words)
    grade, ease = textstat.flesch_kincaid_grade(text), textstat.flesch_reading_ease(text)
    return f"{name:<28}{len(words):>7} words  grade {grade:>5.1f}, age {grade + 5.5:>4.0f}, reading ease {ease:>5.1f}"


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(place) / "demo"
        if len(sys.argv) == 1:
            subprocess.run(["hypnic", "report", "--study", "demo", "--out", str(folder)], check=True)  # noqa: S603, S607
        for page in sorted(folder.glob("*.html")):
            text = Text(page.read_text("utf-8"))
            print(f"{page.name:<28}{len(text.all):>7} words")
            if text.lead:
                print(line("  first screen", text.lead))
                print(line("  running text", text.running))


if __name__ == "__main__":
    main()
