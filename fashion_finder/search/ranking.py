"""From neighbours to answers: closeness in words, copies folded, the question itself first."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from fashion_finder.domain import Closeness, ContentId, Match
from fashion_finder.search.exact import Neighbours

Alike = Callable[[ContentId, Sequence[ContentId]], Container[ContentId]]
"""Which of some contents are the same photo as the first one, saved again."""

_ORDER = (Closeness.VERY_CLOSE, Closeness.CLOSE, Closeness.WEAKER)


def closeness(
    similarity: float, thresholds: Mapping[Closeness, float] | None, *, of_part: bool = False
) -> Closeness:
    """The best word whose threshold the similarity reaches; no judgement without thresholds.

    Of a part only good news is told: it may be cut through a piece, and then even the photo that it
    was cut from is often below every threshold (`benchmarks/bench_parts.py`).
    """
    if thresholds is None:
        return Closeness.UNJUDGED
    reached = next((word for word in _ORDER if similarity >= thresholds[word]), Closeness.FAR)
    if of_part and reached in (Closeness.WEAKER, Closeness.FAR):
        return Closeness.UNJUDGED
    return reached


def rank(
    neighbours: Neighbours,
    locations: Mapping[ContentId, Sequence[Path]],
    thresholds: Mapping[Closeness, float] | None,
    *,
    itself: ContentId | None = None,
    of_part: bool = False,
) -> tuple[Match, ...]:
    """Matches, best first; one per content, named by its first file, the others as copies.

    `of_part` says that a part of a picture is asked about. `itself`, the content with the
    question's own bytes, goes before others of equal similarity.
    Contents without a location went away meanwhile and are left out.
    """
    ordered = sorted(
        neighbours,
        key=lambda one: (-round(one[1], 5), one[0] != itself, -one[1], one[0]),
    )
    matches = []
    for label, similarity in ordered:
        content = ContentId(label)
        paths = list(locations.get(content, ()))
        if not paths:
            continue
        similarity = max(-1.0, min(1.0, similarity))
        matches.append(
            Match(
                content=content,
                path=paths[0],
                similarity=similarity,
                closeness=closeness(similarity, thresholds, of_part=of_part),
                copies=tuple(paths[1:]),
            )
        )
    return tuple(matches)


def fold(
    matches: Sequence[Match], alike: Alike, most: int, *, itself: ContentId | None = None
) -> tuple[Match, ...]:
    """The best `most` different photos; each takes in those after it that show the same.

    A photo stands where its best file stands. It is named by that one, or by `itself`, the content
    with the question's own bytes, when that is among them.
    """
    folded: list[Match] = []
    left = list(matches)
    while left and len(folded) < most:
        best, *others = left
        same = alike(best.content, [one.content for one in others])
        group = [best, *(one for one in others if one.content in same)]
        left = [one for one in others if one.content not in same]
        group.sort(key=lambda one: one.content != itself)
        folded.append(replace(group[0], near=tuple(group[1:])))
    return tuple(folded)
