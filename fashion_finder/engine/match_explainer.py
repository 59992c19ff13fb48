"""Why a picture matches a question: what the two have in common, and where."""

from __future__ import annotations

from math import ceil

import numpy as np

from fashion_finder.domain import Agreement, Answer, Pixels, PreparedPicture, Region
from fashion_finder.embedding.agreement import contributions, heat_of, likenesses
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.images.preprocess import fitted_size, prepare_region

WHOLE = Region(0.0, 0.0, 1.0, 1.0)


def explain_match(answer: Answer, photo: PreparedPicture, embedder: OnnxEmbedder) -> Agreement:
    """Compare the question of an answer with the photo of one of its matches; one inference."""
    asked, square = _asked(answer)
    embedded, cells = embedder.embed_with_cells(np.stack([square, photo.square]))
    mine, other = embedded.vectors
    parts = embedder.info.parts
    alike = likenesses((mine, embedded.tags[0]), (other, embedded.tags[1]), parts)
    if cells is None:
        return Agreement(asked, None, None, alike)
    height, width = asked.shape[:2]
    shown = _picture_in(square, width, height)
    photo_shown = _picture_in(photo.square, photo.width, photo.height)
    asked_heat = heat_of(contributions(cells[0], other, parts), square, shown)
    match_heat = heat_of(contributions(cells[1], mine, parts), photo.square, photo_shown)
    return Agreement(asked, asked_heat, match_heat, alike)


def _asked(answer: Answer) -> tuple[Pixels, Pixels]:
    """The region that was asked about, and the model's square of it."""
    whole = answer.preview
    region = answer.refinement.region or WHOLE
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
