"""Sums by cluster, added up part by part."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hypnic.analysis.scale import clusters
from hypnic.analysis.scale.clusters import Adding


@pytest.fixture
def gone_through(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Add up after ten partial sums, and note how many are gone through each time."""
    seen: list[int] = []
    by_label = clusters._by_label

    def noted(labels: pl.Series, columns: np.ndarray) -> tuple[pl.Series, np.ndarray]:
        seen.append(len(labels))
        return by_label(labels, columns)

    monkeypatch.setattr(clusters, "_MOST", 10)
    monkeypatch.setattr(clusters, "_by_label", noted)
    return seen


def test_many_clusters_are_gone_through_a_few_times_and_not_once_a_part(gone_through: list[int]) -> None:
    adding = Adding(1, shares=False)
    for label in range(1_000):
        adding.put(pl.Series([label]), np.ones((1, 1)), 1)
    assert len(adding.clusters().scores) == 1_000
    assert sum(gone_through) < 4 * 1_000


@pytest.mark.parametrize("order", ["sorted", "shuffled"])
def test_the_sums_are_those_of_each_cluster_however_often_they_were_added_up(
    gone_through: list[int], order: str
) -> None:
    labels = np.repeat(np.arange(20), 5)
    values = np.arange(100.0)
    places = np.arange(100) if order == "sorted" else np.random.default_rng(3).permutation(100)
    adding = Adding(1, shares=False)
    for part in np.split(places, 25):
        adding.put(pl.Series(labels[part]), values[part][:, None], len(part))
    expected = np.bincount(labels, values)
    assert len(gone_through) > 1
    np.testing.assert_array_equal(adding.clusters().scores[:, 0], expected)
