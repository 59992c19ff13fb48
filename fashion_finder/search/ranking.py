"""From neighbours to matches: closeness in words, near duplicates folded, exact copies grouped."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from fashion_finder.domain import Closeness, ContentId, Match
from fashion_finder.search.exact import Neighbours

Alike = Callable[[ContentId, Sequence[ContentId]], Container[ContentId]]
"""Which of some contents are near duplicates of the first one."""

_ORDER = (Closeness.VERY_CLOSE, Closeness.CLOSE, Closeness.WEAKER)


def closeness(
    similarity: float, thresholds: Mapping[Closeness, float] | None, *, of_region: bool = False
) -> Closeness:
    """The best word whose threshold the similarity reaches; no judgement without thresholds.

    Of a region only good news is given: it may cut through a piece, and then even the photo it was
    taken from is often below every threshold (`benchmarks/bench_parts.py`).
    """
    if thresholds is None:
        return Closeness.UNJUDGED
    reached = next((word for word in _ORDER if similarity >= thresholds[word]), Closeness.FAR)
    if of_region and reached in (Closeness.WEAKER, Closeness.FAR):
        return Closeness.UNJUDGED
    return reached


def rank(
    neighbours: Neighbours,
    locations: Mapping[ContentId, Sequence[Path]],
    thresholds: Mapping[Closeness, float] | None,
    *,
    itself: ContentId | None = None,
    of_region: bool = False,
) -> tuple[Match, ...]:
    """Matches, best first; one per content, named by its first file, the others as copies.

    `of_region` says that only a region of a picture is asked about. `itself`, the content with the
    question's own bytes, goes before others of equal similarity. Contents without a location were
    dropped meanwhile and are left out.
    """

    def order(neighbour: tuple[int, float]) -> tuple[float, bool, float, int]:
        content, similarity = neighbour
        return (-round(similarity, 5), content != itself, -similarity, content)

    matches = []
    for label, similarity in sorted(neighbours, key=order):
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
                closeness=closeness(similarity, thresholds, of_region=of_region),
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
