"""NHANES in one table: five odds ratios, what they come to, each coding next to numbers computed apart, and cells.

Needs CDC's tables in the folder HYPNIC_NHANES, or named as the only argument.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import polars as pl

from hypnic.analysis import study
from hypnic.analysis.results import Results, results

# Weighted log-likelihood and ratio, computed apart from this code with another programme.
APART = {
    "closed": {"caffeine": (-7100.3, 1.035), "alcohol": (-7085.4, 0.990), "stress": (-7249.9, 1.850),
               "sleep_loss": (-7054.7, 1.180)},
    "open": {"caffeine": (-7021.7, 1.044), "alcohol": (-7006.5, 0.980), "stress": (-7177.2, 2.178),
             "sleep_loss": (-6968.9, 1.235)},
    "truncated-nb2": {"caffeine": (-7036.7, 1.039), "alcohol": (-7021.8, 0.988), "stress": (-7185.8, 1.881),
                      "sleep_loss": (-6994.1, 1.130)},
    "beta-binomial": {"caffeine": (-7062.3, 1.051), "alcohol": (-7047.6, 1.020), "stress": (-7222.6, 1.527),
                      "sleep_loss": (-7020.8, 1.109)},
    "ordered": {"caffeine": (-6907.3, 1.069), "alcohol": (-6892.4, 1.028), "stress": (-7080.5, 1.754),
                "sleep_loss": (-6866.4, 1.128)},
}  # fmt: skip
NAMED = {("leg_jerks", "interval-nb2"): "closed", ("leg_jerks_open", "interval-nb2"): "open"}


def main() -> int:
    """Print the table; return 1 where a number differs from the one computed apart."""
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    found = results(study("nhanes", source), lambda step: print(step, file=sys.stderr))
    for exposure in found.estimates.filter(analysis="primary", role="primary")["exposure"]:
        _print_ratio(found.estimates.filter(exposure=exposure))
    return _print_codings(found)


def _print_ratio(rows: pl.DataFrame) -> None:
    def one(**facts: Any) -> dict[str, Any]:
        return rows.filter(**facts).row(0, named=True)

    def ratio(row: dict[str, Any]) -> str:
        return f"{row['estimate']:.3f} ({row['conf_low']:.3f} to {row['conf_high']:.3f})"

    primary = one(analysis="primary", role="primary")
    print(f"\n{primary['exposure']}, {primary['unit']} (n {primary['n_rows']:,}): OR {ratio(primary)}")
    for row in rows.filter(analysis="differences").iter_rows(named=True):
        print(f"  average difference {ratio(row)}: {row['unit']}")
    print(
        f"  proportional odds: p {one(analysis='proportional odds', scale='test')['p_value']:.2g}; at each answer:",
        "; ".join(ratio(row) for row in rows.filter(analysis="proportional odds", scale="OR").iter_rows(named=True)),
    )
    again = (pl.col("analysis") == "further") & (pl.col("variant") == pl.col("family"))
    codings = rows.filter(again & pl.col("outcome").str.starts_with("leg_jerks"))
    every = [primary["estimate"], *codings["estimate"]]
    print(f"  range over codings: {min(every):.3f} to {max(every):.3f}:",
          "; ".join(f"{r['outcome']} {r['family']} {r['estimate']:.3f} {r['scale']}"
                    for r in codings.iter_rows(named=True)))  # fmt: skip
    others = rows.filter(
        pl.col("variant").is_in(
            ["imputed", "calibrated", "age-spline", "without-rls-medicine", "without-former-drinkers"]
        )
    )
    for row in others.iter_rows(named=True):
        print(f"  {row['variant']}: OR {ratio(row)}, n {row['n_rows']:,}")


def _print_codings(found: Results) -> int:
    assert found.cells is not None
    ratios = found.estimates.filter(
        ((pl.col("analysis") == "further") & (pl.col("variant") == pl.col("family")))
        | ((pl.col("analysis") == "primary") & (pl.col("role") == "primary"))
    )
    print(
        "\ncells, weighted % (never, rarely, sometimes, often, almost always); log-likelihood and ratio, here and apart"
    )
    far = 0
    cells = found.cells.sort(pl.col("exposure").cast(pl.Enum(found.cells["exposure"].unique(maintain_order=True))))
    for (exposure, family, outcome), one in cells.group_by("exposure", "coding", "outcome", maintain_order=True):
        row = ratios.filter(exposure=exposure, family=family, outcome=outcome).row(0, named=True)
        if family == "ordered":
            print(f"{exposure}: seen {_per_cent(one['observed'])}")
        coding = NAMED.get((outcome, family), family)
        apart = APART[coding].get(exposure)
        told = f" (apart {apart[0]:.1f}, {apart[1]:.3f})" if apart else ""
        print(f"  {coding:14} {_per_cent(one['fitted'])}  {one['loglik'][0]:9.1f} {row['estimate']:.3f}{told}")
        if apart:
            far += abs(one["loglik"][0] - apart[0]) > 0.06 or abs(row["estimate"] - apart[1]) > 0.0011
    print(f"{far} of the numbers computed apart differ")
    return int(far > 0)


def _per_cent(shares: pl.Series) -> str:
    return " / ".join(f"{100 * share:5.2f}" for share in shares)


if __name__ == "__main__":
    sys.exit(main())
