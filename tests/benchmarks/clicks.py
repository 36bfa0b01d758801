"""A person at the page of `hypnic serve`, in Chromium: drops two faulty tables, clicks until they are clean, publishes.

`nox -s pages` clicks through it, by the mouse and then by the keyboard alone, and counts axe-core's violations at each
step, light and dark; `-- DIR` keeps screenshots there. It ends with 1 where anything is wrong: a violation, a fault of
the page's script, a request to anywhere else, or a file that is not as it was typed.
"""

from __future__ import annotations

import csv
import io
import signal
import subprocess
import sys
import tempfile
import zipfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import openpyxl
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

sys.path.insert(0, str(Path(__file__).parent))
from chromium import RULES, chromium, shots_folder

from hypnic.datasets.loading import data_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

PEOPLE = 40
FACTS = {
    "title": "Made-up diary of a test",
    "data_state": "synthetic",
    "collection": "simulation",
    "period": "2026 Q3",
    "consent": "Nobody was asked: a program made the answers.",
    "contact_role": "other",
}
DROP = """files => {
  const held = new DataTransfer();
  for (const [name, text] of files) held.items.add(new File([text], name));
  return held;
}"""
FAULTS = {  # row, column, and what is typed there
    "nights": [(0, "bed_clock_h", "11:30 pm"), (1, "leg_cramp", "ja"), (2, "sol_min", "<b>a while</b>")],
    "participants": [(0, "bed_partner", "Most nights")],
}


def tables(folder: Path) -> list[Path]:
    """Take the first people of the synthetic demo, and plant faults."""
    people = _rows("participants")[:PEOPLE]
    tokens = {row["participant_id"] for row in people}
    rows = {"participants": people, "nights": [row for row in _rows("nights") if row["participant_id"] in tokens]}
    made = []
    for table, several in rows.items():
        for row, column, typed in FAULTS[table]:
            several[row][column] = typed
        made.append(folder / f"{table}.csv")
        with made[-1].open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, several[0])
            writer.writeheader()
            writer.writerows(several)
    return made


def _rows(table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((data_folder() / "demo" / f"{table}.csv").read_text("utf-8"))))


def by_mouse(tab: Page, files: list[Path], look: Callable[[str], None]) -> Iterator[str]:
    """Click through it all; yield what is wrong."""
    look("empty")
    tab.get_by_label("Drop files here").set_input_files(files)
    expect(tab.locator("#summary")).to_contain_text("4 errors")
    look("findings")
    tab.get_by_role("button", name="Show Z2").click()
    expect(tab.locator("#cell-1-Z2")).to_be_focused()
    look("table")
    tab.get_by_role("button", name="In Z2, type 23.5").click()
    expect(tab.locator("#summary")).to_contain_text("3 errors")
    tab.get_by_role("button", name="Accept all 2 that leave no choice").click()
    expect(tab.locator("#summary")).to_contain_text("1 error")
    tab.get_by_role("button", name="Undo").click()
    expect(tab.locator("#summary")).to_contain_text("3 errors")
    tab.get_by_role("button", name="Accept all 2 that leave no choice").click()
    expect(tab.locator("#summary")).to_contain_text("1 error")
    tab.locator("td.marked button").first.click()
    look("cell")
    if tab.locator("td.marked b").count():
        yield "markup of a cell became markup of the page"
    tab.get_by_role("textbox", name="Type instead").fill("25")
    tab.get_by_role("button", name="Type it").click()
    expect(tab.locator("#summary")).not_to_contain_text("error")
    look("clean")
    with tab.expect_download() as first, tab.expect_download(lambda one: "nights" in one.suggested_filename) as second:
        tab.get_by_role("button", name="Save the fixed files").click()
    rows = list(csv.DictReader(io.StringIO(second.value.path().read_text("utf-8"))))
    typed = [rows[0]["bed_clock_h"], rows[1]["leg_cramp"], rows[2]["sol_min"]]
    if typed != ["23.5", "true", "25"] or not first.value.suggested_filename.endswith("-fixed.csv"):
        yield f"the saved file has {typed}"
    for key, said in FACTS.items():
        field = tab.locator(f"#fact-{key}")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(said)
        else:
            field.fill(said)
    tab.get_by_role("button", name="Make the publishable folder").click()
    expect(tab.get_by_role("button", name="Save the folder (zip)")).to_be_visible()
    look("published")
    with tab.expect_download() as packed:
        tab.get_by_role("button", name="Save the folder (zip)").click()
    with tab.expect_download() as told:
        tab.get_by_role("button", name="Save the withdrawal codes").click()
    names = {Path(name).name for name in zipfile.ZipFile(packed.value.path()).namelist()}
    if names != {"nights.csv", "participants.csv", "receipt.txt", "submission.toml", "withdrawals.csv"}:
        yield f"the zip has {sorted(names)}"
    if told.value.path().read_text("utf-8").count("w_") != PEOPLE:
        yield "there is not a code for each person"


