"""What people read first in a release: README, FORMATS, CHANGELOG and the licence."""

from __future__ import annotations

import json
from importlib import resources
from typing import TYPE_CHECKING, Any

from hypnic.datasets.release.citing import sentence
from hypnic.datasets.release.names import SYNTHETIC, marked, order, stem

if TYPE_CHECKING:
    from pathlib import Path

    from hypnic.datasets.release.contents import Contents


def licence() -> str:
    """Give the whole text of CC0 1.0."""
    return _text("LICENSE")


def readme(contents: Contents) -> str:
    """Give README.md."""
    rows = "".join(
        f"| `{name}` | {contents.tables[name].height:,} | {table.description} |\n"
        for name, table in contents.described.items()
    )
    return _text("README.md").format(
        title=contents.title, version=contents.version, description=contents.description, rows=rows,
        nights=stem(contents.study, "nights"), study=contents.study, short=contents.folder.partition("-")[2],
        citation=sentence(contents.title, contents.version, contents.day),
        codebook=f"{f'{SYNTHETIC}-' * contents.synthetic}codebook.html",
    )  # fmt: skip


def formats(contents: Contents) -> str:
    """Give FORMATS.md: how each format holds the tables, and what it cannot carry."""
    return _text("FORMATS.md").format(
        stem=stem(contents.study, "nights"), book=f"study-{marked(contents.study)}",
        named=_text("NAMES.md") if contents.synthetic else "",
    )  # fmt: skip


def changelog(contents: Contents, package: dict[str, Any], out: Path) -> str:
    """Give CHANGELOG.md: what changed for the people in the data since the release before, which lies in `out`."""
    own = package["hypnic"]
    before = _before(contents, out)
    lines = [f"# Changes of the data\n\n## {contents.version}\n"]
    if before is None:
        lines.append(
            f"- The first release: {own['people']:,} people, {own['withdrawn']:,} of them withdrawn before it.\n"
        )
        return "\n".join(lines).replace(", 0 of them withdrawn before it", "")
    old, earlier = before
    rules = {
        name
        for name in {*own["rules"], *old["hypnic"]["rules"]}
        if own["rules"].get(name) != old["hypnic"]["rules"].get(name)
    }
    lines += [
        f"- {own['people']:,} people, after {old['hypnic']['people']:,} in {old['version']}.",
        f"- Withdrawn since: {own['withdrawn'] - old['hypnic']['withdrawn']:,}.",
        f"- Rules changed: {', '.join(sorted(rules)) or 'none'}.\n",
    ]
    return "\n".join(lines) + earlier.partition("# Changes of the data\n")[2]


def _before(contents: Contents, out: Path) -> tuple[dict[str, Any], str] | None:
    """Give what the release before this one said of itself, and its changelog; None where there is none."""
    found = [
        (json.loads(path.read_text("utf-8")), path.parent / "CHANGELOG.md")
        for path in sorted(out.glob(f"{contents.study}-*/datapackage.json"))
    ]
    older = [one for one in found if order(one[0]["version"]) < order(contents.version)]
    if not older:
        return None
    package, path = max(older, key=lambda one: order(one[0]["version"]))
    return package, path.read_text("utf-8")


def _text(name: str) -> str:
    return resources.files("hypnic.datasets.release").joinpath("texts", name).read_text("utf-8")
