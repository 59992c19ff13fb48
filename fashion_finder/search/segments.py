"""The graphs that are searched side by side: which to build anew, and keeping them on disk.

One graph of everything would have to be held twice while it is built anew, and built anew whenever
a tenth has come. Graphs of at most ``SEGMENT`` points bound both: what is full stays as it is.

Labels are content ids, which one catalogue never reuses, and a content's vector under one model
never changes: files that the catalogue has outgrown are therefore still right about every label
they hold; the snapshot adds what came since and hides what is gone. A catalogue that was put back
from a backup may give an id a second time: the token, which the catalogue draws anew every time the
graphs are saved, tells.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fashion_finder.errors import CatalogueUnwritable
from fashion_finder.search.graph_file import (
    GraphFile,
    is_in_place,
    read_header,
    write_header,
)
from fashion_finder.search.hnsw import Graph

log = logging.getLogger(__name__)

SEGMENT = 65_536
"""Most points of a graph. Building another one of a million then takes a fifteenth of the memory of
all; a search asks each graph, and the graphs of a million still answer within some milliseconds."""

FULL = 0.75
"""From this share of ``SEGMENT`` on, a graph is left as it is."""

REBUILD_SHARE = 0.1
"""A new graph is due when this share of the held points, or of a segment, was added since; and in
place of one when twice this share of its own points is gone."""

REBUILD_LEAST = 1000


@dataclass(frozen=True, slots=True)
class Dissolving:
    """The graphs whose points go into the next new one."""

    graphs: tuple[Graph, ...]
    visible: int  # their points that are not gone


def is_due(graphs: Sequence[Graph], outside: int, hidden: Collection[int]) -> bool:
    """Whether enough points lie outside of all graphs, or are gone from one."""
    if not graphs:
        return outside > 0
    held = sum(map(len, graphs))
    if outside > max(REBUILD_LEAST, REBUILD_SHARE * min(held, SEGMENT)):
        return True
    return any(
        _is_worn(graph, gone) for graph, gone in zip(graphs, _gone(graphs, hidden), strict=True)
    )


def dissolve_next(graphs: Sequence[Graph], hidden: Collection[int]) -> Dissolving:
    """The graphs to be replaced by one new graph: of which too much is gone, or that are small."""
    counted = list(zip(graphs, _gone(graphs, hidden), strict=True))
    worn = [(graph, gone) for graph, gone in counted if _is_worn(graph, gone)]
    small = [
        (graph, gone)
        for graph, gone in counted
        if not _is_worn(graph, gone) and len(graph) - gone < FULL * SEGMENT
    ]
    small.sort(key=lambda one: len(one[0]))
    chosen: list[Graph] = []
    visible = 0
    for graph, gone in worn + small:
        left = len(graph) - gone
        if chosen and visible + left > SEGMENT:
            continue
        chosen.append(graph)
        visible += left
    return Dissolving(tuple(chosen), visible)


def _is_worn(graph: Graph, gone: int) -> bool:
    return gone > 2 * max(REBUILD_LEAST, REBUILD_SHARE * len(graph))


def _gone(graphs: Sequence[Graph], hidden: Collection[int]) -> list[int]:
    """How many points of each graph are hidden."""
    if not hidden:
        return [0] * len(graphs)
    ids = np.fromiter(hidden, np.int64, len(hidden))
    return [int(graph.holds(ids).sum()) for graph in graphs]


# ---------------------------------------------------------------- files


def save(
    graphs: Sequence[Graph], folder: Path, draw_token: Callable[[], str], model: str, dimension: int
) -> None:
    """Write the graphs that are not on disk yet, then the header. Raises CatalogueUnwritable.

    The token is drawn last: until then, what was saved before is still to be trusted.
    """
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        files = [_saved(graph, folder) for graph in graphs]
        write_header(folder, draw_token(), model, dimension, files)
    except OSError as error:
        raise CatalogueUnwritable(folder, error.strerror or "") from error
    except RuntimeError as error:  # hnswlib's word for a file it cannot write
        raise CatalogueUnwritable(folder, "the search graph could not be saved") from error


def _saved(graph: Graph, folder: Path) -> GraphFile:
    if graph.file is not None and is_in_place(folder, graph.file):
        return graph.file
    return graph.save(folder)


def load(folder: Path, token: str, model: str, dimension: int) -> tuple[Graph, ...]:
    """The saved graphs, without those that are not to be trusted."""
    header = read_header(folder, token, model, dimension)
    if header is None:
        return ()
    loaded = (Graph.load(folder, file, dimension) for file in header.files)
    return tuple(graph for graph in loaded if graph is not None)
