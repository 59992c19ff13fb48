"""Ranks neighbours by what the model's words say of them, beside their similarity.

A score is the similarity, plus for each vocabulary that the model ranks by the logarithm of its
agreement times its share: a score is never above its similarity. A share grows and falls with the
question's weight of the part that its words are about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from fashion_finder.domain import (
    COLOUR_VOCABULARY,
    ContentId,
    ModelInfo,
    Refinement,
    Rgb,
    Vectors,
)
from fashion_finder.embedding.likely_words import agreements, unpack
from fashion_finder.engine.colour_words import words_near
from fashion_finder.search.exact import Neighbours
from fashion_finder.search.query_vector import ALPHA, BETA, GAMMA
from fashion_finder.search.ranking import Scored
from fashion_finder.search.word_table import WordTable

Asked = list[Vectors]
"""Of each vocabulary that the model ranks by, the probabilities of its words, [words]."""


class WordRanking:
    """Scores neighbours with one model's words; any thread may call it."""

    def __init__(self, info: ModelInfo, table: WordTable) -> None:
        self._ranked = info.ranked_words
        self._vocabularies = [info.vocabularies[words.vocabulary] for words in self._ranked]
        self._weights = {part.name: part.weight for part in info.parts}
        self._table = table

    def __bool__(self) -> bool:
        """Whether the model ranks by words at all."""
        return bool(self._ranked)

    def asked(self, packed: bytes, refinement: Refinement) -> Asked:
        """What a question says, by the likely words of its picture and its refinement."""
        sizes = [len(words) for words in self._vocabularies]
        more, less = (
            [unpack(row.tobytes(), sizes) for row in self._table.of(contents)]
            for contents in (refinement.more_like, refinement.less_like)
        )
        chances = unpack(packed, sizes)
        for place, words in enumerate(self._ranked):
            chances[place] = _toward(
                chances[place], [row[place] for row in more], [row[place] for row in less]
            )
            if words.vocabulary == COLOUR_VOCABULARY and refinement.colour is not None:
                chances[place] = _of_colour(refinement.colour, self._vocabularies[place])
        return chances

    def score(
        self,
        neighbours: Neighbours,
        asked: Asked,
        weights: Mapping[str, float],
        itself: ContentId | None,
    ) -> list[Scored]:
        """The neighbours with their scores, in their order.

        `itself`, the picture that was asked about, agrees as well as any picture can. Scores are
        the similarities when the model ranks by no words, or those of one of these are not known.
        """
        if not self._ranked or not neighbours:
            return [(label, similarity, similarity) for label, similarity in neighbours]
        labels = [label for label, _ in neighbours]
        rows = self._table.of(labels)
        if not rows.any(axis=1).all():
            return [(label, similarity, similarity) for label, similarity in neighbours]
        agreed = agreements(asked, rows)
        if itself in labels:
            agreed[labels.index(itself)] = [max(1e-3, chances.max()) for chances in asked]
        shares = np.array(
            [
                words.share * weights[words.part] / self._weights[words.part]
                for words in self._ranked
            ]
        )
        added = np.log(agreed) @ shares
        return [
            (label, similarity, similarity + more)
            for (label, similarity), more in zip(neighbours, added.tolist(), strict=True)
        ]


def _toward(chances: Vectors, more: Sequence[Vectors], less: Sequence[Vectors]) -> Vectors:
    """Moved as `query_vector.toward` moves vectors, within what probabilities can be."""
    moved = ALPHA * chances
    for share, examples in ((BETA, more), (-GAMMA, less)):
        if examples:
            moved = moved + share * np.mean(examples, axis=0)
    moved = np.maximum(moved, 0)
    total = float(moved.sum())
    return np.asarray(moved / total, np.float32) if total > 0 else chances


def _of_colour(colour: str | Rgb, words: Sequence[str]) -> Vectors:
    shares = {colour: 1.0} if isinstance(colour, str) else words_near(colour, words)
    return np.array([shares.get(word, 0.0) for word in words], np.float32)
