"""A snapshot is right about what it holds, whatever came and went, and never changes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fashion_finder.domain import Vectors
from fashion_finder.search import exact
from fashion_finder.search.exact import Neighbours
from fashion_finder.search.hnsw import Graph
from fashion_finder.search.recent import Recent
from fashion_finder.search.snapshot import Snapshot

DIMENSION = 8


def vectors(count: int, seed: int = 0) -> Vectors:
    """Unit vectors in all directions."""
    points = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), np.float32)


def parts(count: int, segments: int) -> list[range]:
    """The labels 0 to count as so many ranges, less those that would be empty."""
    bounds = [count * number // segments for number in range(segments + 1)]
    return [range(one, other) for one, other in itertools.pairwise(bounds) if other > one]


def snapshot_of(base: int, recent: int, segments: int = 1) -> tuple[Snapshot, Vectors]:
    """Labels 0 to base in graphs, the next ones beside them; and all vectors by label."""
    points = vectors(base + recent)
    graphs = tuple(
        Graph.build([(list(part), points[part.start : part.stop])], len(part), DIMENSION, 1)
        for part in parts(base, segments)
    )
    snapshot = Snapshot("model", Recent(DIMENSION), graphs)
    if recent:
        snapshot = snapshot.with_added(list(range(base, base + recent)), points[base:])
    return snapshot, points


@settings(deadline=None, max_examples=60)
@given(
    base=st.integers(0, 80),
    segments=st.integers(1, 3),
    recent=st.integers(0, 40),
    count=st.integers(1, 12),
    allowed_share=st.none() | st.floats(0, 1),
    hidden_share=st.floats(0, 0.9),
    seed=st.integers(0, 99),
)
def test_it_finds_what_exact_search_over_the_visible_finds(
    base: int,
    segments: int,
    recent: int,
    count: int,
    allowed_share: float | None,
    hidden_share: float,
    seed: int,
) -> None:
    """Graph and rest together, without the hidden, within the allowed, never short."""
    snapshot, points = snapshot_of(base, recent, segments)
    random = np.random.default_rng(seed)
    everything = np.arange(base + recent)
    hidden = {int(label) for label in everything[random.random(len(everything)) < hidden_share]}
    allowed = None
    if allowed_share is not None:
        allowed = everything[random.random(len(everything)) < allowed_share]
    snapshot = snapshot.with_hidden(hidden)
    visible = [int(label) for label in everything if label not in hidden]
    assert len(snapshot) == len(visible)
    if allowed is not None:
        visible = [label for label in visible if label in allowed]
    query = vectors(1, seed=1000 + seed)[0]
    truth = sorted(visible, key=lambda label: -float(points[label] @ query))[:count]
    assert [label for label, _ in snapshot.nearest(query, count, allowed)] == truth
    if allowed is not None:
        assert snapshot.count(allowed) == len(visible)


@pytest.mark.parametrize("segments", [1, 4])
@pytest.mark.parametrize("share", [0.002, 0.02, 0.3, 1.0])
def test_a_filter_is_obeyed_and_filled_whatever_it_leaves(share: float, segments: int) -> None:
    """The pictures that are left all lie on the far side of the question; some are hidden."""
    count = 6000
    snapshot, points = snapshot_of(count, 0, segments)
    query = vectors(1, seed=7)[0]
    farthest = np.argsort(points @ query)[: int(share * count)]
    hidden = farthest[::3]
    snapshot = snapshot.with_hidden(hidden.tolist())
    found = [label for label, _ in snapshot.nearest(query, 5, np.sort(farthest))]
    truth = [int(label) for label in farthest[::-1] if label not in hidden][:5]
    assert len(set(found)) == 5
    assert set(found) <= set(farthest.tolist()) - set(hidden.tolist())
    assert len(set(found) & set(truth)) >= (5 if share < 0.05 else 4)


def test_a_graph_that_falls_short_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """When walking the graph does not reach enough of a filter's pictures, they are all compared."""
    snapshot, points = snapshot_of(2000, 0)
    query = vectors(1, seed=7)[0]
    monkeypatch.setattr(Graph, "nearest", lambda *arguments: [])
    found = [label for label, _ in snapshot.nearest(query, 5, np.arange(2000))]
    assert found == np.argsort(-(points @ query))[:5].tolist()


def test_a_picture_that_vanished_from_the_catalogue_is_left_out() -> None:
    """A filtered search reads vectors where they are kept; what is gone there is no answer."""
    snapshot, points = snapshot_of(2000, 0)

    def fetch(labels: Sequence[int]) -> tuple[list[int], Vectors]:
        kept = [label for label in labels if label != 7]
        return kept, points[kept]

    found = replace(snapshot, fetch=fetch).nearest(points[7], 9, np.array([3, 7, 11]))
    assert {label for label, _ in found} == {3, 11}


def test_a_published_snapshot_never_changes() -> None:
    """Adding to a snapshot makes another one; the old one answers as before."""
    snapshot, _ = snapshot_of(10, 5)
    query = vectors(1, seed=3)[0]
    before = snapshot.nearest(query, 20)
    newer = snapshot
    for step in range(40):
        newer = newer.with_added([100 + step], query[np.newaxis])
    newer = newer.with_hidden(range(10))
    assert snapshot.nearest(query, 20) == before
    assert len(newer) == 45
    assert newer.nearest(query, 1)[0][1] > 0.999


def test_hiding_what_it_does_not_hold_changes_no_count() -> None:
    """Contents without a vector in the snapshot can be forgotten too."""
    snapshot, _ = snapshot_of(4, 4)
    assert len(snapshot.with_hidden([1, 1, 77])) == 7


def test_what_takes_more_effort_to_ask_for_is_sooner_fetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of 500 among 2,000 the graph is asked, but not when that costs eight times as much."""
    snapshot, points = snapshot_of(2000, 0)
    allowed = np.arange(0, 2000, 4)
    truth = [label for label, _ in exact.nearest(allowed, points[allowed], points[7], 5)]
    asked = []
    nearest = Graph.nearest

    def watched(*arguments: Any, **options: Any) -> Neighbours:
        asked.append(1)
        return nearest(*arguments, **options)

    monkeypatch.setattr(Graph, "nearest", watched)
    for effort, calls in ((1, 1), (8, 1)):
        found = [label for label, _ in snapshot.nearest(points[7], 5, allowed, effort)]
        assert (found, len(asked)) == (truth, calls)
