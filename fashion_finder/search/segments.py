"""The graphs that are searched side by side: which to merge next, and keeping them on disk.

A single graph would have to be held twice while it is rebuilt, and rebuilt whenever it grows by a
tenth. Graphs of at most ``SEGMENT`` points bound both, since full ones are left alone.

Labels are content ids, which a catalogue never reuses, and a content's vector under one model never
changes. Files older than the catalogue are therefore still right about every label they hold; the
snapshot adds what is new and hides what is gone. A catalogue restored from a backup may assign an id
again: it is recognised by the token, which the catalogue draws afresh each time graphs are saved.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fashion_finder.errors import CatalogueUnwritable
from fashion_finder.own_files import make_folder
from fashion_finder.search.graph_file import is_in_place, read_header, write_header
from fashion_finder.search.hnsw import Graph

log = logging.getLogger(__name__)

SEGMENT = 65_536
"""Most points of a graph. With a million points, a rebuild then takes a fifteenth of their memory, and
searching every graph still takes only some milliseconds."""

FULL = 0.75
"""A graph with this share of ``SEGMENT`` or more is left alone."""

REBUILD_SHARE = 0.1
"""A new graph is due when this share of the held points, or of a segment, was added since; a graph is
replaced when twice this share of its own points is gone."""

REBUILD_LEAST = 1000


@dataclass(frozen=True, slots=True)
class Merge:
    """The graphs whose points go into the next new one."""

    graphs: tuple[Graph, ...]
    visible: int  # their points that are not gone


def is_due(graphs: Sequence[Graph], outside: int, hidden: Collection[int]) -> bool:
    """Whether enough points are outside all graphs, or gone from one."""
    if not graphs:
        return outside > 0
    held = sum(map(len, graphs))
    if outside > max(REBUILD_LEAST, REBUILD_SHARE * min(held, SEGMENT)):
        return True
    return any(_is_sparse(graph, gone) for graph, gone in _count_gone(graphs, hidden))


def next_merge(graphs: Sequence[Graph], hidden: Collection[int]) -> Merge:
    """The graphs that one new graph is to replace: those missing too much, then small ones."""
    sparse, small = [], []
    for graph, gone in _count_gone(graphs, hidden):
        if _is_sparse(graph, gone):
            sparse.append((graph, gone))
        elif len(graph) - gone < FULL * SEGMENT:
            small.append((graph, gone))
    small.sort(key=lambda counted: len(counted[0]))
    chosen: list[Graph] = []
    visible = 0
    for graph, gone in sparse + small:
        left = len(graph) - gone
        if not chosen or visible + left <= SEGMENT:
            chosen.append(graph)
            visible += left
    return Merge(tuple(chosen), visible)


def _is_sparse(graph: Graph, gone: int) -> bool:
    return gone > 2 * max(REBUILD_LEAST, REBUILD_SHARE * len(graph))


def _count_gone(graphs: Sequence[Graph], hidden: Collection[int]) -> list[tuple[Graph, int]]:
    """Each graph, and how many of its points are hidden."""
    ids = np.fromiter(hidden, np.int64, len(hidden))
    return [(graph, int(graph.holds(ids).sum()) if hidden else 0) for graph in graphs]


# ---------------------------------------------------------------- files


def save(
    graphs: Sequence[Graph], folder: Path, draw_token: Callable[[], str], model: str, dimension: int
) -> None:
    """Write the graphs that are not on disk yet, then the header. Raises CatalogueUnwritable.

    The token is drawn last: until then, what was saved before can still be trusted.
    """
    try:
        make_folder(folder)
        files = [
            graph.file if graph.file and is_in_place(folder, graph.file) else graph.save(folder)
            for graph in graphs
        ]
        write_header(folder, draw_token(), model, dimension, files)
    except OSError as error:
        raise CatalogueUnwritable.because(folder, error) from error
    except RuntimeError as error:  # how hnswlib reports a file it cannot write
        raise CatalogueUnwritable(folder, "the search graph could not be saved") from error


def load(folder: Path, token: str, model: str, dimension: int) -> tuple[Graph, ...]:
    """The saved graphs that can be trusted."""
    return tuple(filter(None, load_each(folder, token, model, dimension)))


def load_each(folder: Path, token: str, model: str, dimension: int) -> tuple[Graph | None, ...]:
    """The same, with None for each that was saved and is damaged or missing."""
    with suppress(OSError):  # read-only
        if os.path.lexists(folder):
            make_folder(folder)
    header = read_header(folder, token, model, dimension)
    if header is None:
        return ()
    return tuple(Graph.load(folder, file, dimension) for file in header.files)
