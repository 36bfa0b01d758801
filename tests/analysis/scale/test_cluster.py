"""On a Dask cluster of worker processes the sums are the same, though one of them is killed in mid-run."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.scale import estimand as estimands
from hypnic.analysis.scale.engine import Dask
from hypnic.analysis.scale.estimand import estimand_named, fit_estimand
from hypnic.cluster import connect
from hypnic.datasets.loading import data_folder, gather
from hypnic.errors import HypnicError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ASKED = estimand_named("diary:caffeine")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the demo's clean tables, nights in three parts that cut through participants."""
    place = tmp_path_factory.mktemp("diary")
    tables = gather([data_folder() / "demo"], "nights", "participants", "flags")
    nights = tables["nights"].sort("participant_id", "night_index")
    (place / "nights").mkdir()
    for number in range(3):
        nights.slice(1_800 * number, 1_800).write_parquet(place / "nights" / f"{number}.parquet")
    tables["participants"].select("participant_id", "sleep_need_h").write_parquet(place / "participants.parquet")
    tables["flags"].write_csv(place / "flags.csv")
    return place


@pytest.mark.slow
def test_a_cluster_gives_the_same_sums_though_a_worker_is_killed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs the extra cluster")
    killed: list[int] = []

    class Killing(Dask):
        """Kills a worker process once some of the second sums have come back."""

        asked = 0

        def each(self, function: Callable[[Any], Any]) -> Iterator[Any]:
            Killing.asked += 1
            for number, found in enumerate(super().each(function)):
                yield found
                if Killing.asked == 4 and not number:
                    worker = next(iter(self._client.run(os.getpid).values()))
                    os.kill(worker, signal.SIGKILL)
                    killed.append(worker)

    expected = fit_estimand(folder, ASKED)
    whole = fit_estimand(folder, ASKED, "dask", workers=1)
    monkeypatch.setattr(estimands, "Dask", Killing)
    fitted = fit_estimand(folder, ASKED, "dask", workers=2)
    assert len(killed) == 1
    assert np.array_equal(fitted.params, whole.params)
    assert np.array_equal(fitted.vcov, whole.vcov)
    np.testing.assert_allclose(fitted.params, expected.params, rtol=1e-10)
    np.testing.assert_allclose(fitted.vcov, expected.vcov, rtol=1e-8)
    assert {name: fitted.info[name] for name in ("n_rows", "n_groups", "n_dropped", "engine")} == {
        name: expected.info.get(name, "dask") for name in ("n_rows", "n_groups", "n_dropped", "engine")
    }


def test_rows_of_one_participant_never_part(folder: Path) -> None:
    files = [(part, 0, 10_000) for part in sorted((folder / "nights").iterdir())]
    split = [estimands._split(piece, 5) for piece in files]
    parts = [estimands._joined([one[number] for one in split]) for number in range(5)]
    together = pl.concat(parts)
    assert together.height == sum(pl.read_parquet(file).height for file, *_ in files)
    assert sum(part["participant_id"].n_unique() for part in parts) == together["participant_id"].n_unique()


def test_a_scheduler_that_does_not_answer_is_one_plain_line() -> None:
    pytest.importorskip("distributed", reason="needs the extra cluster")
    said = re.escape("no Dask scheduler answers at tcp://127.0.0.1:9: start one")
    with pytest.raises(HypnicError, match=said), connect("tcp://127.0.0.1:9", workers=1):
        pass
