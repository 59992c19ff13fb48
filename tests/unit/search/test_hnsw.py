"""The graph finds what exact search finds, and its file is trusted only when it is sound."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fashion_finder.domain import Vectors
from fashion_finder.errors import CatalogueUnwritable
from fashion_finder.search import exact, graph_file
from fashion_finder.search.graph_file import GRAPH_NAME, HEADER_NAME, GraphHeader
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


def test_a_saved_graph_answers_the_same(tmp_path: Path) -> None:
    """Saving and loading changes no answer."""
    graph, labels, _ = build(500)
    graph.save(tmp_path, "token", "model")
    loaded = Graph.load(tmp_path, "token", "model", DIMENSION)
    assert loaded is not None
    assert loaded.labels.tolist() == labels
    query = clustered(1, seed=3)[0]
    assert loaded.nearest(query, 10) == graph.nearest(query, 10)


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such limit there")
@pytest.mark.parametrize("share", [0.2, 0.5, 0.995])
def test_a_graph_that_finds_no_room_replaces_nothing(tmp_path: Path, share: float) -> None:
    """hnswlib says nothing about a disk that is full; the earlier graph stays, and no torn one."""
    import resource

    earlier, _, _ = build(50)
    earlier.save(tmp_path, "token", "model")
    before = sorted(path.name for path in tmp_path.iterdir())
    later, _, _ = build(500)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(later._index.index_file_size() * share), hard))
    try:
        with pytest.raises(CatalogueUnwritable):
            later.save(tmp_path, "token", "model")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    loaded = Graph.load(tmp_path, "token", "model", DIMENSION)
    assert loaded is not None
    assert len(loaded) == 50


def _truncate(folder: Path) -> None:
    path = folder / GRAPH_NAME
    path.write_bytes(path.read_bytes()[:-100])


def _flip(folder: Path) -> None:
    path = folder / GRAPH_NAME
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _flip_header(folder: Path) -> None:
    path = folder / HEADER_NAME
    data = bytearray(path.read_bytes())
    data[-40] ^= 1
    path.write_bytes(data)


def _surprising_header(folder: Path) -> None:
    text = json.dumps({"surprise": 1})
    checksum = hashlib.blake2b(text.encode(), digest_size=32).hexdigest()
    (folder / HEADER_NAME).write_text(f"{checksum}\n{text}")


def _old_header(folder: Path) -> None:
    header = (folder / HEADER_NAME).read_bytes()
    build(40)[0].save(folder, "token", "model")
    (folder / HEADER_NAME).write_bytes(header)


def _remove_graph(folder: Path) -> None:
    (folder / GRAPH_NAME).unlink()


def _noise_header(folder: Path) -> None:
    (folder / HEADER_NAME).write_bytes(b"\xff\x00{")


@pytest.mark.parametrize(
    "harm",
    [
        _truncate,
        _flip,
        _flip_header,
        _surprising_header,
        _old_header,
        _remove_graph,
        _noise_header,
    ],
)
def test_a_harmed_file_is_not_opened(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    """hnswlib would crash the process on it."""
    build(100)[0].save(tmp_path, "token", "model")
    harm(tmp_path)
    assert Graph.load(tmp_path, "token", "model", DIMENSION) is None


def test_what_was_verified_is_what_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may put a newer graph in place between the check and the opening."""
    graph, labels, _ = build(100)
    graph.save(tmp_path, "token", "model")
    is_sound = graph_file._is_sound

    def check_and_save(path: Path, header: GraphHeader) -> bool:
        sound = is_sound(path, header)
        newer = build(300)[0]
        newer._index.save_index(str(tmp_path / "newer"))
        (tmp_path / "newer").replace(tmp_path / GRAPH_NAME)
        return sound

    monkeypatch.setattr(graph_file, "_is_sound", check_and_save)
    loaded = Graph.load(tmp_path, "token", "model", DIMENSION)
    assert loaded is not None
    assert loaded.labels.tolist() == labels
    assert sorted(path.name for path in tmp_path.iterdir()) == [GRAPH_NAME, HEADER_NAME]


def test_many_equal_vectors_hide_nothing(tmp_path: Path) -> None:
    """Neither one another, nor what else there is; also after saving, and with a filter."""
    points = clustered(2000)
    for start in (0, 300, 600):
        points[start : start + 300] = points[start]
    graph = Graph.build([(list(range(2000)), points)], 2000, DIMENSION, 1)
    graph.save(tmp_path, "token", "model")
    loaded = Graph.load(tmp_path, "token", "model", DIMENSION)
    assert loaded is not None
    for one in (graph, loaded):
        assert len(one) == 2000
        assert {label for label, _ in one.nearest(points[0], 300)} == set(range(300))
        allowed = np.array([7, 8, 310, 1500], np.int64)
        assert {label for label, _ in one.nearest(points[0], 2, allowed)} == {7, 8}
        assert {label for label, _ in one.nearest(points[0], 9, allowed)} == set(allowed.tolist())
        alone = range(900, 2000, 7)
        assert [one.nearest(points[label], 1)[0][0] for label in alone] == list(alone)
        assert np.array_equal(one.vectors_of([299, 901]), points[[299, 901]])


@pytest.mark.parametrize(
    "token, model, dimension",
    [("other", "model", DIMENSION), ("token", "other", DIMENSION), ("token", "model", 8)],
)
def test_a_foreign_file_is_not_used(tmp_path: Path, token: str, model: str, dimension: int) -> None:
    """A graph with another token, model or dimension answers other questions."""
    build(100)[0].save(tmp_path, "token", "model")
    assert Graph.load(tmp_path, token, model, dimension) is None
