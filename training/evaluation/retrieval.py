"""What the five answers are: type, colour, gender; the same piece again; closeness in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fashion_training.metadata import CLOSENESS
from fashion_training.precision import nearest, precision_at_k, reweighed

Vectors = NDArray[np.float32]
Positions = NDArray[np.int64]
ANSWERS = 5


def views_of(vectors: Vectors, parts: Mapping[str, tuple[int, int]]) -> dict[str, Vectors]:
    """Return the embedding as it is, and each part alone when there are several."""
    if len(parts) == 1:
        return {"whole": vectors}
    alone = {f"{name} alone": reweighed(vectors, [b], [1.0]) for name, b in parts.items()}
    return {"whole": vectors, **alone}


def same_group(
    groups: Sequence[str] | NDArray[np.int64], asked: Positions, gallery: Positions
) -> NDArray[np.bool_]:
    """Return which of the gallery belong to the group of which of the asked, [asked, gallery]."""
    codes = np.unique(np.asarray(groups), return_inverse=True)[1]
    alike: NDArray[np.bool_] = codes[asked][:, None] == codes[gallery][None, :]
    return alike


def precisions(
    found: Positions,
    asked: Positions,
    gallery: Positions,
    columns: Mapping[str, Sequence[str]],
) -> dict[str, float]:
    """Return precision@5 per column; ``columns`` hold the word of every photo."""
    return {
        name: precision_at_k(found, [words[i] for i in asked], [words[i] for i in gallery])
        for name, words in columns.items()
    }


def joined(*columns: Sequence[str]) -> list[str]:
    """Join words into one per photo; empty where any is unknown."""
    return ["/".join(words) if all(words) else "" for words in zip(*columns, strict=True)]


@dataclass(frozen=True, slots=True)
class Refound:
    """How often a piece that is in the gallery is found."""

    first: NDArray[np.bool_]  # per query: whether it comes first
    among: NDArray[np.bool_]  # and whether it is among the five

    def shares(self, chosen: NDArray[np.bool_] | None = None) -> dict[str, float]:
        """Return both shares, of all queries or of the chosen ones."""
        rows = np.ones(len(self.first), dtype=bool) if chosen is None else chosen
        if not rows.any():
            return {"top 1": float("nan"), "top 5": float("nan")}
        return {
            "top 1": float(self.first[rows].mean()),
            "top 5": float(self.among[rows].mean()),
        }


def refind(queries: Vectors, gallery: Vectors, right: NDArray[np.bool_]) -> Refound:
    """Look for each query's own piece; ``right`` [queries, gallery] marks it and its copies."""
    found = nearest(queries, gallery, np.zeros_like(right), ANSWERS)
    hits = np.take_along_axis(right, found, axis=1)
    return Refound(hits[:, 0], np.asarray(hits.any(axis=1)))


def words_of(similarity: NDArray[np.float32], bounds: Mapping[str, float]) -> NDArray[np.str_]:
    """Return the word that the program would say for each similarity."""
    words = np.full(similarity.shape, "nothing close")
    for name in reversed(CLOSENESS):
        words[similarity >= bounds[name]] = name.replace("_", " ")
    return words


def closeness_words(
    queries: Vectors,
    gallery: Vectors,
    found: Positions,
    columns: Mapping[str, tuple[Sequence[str], Sequence[str]]],
    bounds: Mapping[str, float],
) -> dict[str, dict[str, float]]:
    """Return, per word, its share of the answers and how many of those share each label.

    ``columns`` hold the words of the queries and of the gallery; an unknown query does not count.
    """
    similarity = np.einsum("qd,qkd->qk", queries, gallery[found])
    said = words_of(similarity, bounds)
    table: dict[str, dict[str, float]] = {}
    for word in [*(name.replace("_", " ") for name in CLOSENESS), "nothing close"]:
        chosen = said == word
        row = {"share of answers": float(chosen.mean())}
        for name, (asked_words, gallery_words) in columns.items():
            known = chosen & (np.asarray(asked_words) != "")[:, None]
            alike = np.asarray(gallery_words)[found] == np.asarray(asked_words)[:, None]
            row[f"same {name}"] = float(alike[known].mean()) if known.any() else float("nan")
        table[word] = row
    return table


def best_similarity(
    queries: Vectors, gallery: Vectors, forbidden: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Return the similarity of each query's best allowed answer; -1 where none is allowed."""
    similarity = queries @ gallery.T
    similarity[forbidden] = -1
    best: NDArray[np.float32] = similarity.max(axis=1)
    return best


def worst_pairs(
    found: Positions, asked: Sequence[str], gallery: Sequence[str], count: int = 15
) -> list[tuple[str, str, int]]:
    """Return the wrong (asked word, answered word) pairs that occur most, with how often.

    Unknown words are left out; equal counts come in alphabetical order.
    """
    pairs: dict[tuple[str, str], int] = {}
    for row, word in zip(found, asked, strict=True):
        for answer in (gallery[place] for place in row):
            if word and answer and answer != word:
                pairs[word, answer] = pairs.get((word, answer), 0) + 1
    ordered = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(word, answer, times) for (word, answer), times in ordered[:count]]
