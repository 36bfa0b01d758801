"""axe-core's violations on the pages people read: findings with and without faults, and every page of a built site.

`nox -s pages` opens each in Chromium (from PATH, or CHROMIUM), light and dark, at five widths, and prints a line for
each: what axe-core finds, the smallest text in pixels, and how far down the first screen of a study goes. `-- DIR`
keeps screenshots and a print of each page there. Each page is also widened from 320 to 1600 pixels and printed, three
questions are asked from the front page, and the estimates sorted on a phone. It ends with 1 where axe-core finds
something, the page's own script fails, it asks anything of anywhere, it is wider than the screen, a table, a figure or
a cell is cut, a text on a phone is smaller than 11 pixels, a link leads nowhere, or the first screen does not fit.
Where npm is at hand, html-validate reads each page too, and its errors count.
"""

from __future__ import annotations

import json
import os
import random
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe

sys.path.insert(0, str(Path(__file__).parent))
from chromium import RULES, chromium, shots_folder

from hypnic.datasets.loading import data_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser

VALIDATOR = "html-validate@10.17.0"
SCREENS = ((320, 640), (390, 844), (768, 1024), (1000, 800), (1280, 800))
PHONE, SMALLEST = 390, 11  # pixels
FIT = {390, 1280}  # widths of the screens that the first screen of a study has to fit
WIDTHS = range(320, 1601, 40)
PAPER = 688  # pixels between the margins of A4
# What a fresh reader asks on a phone, where they tap on the front page, and what they then see without scrolling.
QUESTIONS = (
    ("does coffee matter, and how sure is that?", "Caffeine (coffee, tea)", "Certainty in all"),
    ("does magnesium help?", "magnesium", "sayings shown. NHANES, leg jerks:"),
    ("how do I get the table into R?", "R", "read.csv("),
)
# What is typed on the page Find, and what the first line then says.
SOUGHT = {
    "magnesium": "agnesium", "R": "into R", "withdraw": "What happens then", "licence": "licence",
    "confidence interval": "nterval", "consent": "consent",
}  # fmt: skip
# Parts of the page that are folded when it is printed.
CLOSED = """() => [...document.querySelectorAll("details")].filter(
  (one) => ![...one.children].slice(1).every((part) => part.getBoundingClientRect().height)
).map((one) => one.textContent.trim().slice(0, 40))"""
# What sticks out of the screen, or out of its own cell; and the smallest text that is seen, with its size.
MEASURES = """() => {
  const cut = [], start = (part) => " " + part.textContent.trim().slice(0, 40);
  for (const part of document.querySelectorAll("table, svg, pre, figure, form")) {
    const box = part.getBoundingClientRect();
    if (box.width && (box.right > innerWidth + 1 || box.left < -1)) cut.push(part.tagName + start(part));
  }
  for (const cell of document.querySelectorAll("tbody td, tbody th"))
    if (cell.clientWidth && cell.scrollWidth > cell.clientWidth + 1) cut.push("cell" + start(cell));
  let smallest = 99, words = "";
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const around = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || around.closest("style, script, title, desc")) continue;
    const range = document.createRange();
    range.selectNodeContents(texts.currentNode);
    if (!range.getBoundingClientRect().height) continue;
    const drawn = around.closest("svg");
    const size = parseFloat(getComputedStyle(around).fontSize) * (drawn ? drawn.getScreenCTM().a : 1);
    if (size < smallest) [smallest, words] = [size, texts.currentNode.textContent.trim().slice(0, 40)];
  }
  const dead = [...document.querySelectorAll("a[href^='#']")].map((link) => link.getAttribute("href").slice(1));
  return {
    cut: cut.slice(0, 5), smallest, words, lead: document.querySelector(".lead")?.getBoundingClientRect().bottom ?? 0,
    wide: document.documentElement.scrollWidth > innerWidth,
    dead: dead.filter((id) => id && !document.getElementById(id)),
  };
}"""


def pages(folder: Path) -> list[Path]:
    """Make the pages by the command, as a reader would."""
    planted = runpy.run_path(str(Path(__file__).with_name("planted.py")))
    faulty = folder / "faulty"
    faulty.mkdir()
    for table, kinds in planted["PLANTS"].items():
        planted["plant"](table, kinds[::3], faulty / f"{table}.csv", random.Random(1))  # noqa: S311 -- it chooses rows
    made = []
    for name, checked in (("findings", faulty), ("no-findings", data_folder() / "demo")):
        done = subprocess.run(["hypnic", "check", str(checked), "--format", "html"], capture_output=True, check=False)  # noqa: S603, S607
        made.append(folder / f"{name}.html")
        made[-1].write_bytes(done.stdout)
    here = os.environ | {"HYPNIC_CLONE": str(Path.cwd())}
    subprocess.run(["hypnic", "report", "--out", str(folder / "site")], check=True, env=here)  # noqa: S603, S607
    return [*made, *sorted((folder / "site").rglob("*.html"))]


