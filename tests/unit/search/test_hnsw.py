"""The graph finds what exact search finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from fashion_finder.domain import Vectors
from fashion_finder.search import exact
from fashion_finder.search.hnsw import Graph

DIMENSION = 24


def clustered(count: int, seed: int = 0) -> Vectors:
    """Unit vectors around a few dozen centres, as pictures of garments are."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(30, DIMENSION))
    points = centres[random.integers(0, 30, count)] + 0.3 * random.normal(size=(count, DIMENSION))
    return np.asarray(points / np.linalg.norm(points, axis=1, keepdims=True), np.float32)


def build(count: int) -> tuple[Graph, list[int], Vectors]:
    """A graph with odd labels, its labels and its vectors."""
    labels, vectors = list(range(1, 2 * count, 2)), clustered(count)
    middle = count // 2
    blocks = [(labels[:middle], vectors[:middle]), (labels[middle:], vectors[middle:])]
    return Graph.build(blocks, count, DIMENSION, threads=2), labels, vectors


def test_recall_is_near_one() -> None:
    """Recall@5 against exact search is at least 0.99."""
    graph, labels, vectors = build(3000)
    queries = clustered(200, seed=1)
    hits = 0
    for query in queries:
        truth = exact.nearest(np.array(labels), vectors, query, 5)
        hits += len({label for label, _ in truth} & {label for label, _ in graph.nearest(query, 5)})
    assert hits >= 0.99 * 5 * len(queries)


def test_every_point_can_be_asked_for() -> None:
    """Asking for more neighbours than there are, or than the usual breadth, gives them all."""
    graph, labels, _ = build(300)
    found = graph.nearest(clustered(1, seed=2)[0], 1000)
    assert sorted(label for label, _ in found) == labels
    assert [similarity for _, similarity in found] == sorted((s for _, s in found), reverse=True)


def test_many_neighbours_are_as_right_as_few() -> None:
    """The search is widened to what is asked for."""
    graph, labels, vectors = build(1500)
    query = clustered(1, seed=5)[0]
    truth = {label for label, _ in exact.nearest(np.array(labels), vectors, query, 500)}
    found = graph.nearest(query, 500)
    assert len(found) == 500
    assert len(truth & {label for label, _ in found}) > 490


def test_vectors_come_back_as_they_were_added() -> None:
    """The graph holds the vectors, so no second copy is needed."""
    graph, labels, vectors = build(50)
    assert np.array_equal(graph.vectors_of([labels[7], labels[3]]), vectors[[7, 3]])


def test_many_equal_vectors_hide_nothing(tmp_path: Path) -> None:
    """Neither one another, nor what else there is; also after saving, and with a filter."""
    points = clustered(2000)
    for start in (0, 300, 600):
        points[start : start + 300] = points[start]
    graph = Graph.build([(list(range(2000)), points)], 2000, DIMENSION, 1)
    loaded = Graph.load(tmp_path, graph.save(tmp_path), DIMENSION)
    assert loaded is not None
    for each in (graph, loaded):
        assert len(each) == 2000
        assert {label for label, _ in each.nearest(points[0], 300)} == set(range(300))
        allowed = np.array([7, 8, 310, 1500], np.int64)
        assert {label for label, _ in each.nearest(points[0], 2, allowed)} == {7, 8}
        assert {label for label, _ in each.nearest(points[0], 9, allowed)} == set(allowed.tolist())
        alone = range(900, 2000, 7)
        assert [each.nearest(points[label], 1)[0][0] for label in alone] == list(alone)
        assert np.array_equal(each.vectors_of([299, 901]), points[[299, 901]])
