"""The index follows the catalogue through restarts, additions, losses and rebuilds."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from fashion_finder.domain import Vectors
from fashion_finder.search import segments
from fashion_finder.search.hnsw import Graph
from fashion_finder.search.index import SearchIndex

DIMENSION = 8


class Source:
    """A catalogue's vectors, as a dictionary."""

    def __init__(self) -> None:
        self.held: dict[int, Vectors] = {}
        self.words: dict[int, bytes] = {}
        self.token = ""

    def put(self, labels: Sequence[int]) -> Vectors:
        """Add points; a label always gets the same vector."""
        points = np.stack([np.random.default_rng(label).normal(size=DIMENSION) for label in labels])
        points = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
        self.held.update(zip(labels, points, strict=True))
        return np.asarray(points, np.float32)

    def graph_token(self) -> str:
        """See VectorSource."""
        return self.token

    def draw_graph_token(self) -> str:
        """See VectorSource."""
        self.token = f"{self.token}+"
        return self.token

    def live_contents(self, model: str) -> list[int]:
        """See VectorSource."""
        del model
        return sorted(self.held)

    def vectors_of(self, contents: Sequence[int], model: str) -> tuple[list[int], Vectors]:
        """See VectorSource."""
        del model
        found = [label for label in contents if label in self.held]
        if not found:
            return [], np.empty((0, 0), np.float32)
        return found, np.stack([self.held[label] for label in found])

    def likely_words_of(self, contents: Sequence[int], model: str) -> tuple[list[int], list[bytes]]:
        """See VectorSource."""
        del model
        found = [label for label in contents if label in self.words]
        return found, [self.words[label] for label in found]


@pytest.fixture
def source() -> Source:
    """An empty catalogue."""
    return Source()


def open_index(folder: Path, source: Source) -> SearchIndex:
    """An index as a start of the program has it."""
    index = SearchIndex(folder / "index", source, "model", DIMENSION, word_width=2)
    index.load()
    return index


def labels_found(index: SearchIndex, source: Source) -> list[int]:
    """Every label that its own vector finds first."""
    current = index.current
    return [
        label for label, vector in source.held.items() if current.nearest(vector, 1)[0][0] == label
    ]


def test_everything_is_found_with_and_without_a_graph(tmp_path: Path, source: Source) -> None:
    """A fresh catalogue is searched exactly until the graph is there, and after a restart."""
    source.put(range(1, 50))
    index = open_index(tmp_path, source)
    assert index.rebuild_is_due
    assert len(labels_found(index, source)) == 49
    assert index.rebuild(1)
    assert index.current.recent.count == 0
    assert len(labels_found(index, source)) == 49
    again = open_index(tmp_path, source)
    assert again.current.recent.count == 0
    assert len(labels_found(again, source)) == 49


def test_a_graph_of_yesterday_is_completed(tmp_path: Path, source: Source) -> None:
    """What came and went since the graph was saved is put right at the start."""
    source.put(range(1, 50))
    open_index(tmp_path, source).rebuild(1)
    source.put([60, 61])
    del source.held[7]
    index = open_index(tmp_path, source)
    current = index.current
    assert (len(current), current.recent.count, set(current.hidden)) == (50, 2, {7})
    assert len(labels_found(index, source)) == 50
    assert not index.rebuild_is_due


def test_a_damaged_graph_is_replaced(tmp_path: Path, source: Source) -> None:
    """Search goes on exactly, and a rebuild makes the file good again."""
    source.put(range(1, 50))
    open_index(tmp_path, source).rebuild(1)
    (graph,) = (tmp_path / "index").glob("graph-*.bin")
    graph.write_bytes(b"damage")
    index = open_index(tmp_path, source)
    assert len(labels_found(index, source)) == 49
    assert index.rebuild_is_due
    assert index.rebuild(1)
    assert len(segments.load(tmp_path / "index", source.token, "model", DIMENSION)) == 1


