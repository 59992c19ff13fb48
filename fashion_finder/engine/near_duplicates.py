"""Which matches are near duplicates, by the signatures beside the thumbnails."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence

from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import ContentId, Match
from fashion_finder.errors import CatalogueError
from fashion_finder.images.signature import SIGNATURE_BYTES, same_photo
from fashion_finder.search.ranking import fold

log = logging.getLogger(__name__)

_CACHED = 1 << 16
"""Pairs whose verdict is kept: a refined question compares the same pictures again."""

_Pair = tuple[ContentId, ContentId]  # ascending


class NearDuplicates:
    """Folds the near duplicates among matches; any thread may call it."""

    def __init__(self, thumbnails: ThumbnailStore) -> None:
        self._thumbnails = thumbnails
        self._lock = threading.Lock()
        self._verdicts: OrderedDict[_Pair, bool] = OrderedDict()

    def fold(
        self, matches: Sequence[Match], most: int, itself: ContentId | None
    ) -> tuple[Match, ...]:
        """The best `most` different photos among these; without signatures, all differ."""
        try:
            signatures = self._thumbnails.signatures_of([match.content for match in matches])
        except CatalogueError as error:  # duplicates in an answer are better than none
            log.warning("could not fold near duplicates: %s", error.title)
            signatures = {}
        signatures = {
            content: signature
            for content, signature in signatures.items()
            if len(signature) == SIGNATURE_BYTES  # none, or of a version that made others
        }

        def duplicates(content: ContentId, others: Sequence[ContentId]) -> set[ContentId]:
            with self._lock:
                return self._duplicates(content, others, signatures)

        return fold(matches, duplicates, most, itself=itself)

    def _duplicates(
        self, content: ContentId, others: Sequence[ContentId], signatures: dict[ContentId, bytes]
    ) -> set[ContentId]:
        if not signatures.get(content):
            return set()
        known = [other for other in others if signatures.get(other)]
        unseen = [other for other in known if _pair(content, other) not in self._verdicts]
        verdicts = same_photo(signatures[content], [signatures[other] for other in unseen])
        for other, verdict in zip(unseen, verdicts.tolist(), strict=True):
            self._verdicts[_pair(content, other)] = verdict
        found = {other for other in known if self._verdicts[_pair(content, other)]}
        while len(self._verdicts) > _CACHED:
            self._verdicts.popitem(last=False)
        return found


def _pair(first: ContentId, second: ContentId) -> _Pair:
    return (first, second) if first < second else (second, first)
