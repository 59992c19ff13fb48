"""Graphs side by side: which are built anew, and that a file is trusted only when it is sound."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from fashion_finder.errors import CatalogueUnwritable
from fashion_finder.search import graph_file, segments
from fashion_finder.search.graph_file import HEADER_NAME, GraphFile
from fashion_finder.search.hnsw import Graph
from tests.unit.search.test_hnsw import DIMENSION, build, clustered


def save(folder: Path, *graphs: Graph, drawn: str = "token", model: str = "model") -> None:
    """Save graphs as a catalogue with this token does."""
    segments.save(graphs, folder, lambda: drawn, model, DIMENSION)


def load(folder: Path, drawn: str = "token", model: str = "model") -> tuple[Graph, ...]:
    """The graphs that are trusted."""
    return segments.load(folder, drawn, model, DIMENSION)


def graph_files(folder: Path) -> list[Path]:
    """The graphs that are saved there."""
    return sorted(folder.glob("graph-*.bin"))


def graph_of(labels: range) -> Graph:
    """A graph with these labels."""
    return Graph.build([(list(labels), clustered(len(labels)))], len(labels), DIMENSION, 1)


# ---------------------------------------------------------------- files


def test_a_saved_graph_answers_the_same(tmp_path: Path) -> None:
    """Saving and loading changes no answer."""
    graph, labels, _ = build(500)
    save(tmp_path, graph)
    (loaded,) = load(tmp_path)
    assert loaded.labels.tolist() == labels
    query = clustered(1, seed=3)[0]
    assert loaded.nearest(query, 10) == graph.nearest(query, 10)


def _truncate(folder: Path) -> None:
    (path,) = graph_files(folder)
    path.write_bytes(path.read_bytes()[:-100])


def _flip(folder: Path) -> None:
    (path,) = graph_files(folder)
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
    save(folder, build(40)[0])
    (folder / HEADER_NAME).write_bytes(header)


def _remove_graph(folder: Path) -> None:
    graph_files(folder)[0].unlink()


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
    save(tmp_path, build(100)[0])
    harm(tmp_path)
    assert load(tmp_path) == ()


def test_what_was_verified_is_what_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may put another graph in place between the check and the opening."""
    graph, labels, _ = build(100)
    save(tmp_path, graph)
    is_sound = graph_file._is_sound

    def check_and_save(path: Path, file: GraphFile) -> bool:
        sound = is_sound(path, file)
        newer = build(300)[0]
        newer._index.save_index(str(tmp_path / "newer"))
        (tmp_path / "newer").replace(tmp_path / file.name)
        return sound

    monkeypatch.setattr(graph_file, "_is_sound", check_and_save)
    (loaded,) = load(tmp_path)
    assert loaded.labels.tolist() == labels
    assert sorted(tmp_path.iterdir()) == sorted([*graph_files(tmp_path), tmp_path / HEADER_NAME])


@pytest.mark.parametrize(
    "token, model, dimension",
    [("other", "model", DIMENSION), ("token", "other", DIMENSION), ("token", "model", 8)],
)
def test_a_foreign_file_is_not_used(tmp_path: Path, token: str, model: str, dimension: int) -> None:
    """A graph with another token, model or dimension answers other questions."""
    save(tmp_path, build(100)[0])
    assert segments.load(tmp_path, token, model, dimension) == ()


def test_only_new_graphs_are_written(tmp_path: Path) -> None:
    """What is on disk already stays as it is; what is used no more is deleted."""
    one, two, three = graph_of(range(50)), graph_of(range(50, 90)), graph_of(range(90, 140))
    save(tmp_path, one, two)
    written = {path.name: path.stat().st_mtime_ns for path in graph_files(tmp_path)}
    save(tmp_path, one, three)
    after = {path.name: path.stat().st_mtime_ns for path in graph_files(tmp_path)}
    assert one.file is not None and two.file is not None and three.file is not None
    assert set(after) == {one.file.name, three.file.name}
    assert after[one.file.name] == written[one.file.name]
    assert [graph.labels.tolist() for graph in load(tmp_path)] == [
        list(range(50)),
        list(range(90, 140)),
    ]


def test_a_graph_whose_file_another_process_deleted_is_written_again(tmp_path: Path) -> None:
    """A window and a command line may save in turn, each its own graphs."""
    ours, theirs = graph_of(range(50)), graph_of(range(60))
    save(tmp_path, ours)
    save(tmp_path, theirs)
    save(tmp_path, ours)
    (loaded,) = load(tmp_path)
    assert loaded.labels.tolist() == list(range(50))


