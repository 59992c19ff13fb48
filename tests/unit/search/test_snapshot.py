"""A snapshot is right about what it holds, whatever came and went, and never changes."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fashion_finder.domain import Vectors
from fashion_finder.search import snapshot as module
from fashion_finder.search.hnsw import Graph
from fashion_finder.search.snapshot import Recent, Snapshot

DIMENSION = 8


def vectors(count: int, seed: int = 0) -> Vectors:
    """Unit vectors in all directions."""
    points = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), np.float32)


def snapshot_of(base: int, recent: int) -> tuple[Snapshot, Vectors]:
    """Labels 0 to base in the graph, the next ones beside it; and all vectors by label."""
    points = vectors(base + recent)
    graph = None
    if base:
        graph = Graph.build([(list(range(base)), points[:base])], base, DIMENSION, 1)
    snapshot = Snapshot("model", Recent.empty(DIMENSION), graph)
    if recent:
        snapshot = snapshot.with_added(list(range(base, base + recent)), points[base:])
    return snapshot, points


@settings(deadline=None, max_examples=60)
@given(
    base=st.integers(0, 80),
    recent=st.integers(0, 40),
    count=st.integers(1, 12),
    allowed_share=st.none() | st.floats(0, 1),
    hidden_share=st.floats(0, 0.9),
    seed=st.integers(0, 99),
)
def test_it_finds_what_exact_search_over_the_visible_finds(
    base: int,
    recent: int,
    count: int,
    allowed_share: float | None,
    hidden_share: float,
    seed: int,
) -> None:
    """Graph and rest together, without the hidden, within the allowed, never short."""
    snapshot, points = snapshot_of(base, recent)
    random = np.random.default_rng(seed)
    everything = np.arange(base + recent)
    hidden = {int(one) for one in everything[random.random(len(everything)) < hidden_share]}
    allowed = None
    if allowed_share is not None:
        allowed = {int(one) for one in everything[random.random(len(everything)) < allowed_share]}
    snapshot = snapshot.with_hidden(hidden)
    visible = [int(one) for one in everything if one not in hidden]
    assert len(snapshot) == len(visible)
    if allowed is not None:
        visible = [one for one in visible if one in allowed]
    query = vectors(1, seed=1000 + seed)[0]
    truth = sorted(visible, key=lambda label: -float(points[label] @ query))[:count]
    assert [label for label, _ in snapshot.nearest(query, count, allowed)] == truth


def test_a_wide_filter_is_answered_in_full() -> None:
    """A filter too wide for exact search, whose points all lie far away, still fills the answer."""
    snapshot, points = snapshot_of(3 * module.EXACT_BELOW, 0)
    query = vectors(1, seed=7)[0]
    order = np.argsort(points @ query)
    allowed = {int(one) for one in order[: module.EXACT_BELOW + 100]}
    found = [label for label, _ in snapshot.nearest(query, 5, allowed)]
    truth = [int(one) for one in order[: module.EXACT_BELOW + 100][::-1][:5]]
    assert found == truth


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
