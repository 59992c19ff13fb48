"""The question side of the engine: from a picture to its matches."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from pathlib import Path

from fashion_finder import settings
from fashion_finder.catalogue.records import Located
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.catalogue.thumbnails import ThumbnailStore
from fashion_finder.domain import (
    Answer,
    ContentId,
    Filters,
    Match,
    PictureFile,
    PreparedPicture,
    Question,
    Refinement,
    RootId,
    Vectors,
)
from fashion_finder.engine.catalogue_filter import CatalogueFilter, Chosen, FindOffline
from fashion_finder.engine.near_duplicates import NearDuplicates
from fashion_finder.engine.path_resolver import PathResolver
from fashion_finder.engine.query_vectors import QueryVectors
from fashion_finder.errors import CatalogueEmpty, CatalogueOutdated
from fashion_finder.paths import absolute_path
from fashion_finder.ports import Embedder, PictureReader, ReadTask
from fashion_finder.search.exact import Labels, Neighbours
from fashion_finder.search.query_vector import effort
from fashion_finder.search.ranking import rank
from fashion_finder.search.snapshot import Shelf

_KEY = 0  # of a task that is alone
_SLACK = 4  # neighbours asked for beyond the answers: some may have gone meanwhile
_LEAST = 32  # neighbours looked at for copies of the answers, however few answers are wanted

Seek = Callable[[int, Labels | None], Neighbours]
"""So many neighbours of a question; with labels, of only these."""

Rank = Callable[[Neighbours, Mapping[ContentId, Sequence[Path]]], tuple[Match, ...]]
"""Neighbours and where their files are, as matches, best first."""


class SimilaritySearch:
    """Answers questions from the shelf's current snapshot; any thread may ask."""

    def __init__(
        self,
        catalogue: Catalogue,
        thumbnails: ThumbnailStore,
        path_resolver: PathResolver,
        embedder: Embedder,
        reader: PictureReader,
        shelf: Shelf,
        catalogue_filter: CatalogueFilter,
        find_offline: FindOffline,
        query_vectors: QueryVectors,
    ) -> None:
        self._catalogue = catalogue
        self._near_duplicates = NearDuplicates(thumbnails)
        self._filter = catalogue_filter
        self._find_offline = find_offline
        self._path_resolver = path_resolver
        self._embedder = embedder
        self._reader = reader
        self._shelf = shelf
        self._query_vectors = query_vectors

    def find_similar(
        self,
        question: Question,
        count: int,
        *,
        filters: Filters,
        apart: bool,
        refinement: Refinement,
        picture: PreparedPicture | None,
    ) -> Answer:
        """Engine.find_similar."""
        if picture is None and isinstance(question, PictureFile):
            self._path_resolver.refuse_remote(question.path)
        snapshot = self._shelf.current
        if len(snapshot) == 0:
            raise CatalogueOutdated if self._catalogue.files.any_searchable() else CatalogueEmpty
        chosen = self._filter.choose(filters) if filters else None
        if picture is None:
            picture = self._prepare(question)
        embedded = self._query_vectors.embed(picture, refinement.region)
        vector = self._query_vectors.vector(embedded, refinement)
        own = self._catalogue.contents.find(picture.digest)
        # The bounds were measured for whole pictures, with the model's own weights and for no wished
        # colour; of a part only what reaches them is told.
        thresholds = self._embedder.info.thresholds if refinement.may_be_judged else None
        weighs = effort(self._embedder.info.parts, dict(refinement.weights))
        seek = partial(snapshot.nearest, vector, effort=weighs)
        ranked = partial(
            rank, thresholds=thresholds, itself=own, of_region=refinement.region is not None
        )
        matches = self._matches(seek, question, vector, own, count, chosen, ranked)
        itself = None
        if apart:
            itself = next((match for match in matches if match.content == own), None)
            matches = tuple(match for match in matches if match is not itself)
        preview = picture.preview if picture.preview is not None else picture.square
        return Answer(
            question=question,
            matches=matches[:count],
            itself=itself,
            searched=len(snapshot) if chosen is None else snapshot.count(chosen.contents),
            preview=preview,
            recognised=embedded.tags[0],
            outdated=self._catalogue.vectors.count_outdated(self._embedder.info.stamp),
            refinement=refinement,
            filters=filters,
            picture=picture,
        )

    def _prepare(self, question: Question) -> PreparedPicture:
        source = question.path if isinstance(question, PictureFile) else question.data
        return self._reader.read(ReadTask(_KEY, source, preview=settings.PREVIEW_SIDE))

    def _matches(
        self,
        seek: Seek,
        question: Question,
        vector: Vectors,
        own: ContentId | None,
        count: int,
        chosen: Chosen | None,
        ranked: Rank,
    ) -> tuple[Match, ...]:
        """One match more than asked for, as long as there are as many: it may be set apart."""
        asked_from = absolute_path(question.path) if isinstance(question, PictureFile) else None
        allowed = None if chosen is None else chosen.contents
        offline = self._find_offline()
        wanted = max(2 * count, _LEAST) + _SLACK
        while True:
            neighbours = seek(wanted, allowed)
            exhausted = len(neighbours) < wanted
            if own is not None and (allowed is None or own in allowed):
                neighbours = self._with_own(own, vector, neighbours)
            files = self._catalogue.files.located([ContentId(label) for label, _ in neighbours])
            matches = ranked(
                neighbours,
                {
                    content: _named(some, chosen, offline, asked_from)
                    for content, some in files.items()
                },
            )
            offline_paths = {
                one.path for some in files.values() for one in some if one.volume in offline
            }
            matches = tuple(
                replace(match, offline=True) if match.path in offline_paths else match
                for match in matches
            )
            folded = self._near_duplicates.fold(matches, count + 1, own)
            if exhausted or len(folded) > count:
                return folded
            wanted *= 4  # many are one photo, or went away while their folder is being synced

    def _with_own(self, own: ContentId, vector: Vectors, neighbours: Neighbours) -> Neighbours:
        """The approximate search may miss a point; an indexed picture must find itself."""
        if any(label == own for label, _ in neighbours):
            return neighbours
        labels, vectors = self._catalogue.vectors.vectors_of([own], self._embedder.info.stamp)
        found = [(label, float(row @ vector)) for label, row in zip(labels, vectors, strict=True)]
        return found + neighbours


def _named(
    files: Sequence[Located],
    chosen: Chosen | None,
    offline: AbstractSet[tuple[RootId, str]],
    asked_from: Path | None,
) -> list[Path]:
    """The paths of a content; first what a match is best named by.

    A file that meets the filters, then the very file that was asked with, then one that is online.
    """

    def order(one: Located) -> tuple[bool, bool, bool]:
        misses = chosen is not None and not chosen.holds(one.item)
        return (misses, one.path != asked_from, one.volume in offline)

    return [one.path for one in sorted(files, key=order)]
