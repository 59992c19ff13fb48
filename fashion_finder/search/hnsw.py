"""A frozen HNSW graph, and its file: derived from the catalogue, checked before it is trusted.

hnswlib crashes the process on a damaged file, so a side header with a checksum is verified before
hnswlib opens it. Labels are content ids, which one catalogue never reuses, and a content's vector
under one model never changes: a file that the catalogue has outgrown is therefore still right about
every label it holds; the snapshot adds what came since and hides what is gone. A catalogue that was
put back from a backup may give an id a second time: the token, which the catalogue draws anew for
every file, tells.

Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical
Navigable Small World graphs", 2018, for the method and the meaning of its parameters.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

import hnswlib
import numpy as np

from fashion_finder.domain import Vectors
from fashion_finder.errors import CatalogueUnwritable
from fashion_finder.search.exact import Labels, Neighbours, by_rank

log = logging.getLogger(__name__)

GRAPH_NAME = "graph.bin"
HEADER_NAME = "graph.json"

LINKS = 16
"""M: links per point and layer; 12 to 48 is useful, 16 suits a few hundred dimensions."""

BUILD_BREADTH = 200
"""ef_construction: candidates kept while a point is linked."""

SEARCH_BREADTH = 128
"""ef: candidates kept during a search, at least; recall@5 is above 0.99 from 64 on."""

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class GraphHeader:
    """What the graph file was made from and what its bytes must hash to."""

    token: str  # drawn by the catalogue for this file alone
    model: str
    dimension: int
    count: int
    bytes: int
    checksum: str  # BLAKE2b-256, hexadecimal
    library: str
    format: int = _FORMAT


class Graph:
    """Points that are never added to after `build`; any number of threads may query it."""

    def __init__(self, index: hnswlib.Index, labels: Labels, dimension: int) -> None:
        self._index = index
        self._lock = threading.Lock()  # the breadth is a property of the index, not of a query
        self.labels = labels  # int64, ascending
        self.dimension = dimension

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

        Blocks, so that the vectors are never held twice, and so that the caller can stop between
        two of them. Takes about 1 ms per vector and core at 512 dimensions.
        """
        index = hnswlib.Index(space="ip", dim=dimension)
        index.init_index(max_elements=count, M=LINKS, ef_construction=BUILD_BREADTH, random_seed=1)
        labels: list[int] = []
        for block_labels, vectors in blocks:
            index.add_items(vectors, np.asarray(block_labels, np.int64), num_threads=threads)
            labels += block_labels
        return cls(index, np.sort(np.asarray(labels, np.int64)), dimension)

    def nearest(self, query: Vectors, count: int, allowed: Labels | None = None) -> Neighbours:
        """Up to `count` neighbours of `query` [D] by inner product, best first.

        With `allowed`, only those labels, each held by this graph; the search then walks on until
        it has seen enough of them. None at all when it cannot reach `count` of them.
        """
        count = min(count, len(self) if allowed is None else len(allowed))
        if count <= 0:
            return []
        is_allowed = None
        if allowed is not None:
            mask = np.zeros(self.labels[-1] + 1, np.bool_)
            mask[allowed] = True
            is_allowed = mask.tobytes().__getitem__  # asked thousands of times, so without Python
        with self._lock:
            self._index.set_ef(max(SEARCH_BREADTH, count))  # hnswlib returns at most ef points
            try:
                labels, distances = self._index.knn_query(
                    query[np.newaxis], k=count, num_threads=1, filter=is_allowed
                )
            except RuntimeError:  # hnswlib's word for having found fewer
                return []
        similarities = 1.0 - distances[0].astype(np.float64)
        pairs = zip(labels[0].astype(np.int64).tolist(), similarities.tolist(), strict=True)
        return sorted(pairs, key=by_rank)

    def vectors_of(self, labels: Sequence[int]) -> Vectors:
        """Vectors [N, D] of labels this graph holds."""
        if not labels:
            return np.empty((0, self.dimension), np.float32)
        return np.asarray(self._index.get_items(labels, return_type="numpy"), np.float32)

    # ------------------------------------------------------------ file

    def save(self, folder: Path, token: str, model: str) -> None:
        """Write graph and header, each replaced whole. Raises CatalogueUnwritable."""
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
            for leftover in folder.glob("*.new"):  # of a process that was killed
                leftover.unlink(missing_ok=True)
            partial = folder / f"{GRAPH_NAME}.{os.getpid()}.new"
            self._index.save_index(str(partial))
            header = GraphHeader(
                token=token,
                model=model,
                dimension=self.dimension,
                count=len(self),
                bytes=partial.stat().st_size,
                checksum=_checksum(partial),
                library=version("hnswlib"),
            )
            header_partial = folder / f"{HEADER_NAME}.{os.getpid()}.new"
            header_partial.write_text(json.dumps(asdict(header)), encoding="utf-8")
            # Killed between the two, the old header no longer matches: the graph is built again.
            os.replace(partial, folder / GRAPH_NAME)
            os.replace(header_partial, folder / HEADER_NAME)
        except OSError as error:
            raise CatalogueUnwritable(folder, error.strerror or "") from error
        except RuntimeError as error:  # hnswlib's word for a file it cannot write
            raise CatalogueUnwritable(folder, "the search graph could not be saved") from error

    @classmethod
    def load(cls, folder: Path, token: str, model: str, dimension: int) -> Graph | None:
        """The saved graph, or None when there is none to trust."""
        header = _read_header(folder / HEADER_NAME)
        path = folder / GRAPH_NAME
        if header is None or not token:
            return None
        expected = (_FORMAT, token, model, dimension, version("hnswlib"))
        actual = (header.format, header.token, header.model, header.dimension, header.library)
        if actual != expected:
            log.info("the search graph is of another catalogue, model or version")
            return None
        try:
            if path.stat().st_size != header.bytes or _checksum(path) != header.checksum:
                log.warning("the search graph is damaged; it will be built again")
                return None
            index = hnswlib.Index(space="ip", dim=dimension)
            index.load_index(str(path), max_elements=header.count)
        except (OSError, RuntimeError) as error:
            log.warning("the search graph cannot be loaded: %s", type(error).__name__)
            return None
        return cls(index, np.sort(np.asarray(index.get_ids_list(), np.int64)), dimension)


def _read_header(path: Path) -> GraphHeader | None:
    try:
        header = GraphHeader(**json.loads(path.read_text(encoding="utf-8")))
        if not (type(header.count) is int and header.count > 0):
            raise TypeError("count")
        return header
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        log.warning("the search graph's header cannot be read: %s", type(error).__name__)
        return None


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()