def faults(browser: Browser, page: Path, scheme: str, screen: tuple[int, int], shots: Path | None) -> int:
    """Open one page; print and count what is wrong with it."""
    width, height = screen
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    tab.on("request", lambda asked: asked.url.startswith(("file:", "data:")) or wrong.append(f"asks {asked.url}"))
    tab.goto(page.as_uri())
    result = Axe().run(tab, options=RULES).response
    wrong += [f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:120]})" for v in result["violations"]]
    seen = tab.evaluate(MEASURES)
    wrong += ["is wider than the screen"] if seen["wide"] else []
    wrong += [f"cut: {part}" for part in seen["cut"]] + [f"no target: {one}" for one in seen["dead"]]
    if width == PHONE and seen["smallest"] < SMALLEST:
        wrong.append(f"a text of {seen['smallest']:.1f} pixels: {seen['words']}")
    if width in FIT and seen["lead"] > height:
        wrong.append(f"its first screen ends at {seen['lead']:.0f} pixels, of {height}")
    name = f"{page.parent.name}-{page.stem}"
    print(
        f"{name:<30}{scheme:<7}{width:>5} px  {len(result['passes'])} rules pass, {len(wrong)} violations, smallest"
        f" text {seen['smallest']:.1f} px, first screen to {seen['lead']:.0f} px, {page.stat().st_size // 1024} kB"
    )
    for line in wrong:
        print(f"    {line}")
    if shots:
        tab.screenshot(path=shots / f"{name}-{scheme}-{width}.png", full_page=name != "findings")
        if (scheme, width) == ("light", 1000):
            tab.pdf(path=shots / f"{name}.pdf", format="A4")
    context.close()
    return len(wrong)


def stretched(browser: Browser, page: Path) -> int:
    """Widen one page step by step, then print it on A4; print and count where it does not fit, or hides something."""
    tab = browser.new_page()
    tab.goto(page.as_uri())
    wrong = []
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": 800})
        seen = tab.evaluate(MEASURES)
        wrong += [f"at {width} px: {part}" for part in [*seen["cut"], *["the page"] * seen["wide"]]]
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": PAPER, "height": 1000})
    seen = tab.evaluate(MEASURES)
    wrong += [f"printed: {part}" for part in [*seen["cut"], *["the page"] * seen["wide"]]]
    wrong += [f"printed closed: {one}" for one in tab.evaluate(CLOSED)]
    tab.close()
    for line in wrong[:5]:
        print(f"{page.parent.name}-{page.stem} is cut {line}")
    return len(wrong)


def unanswered(browser: Browser, site: Path) -> int:
    """Ask what a fresh reader asks, from the front page; print the clicks and seconds, and count what is not found."""
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    wrong = 0
    for asked, link, seen in QUESTIONS:
        tab.goto((site / "index.html").as_uri())
        start = time.monotonic()
        tab.get_by_role("link", name=link, exact=True).first.click()
        there = tab.get_by_text(seen).first
        found = there.is_visible() and bool(there.evaluate("one => one.getBoundingClientRect().top < innerHeight"))
        wrong += not found
        print(f"{asked}: 1 click, {time.monotonic() - start:.1f} s, {'found' if found else 'NOT found'}: {seen}")
    tab.goto((site / "find.html").as_uri())
    for words, first in SOUGHT.items():
        tab.get_by_label("Words").fill(words)
        shown = tab.locator(".index li:not([hidden])").first
        said = shown.inner_text() if shown.count() else "nothing"
        wrong += first not in said
        print(f"find {words}: {said}{'' if first in said else f' (NOT {first})'}")
    tab.close()
    return wrong


def unsorted(browser: Browser, site: Path) -> int:
    """Sort the estimates on a phone, where the heads of a table are not seen; print and count what did not follow."""
    tab = browser.new_page(viewport={"width": 390, "height": 844})
    wrong = 0
    for page in sorted(site.glob("*/estimates.html")):
        tab.goto(page.as_uri())
        tab.get_by_label("Sort by").select_option("Estimate")
        tab.get_by_label("Order").select_option("falling")
        told = tab.locator("tbody").first.locator("td:nth-child(2)").all_inner_texts()
        numbers = [float(one.split()[0]) for one in told if one[:1].isdigit()]
        tab.get_by_label("Sort by").select_option("place in the file")
        tab.get_by_label("Order").select_option("rising")
        places = [
            int(one.removeprefix("row-"))
            for one in tab.locator("tbody").first.locator("tr").evaluate_all("rows => rows.map((row) => row.id)")
        ]
        followed = len(numbers) > 1 and numbers == sorted(numbers, reverse=True) and places == sorted(places)
        wrong += not followed
        print(f"{page.parent.name}: {len(numbers)} estimates {'' if followed else 'NOT '}sorted")
    tab.close()
    return wrong


def invalid(pages: Sequence[Path]) -> int:
    """Print and count the errors that html-validate finds in the HTML; none where npm is not at hand."""
    npx = shutil.which("npx")
    if npx is None:
        print("no npm on PATH: the HTML is not validated")
        return 0
    command = [npx, "--yes", VALIDATOR, "--preset", "standard", "--formatter", "json", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    found = json.loads(done.stdout)
    for page in found:
        for error in page["messages"][:5]:
            print(f"{Path(page['filePath']).name}:{error['line']}: {error['ruleId']}: {error['message']}")
    errors = sum(page["errorCount"] for page in found)
    print(f"{len(pages)} pages validated, {errors} errors")
    return errors


def main() -> int:
    """Print the table; give 1 where anything is wrong."""
    shots = shots_folder()
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        made = pages(Path(folder))
        site = Path(folder) / "site"
        found = invalid(made) + unanswered(browser, site) + unsorted(browser, site)
        for page in made:
            found += stretched(browser, page) + sum(
                faults(browser, page, scheme, screen, shots) for scheme in ("light", "dark") for screen in SCREENS
            )
    print(f"{found} violations in all")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
