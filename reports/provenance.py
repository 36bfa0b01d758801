"""Where a report comes from: inputs, versions, specification and commit. No time, no place, no machine."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from hypnic.analysis.studies import ESTIMANDS, FROZEN, specification_hash
from hypnic.reports.commit import commit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypnic.analysis import StudyData

LIBRARIES = (
    "hypnic",
    "polars",
    "pandera",
    "statsmodels",
    "numpy",
    "scipy",
    "seaborn",
    "matplotlib",
    "jinja2",
    "typst",
)


@dataclass(frozen=True)
class Provenance:
    """What must be the same for the report to be the same."""

    study: str
    inputs: Mapping[str, str]
    versions: Mapping[str, str]
    specification: str | None  # none for a private folder
    frozen: bool
    confirmatory: bool
    commit: str | None
    seed: int | None

    def document(self, outputs: Mapping[str, bytes]) -> dict[str, Any]:
        """Give what `provenance.json` contains, `outputs` being the other files of the report."""
        return {
            "report": "hypnic",
            "study": self.study,
            "specification": {
                "sha256": self.specification,
                "frozen": FROZEN,
                "confirmatory": self.confirmatory,
            },
            "commit": self.commit,
            "seed": self.seed,
            "versions": dict(self.versions),
            "inputs": dict(self.inputs),
            "outputs": {name: sha256(content).hexdigest() for name, content in sorted(outputs.items())},
        }


def provenance(study: StudyData, more: Sequence[str] = ()) -> Provenance:
    """Gather what a report of this study comes from; `more` are libraries that not every report needs."""
    specification = None if study.study.private else specification_hash()
    asked = {row for data in study.sets for row in data.estimands}
    frozen = specification == FROZEN and asked <= set(ESTIMANDS)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    seed = (study.truth or {}).get("drawn", {}).get("seed")
    versions = {"python": python} | {name: version(name) for name in (*LIBRARIES, *more)}
    return Provenance(
        study.name, study.inputs, versions, specification,
        frozen, study.study.new_answers and frozen, commit(), seed,
    )  # fmt: skip
