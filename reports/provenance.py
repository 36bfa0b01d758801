"""Where a report comes from: inputs, versions, specification and commit. No time, no place, no machine."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypnic.analysis.studies import ESTIMANDS, FROZEN, specification_hash

if TYPE_CHECKING:
    from collections.abc import Mapping

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


def provenance(study: StudyData) -> Provenance:
    """Gather what a report of this study comes from."""
    specification = None if study.study.private else specification_hash()
    asked = {row for data in study.sets for row in data.estimands}
    frozen = specification == FROZEN and asked <= set(ESTIMANDS)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    seed = (study.truth or {}).get("drawn", {}).get("seed")
    return Provenance(
        study.name, study.inputs, {"python": python} | {name: version(name) for name in LIBRARIES}, specification,
        frozen, study.study.new_answers and frozen, commit(), seed,
    )  # fmt: skip


def commit() -> str | None:
    """Name the commit of the code: `HYPNIC_COMMIT`, or that of the checkout it runs from; null where there is none.

    Code that differs from its commit has `-dirty` after it.
    """
    if named := os.environ.get("HYPNIC_COMMIT"):
        return named
    here = Path(__file__).resolve()
    try:
        # A package installed inside some other repository is not that repository's.
        _git(here, "ls-files", "--error-unmatch", here.name)
        return _git(here, "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*")
    except (OSError, subprocess.CalledProcessError):
        return None


def _git(here: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=here.parent, check=True, capture_output=True, text=True)  # noqa: S603, S607
    return done.stdout.strip()
