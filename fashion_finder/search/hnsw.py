"""A frozen HNSW graph.

Equal vectors share one point: hundreds of equal points would link to each other only, and neither
they nor what lies behind them would be found.

Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical
Navigable Small World graphs", 2018, for the method and the meaning of its parameters.
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import hnswlib
import numpy as np
import numpy.typing as npt

from fashion_finder.domain import Vectors
from fashion_finder.search.exact import Labels, Neighbours, by_rank, is_in
from fashion_finder.search.graph_file import GraphFile, partial, put_in_place, verified

log = logging.getLogger(__name__)

LINKS = 16
"""M: links per point and layer; 12 to 48 is useful, 16 suits a few hundred dimensions."""

BUILD_BREADTH = 200
"""ef_construction: candidates kept while a point is linked."""

SEARCH_BREADTH = 256
"""ef: candidates kept during a search, at least. Of 42,386 pictures, recall@5 is 1.00 from 64 on; for
questions that weigh the parts differently see `query_vector.effort`."""


class Graph:
    """Points that are never added to after `build`; any number of threads may query it."""

    def __init__(
        self,
        index: hnswlib.Index,
        points: Sequence[int],
        duplicates: list[list[int]],
    ) -> None:
        self._index = index
        self._lock = threading.Lock()  # the breadth is a property of the index, not of a query
        self._duplicates = {same[0]: same for same in duplicates}
        pairs = [(label, same[0]) for same in duplicates for label in same[1:]]
        others, held_by = np.array(pairs, np.int64).reshape(-1, 2).T
        own = np.asarray(points, np.int64)
        labels = np.concatenate([own, others])
        order = np.argsort(labels)
        self.labels: Labels = labels[order]  # ascending
        self._points: Labels = np.concatenate([own, held_by])[order]  # with each label's vector
        self.file: GraphFile | None = None  # where it was saved

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def build(
        cls,
        blocks: Iterable[tuple[Sequence[int], Vectors]],
        count: int,
        dimension: int,
        threads: int,
    ) -> Graph:
        """Link `count` >= 1 vectors, given in blocks of labels [N] and vectors [N, dimension].

        Blocks, so that the vectors are never held twice and the caller can stop between two of them.
        Takes about 1 ms per vector and core at 512 dimensions.
        """
        index = hnswlib.Index(space="ip", dim=dimension)
        index.init_index(max_elements=count, M=LINKS, ef_construction=BUILD_BREADTH, random_seed=1)
        labels_of: dict[bytes, list[int]] = {}
        for block_labels, vectors in blocks:
            new = []
            for row, label in enumerate(block_labels):
                # 128 bits do not collide by chance.
                fingerprint = hashlib.blake2b(vectors[row].tobytes(), digest_size=16).digest()
                same = labels_of.setdefault(fingerprint, [])
                same.append(label)
                if len(same) == 1:
                    new.append(row)
            new_labels = np.asarray(block_labels, np.int64)[new]
            index.add_items(vectors[new], new_labels, num_threads=threads)
        points = [same[0] for same in labels_of.values()]
        return cls(index, points, [same for same in labels_of.values() if len(same) > 1])

    def nearest(
        self,
        query: Vectors,
        count: int,
        allowed: Labels | None = None,
        breadth: int = SEARCH_BREADTH,
    ) -> Neighbours:
        """Up to `count` neighbours of `query` [D] by inner product, best first.

        With `allowed`, only those labels, all held by this graph; the search then walks on until it
        has seen enough of them. Empty when it cannot reach `count` of them.
        """
        count = min(count, len(self) if allowed is None else len(allowed))
        if count <= 0:
            return []
        wanted, is_allowed = min(count, self._index.element_count), None
        if allowed is not None:
            mask = np.zeros(self.labels[-1] + 1, np.bool_)
            mask[self._points_of(allowed)] = True
            wanted = min(count, int(mask.sum()))
            is_allowed = mask.tobytes().__getitem__  # called thousands of times, so not in Python
        with self._lock:
            self._index.set_ef(max(breadth, wanted))  # hnswlib returns at most ef points
            try:
                found, distances = self._index.knn_query(
                    query[np.newaxis], k=wanted, num_threads=1, filter=is_allowed
                )
            except RuntimeError:  # how hnswlib reports that it found fewer
                return []
        neighbours: Neighbours = []
        similarities = 1.0 - distances[0].astype(np.float64)
        for point, similarity in zip(found[0].tolist(), similarities.tolist(), strict=True):
            same = self._duplicates.get(point, [point])
            if allowed is not None and len(same) > 1:
                held = np.asarray(same, np.int64)
                same = held[is_in(allowed, held)].tolist()
            neighbours += [(label, similarity) for label in same]
        return sorted(neighbours, key=by_rank)[:count]

    def holds(self, labels: Labels) -> npt.NDArray[np.bool_]:
        """Which of these labels [N], in any order, are its own."""
        return is_in(self.labels, labels)

    def vectors_of(self, labels: Sequence[int]) -> Vectors:
        """Vectors [N, D] of labels this graph holds."""
        if not len(labels):
            return np.empty((0, self._index.dim), np.float32)
        points = self._points_of(np.asarray(labels, np.int64))
        return np.asarray(self._index.get_items(points, return_type="numpy"), np.float32)

    def _points_of(self, labels: Labels) -> Labels:
        return self._points[np.searchsorted(self.labels, labels)]

    # ------------------------------------------------------------ file

    def save(self, folder: Path) -> GraphFile:
        """Write it under a name of its own; a failure leaves nothing. Raises OSError, RuntimeError."""
        written = partial(folder, "graph")
        try:
            self._index.save_index(str(written))
            if written.stat().st_size != self._index.index_file_size():  # it ignores a full disk
                raise RuntimeError("the file is shorter than the graph")
            points, duplicates = self._index.element_count, list(self._duplicates.values())
            self.file = put_in_place(written, points, duplicates)
        except (OSError, RuntimeError):
            with suppress(OSError):  # a torn file must not fill the rest of the disk
                written.unlink()
            raise
        return self.file

    @classmethod
    def load(cls, folder: Path, file: GraphFile, dimension: int) -> Graph | None:
        """A saved graph, or None when its file is not to be trusted."""
        with verified(folder, file) as path:
            if path is None:
                return None
            index = hnswlib.Index(space="ip", dim=dimension)
            try:
                index.load_index(str(path), max_elements=file.points)
            except RuntimeError as error:
                log.warning("a search graph cannot be loaded: %s", type(error).__name__)
                return None
        graph = cls(index, index.get_ids_list(), file.duplicates)
        graph.file = file
        return graph