def own_table(tab: Page, files: list[Path], look: Callable[[str], None]) -> Iterator[str]:
    """Drop a diary with names of its own, and have it converted; yield what is wrong."""
    mine = files[0].with_name("mine.csv")
    mine.write_text("Nacht,Bettzeit,Aufwachzeit,Einschlafdauer,Zucker\n1,23:30,7:00,20,2\n2,22:45,6:45,15,0\n", "utf-8")
    tab.get_by_label("Drop files here").set_input_files(mine)
    expect(tab.locator("#fault")).to_contain_text("the first line does not hold the column names")
    expect(tab.get_by_label("Where does it come from?")).to_be_focused()
    tab.get_by_role("button", name="Convert it").click()
    expect(tab.locator("#dropped")).to_contain_text("nights.csv")
    expect(tab.locator("#tables")).to_contain_text("22.75")
    if tab.locator("#convert").is_visible():
        yield "the question for the form tool stays"
    names = tab.get_by_label("Names and answers")
    expect(names).to_be_visible()
    look("own-table")
    names.fill(names.input_value().replace('"Zucker" = ""', '"Zucker" = "jerk_count"'))
    tab.get_by_role("button", name="Convert it again").click()
    expect(tab.locator("#tables")).to_contain_text("jerk_count")
    if 'Zucker" = "jerk_count"' not in names.input_value():
        yield "what was said of a column is gone"


def own_nights(tab: Page, files: list[Path], look: Callable[[str], None]) -> Iterator[str]:
    """Drop one person's diary, and look at their nights; yield what is wrong."""
    token = next(path for path in files if path.stem == "nights").read_text("utf-8").splitlines()[-1].partition(",")[0]
    own = []
    for path in files:
        top, *rows = path.read_text("utf-8").splitlines(keepends=True)
        own.append(path.with_name(f"my-{path.name}"))
        own[-1].write_text("".join([top, *(row for row in rows if row.startswith(token))]), "utf-8")
    tab.get_by_label("Drop files here").set_input_files(own)
    tab.get_by_role("button", name="Show my nights").click()
    expect(tab.locator("#mine-title")).to_be_focused()
    expect(tab.locator("#mine-summary")).to_contain_text("You wrote down")
    look("nights")
    width = tab.locator("#mine-picture img").evaluate("picture => picture.naturalWidth")
    if not width:
        yield "the picture of the nights is not shown"


def second_sheet(tab: Page, files: list[Path]) -> Iterator[str]:
    """Drop a workbook of two diaries, and read the second by a click, the first again by the keyboard."""
    nights = next(path for path in files if path.stem == "nights")
    book, rows = openpyxl.Workbook(), list(csv.reader(nights.open(encoding="utf-8")))
    for name, fault in (("week 1", ""), ("week 2", "ten")):
        sheet = book.create_sheet(name)
        sheet.append(rows[0])
        sheet.append(
            [fault or cell if title == "sol_min" else cell for title, cell in zip(rows[0], rows[5], strict=True)]
        )
    book.remove(book["Sheet"])
    book.save(path := nights.with_name("weeks.xlsx"))
    tab.get_by_label("Drop files here").set_input_files(path)
    expect(tab.locator("#dropped")).to_contain_text("Read sheet 2, week 2")
    expect(tab.get_by_role("button", name="read sheet 1, week 1")).to_be_disabled()
    tab.get_by_role("button", name="Of weeks.xlsx, read sheet 2, week 2").click()
    expect(tab.locator("#groups")).to_contain_text("sol_min")
    expect(tab.locator("#result-title")).to_be_focused()
    expect(tab.locator("#status")).not_to_be_empty()
    tab.get_by_label("Drop files here").focus()
    yield from _press(tab, "Read sheet 1")
    expect(tab.locator("#groups")).not_to_contain_text("sol_min")
    tab.get_by_role("button", name="Undo").click()
    expect(tab.locator("#groups")).to_contain_text("sol_min")


