"""Vectors outside of the graphs: nothing that was published changes, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fashion_finder.domain import Vectors
from fashion_finder.search import recent as module
from fashion_finder.search.hnsw import Graph
from fashion_finder.search.recent import Recent

DIMENSION = 4
BLOCK = 8


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """Full after a few rows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "BLOCK_ROWS", BLOCK)
        patch.setattr(module, "_LEAST_ROWS", 2)
        yield


def vectors_of(labels: list[int]) -> Vectors:
    """Of each label one that tells it."""
    return np.outer(np.array(labels, np.float32), np.ones(DIMENSION, np.float32)) + 1


def contents(recent: Recent) -> dict[int, float]:
    """Labels with the first number of their vectors."""
    found: dict[int, float] = {}
    for block in recent.blocks:
        labels, vectors = block.view()
        found |= dict(zip(labels.tolist(), vectors[:, 0].tolist(), strict=True))
    return found


@given(st.lists(st.integers(0, 20), max_size=12))
def test_published_views_stay_as_they_are(sizes: list[int]) -> None:
    """Whatever is appended later, in however many pieces; no block is longer than allowed."""
    recent = Recent(DIMENSION)
    published = [(recent, contents(recent))]
    for size in sizes:
        start = recent.count
        new = list(range(start, start + size))
        recent = recent.extended(new, vectors_of(new))
        published.append((recent, contents(recent)))
    assert recent.labels.tolist() == list(range(sum(sizes)))
    assert contents(recent) == {label: label + 1.0 for label in range(sum(sizes))}
    assert all(block.count <= BLOCK for block in recent.blocks)
    assert all(contents(view) == known for view, known in published)


@given(st.integers(1, 40), st.data())
def test_what_a_graph_holds_is_let_go(count: int, data: st.DataObject) -> None:
    """The rest stays, and more can be appended behind it."""
    labels = list(range(count))
    recent = Recent(DIMENSION).extended(labels, vectors_of(labels))
    held = data.draw(st.lists(st.sampled_from(labels), min_size=1, unique=True))
    graph = Graph.build([(held, vectors_of(held))], len(held), DIMENSION, threads=1)
    left = recent.without(graph)
    later = [100, 101, 102]
    extended = left.extended(later, vectors_of(later))
    kept = [label for label in labels if label not in held]
    assert left.labels.tolist() == kept
    assert contents(extended) == {label: label + 1.0 for label in kept + later}
    assert recent.labels.tolist() == labels


def test_untouched_blocks_are_not_copied() -> None:
    """A copy of everything would take half as much memory again while graphs are built."""
    labels = list(range(4 * BLOCK))
    recent = Recent(DIMENSION).extended(labels, vectors_of(labels))
    held = labels[: BLOCK + 3]
    graph = Graph.build([(held, vectors_of(held))], len(held), DIMENSION, threads=1)
    left = recent.without(graph)
    assert [block.count for block in left.blocks] == [BLOCK - 3, BLOCK, BLOCK]
    assert left.blocks[1:] == recent.blocks[2:]