def test_one_damaged_graph_costs_only_itself(tmp_path: Path) -> None:
    """The others are as right as before."""
    one, two = graph_of(range(50)), graph_of(range(50, 90))
    save(tmp_path, one, two)
    assert one.file is not None
    (tmp_path / one.file.name).write_bytes(b"damage")
    (left,) = load(tmp_path)
    assert left.labels.tolist() == list(range(50, 90))


def test_a_save_that_fails_leaves_the_earlier_one(tmp_path: Path) -> None:
    """The catalogue draws another token only when all graphs are written."""
    save(tmp_path, graph_of(range(50)))

    class Unwritable(Graph):
        def save(self, folder: Path) -> GraphFile:
            raise OSError

    broken = graph_of(range(50, 60))
    broken.__class__ = Unwritable
    drawn: list[str] = []

    def draw() -> str:
        drawn.append("another")
        return drawn[-1]

    with pytest.raises(CatalogueUnwritable):
        segments.save([broken], tmp_path, draw, "model", DIMENSION)
    assert drawn == []
    assert len(load(tmp_path)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such limit there")
@pytest.mark.parametrize("share", [0.2, 0.5, 0.995])
def test_a_graph_that_finds_no_room_replaces_nothing(tmp_path: Path, share: float) -> None:
    """hnswlib says nothing about a disk that is full; the earlier graph stays, and no torn one."""
    import resource

    save(tmp_path, build(50)[0])
    before = sorted(path.name for path in tmp_path.iterdir())
    later, _, _ = build(500)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(later._index.index_file_size() * share), hard))
    try:
        with pytest.raises(CatalogueUnwritable):
            save(tmp_path, later)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    (loaded,) = load(tmp_path)
    assert len(loaded) == 50


def test_files_of_killed_processes_and_of_earlier_versions_go(tmp_path: Path) -> None:
    """They would lie there for ever."""
    for name in ("graph.bin", "graph.json", "graph.12.new", "graph-1.bin.12.opened"):
        (tmp_path / name).write_text("left")
    graph = graph_of(range(50))
    save(tmp_path, graph)
    assert graph.file is not None
    assert {path.name for path in tmp_path.iterdir()} == {graph.file.name, HEADER_NAME}


# ---------------------------------------------------------------- planning


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments of a hundred points."""
    monkeypatch.setattr(segments, "SEGMENT", 100)
    monkeypatch.setattr(segments, "REBUILD_LEAST", 5)


@pytest.mark.usefixtures("small")
def test_full_graphs_stay_and_small_ones_are_joined() -> None:
    """So that there are few, and that a rebuild is never more than a segment."""
    full, small, smaller = graph_of(range(80)), graph_of(range(80, 140)), graph_of(range(140, 170))
    merge = segments.next_merge([full, small, smaller], frozenset())
    assert set(merge.graphs) == {small, smaller}
    assert merge.visible == 90


@pytest.mark.usefixtures("small")
def test_a_new_graph_never_passes_a_segment() -> None:
    """What does not fit beside the smallest waits for the next one."""
    one, two = graph_of(range(60)), graph_of(range(60, 110))
    merge = segments.next_merge([one, two], frozenset())
    assert merge.graphs == (two,)


@pytest.mark.usefixtures("small")
def test_a_graph_of_which_much_is_gone_is_built_anew() -> None:
    """Others, of which as many are gone in all but few in each, are not."""
    one, two = graph_of(range(90)), graph_of(range(90, 190))
    worn = frozenset(range(20))
    assert segments.is_due([one, two], 0, worn)
    assert segments.next_merge([one, two], worn).graphs == (one,)
    spread = frozenset({*range(12), *range(90, 102)})
    assert not segments.is_due([one, two], 0, spread)
    assert segments.next_merge([one, two], spread).graphs == ()


@pytest.mark.usefixtures("small")
def test_additions_make_a_graph_due_by_the_size_of_a_segment() -> None:
    """However many are held, what is searched exactly stays few."""
    graphs = [graph_of(range(start, start + 100)) for start in range(0, 500, 100)]
    assert not segments.is_due(graphs, 10, frozenset())
    assert segments.is_due(graphs, 11, frozenset())
    assert segments.is_due((), 1, frozenset())
    assert not segments.is_due((), 0, frozenset())
