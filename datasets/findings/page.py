"""Findings as a page of their own: what is wrong, and the faulty cells in their rows.

The page is made of the findings alone, never of the files: what a finding does not hold, it cannot show.
It asks for nothing from anywhere, and its filter is all that needs a script.
"""

from __future__ import annotations

import re
from collections import defaultdict
from html import escape
from string import Template
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from hypnic.datasets.findings.text import groups, not_listed, place, summary
from hypnic.palette import style_sheet
from hypnic.schemas.filenames import named
from hypnic.schemas.rules import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import polars as pl

    from hypnic.datasets.findings.text import Group

CELLS, ROWS = 200, 200  # cells listed in a group, rows shown of a file; JSON gives all
ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")


def as_page(found: pl.DataFrame, paths: Sequence[Path], rest: pl.DataFrame | None = None) -> str:
    """Give the findings as one HTML page; `paths` are the files that were checked.

    `rest` says how many findings of a rule are not listed.

    A cell of a faulty row is shown where its finding's `value` may be; every other cell is a dot.
    """
    several = list(groups(found))
    linked: set[str] = set()
    sheets = [_file(str(name), cells, linked) for (name,), cells in found.group_by("file", maintain_order=True)]
    said = ", ".join(escape(named(path)) for path in paths)
    return PAGE.substitute(
        palette=style_sheet(),
        title=f"Findings in {said}",
        total=escape("; ".join([summary(found, rest), *([] if rest is None else not_listed(rest))])),
        filter=_filter(several) if several else "",
        groups="".join(_group(group, linked) for group in several) or f"<p>{said}: nothing to fix.</p>",
        sheets=SHEETS.format("".join(sheets)) if any(sheets) else "",
    )


def _filter(several: Sequence[Group]) -> str:
    """Make the filter; it is hidden until the script that works it shows it."""
    rules = dict.fromkeys(group.rule for group in several)
    there = {group.level for group in several}
    options = "".join(f"<option>{escape(rule)}</option>" for rule in sorted(rules))
    boxes = "".join(
        f'<label><input type="checkbox" name="level" value="{level}" checked> {level}</label>'
        for level in LEVELS
        if level in there
    )
    return (
        '<form id="filter" hidden><fieldset><legend>Show</legend>'
        f'<label>Rule <select name="rule"><option value="">all</option>{options}</select></label>{boxes}'
        '</fieldset><p role="status"></p></form>'
    )


def _group(group: Group, linked: set[str]) -> str:
    rows = group.cells.select("file", "cell", "line", "value").rows(named=True)
    items = "".join(f"<li>{_link(row, linked)}{_value(row['value'])}</li>" for row in rows[:CELLS])
    more = f"<p>and {len(rows) - CELLS:,} more</p>" if len(rows) > CELLS else ""
    count = f"{len(rows):,} {'time' if len(rows) == 1 else 'times'}"
    return (
        f'<section {_marks(group.rule, group.level)} data-count="{len(rows)}">'
        f"<h3>{_level(group.level)} {escape(group.rule)}: {escape(group.message)}</h3>"
        f'<p class="hint">{escape(group.hint)}</p>'
        f'<p class="quiet">{escape(group.file)}, {count}</p><ul class="cells">{items}</ul>{more}</section>'
    )


def _link(row: dict[str, Any], linked: set[str]) -> str:
    """Name the place of a finding, and lead to it where the page shows it."""
    name, anchor = escape(place(row["cell"], row["line"])), _anchor(row["file"], row["cell"] or "")
    return f'<a href="#{anchor}">{name}</a>' if anchor in linked else name


def _value(value: str | None) -> str:
    return f" <code>{escape(value)}</code>" if value else ""


