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

from fashion_finder.search.graph_file import HEADER_NAME
from tests.unit.search.test_hnsw import DIMENSION, build
from tests.unit.search.test_segments import load, save

CORRUPTIONS = int(os.environ.get("SOAK_CORRUPTIONS", "1000"))

Harm = Callable[[Path, Path, random.Random], None]
"""Harms the first folder's files; the second one holds those of other catalogues and times."""


def _bytes_of(path: Path) -> bytearray:
    return bytearray(path.read_bytes())


def _graph(folder: Path) -> Path:
    (path,) = folder.glob("graph-*.bin")
    return path


def _truncated(folder: Path, others: Path, chance: random.Random) -> None:
    path = chance.choice([_graph(folder), folder / HEADER_NAME])
    data = _bytes_of(path)
    path.write_bytes(data[: chance.randrange(len(data))])


def _flipped_in_the_graph(folder: Path, others: Path, chance: random.Random) -> None:
    data = _bytes_of(_graph(folder))
    for _ in range(chance.randint(1, 4)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    (_graph(folder)).write_bytes(data)


def _flipped_in_its_first_bytes(folder: Path, others: Path, chance: random.Random) -> None:
    data = _bytes_of(_graph(folder))  # sizes and offsets, which hnswlib believes
    data[chance.randrange(96)] ^= 1 << chance.randrange(8)
    (_graph(folder)).write_bytes(data)


def _flipped_in_the_header(folder: Path, others: Path, chance: random.Random) -> None:
    data = _bytes_of(folder / HEADER_NAME)
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    (folder / HEADER_NAME).write_bytes(data)


def _overwritten(folder: Path, others: Path, chance: random.Random) -> None:
    data = _bytes_of(_graph(folder))
    start = chance.randrange(len(data))
    stop = min(len(data), start + chance.randint(1, 4096))
    data[start:stop] = bytes(255 - byte for byte in data[start:stop])
    (_graph(folder)).write_bytes(data)


def _grown(folder: Path, others: Path, chance: random.Random) -> None:
    with (_graph(folder)).open("ab") as file:
        file.write(chance.randbytes(chance.randint(1, 4096)))


def _swapped(folder: Path, others: Path, chance: random.Random) -> None:
    """One file of another catalogue, of an older generation or of another model; or both."""
    other = others / chance.choice(["catalogue", "generation", "model"])
    what = chance.choice(["graph", "header", "both"])
    if what != "header":
        shutil.copy(_graph(other), _graph(folder))
    if what != "graph":
        shutil.copy(other / HEADER_NAME, folder / HEADER_NAME)
    if what == "both":
        _graph(folder).rename(folder / _graph(other).name)


def _missing(folder: Path, others: Path, chance: random.Random) -> None:
    chance.choice([_graph(folder), folder / HEADER_NAME]).unlink()


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
    save(sound, graph)
    others.mkdir()
    save(others / "catalogue", build(310)[0], drawn="another")
    save(others / "generation", build(290)[0], drawn="older")
    save(others / "model", build(305)[0], model="another")
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
        assert load(harmed) == (), harm.__name__
        assert opened == [], harm.__name__
        done[harm.__name__.strip("_")] += 1
    (loaded,) = load(sound)
    assert len(opened) == 1
    query = np.ones(DIMENSION, np.float32)
    assert loaded.nearest(query, 9) == graph.nearest(query, 9)
    for name, count in done.items():
        record_property(name, count)
    print(dict(done))
