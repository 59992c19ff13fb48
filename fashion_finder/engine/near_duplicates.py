"""Which answers are one photo, saved again: told by the signatures beside the thumbnails."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence

from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import ContentId, Match
from fashion_finder.errors import CatalogueError
from fashion_finder.images.signature import same_photo
from fashion_finder.search.ranking import fold

log = logging.getLogger(__name__)

_KEPT = 1 << 16
"""Verdicts on pairs that are kept: a question that is refined compares the same pictures again."""

_Pair = tuple[ContentId, ContentId]  # ascending


class NearDuplicates:
    """Folds what shows the same photo; any thread may ask."""

    def __init__(self, thumbnails: ThumbnailStore) -> None:
        self._thumbnails = thumbnails
        self._lock = threading.Lock()
        self._verdicts: OrderedDict[_Pair, bool] = OrderedDict()

    def fold(
        self, matches: Sequence[Match], most: int, itself: ContentId | None
    ) -> tuple[Match, ...]:
        """The best `most` different photos among these; without signatures, all are different."""
        try:
            signatures = self._thumbnails.signatures_of([match.content for match in matches])
        except CatalogueError as error:  # an answer with doubles is better than none
            log.warning("copies are not folded: %s", error.title)
            signatures = {}

        def alike(one: ContentId, others: Sequence[ContentId]) -> set[ContentId]:
            with self._lock:
                return self._alike(one, others, signatures)

        return fold(matches, alike, most, itself=itself)

    def _alike(
        self, one: ContentId, others: Sequence[ContentId], signatures: dict[ContentId, bytes]
    ) -> set[ContentId]:
        if not signatures.get(one):
            return set()
        known = [other for other in others if signatures.get(other)]
        unseen = [other for other in known if _pair(one, other) not in self._verdicts]
        verdicts = same_photo(signatures[one], [signatures[other] for other in unseen])
        for other, verdict in zip(unseen, verdicts.tolist(), strict=True):
            self._verdicts[_pair(one, other)] = verdict
        found = {other for other in known if self._verdicts[_pair(one, other)]}
        while len(self._verdicts) > _KEPT:
            self._verdicts.popitem(last=False)
        return found


def _pair(one: ContentId, other: ContentId) -> _Pair:
    return (one, other) if one < other else (other, one)
