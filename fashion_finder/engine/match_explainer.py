"""One match in detail: what the catalogue knows of it, and why it is one."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from math import ceil

import numpy as np

from fashion_finder.catalogue.store import Catalogue
from fashion_finder.domain import (
    Agreement,
    Answer,
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

_KEY = 0  # of a task read on its own
WHOLE = Region(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class MatchExplainer:
    """Compares a question with one of its matches; any thread may call it."""

    _catalogue: Catalogue
    _embedder: OnnxEmbedder
    _reader: PictureReader
    _path_resolver: PathResolver
    _previews: Previews

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
        asked, square = _asked(answer)
        photo = self._read(match)
        embedded, cells = self._embedder.embed_with_cells(np.stack([square, photo.square]))
        mine, other = embedded.vectors
        parts = self._embedder.info.parts
        alike = likenesses((mine, embedded.tags[0]), (other, embedded.tags[1]), parts)
        if cells is None:
            return Agreement(asked, None, None, alike)
        height, width = asked.shape[:2]
        shown = _picture_in(square, width, height)
        photo_shown = _picture_in(photo.square, photo.width, photo.height)
        asked_heat = heat_of(contributions(cells[0], other, parts), square, shown)
        match_heat = heat_of(contributions(cells[1], mine, parts), photo.square, photo_shown)
        return Agreement(asked, asked_heat, match_heat, alike)

    def _read(self, match: Match) -> PreparedPicture:
        """The photo; its thumbnail when the photo is offline or has been replaced."""
        try:
            self._path_resolver.refuse_remote(match.path)
            picture = self._reader.read(ReadTask(_KEY, match.path))
            if picture.digest == self._catalogue.contents.digest_of(match.content):
                return picture
        except PictureError as error:
            log.info("comparing by thumbnail: %s", error.title)
        thumbnail = self._previews.thumbnail(match.content)
        if thumbnail is None:
            raise PictureMissing(match.path)
        return self._reader.read(ReadTask(_KEY, thumbnail))


def _asked(answer: Answer) -> tuple[Pixels, Pixels]:
    """The region that was asked about, and the model's square of it."""
    whole = answer.preview
    region = answer.refinement.region
    if region is None:
        return whole, prepare_region(whole, WHOLE)
    height, width = whole.shape[:2]
    left, top = int(region.left * width), int(region.top * height)
    right, bottom = ceil(region.right * width), ceil(region.bottom * height)
    return whole[top:bottom, left:right], prepare_region(whole, region)


def _picture_in(square: Pixels, width: int, height: int) -> tuple[slice, slice]:
    """The rows and columns of a square that show a picture of this shape, without the margins."""
    side = square.shape[0]
    wide, high = fitted_size(width, height, side)
    left, top = (side - wide) // 2, (side - high) // 2
    return slice(top, top + high), slice(left, left + wide)
