"""The question side of the engine: from a picture to its matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from fashion_finder import settings
from fashion_finder.catalogue.records import Located
from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import (
    Answer,
    ContentId,
    Filters,
    Match,
    PictureFile,
    PreparedPicture,
    Question,
    Refinement,
    Vectors,
)
from fashion_finder.engine.catalogue_filter import CatalogueFilter, Chosen, FindOffline
from fashion_finder.engine.near_duplicates import NearDuplicates
from fashion_finder.engine.path_resolver import PathResolver
from fashion_finder.engine.query_vectors import QueryVectors
from fashion_finder.engine.word_ranking import Asked, WordRanking
from fashion_finder.errors import CatalogueEmpty, CatalogueOutdated
from fashion_finder.indexing.availability import Offline
from fashion_finder.paths import absolute_path
from fashion_finder.ports import Embedder, PictureReader, ReadTask
from fashion_finder.search.exact import Neighbours
from fashion_finder.search.index import SearchIndex
from fashion_finder.search.query_vector import balance, effort
from fashion_finder.search.ranking import by_score, rank
from fashion_finder.search.snapshot import Snapshot

_SLACK = 4  # neighbours fetched beyond the answers: some may have been deleted since
_LEAST = 32  # neighbours looked at for near duplicates, however few answers are wanted
_SCORED = 200  # neighbours ranked by words, at least


@dataclass(frozen=True, slots=True, eq=False)
class SimilaritySearch:
    """Answers questions from the index's current snapshot; any thread may call it."""

    _catalogue: Catalogue
    _embedder: Embedder
    _reader: PictureReader
    _path_resolver: PathResolver
    _query_vectors: QueryVectors
    _index: SearchIndex
    _filter: CatalogueFilter
    _near_duplicates: NearDuplicates
    _by_words: WordRanking
    _find_offline: FindOffline

    def find_similar(
        self,
        question: Question,
        count: int,
        filters: Filters,
        apart: bool,
        refinement: Refinement,
        picture: PreparedPicture | None,
    ) -> Answer:
        """Engine.find_similar."""
        if picture is None and isinstance(question, PictureFile):
            self._path_resolver.refuse_remote(question.path)
        snapshot = self._index.current
        if len(snapshot) == 0:
            is_outdated = self._catalogue.files.any_searchable()
            raise CatalogueOutdated if is_outdated else CatalogueEmpty
        chosen = self._filter.choose(filters) if filters else None
        if picture is None:
            source = question.path if isinstance(question, PictureFile) else question.data
            task = ReadTask(0, source, preview=settings.PREVIEW_SIDE, may_fetch=True)
            picture = self._reader.read(task)
        model = self._embedder.info
        embedded = self._query_vectors.embed(picture, refinement.region)
        vector = self._query_vectors.vector(embedded, refinement)
        own = self._catalogue.contents.find(picture.digest)
        asked = self._by_words.asked(embedded.likely_words[0], refinement)
        matches = self._matches(snapshot, question, refinement, vector, asked, own, count, chosen)
        itself = None
        if apart:
            itself = next((match for match in matches if _shows(match, own)), None)
            matches = tuple(match for match in matches if match is not itself)
        return Answer(
            question=question,
            matches=matches[:count],
            itself=itself,
            searched=len(snapshot) if chosen is None else snapshot.count(chosen.contents),
            preview=picture.largest,
            recognised=embedded.tags[0],
            outdated=self._catalogue.vectors.count_outdated(model.stamp),
            refinement=refinement,
            filters=filters,
            picture=picture,
        )

    def _matches(
        self,
        snapshot: Snapshot,
        question: Question,
        refinement: Refinement,
        vector: Vectors,
        asked: Asked,
        own: ContentId | None,
        count: int,
        chosen: Chosen | None,
    ) -> tuple[Match, ...]:
        """The best matches, one more than wanted where there are enough: the first may be set apart."""
        model = self._embedder.info
        asked_file = absolute_path(question.path) if isinstance(question, PictureFile) else None
        offline = self._find_offline()
        allowed = None if chosen is None else chosen.contents
        weights = balance(model.parts, dict(refinement.weights))
        breadth = effort(model.parts, weights)
        wanted = max(2 * count, _LEAST) + _SLACK
        while True:
            depth = max(wanted, _SCORED) if self._by_words else wanted
            neighbours = snapshot.nearest(vector, depth, allowed, effort=breadth)
            if own is not None and (allowed is None or own in allowed):
                neighbours = self._with_own(own, vector, neighbours)
            scored = self._by_words.score(neighbours, asked, weights, own)
            best = sorted(scored, key=by_score)[:wanted]
            exhausted = len(neighbours) < wanted
            files = self._catalogue.files.located([ContentId(label) for label, *_ in best])
            for copies in files.values():
                copies.sort(key=partial(_precedence, chosen, offline, asked_file))
            # The thresholds were measured for whole pictures with the model's own weights and
            # colour; of a region, `rank` gives only what reaches them.
            matches = rank(
                best,
                {content: [file.path for file in copies] for content, copies in files.items()},
                model.thresholds if refinement.may_be_judged else None,
                itself=own,
                of_region=refinement.region is not None,
            )
            matches = self._near_duplicates.fold(
                [_with_offline(match, files[match.content], offline) for match in matches],
                count + 1,
                own,
            )
            if exhausted or len(matches) > count:
                return matches
            wanted *= 4  # many are near duplicates, or their folder is being synced

    def _with_own(self, own: ContentId, vector: Vectors, neighbours: Neighbours) -> Neighbours:
        """The approximate search may miss a point; an indexed picture must find itself."""
        if any(label == own for label, _ in neighbours):
            return neighbours
        labels, vectors = self._catalogue.vectors.vectors_of([own], self._embedder.info.stamp)
        found = [(label, float(row @ vector)) for label, row in zip(labels, vectors, strict=True)]
        return found + neighbours


def _shows(match: Match, content: ContentId | None) -> bool:
    return content in (match.content, *(near.content for near in match.near))


def _with_offline(match: Match, files: Sequence[Located], offline: Offline) -> Match:
    """The match of these files, with what of them is offline."""
    named, *copies = files
    away = tuple(file.path for file in copies if offline.holds(file))
    return replace(match, offline=offline.holds(named), offline_copies=away)


def _precedence(
    chosen: Chosen | None, offline: Offline, asked_file: Path | None, file: Located
) -> tuple[bool, bool, bool]:
    """Sort key for exact copies; the smallest names the match.

    Online files come first, whatever the filters: the others cannot be opened. Then those that meet
    the filters, then the file that was asked about.
    """
    misses = chosen is not None and not chosen.holds(file.item)
    return (offline.holds(file), misses, file.path != asked_file)
