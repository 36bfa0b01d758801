"""What a reader of a fit must be told, in plain sentences: they stand in `Fit.info["warnings"]` and in its repr.

They are data, not Python warnings: a report can print them, a table of many fits can count them, and a test suite that
turns warnings into errors need not know them.
"""

from hypnic.analysis.regression.frame import Sample

# Below this many clusters large-sample errors are too small more often than not (Cameron & Miller 2015, J Hum Resour
# 50:317, section VI).
ENOUGH = 40
# Errors that are right for many clusters, or rows, and corrected for none of what few of them cost.
LARGE_SAMPLE = ("model", "HC0", "HC1", "CR0", "CR1S")


def cautions(covariance: str, sample: Sample, better: tuple[str, ...]) -> tuple[str, ...]:
    """Return sentences on errors that rest on few clusters; `better` are the family's covariances.

    Where no column names clusters, each row is one; "model" errors of such a fit are told nothing of.
    """
    codes = sample.cluster if sample.cluster is not None else sample.groups
    if covariance not in LARGE_SAMPLE or (codes is None and covariance == "model"):
        return ()
    number, units = (sample.frame.height, "rows") if codes is None else (len(set(codes.tolist())), "clusters")
    if number >= ENOUGH:
        return ()
    remedy = next((kind for kind in (("HC3",) if codes is None else ("CR2", "CR3")) if kind in better), None)
    use = f"use covariance='{remedy}'" if remedy else "the family has no small-sample ones: take limits as too narrow"
    return (f"{covariance} errors are for many {units} and rest on {number}: they are likely too small; {use}",)
