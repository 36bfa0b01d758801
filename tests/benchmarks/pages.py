"""axe-core's violations on the pages people read: findings with and without faults, and every page of a built site.

`nox -s pages` opens each in Chromium (from PATH, or CHROMIUM), light and dark, at 320, 390, 768 and 1,280 pixels, and
prints a line for each; `-- DIR` keeps screenshots there. It ends with 1 where there is one, a fault of the
page's own script, a request to anywhere, a page wider than the screen, or a table that is cut. Where npm is at hand,
html-validate reads each page too, and its errors count.
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
from pathlib import Path
from typing import TYPE_CHECKING

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from hypnic.datasets.loading import data_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser

WIDTHS = (320, 390, 768, 1280)
CUT = "[...document.querySelectorAll('table')].filter((t) => t.offsetWidth > t.parentNode.clientWidth + 1).length"
VALIDATOR = "html-validate@10.17.0"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


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


def faults(browser: Browser, page: Path, scheme: str, width: int, shots: Path | None) -> int:
    """Open one page; print and count what is wrong with it."""
    context = browser.new_context(viewport={"width": width, "height": 1200}, color_scheme=scheme)
    tab = context.new_page()
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    tab.on("request", lambda asked: asked.url.startswith(("file:", "data:")) or wrong.append(f"asks {asked.url}"))
    tab.goto(page.as_uri())
    result = Axe().run(tab, options=RULES).response
    wrong += [f"{v['id']}: {v['help']} ({v['nodes'][0]['html'][:120]})" for v in result["violations"]]
    if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
        wrong.append("is wider than the screen")
    cut = tab.evaluate(CUT)
    wrong += [f"{cut} tables are cut"] * (cut > 0)
    name = f"{page.parent.name}-{page.stem}"
    print(f"{name:<30}{scheme:<7}{width:>5} px  {len(result['passes'])} rules pass, {len(wrong)} violations")
    for line in wrong:
        print(f"    {line}")
    if shots:
        tab.screenshot(path=shots / f"{name}-{scheme}-{width}.png", full_page=name != "findings")
    context.close()
    return len(wrong)


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
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        print("no Chromium on PATH: install it, or name it in CHROMIUM")
        return 2
    shots = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        made = pages(Path(folder))
        found = invalid(made) + sum(
            faults(browser, page, scheme, width, shots)
            for page in made for scheme in ("light", "dark") for width in WIDTHS
        )  # fmt: skip
        browser.close()
    print(f"{found} violations in all")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
