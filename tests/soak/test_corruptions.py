"""A thousand harmed search graphs: each is found out before hnswlib, which would crash, opens it."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import hnswlib
import numpy as np
import pytest

from fashion_finder.search.graph_file import GRAPH_NAME, HEADER_NAME
from fashion_finder.search.hnsw import Graph
from tests.unit.search.test_hnsw import DIMENSION, build

CORRUPTIONS = int(os.environ.get("SOAK_CORRUPTIONS", "1000"))

Harm = Callable[[Path, Path, random.Random], None]
"""Harms the first folder's files; the second one holds those of other catalogues and times."""


def _bytes_of(path: Path) -> bytearray:
    return bytearray(path.read_bytes())


def _truncated(folder: Path, others: Path, chance: random.Random) -> None:
    path = folder / chance.choice([GRAPH_NAME, HEADER_NAME])
    data = _bytes_of(path)
    path.write_bytes(data[: chance.randrange(len(data))])


def _flipped_in_the_graph(folder: Path, others: Path, chance: random.Random) -> None:
    data = _bytes_of(folder / GRAPH_NAME)
    for _ in range(chance.randint(1, 4)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    (folder / GRAPH_NAME).write_bytes(data)


def _flipped_in_its_first_bytes(folder: Path, others: Path, chance: random.Random) -> None:
    data = _bytes_of(folder / GRAPH_NAME)  # sizes and offsets, which hnswlib believes
    data[chance.randrange(96)] ^= 1 << chance.randrange(8)
    (folder / GRAPH_NAME).write_bytes(data)


def _flipped_in_the_header(folder: Path, others: Path, chance: random.Random) -> None:
    data = _bytes_of(folder / HEADER_NAME)
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    (folder / HEADER_NAME).write_bytes(data)


def _overwritten(folder: Path, others: Path, chance: random.Random) -> None:
    data = _bytes_of(folder / GRAPH_NAME)
    start = chance.randrange(len(data))
    stop = min(len(data), start + chance.randint(1, 4096))
    data[start:stop] = bytes(255 - byte for byte in data[start:stop])
    (folder / GRAPH_NAME).write_bytes(data)


def _grown(folder: Path, others: Path, chance: random.Random) -> None:
    with (folder / GRAPH_NAME).open("ab") as file:
        file.write(chance.randbytes(chance.randint(1, 4096)))


def _swapped(folder: Path, others: Path, chance: random.Random) -> None:
    """One file of another catalogue, of an older generation or of another model; or both."""
    other = others / chance.choice(["catalogue", "generation", "model"])
    for name in chance.choice([[GRAPH_NAME], [HEADER_NAME], [GRAPH_NAME, HEADER_NAME]]):
        shutil.copy(other / name, folder / name)


def _missing(folder: Path, others: Path, chance: random.Random) -> None:
    (folder / chance.choice([GRAPH_NAME, HEADER_NAME])).unlink()


HARMS: tuple[Harm, ...] = (
    _truncated,
    _flipped_in_the_graph,
    _flipped_in_its_first_bytes,
    _flipped_in_the_header,
    _overwritten,
    _grown,
    _swapped,
    _missing,
)


def test_no_harmed_graph_is_opened(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
) -> None:
    """And the sound one is, before and after."""
    sound, others, harmed = (tmp_path / name for name in ("sound", "others", "harmed"))
    graph = build(300)[0]
    graph.save(sound, "token", "model")
    others.mkdir()
    build(310)[0].save(others / "catalogue", "another", "model")
    build(290)[0].save(others / "generation", "older", "model")
    build(305)[0].save(others / "model", "token", "another")
    chance = random.Random(int(os.environ.get("SOAK_SEED", "0")))
    opened: list[str] = []

    class Watched:
        """Tells when hnswlib is let at a file."""

        def __init__(self, **options: object) -> None:
            self._index = original(**options)

        def load_index(self, path: str, max_elements: int) -> None:
            opened.append(path)
            self._index.load_index(path, max_elements=max_elements)

        def __getattr__(self, name: str) -> object:
            return getattr(self._index, name)

    original = hnswlib.Index
    monkeypatch.setattr(hnswlib, "Index", Watched)
    done: Counter[str] = Counter()
    for _ in range(CORRUPTIONS):
        shutil.rmtree(harmed, ignore_errors=True)
        shutil.copytree(sound, harmed)
        harm = chance.choice(HARMS)
        harm(harmed, others, chance)
        assert Graph.load(harmed, "token", "model", DIMENSION) is None, harm.__name__
        assert opened == [], harm.__name__
        done[harm.__name__.strip("_")] += 1
    loaded = Graph.load(sound, "token", "model", DIMENSION)
    assert loaded is not None
    assert len(opened) == 1
    query = np.ones(DIMENSION, np.float32)
    assert loaded.nearest(query, 9) == graph.nearest(query, 9)
    for name, count in done.items():
        record_property(name, count)
    print(dict(done))