def _file(name: str, cells: pl.DataFrame, linked: set[str]) -> str:
    """Draw the faulty rows of a file under the columns that some fault stands in; add its anchors to `linked`."""
    by_row: dict[int, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    columns: dict[str, str] = {}
    for row in cells.drop_nulls(["cell", "row"]).iter_rows(named=True):
        letters, number = ADDRESS.fullmatch(row["cell"]).groups()  # type: ignore[union-attr]  # findings made it
        by_row[int(number)][letters].append(row)
        columns[letters] = row["column"] or ""
    if not by_row:
        return ""
    order = sorted(columns, key=lambda letters: (len(letters), letters))
    numbers = sorted(by_row)
    head = "".join(f'<th scope="col">{letters} <span>{escape(columns[letters])}</span></th>' for letters in order)
    body = "".join(_row(name, number, order, by_row[number]) for number in numbers[:ROWS])
    linked |= {_anchor(name, f"{letters}{number}") for number in numbers[:ROWS] for letters in by_row[number]}
    more = f"<p>and {len(numbers) - ROWS:,} more rows</p>" if len(numbers) > ROWS else ""
    label = escape(name)
    return (
        f'<div class="sheet" role="region" aria-label="{label}" tabindex="0"><table><caption>{label}: the rows with a'
        f' finding, and the columns that one stands in</caption><thead><tr><th scope="col">row</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>{more}"
    )


def _row(name: str, number: int, order: Iterable[str], faults: dict[str, list[dict[str, Any]]]) -> str:
    cells = "".join(
        _cell(_anchor(name, f"{letters}{number}"), faults[letters]) if letters in faults else '<td class="quiet">·</td>'
        for letters in order
    )
    return f'<tr><th scope="row">{number}</th>{cells}</tr>'


def _cell(anchor: str, faults: Sequence[dict[str, Any]]) -> str:
    said = "".join(
        f'<span {_marks(fault["rule"], fault["level"])} class="fault">{_level(fault["level"])} {escape(fault["rule"])}'
        f"{_value(fault['value'])}</span>"
        for fault in faults
    )
    return f'<td id="{anchor}">{said}</td>'


def _anchor(name: str, cell: str) -> str:
    return f"{quote(name, safe='').replace('%', '_')}-{cell}"


def _level(level: str) -> str:
    return f'<b class="{level}">{level}</b>'


def _marks(rule: str, level: str) -> str:
    return f'data-rule="{escape(rule)}" data-level="{level}"'


SHEETS = '<section aria-labelledby="where" id="sheets"><h2 id="where">Where it is in your spreadsheet</h2>{}</section>'
PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>$title</title>
<style>
$palette* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 70rem; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink);
  background: var(--paper); overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { margin-top: 2rem; font-size: 1.25rem; }
h3 { margin: 0; font-size: 1rem; }
section section { margin: 0.75rem 0; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 0.4rem; }
section p, .cells { margin: 0.35rem 0 0; }
a { color: var(--link); } code { font-family: ui-monospace, monospace; }
.quiet, caption { color: var(--quiet); }
.error { color: var(--error); } .flag { color: var(--flag); } .warning { color: var(--warning); }
.suggestion { color: var(--suggestion); }
.cells { padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; }
.cells a { display: inline-block; min-width: 1.5rem; min-height: 1.5rem; }
fieldset { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: center; border: 1px solid var(--line);
  border-radius: 0.4rem; }
fieldset label { min-height: 1.75rem; display: inline-flex; align-items: center; gap: 0.4rem; }
input { width: 1.25rem; height: 1.25rem; accent-color: var(--link); }
select { font: inherit; min-height: 1.75rem; color: var(--ink); background: var(--soft); border: 1px solid var(--quiet);
  border-radius: 0.25rem; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.sheet { overflow: auto; max-height: 80vh; border: 1px solid var(--line); margin-top: 1rem; }
table { border-collapse: separate; border-spacing: 0; font-size: 0.9rem; overflow-wrap: normal; }
caption { text-align: left; padding: 0.5rem; }
th, td { padding: 0.3rem 0.6rem; text-align: left; vertical-align: top; white-space: nowrap;
  border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); }
th { background: var(--soft); } thead th span { font-weight: normal; }
tbody th { position: sticky; left: 0; } td { scroll-margin: 3rem 8rem; }
td:target { background: var(--soft); outline: 2px solid var(--link); outline-offset: -2px; }
.fault { display: block; }
[hidden] { display: none !important; }
@media print { .sheet { overflow: visible; max-height: none; } #filter { display: none; } }
</style>
</head>
<body>
<main>
<h1>$title</h1>
<p><strong>$total</strong>. Nothing was changed and nothing was sent. Answers are shown only where they are short plain
numbers; a dot stands for every other cell.</p>
$filter
<section aria-labelledby="what"><h2 id="what">What is wrong, and what to type instead</h2>
$groups
</section>
$sheets
</main>
<script>
const form = document.getElementById("filter");
if (form) {
  const parts = [...document.querySelectorAll("[data-rule]")];
  const rows = [...document.querySelectorAll("#sheets tbody tr")];
  const show = () => {
    const levels = [...form.querySelectorAll("[name=level]:checked")].map((box) => box.value);
    const rule = form.elements.rule.value;
    let shown = 0, all = 0;
    for (const part of parts) {
      const { rule: of, level, count } = part.dataset;
      part.hidden = (rule && of !== rule) || !levels.includes(level);
      all += Number(count || 0);
      shown += part.hidden ? 0 : Number(count || 0);
    }
    for (const row of rows) row.hidden = !row.querySelector("[data-rule]:not([hidden])");
    form.querySelector("[role=status]").textContent = shown + " of " + all + " findings shown";
  };
  form.addEventListener("change", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  show();
}
</script>
</body>
</html>
""")
