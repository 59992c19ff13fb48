"""Looking at one answer closely: what is known of it, and why it is one."""

from __future__ import annotations

import logging
from math import ceil

import numpy as np

from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import (
    Agreement,
    Answer,
    Heat,
    Match,
    PictureDetails,
    Pixels,
    PreparedPicture,
    Region,
)
from fashion_finder.embedding.agreement import contributions, heat_of, likenesses
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.engine.path_resolver import PathResolver
from fashion_finder.engine.previews import Previews
from fashion_finder.errors import PictureError, PictureMissing
from fashion_finder.images.preprocess import fitted_size, prepare_region
from fashion_finder.ports import PictureReader, ReadTask

log = logging.getLogger(__name__)

_KEY = 0  # of a task that is alone
WHOLE = Region(0.0, 0.0, 1.0, 1.0)


class MatchExplainer:
    """Compares a question with one of its answers; any thread may ask."""

    def __init__(
        self,
        catalogue: Catalogue,
        embedder: OnnxEmbedder,
        reader: PictureReader,
        path_resolver: PathResolver,
        previews: Previews,
    ) -> None:
        self._catalogue = catalogue
        self._embedder = embedder
        self._reader = reader
        self._path_resolver = path_resolver
        self._previews = previews

    def details(self, match: Match) -> PictureDetails:
        """Engine.details."""
        found = self._catalogue.contents.details_of(
            match.content, match.path, self._embedder.info.stamp
        )
        if found is None:
            raise PictureMissing(match.path)
        return found

    def agreement(self, answer: Answer, match: Match) -> Agreement:
        """Engine.explain."""
        asked, square = self._asked(answer)
        theirs = self._read(match)
        squares = np.stack([square, theirs.square])
        embedded, local = self._embedder.embed_with_cells(squares)
        mine, other = embedded.vectors
        parts = self._embedder.info.parts
        heats: tuple[Heat | None, Heat | None] = (None, None)
        if local is not None:
            shown = _picture_in(square, asked.shape[1], asked.shape[0])
            their_shown = _picture_in(theirs.square, theirs.width, theirs.height)
            heats = (
                heat_of(contributions(local[0], other, parts), square, shown),
                heat_of(contributions(local[1], mine, parts), theirs.square, their_shown),
            )
        alike = likenesses((mine, embedded.tags[0]), (other, embedded.tags[1]), parts)
        return Agreement(asked, heats[0], heats[1], alike)

    def _asked(self, answer: Answer) -> tuple[Pixels, Pixels]:
        """The part of the question that was asked about, and the model's square of it."""
        whole = answer.preview
        region = answer.refinement.region
        if region is None:
            return whole, prepare_region(whole, WHOLE)
        height, width = whole.shape[:2]
        left, top = int(region.left * width), int(region.top * height)
        right, bottom = ceil(region.right * width), ceil(region.bottom * height)
        return whole[top:bottom, left:right], prepare_region(whole, region)

    def _read(self, match: Match) -> PreparedPicture:
        """The photo; its thumbnail when the photo is out of reach, or another one by now."""
        try:
            self._path_resolver.refuse_remote(match.path)
            picture = self._reader.read(ReadTask(_KEY, match.path))
            if picture.digest == self._catalogue.contents.digest_of(match.content):
                return picture
        except PictureError as error:
            log.info("a photo is compared by its thumbnail: %s", error.title)
        thumbnail = self._previews.thumbnail(match.content)
        if thumbnail is None:
            raise PictureMissing(match.path)
        return self._reader.read(ReadTask(_KEY, thumbnail))


def _picture_in(square: Pixels, width: int, height: int) -> tuple[slice, slice]:
    """The rows and columns of a square that show a picture of this shape, not the white beside it."""
    side = square.shape[0]
    wide, high = fitted_size(width, height, side)
    left, top = (side - wide) // 2, (side - high) // 2
    return slice(top, top + high), slice(left, left + wide)
