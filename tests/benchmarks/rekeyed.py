"""Compare a table of estimates from before the key had columns of its own with one from today: `BEFORE.csv AFTER.csv`.

Before, what told rows apart stood in English in the column `estimator`; `RULES` is the written map from there to
`analysis`, `variant` and `scale`. Every row from before must be found, and every number in the columns that both tables
have must be equal to its last digit.
"""

from __future__ import annotations

import re
import sys

import polars as pl

KEY = ("study", "design", "analysis", "variant", "outcome", "exposure", "unit", "scale")
NUMBERS = (
    "estimate", "conf_low", "conf_high", "std_error", "statistic", "p_value", "p_adjusted", "n_rows", "n_persons",
    "n_dropped", "score_max",
)  # fmt: skip
ALSO = ("role", "covariance", "adjustment")
SPECIFICATION = re.compile(r"fe-poisson: (\S+), (count|any jerk|at most 5), (.+ nights?|from the third night), (.+)$")
WORDS = {
    "any jerk": "any-jerk", "at most 5": "at-most-5", "all nights": "all-nights", "usual nights": "usual-nights",
    "from the third night": "from-night-3", "frozen set": "frozen-set", "other exposures too": "all-exposures",
}  # fmt: skip
# In the order in which they are tried: what the text of an estimator says -> analysis, variant, scale (None: kept).
RULES: tuple[tuple[str, str, str, str | None], ...] = (
    (r"E-value \(", "E-values", "e-value", "e-value"),
    (r"tipping point", "missing data", "tipping-point", "tipping-point"),
    (r"imputed, m =", "missing data", "imputed", None),
    (r"average difference in", "differences", "average", None),
    (r"previous night$", "carryover", "lag-1", None),
    (r"tonight and previous night$", "carryover", "both-nights", None),
    (r"next night \(negative control\)$", "carryover", "lead-1", None),
    (r"sleep lost after the jerk", "carryover", "feedback", None),
    (r"half-panel jackknife", "half-panel", "jackknife", None),
    (r"typical person, exp", "heterogeneity", "typical-person", None),
    (r"mean of persons' ratios", "heterogeneity", "mean-of-persons", None),
    (r"sd of persons' log ratios", "heterogeneity", "sd-of-log-ratios", None),
    (r"share of persons whose ratio", "heterogeneity", "ratio-below-1", None),
    (r"within over between", "hybrid", "within-over-between", None),
    (r"test of within = between", "hybrid", "within-equals-between", "test"),
    (r"median of \d+ specifications", "specifications", "median", "test"),
    (r"test of proportional odds", "proportional odds", "all-thresholds", "test"),
    (r"raked to age and sex", "raking", "raked", None),
    (r"without the one person who raises", "leaving out", "without-person-who-raises", None),
    (r"without the one person who lowers", "leaving out", "without-person-who-lowers", None),
    (r"random effects over", "combining", "random-effects", None),
    (r"test of any difference between doses", "splines", "any-difference", "test"),
    (r"test of non-linearity", "splines", "non-linearity", "test"),
    (r"odds of (one who never jerks|any night with a jerk)", "further", "{family}-zero", "OR"),
)


def new_key(row: dict[str, object]) -> dict[str, object]:
    """Say analysis, variant and scale of a row from before."""
    text, unit, family = str(row["estimator"]), str(row["unit"]), str(row["estimator"]).partition(",")[0]
    if found := SPECIFICATION.search(text):
        column, *words = found.groups()
        variant = "/".join([column, *(WORDS.get(word, word) for word in words)])
        return {"analysis": "specifications", "variant": variant} | (
            {"outcome": "any_jerk"} if "any-jerk" in variant else {}
        )
    # The both-nights text ends like that of the night before.
    for pattern, analysis, variant, scale in sorted(RULES, key=lambda rule: -len(rule[0])):
        if re.search(pattern, text):
            made = {"analysis": analysis, "variant": variant.format(family=family)}
            return made | ({"scale": scale} if scale else {})
    plain = (
        (" against 0 " in unit, {"analysis": "splines", "variant": f"at-{unit.partition(' ')[0]}"}),
        (", by " in unit, {"analysis": "interactions"}),
        (row["role"] == "primary", {"analysis": "primary", "variant": "main"}),
        (text == "gee-poisson", {"analysis": "hybrid", "variant": row["effect"]}),
        (row["exposure"] in {"jerk_night", "week", "first_nights", "next_day_free"}, {"analysis": "aftermath"}),
    )
    return next((made for applies, made in plain if applies), {})


def on_purpose(old: dict[str, object], column: str, wanted: dict[str, object]) -> bool:
    """Tell whether a number may differ: see the head of this file."""
    joint = wanted["scale"] == "test" and old["design"] == "diary" and wanted["analysis"] in {"splines", "hybrid"}
    return column == "p_adjusted" or (joint and column in {"statistic", "p_value"})


def compare(before: pl.DataFrame, after: pl.DataFrame) -> tuple[int, list[str]]:
    """Count the values that were compared, and say what differs or is not found exactly once."""
    shared = [column for column in KEY if column in before.columns and column != "scale"]
    compared, faults = 0, []
    rows = list(after.iter_rows(named=True))
    for old in before.iter_rows(named=True):
        wanted = {column: old[column] for column in shared} | {"scale": old["scale"]} | new_key(old)
        found = [row for row in rows if all(row[column] == value for column, value in wanted.items())]
        if len(found) > 1:  # told apart by what both tables have
            found = [row for row in found if all(row[column] == old[column] for column in ALSO)]
        if len(found) > 1:
            found = [row for row in found if row["family"] == old["estimator"].partition(",")[0]]
        if len(found) != 1:
            faults.append(f"found {len(found)} times: {wanted}")
            continue
        for column in (*NUMBERS, *ALSO):
            if on_purpose(old, column, wanted):
                continue
            compared += 1
            if old[column] != found[0][column] and not (old[column] is None and found[0][column] is None):
                faults.append(f"{column}: {old[column]} became {found[0][column]} in {wanted}")
    return compared, faults


if __name__ == "__main__":
    one, other = (pl.read_csv(path, infer_schema_length=None) for path in sys.argv[1:3])
    count, differ = compare(one, other)
    print(*differ, sep="\n")
    print(f"{one.height} rows before, {other.height} after; {count} values compared, {len(differ)} differ")
    sys.exit(bool(differ))
