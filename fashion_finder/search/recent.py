"""Vectors that are in no graph yet, searched exactly; kept in blocks that can be freed one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fashion_finder.domain import Vectors
from fashion_finder.search.exact import Labels
from fashion_finder.search.hnsw import Graph

BLOCK_ROWS = 32_768
"""Rows of a full block. What a new graph holds is freed block by block; copying all the rest at once
took half as much memory again."""

_LEAST_ROWS = 256


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some vectors; rows beyond `count` are free for more."""

    labels: Labels  # [capacity]
    vectors: Vectors  # [capacity, D]
    count: int

    @classmethod
    def empty(cls, capacity: int, dimension: int) -> Block:
        """Room for `capacity` vectors."""
        return cls(np.empty(capacity, np.int64), np.empty((capacity, dimension), np.float32), 0)

    def view(self) -> tuple[Labels, Vectors]:
        """Labels [N] and vectors [N, D]."""
        return self.labels[: self.count], self.vectors[: self.count]

    def extended(self, labels: Labels, vectors: Vectors) -> Block:
        """This view with more appended, in place where there is room, so older views stay valid."""
        block, needed = self, self.count + len(labels)
        if needed > len(self.labels):
            capacity = max(needed, min(2 * len(self.labels), BLOCK_ROWS), _LEAST_ROWS)
            block = Block.empty(capacity, self.vectors.shape[1])
            block.labels[: self.count], block.vectors[: self.count] = self.view()
        block.labels[self.count : needed] = labels
        block.vectors[self.count : needed] = vectors
        return Block(block.labels, block.vectors, needed)

    def chosen(self, rows: npt.NDArray[np.bool_]) -> Block:
        """A copy of some rows, bool [N]; the block itself when it is all of them."""
        if rows.all():
            return self
        labels, vectors = self.view()
        return Block(labels[rows], vectors[rows], int(rows.sum()))


@dataclass(frozen=True, slots=True, eq=False)
class Recent:
    """Vectors not in a graph yet, in the order they were added.

    Only the newest instance may be extended: it writes after the rows that older ones see.
    """

    dimension: int
    blocks: tuple[Block, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(block.count for block in self.blocks)

    @property
    def labels(self) -> Labels:
        """All labels, [N]."""
        return np.concatenate([np.empty(0, np.int64), *(block.view()[0] for block in self.blocks)])

    def extended(self, labels: Sequence[int], vectors: Vectors) -> Recent:
        """The block with more appended: labels [N], vectors [N, D]."""
        blocks, new = list(self.blocks), np.asarray(labels, np.int64)
        start = 0
        while start < len(new):
            if not blocks or blocks[-1].count >= BLOCK_ROWS:
                blocks.append(Block.empty(BLOCK_ROWS if blocks else 0, self.dimension))
            stop = start + BLOCK_ROWS - blocks[-1].count
            blocks[-1] = blocks[-1].extended(new[start:stop], vectors[start:stop])
            start = stop
        return Recent(self.dimension, tuple(blocks))

    def without(self, graph: Graph) -> Recent:
        """Those that the graph does not hold."""
        left = (block.chosen(~graph.holds(block.view()[0])) for block in self.blocks)
        return Recent(self.dimension, tuple(block for block in left if block.count))