def by_keyboard(tab: Page, files: list[Path]) -> Iterator[str]:
    """Drop the files, then do the same with Tab, Enter and letters alone."""
    dropped = tab.evaluate_handle(DROP, [[path.name, path.read_text("utf-8")] for path in files])
    tab.locator("#drop").dispatch_event("drop", {"dataTransfer": dropped})
    expect(tab.locator("#summary")).to_contain_text("4 errors")
    expect(tab.locator("#result-title")).to_be_focused()
    yield from _press(tab, "Accept all")
    expect(tab.locator("#summary")).to_contain_text("1 error")
    yield from _press(tab, "AA4")
    yield from _press(tab, "")  # it went to the cell, which is a button
    tab.keyboard.type("25")
    tab.keyboard.press("Enter")
    expect(tab.locator("#summary")).not_to_contain_text("error")
    expect(tab.locator("#status")).not_to_be_empty()
    if tab.evaluate("document.activeElement === document.body"):
        yield "the focus is lost after a cell is typed"


def _press(tab: Page, name: str) -> Iterator[str]:
    """Go to a button by Tab, and press it; without a name, press what has the focus."""
    for _ in range(60 if name else 0):
        tab.keyboard.press("Tab")
        if name in tab.evaluate("document.activeElement.textContent"):
            break
    else:
        if name:
            yield f"{name} is not reached by Tab"
    tab.keyboard.press("Enter")


def run(browser: Browser, address: str, files: list[Path], scheme: str, shots: Path | None) -> int:
    """Walk through the page once; print and count what is wrong."""
    context = browser.new_context(viewport={"width": 1000, "height": 1000}, color_scheme=scheme)
    wrong: list[str] = []
    passed = 0
    home = urlsplit(address).netloc

    def look(step: str) -> None:
        nonlocal passed
        result = Axe().run(tab, options=RULES).response
        passed += len(result["passes"])
        wrong.extend(f"{step}: {v['id']}: {v['help']} ({v['nodes'][0]['html'][:120]})" for v in result["violations"])
        for width in (320, 1000):
            tab.set_viewport_size({"width": width, "height": 1000})
            if tab.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{step}: is wider than a screen of {width} px")
        if shots:
            tab.screenshot(path=shots / f"serve-{step}-{scheme}.png", full_page=step == "published")

    walks = [partial(by_mouse, look=look), partial(own_table, look=look), partial(own_nights, look=look)]
    for steps in (*walks, *([by_keyboard, second_sheet] if scheme == "light" else [])):
        tab = context.new_page()
        tab.on("pageerror", lambda error: wrong.append(f"script: {error}"))
        # A file that is no table is refused with 422, which the browser notes.
        tab.on(
            "console",
            lambda said: said.type == "error" and "422" not in said.text and wrong.append(f"console: {said.text}"),
        )
        tab.on("request", lambda asked: urlsplit(asked.url).netloc in {home, ""} or wrong.append(f"asks {asked.url}"))
        tab.goto(address)
        wrong.extend(steps(tab, files))
        tab.close()
    context.close()
    print(f"serve         {scheme:<7}{passed} rules pass, {len(wrong)} things wrong")
    for line in wrong:
        print(f"    {line}")
    return len(wrong)


def main() -> int:
    """Start the command, walk through its page, and end it with Control-C; give 1 where anything is wrong."""
    shots = shots_folder()
    serving = subprocess.Popen(["hypnic", "serve", "--no-browser"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S607
    assert serving.stdout is not None
    address = serving.stdout.readline().decode().strip()
    expect.set_options(timeout=30_000)  # a busy machine is slow now and then
    try:
        with tempfile.TemporaryDirectory() as folder, chromium() as browser:
            files = tables(Path(folder))
            wrong = sum(run(browser, address, files, scheme, shots) for scheme in ("light", "dark"))
    finally:
        serving.send_signal(signal.SIGINT)
        said = serving.communicate(timeout=20)[1].decode()
    print(f"after Control-C: exit {serving.returncode}, {said.strip()!r}")
    return int(wrong > 0 or said.count("\n") != 1)


if __name__ == "__main__":
    sys.exit(main())