def test_what_happens_during_a_rebuild_is_kept(
    tmp_path: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Points that come or go while the graph is built are not lost, nor brought back."""
    index = open_index(tmp_path, source)
    index.add(range(1, 50), source.put(range(1, 50)))
    index.rebuild(1)
    build = Graph.build

    def build_while_the_world_changes(*arguments: object) -> Graph:
        graph = build(*arguments)  # type: ignore[arg-type]
        index.add([90], source.put([90]))
        index.hide([3])
        del source.held[3]
        return graph

    monkeypatch.setattr(Graph, "build", build_while_the_world_changes)
    assert index.rebuild(1)
    current = index.current
    assert (len(current), current.recent.count) == (49, 1)
    assert sorted(labels_found(index, source)) == [*range(1, 3), *range(4, 50), 90]


def test_searches_run_while_points_are_added_and_the_graph_is_built(
    tmp_path: Path, source: Source
) -> None:
    """Readers on other threads see consistent snapshots throughout."""
    index = open_index(tmp_path, source)
    failures: list[BaseException] = []
    finished = threading.Event()
    query = source.put([1])[0]
    index.add([1], query[np.newaxis])

    def search() -> None:
        try:
            while not finished.is_set():
                assert index.current.nearest(query, 3)[0][0] == 1
        except BaseException as error:  # noqa: BLE001 - shown by the main thread
            failures.append(error)

    readers = [threading.Thread(target=search) for _ in range(2)]
    for reader in readers:
        reader.start()
    for step in range(60):
        labels = range(2 + step * 10, 12 + step * 10)
        index.add(labels, source.put(labels))
        if step % 20 == 10:
            index.rebuild(1)
    finished.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(index.current) == 601


def test_a_stopped_index_builds_nothing(tmp_path: Path, source: Source) -> None:
    """Closing the program does not wait for a graph."""
    source.put(range(1, 50))
    index = open_index(tmp_path, source)
    index.stop()
    assert not index.rebuild(1)
    assert not (tmp_path / "index").exists()


def test_a_build_tells_how_far_it_is_and_can_be_ended(
    tmp_path: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was ended leaves everything as it was, and the next one begins anew."""
    monkeypatch.setattr("fashion_finder.search.index.BLOCK", 10)
    source.put(range(1, 36))
    index = open_index(tmp_path, source)
    told: list[tuple[int, int]] = []

    def watch(linked: int, total: int) -> bool:
        told.append((linked, total))
        return linked < 20

    assert not index.rebuild(1, watch)
    assert told == [(0, 35), (10, 35), (20, 35)]
    assert index.current.graphs == ()
    assert len(labels_found(index, source)) == 35
    assert not (tmp_path / "index").exists()
    assert index.rebuild(1, lambda linked, total: True)
    assert len(labels_found(index, source)) == 35


def test_a_graph_that_cannot_be_saved_still_serves(tmp_path: Path, source: Source) -> None:
    """A full disk costs the file, not the search."""
    source.put(range(1, 50))
    (tmp_path / "index").write_text("in the way")
    index = open_index(tmp_path, source)
    assert index.rebuild(1)
    assert len(labels_found(index, source)) == 49


def test_a_graph_from_the_future_is_not_used(tmp_path: Path, source: Source) -> None:
    """A catalogue put back from a backup may give a label to another picture."""
    source.put(range(1, 20))
    open_index(tmp_path, source).rebuild(1)
    before = source.token
    source.put(range(20, 40))
    open_index(tmp_path, source).rebuild(1)
    source.token = before  # as in the backup
    for label in range(20, 40):
        source.held[label] = source.held[label - 19]
    index = open_index(tmp_path, source)
    assert index.rebuild_is_due
    found = {label for label, _ in index.current.nearest(source.held[25], 2)}
    assert found == {6, 25}


def test_points_that_come_back_are_found_once(tmp_path: Path, source: Source) -> None:
    """Hidden and added again, in the graph or beside it; added twice."""
    vectors = source.put(range(1, 20))
    index = open_index(tmp_path, source)
    index.rebuild(1)
    index.add([30], source.put([30]))
    index.hide([3, 30])
    index.add([3, 30, 30, 5], np.stack([source.held[label] for label in (3, 30, 30, 5)]))
    current = index.current
    assert len(current) == 20
    assert sorted(label for label, _ in current.nearest(vectors[0], 50)) == [*range(1, 20), 30]


def test_what_another_process_did_is_followed(tmp_path: Path, source: Source) -> None:
    """Added and dropped while this index was open."""
    source.put(range(1, 20))
    index = open_index(tmp_path, source)
    source.put([40, 41])
    del source.held[2]
    index.refresh()
    assert len(index.current) == 20
    assert len(labels_found(index, source)) == 20


# ---------------------------------------------------------------- many graphs


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Graphs of at most twenty points, and one is due after three additions."""
    monkeypatch.setattr(segments, "SEGMENT", 20)
    monkeypatch.setattr(segments, "REBUILD_LEAST", 2)
    monkeypatch.setattr("fashion_finder.search.index.BLOCK", 10)


def sizes(index: SearchIndex) -> list[int]:
    """How many points each graph holds."""
    return [len(graph) for graph in index.current.graphs]


@pytest.mark.usefixtures("small_segments")
def test_many_vectors_are_held_by_several_graphs(tmp_path: Path, source: Source) -> None:
    """Each point by one, now and after a restart."""
    source.put(range(1, 51))
    index = open_index(tmp_path, source)
    assert index.rebuild(1)
    assert sizes(index) == [20, 20, 10]
    again = open_index(tmp_path, source)
    assert sizes(again) == [20, 20, 10]
    for opened in (index, again):
        assert opened.current.recent.count == 0
        assert len(labels_found(opened, source)) == 50
        assert len({label for label, _ in opened.current.nearest(source.held[1], 60)}) == 50


@pytest.mark.usefixtures("small_segments")
def test_a_build_that_is_ended_keeps_the_graphs_it_finished(tmp_path: Path, source: Source) -> None:
    """The next one goes on from there, also after a restart."""
    source.put(range(1, 51))
    index = open_index(tmp_path, source)
    assert not index.rebuild(1, lambda linked, total: linked < 40)
    assert sizes(index) == [20]
    assert len(labels_found(index, source)) == 50
    again = open_index(tmp_path, source)
    assert sizes(again) == [20]
    first = again.current.graphs[0]
    told: list[tuple[int, int]] = []

    def watch(linked: int, total: int) -> bool:
        told.append((linked, total))
        return True

    assert again.rebuild(1, watch)
    assert told == [(0, 30), (10, 30), (20, 30), (30, 30)]
    assert again.current.graphs[0] is first
    assert len(labels_found(again, source)) == 50


@pytest.mark.usefixtures("small_segments")
def test_additions_leave_full_graphs_alone(tmp_path: Path, source: Source) -> None:
    """What they cost does not grow with what is there; the small graph takes them up."""
    source.put(range(1, 51))
    index = open_index(tmp_path, source)
    index.rebuild(1)
    full = index.current.graphs[:2]
    index.add([60, 61, 62], source.put([60, 61, 62]))
    assert index.rebuild_is_due
    assert index.rebuild(1)
    assert index.current.graphs[:2] == full
    assert sizes(index) == [20, 20, 13]
    assert len(labels_found(index, source)) == 53


@pytest.mark.usefixtures("small_segments")
def test_a_graph_of_which_much_is_gone_is_replaced(tmp_path: Path, source: Source) -> None:
    """Others stay, with the little that is gone from them hidden."""
    source.put(range(1, 51))
    index = open_index(tmp_path, source)
    index.rebuild(1)
    untouched = index.current.graphs[1]
    gone = [*range(1, 7), 45]
    for label in gone:
        del source.held[label]
    index.refresh()
    assert len(labels_found(index, source)) == len(index.current) == 43
    assert index.rebuild_is_due
    assert index.rebuild(1)
    assert index.current.graphs[0] is untouched
    assert sizes(index) == [20, 10, 14]
    assert index.current.hidden == {45}
    found = {label for label, _ in index.current.nearest(source.held[30], 60)}
    assert found == set(source.held)


@pytest.mark.usefixtures("small_segments")
def test_a_filter_reaches_every_graph(tmp_path: Path, source: Source) -> None:
    """Never fewer than asked for when enough exist."""
    source.put(range(1, 51))
    index = open_index(tmp_path, source)
    index.rebuild(1)
    allowed = np.array([3, 18, 25, 33, 49])
    found = index.current.nearest(source.held[40], 5, allowed)
    assert sorted(label for label, _ in found) == allowed.tolist()


@pytest.mark.usefixtures("small_segments")
def test_a_graph_of_which_all_is_gone_goes(tmp_path: Path, source: Source) -> None:
    """It is dropped with the next build; when nothing is left to build, that is no failure."""
    source.put(range(1, 51))
    index = open_index(tmp_path, source)
    index.rebuild(1)
    for label in range(1, 21):
        del source.held[label]
    index.refresh()
    assert index.rebuild_is_due
    assert index.rebuild(1)
    assert sorted(sizes(index)) == [10, 20]
    assert len(labels_found(index, source)) == len(index.current) == 30
    index.hide(list(source.held))
    assert not index.rebuild(1)


def test_likely_words_come_with_what_they_describe(tmp_path: Path, source: Source) -> None:
    """Of what is in the graph, what was added since, by this process or another one."""
    source.put(range(1, 50))
    source.words = {label: bytes([label, 7]) for label in range(1, 50)}
    open_index(tmp_path, source).rebuild(1)
    source.words[60] = b"ab"
    source.put([60])
    index = open_index(tmp_path, source)
    index.add([61, 62], source.put([61, 62]), [b"cd", b""])
    source.words[63] = b"ef"
    source.put([63])
    index.refresh()
    rows = index.words.of([1, 49, 60, 61, 62, 63, 5000]).tolist()
    assert rows == [[1, 7], [49, 7], [*b"ab"], [*b"cd"], [0, 0], [*b"ef"], [0, 0]]
