"""The first answers ranked again by agreement of what the model's words say of both photos.

Agreement of a vocabulary is the chance that a word drawn for the question and one drawn for the answer
are the same, by the model's calibrated probabilities.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evaluation.model_file import Arrays, ModelFile
from evaluation.recognition import softmax
from fashion_training.precision import nearest, reweighed

Vectors = NDArray[np.float32]
#: What an agreement is at least: two photos may agree where the words do not know it.
LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Ranking:
    """How the first ``depth`` answers of the index are ranked again.

    The score is the parts' weighted cosine plus, for each vocabulary, its share times the logarithm
    of the agreement.
    """

    depth: int = 200
    weights: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def from_json(cls, document: Mapping[str, object]) -> Ranking:
        """Read ``{"depth": 200, "weights": {part: share}, "words": {vocabulary: share}}``."""
        depth, weights, words = (document[name] for name in ("depth", "weights", "words"))
        assert isinstance(depth, int) and isinstance(weights, Mapping)
        assert isinstance(words, Mapping)
        return cls(depth, dict(weights), dict(words))

    def fits(self, model: ModelFile) -> bool:
        """Tell whether the model has all parts and words that the ranking speaks of."""
        return set(self.weights) == set(model.parts) and set(self.words) <= set(model.vocabularies)


def ranked_again(
    model: ModelFile,
    ranking: Ranking,
    asked: Arrays,
    gallery: Arrays,
    forbidden: NDArray[np.bool_],
    k: int,
) -> NDArray[np.int64]:
    """Return the k best of each question's first ``depth`` answers, best first, [asked, k]."""
    depth = min(ranking.depth, int(np.count_nonzero(~forbidden, axis=1).min()))
    first = nearest(asked["embedding"], gallery["embedding"], forbidden, max(depth, k))
    bounds = [model.parts[name] for name in ranking.weights]
    weights = list(ranking.weights.values())
    queries = reweighed(asked["embedding"], bounds, weights)
    answers = reweighed(gallery["embedding"], bounds, weights)
    chances = {
        name: (_chances(model, name, asked), _chances(model, name, gallery))
        for name in ranking.words
    }
    found = np.empty((len(first), k), dtype=np.int64)
    for row, places in enumerate(first):
        score = answers[places] @ queries[row]
        for name, share in ranking.words.items():
            of_asked, of_gallery = chances[name]
            agreement = of_gallery[places] @ of_asked[row]
            score = score + np.float32(share) * np.log(np.maximum(agreement, LEAST))
        found[row] = places[np.argsort(-score, kind="stable")[:k]]
    return found


def _chances(model: ModelFile, name: str, outputs: Arrays) -> Vectors:
    return softmax(outputs[name] / np.float32(model.document["temperatures"][name]))
