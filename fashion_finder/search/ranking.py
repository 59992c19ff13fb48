"""From neighbours to matches: closeness in words, near duplicates folded, exact copies grouped."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from fashion_finder.domain import Closeness, ContentId, Match

Alike = Callable[[ContentId, Sequence[ContentId]], Container[ContentId]]
"""Which of some contents are near duplicates of the first one."""

Scored = tuple[int, float, float]
"""Content id, similarity, and what the ranking goes by: the similarity, or that and words."""

_ORDER = (Closeness.SAME_PIECE, Closeness.VERY_SIMILAR, Closeness.SIMILAR)


def by_score(neighbour: Scored) -> tuple[float, int]:
    """Sorting key: the higher score first, then the older content."""
    content, _, score = neighbour
    return (-score, content)


def closeness(
    score: float, thresholds: Mapping[Closeness, float] | None, *, of_region: bool = False
) -> Closeness:
    """The best word whose threshold the score reaches; no judgement without thresholds.

    Of a region only good news is given: it may cut through a piece, and then even the photo it was
    taken from is often below every threshold (`benchmarks/bench_parts.py`).
    """
    if thresholds is None:
        return Closeness.UNJUDGED
    reached = next((word for word in _ORDER if score >= thresholds[word]), Closeness.DISSIMILAR)
    if of_region and reached in (Closeness.SIMILAR, Closeness.DISSIMILAR):
        return Closeness.UNJUDGED
    return reached


def rank(
    neighbours: Sequence[Scored],
    locations: Mapping[ContentId, Sequence[Path]],
    thresholds: Mapping[Closeness, float] | None,
    *,
    itself: ContentId | None = None,
    of_region: bool = False,
) -> tuple[Match, ...]:
    """Matches, best first; one per content, named by its first file, the others as copies.

    `of_region` says that only a region of a picture is asked about. `itself`, the content with the
    question's own bytes, goes before others of equal score. Contents without a location were
    dropped meanwhile and are left out.
    """

    def order(neighbour: Scored) -> tuple[float, bool, float, int]:
        content, _, score = neighbour
        return (-round(score, 5), content != itself, -score, content)

    matches = []
    for label, similarity, score in sorted(neighbours, key=order):
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
                closeness=closeness(score, thresholds, of_region=of_region),
                copies=tuple(paths[1:]),
            )
        )
    return tuple(matches)


def fold(
    matches: Sequence[Match], alike: Alike, most: int, *, itself: ContentId | None = None
) -> tuple[Match, ...]:
    """The best `most` different photos; each takes in its near duplicates from those after it.

    A photo ranks where its best match does. It is named by that match, or by `itself`, the content
    with the question's own bytes, when that is among them; but by one that is connected, if any is.
    """
    folded: list[Match] = []
    left = list(matches)
    while left and len(folded) < most:
        best, *others = left
        same = alike(best.content, [match.content for match in others])
        group = [best, *(match for match in others if match.content in same)]
        left = [match for match in others if match.content not in same]
        group.sort(key=lambda match: (match.offline, match.content != itself))
        named, *near = group
        if named.content != itself:
            named = replace(named, similarity=best.similarity, closeness=best.closeness)
        folded.append(replace(named, near=tuple(near)))
    return tuple(folded)
