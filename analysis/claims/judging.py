"""The table of sayings of one study: each held against its rows of results, with a verdict and what would change it."""

from __future__ import annotations

from math import ceil, log
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import polars as pl
from scipy.stats import norm
from statsmodels.stats.multitest import multipletests

from hypnic.analysis.claims.against import against
from hypnic.analysis.claims.certainty import certainty
from hypnic.analysis.claims.saying import Evidence, Saying, sayings
from hypnic.analysis.claims.verdict import RATIO, RATIOS, SMALLEST, VERDICTS, Verdict, together, turning, verdict
from hypnic.schemas.estimates import REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

Row = dict[str, Any]
SHOWN: Final = (
    "design", "analysis", "variant", "outcome", "exposure", "unit", "scale", "estimate", "conf_low", "conf_high",
    "p_value", "n_persons",
)  # fmt: skip
SCHEMA: Final[Mapping[str, Any]] = {
    "study": pl.String, "id": pl.String, "part": pl.Int64, "claim": pl.String, "kind": pl.String, "source": pl.String,
    "source_title": pl.String, "asked_of": pl.String,
    "verdict": pl.Enum(list(VERDICTS)), "part_verdict": pl.Enum(list(VERDICTS)),
    **dict.fromkeys(("certainty", "expected", "why", "but", "would_change"), pl.String),
    "stands_in": pl.Boolean,
    **dict.fromkeys(("design", "analysis", "variant", "outcome", "exposure", "unit", "scale"), pl.String),
    **dict.fromkeys(("estimate", "conf_low", "conf_high", "p_value", "p_adjusted"), pl.Float64), "n_persons": pl.Int64,
}  # fmt: skip
LEVEL = 0.95


class Tested(NamedTuple):
    """A test of a saying with its row of results, and what the study itself has against that."""

    test: Evidence
    row: Row | None
    against: tuple[str, ...]


def judged(estimates: pl.DataFrame, tables: frozenset[str]) -> pl.DataFrame:
    """Judge every saying by a study's estimates.

    `tables` are those that the study has: `diary`, `survey`, `nhanes`. One row for each saying and test of it (`part`
    1, 2 ...), and one without numbers for a saying that has none; `verdict` is of the saying, `part_verdict` of the
    test; `but` is what the study itself has against that, and `stands_in` says that what was asked only stands in for
    what is claimed; `asked_of` is the part of the saying that alone is asked about, null where that is all of it.
    `p_adjusted` is over all different rows that sayings are held against (Benjamini & Hochberg 1995).
    """
    study = estimates["study"][0] if estimates.height else ""
    found = {
        (saying.id, number): _tested(estimates, test)
        for saying in sayings()
        for number, test in enumerate(saying.of(tables), start=1)
    }
    adjusted = _adjusted([one.row for one in found.values() if one.row])
    rows = [row for saying in sayings() for row in _of_saying(saying, tables, found, adjusted)]
    return pl.DataFrame([{"study": study} | row for row in rows], schema=dict(SCHEMA), orient="row")


def _tested(estimates: pl.DataFrame, test: Evidence) -> Tested:
    row = _row(estimates, test)
    return Tested(test, row, against(test, row, estimates) if row else ())


def _row(estimates: pl.DataFrame, test: Evidence) -> Row | None:
    """Look up the one row of a test; None where the study has none."""
    rows = estimates.filter(design=test.table.design, **test.key)
    if "scale" not in test.key and rows.height > 1:
        rows = rows.filter(pl.col("scale").is_in(sorted(RATIOS)))
    if "outcome" not in test.key and rows.height > 1:
        rows = rows.filter(role="primary") if "primary" in rows["role"] else rows
    if rows.height > 1:
        message = f"{rows.height} rows of results for one test of a saying: {dict(test.key)}"
        raise ValueError(message)
    return rows.row(0, named=True) if rows.height else None


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in SHOWN[:7])


def _adjusted(rows: list[Row]) -> dict[tuple[Any, ...], float]:
    told = {_key(row): row["p_value"] for row in rows if row["p_value"] is not None}
    return dict(zip(told, multipletests(list(told.values()), method="fdr_bh")[1], strict=True)) if told else {}


def _of_saying(
    saying: Saying, tables: frozenset[str], found: Mapping[tuple[str, int], Tested],
    adjusted: Mapping[tuple[Any, ...], float],
) -> list[Row]:  # fmt: skip
    about = {name: getattr(saying, name) for name in ("id", "claim", "kind", "source", "source_title")}
    tests = saying.of(tables)
    if not tests:
        asked = next((words for table, words in saying.instead.items() if table in tables), "")
        why = saying.why_none or (f"this study asks about {asked}" if asked else "this study has no question about it")
        never: Verdict = "not testable here"
        turns = {"why": why, "would_change": turning(never)}
        return [about | {"part": 1, "verdict": never, "part_verdict": never} | turns]
    parts = [_part(found[saying.id, number], adjusted) for number in range(1, len(tests) + 1)]
    whole = together([part["part_verdict"] for part in parts])
    alone = [saying.part.get(test.table.name) for test in tests]
    # Where one table asks about all of it, the study does.
    about["asked_of"] = None if None in alone else " and ".join(dict.fromkeys(filter(None, alone)))
    return [about | {"part": number, "verdict": whole} | part for number, part in enumerate(parts, start=1)]


def _part(tested: Tested, adjusted: Mapping[tuple[Any, ...], float]) -> Row:
    test, row, but = tested
    if row is None:
        return {"part_verdict": "needs data", "why": "nobody was asked here", "would_change": turning("needs data")}
    one = verdict(test.expects, row, proxy=test.proxy)
    p_adjusted = adjusted.get(_key(row))
    told = {
        "p_adjusted": p_adjusted, "part_verdict": one, "expected": test.expects.words, "stands_in": test.proxy,
        "but": "; ".join(but) or None,
    }  # fmt: skip
    shown = {name: row[name] for name in SHOWN} | told
    if one == "needs data":
        return shown | {"why": REASONS[row["reason"]], "would_change": turning(one)}
    grade, down = certainty(test, row, p_adjusted, against=bool(but))
    return shown | {
        "certainty": grade,
        "why": ", ".join(down),
        "would_change": _would_change(one, row, proxy=test.proxy),
    }


def _would_change(one: Verdict, row: Row, *, proxy: bool) -> str:
    """Say what would turn a verdict: where it is unclear, about how many people, if the estimate stayed what it is.

    The interval must leave zero, or stay within the differences that do not matter; it narrows as the root of people.
    """
    if proxy:
        return "answers about the thing itself: what is at hand only stands in for it"
    if one != "unclear":
        return turning(one, row["scale"])
    smallest = log(RATIO) if row["scale"] in RATIOS else SMALLEST.get(row["outcome"], 0)
    if row["std_error"] is None or not smallest or row["estimate"] is None:
        return "a narrower interval"
    away = abs(log(row["estimate"]) if row["scale"] in RATIOS else row["estimate"])
    far = max(away, smallest - away)
    times = (norm.ppf((1 + LEVEL) / 2) * row["std_error"] / far) ** 2
    persons = ceil(max(times, 1) * row["n_persons"] / 100) * 100
    return f"about {persons:,} people like these in place of {row['n_persons']:,}, if the estimate stays"
