"""Views of pieces: as the program sees them, as they might be met again, worn and laid flat.

Every view is drawn from the number of its row alone, so that a killed run goes on with the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fashion_finder.images.preprocess import prepare_square
from fashion_training.pieces import Domain, Piece, Wardrobe
from fashion_training.prints import lay_print
from fashion_training.street_looks import Garment
from fashion_training.views import View, backdrop_mask, changed_view, plain_view

PictureArray = NDArray[np.uint8]
Kind = Literal["exact", "plain", "changed", "pasted", "copy", "worn", "flat", "printed"]
KINDS: tuple[Kind, ...] = (
    "exact", "plain", "changed", "pasted", "copy", "worn", "flat", "printed",
)  # fmt: skip

SIZE = 224
#: Strength of the changes to what is a real scene already, and to small photos.
SCENE_STRENGTH, SMALL_STRENGTH = 0.7, 0.6
#: Of the changed views, how many stand before a street photo and not an ordinary one.
STREET_GROUNDS = 0.35


@dataclass(frozen=True, slots=True)
class PieceView:
    """Which view of which piece a row is."""

    piece: int
    kind: Kind


def plan_piece_views(wardrobe: Wardrobe, small_only: int, seed: int) -> list[PieceView]:
    """List the views to keep: validation first, then training pieces in rounds of all domains.

    The first round shows every large and ordinary photo as it is; the later ones, in random order,
    show street and ordinary pieces about as often as the many more of the catalogue, so that any
    share of a round is a balanced set. Of the products that exist in small only, ``small_only`` are
    shown in the last, those whose name has a pattern first.
    """
    draw = np.random.default_rng([seed, 21])
    plan = [
        PieceView(int(place), kind)
        for domain, kinds in _VALIDATED.items()
        for place in wardrobe.places(domain, "validation")
        for kind in kinds
    ]
    for shown in _ROUNDS:
        views = []
        for domain, first, last, kinds in shown:
            places = wardrobe.places(domain, "train")
            places = np.random.default_rng([seed, 23]).permutation(places)
            if domain == "small":
                named = np.array([bool(wardrobe.pieces[place].pattern) for place in places])
                places = np.concatenate([places[named], places[~named]])[:small_only]
            chosen = places[round(first * len(places)) : round(last * len(places))]
            views += [
                PieceView(int(place), kind)
                for number, place in enumerate(chosen)
                for kind in kinds[number % len(kinds)]
            ]
        plan += [views[place] for place in draw.permutation(len(views))]
    return plan


_VALIDATED: Mapping[Domain, tuple[Kind, ...]] = {
    "street": ("exact", "flat"),
    "ordinary": ("exact",),
    "large": ("exact", "changed", "copy"),
}
#: Of each round: a domain, from which to which share of its pieces, and the views. Where several sets
#: of views are listed, the pieces take turns at them.
_ROUNDS: tuple[tuple[tuple[Domain, float, float, tuple[tuple[Kind, ...], ...]], ...], ...] = (
    (("large", 0, 1, (("exact",),)), ("ordinary", 0, 1, (("exact",),))),
    (
        ("street", 0, 1, (("worn", "flat"),)),
        ("ordinary", 0, 1, (("changed",),)),
        ("large", 0, 0.3, (("changed", "printed"), ("pasted", "printed"))),
    ),
    (
        ("street", 0, 1, (("worn", "printed"),)),
        ("ordinary", 0, 1, (("changed",),)),
        ("large", 0.3, 1, (("changed", "printed"), ("pasted", "printed"))),
    ),
    (("small", 0, 1, (("plain",),)), ("street", 0, 1, (("worn", "flat"),))),
    (
        ("large", 0, 1, (("copy", "pasted"), ("copy", "changed"))),
        ("ordinary", 0, 1, (("changed",),)),
    ),
)


class PieceViewMaker:
    """Makes any row of a plan."""

    def __init__(self, wardrobe: Wardrobe, seed: int) -> None:
        self._wardrobe, self._seed = wardrobe, seed
        self._grounds = wardrobe.places("ordinary", "train")
        self._scenes = wardrobe.street.on("train")
        worn = [wardrobe.pieces[place] for place in wardrobe.places("street", "train")]
        self._worn: dict[str, list[Garment]] = {}
        for piece in worn:
            assert piece.garment is not None
            self._worn.setdefault(piece.garment_class, []).append(piece.garment)
        self._large_worn = [
            garment
            for name in ("dress", "outerwear", "top", "skirt", "trousers")
            for garment in self._worn[name]
        ]

    def view(self, wanted: PieceView, row: int) -> View:
        """Make one view."""
        draw = np.random.default_rng([self._seed, 22, row])
        piece = self._wardrobe.pieces[wanted.piece]
        if piece.garment is not None:
            return self._of_street(piece.garment, wanted.kind, draw)
        assert piece.photo is not None
        photo = piece.photo
        if wanted.kind == "copy":
            if photo.stem not in self._wardrobe.small.names:
                return plain_view(photo.source.picture(photo.stem), draw, SIZE)
            return View(self._wardrobe.small.picture(photo.stem), recoloured=False)
        picture = photo.source.picture(photo.stem)
        if wanted.kind == "exact":
            return View(picture, recoloured=False)
        if wanted.kind == "plain":
            return plain_view(picture, draw, SIZE)
        if wanted.kind == "pasted":
            return self._pasted(picture, piece, draw)
        if wanted.kind == "printed":
            return _printed(picture, ~backdrop_mask(picture), draw)
        strength = {"large": 1.0, "small": SMALL_STRENGTH}.get(piece.domain, SCENE_STRENGTH)
        return changed_view(picture, draw, SIZE, self._ground, strength=strength)

    def _ground(self, draw: np.random.Generator) -> PictureArray:
        if draw.random() < STREET_GROUNDS:
            scene = self._wardrobe.street.photo(self._scenes[draw.integers(len(self._scenes))])
            side = min(scene.size)
            top = int(draw.integers(scene.height - side + 1))
            return np.asarray(scene.crop((0, top, side, top + side)))
        piece = self._wardrobe.pieces[self._grounds[draw.integers(len(self._grounds))]]
        assert piece.photo is not None
        return piece.photo.source.picture(piece.photo.stem)

    def _pasted(self, picture: PictureArray, piece: Piece, draw: np.random.Generator) -> View:
        """Lay the cut-out over a worn garment of its class, and look at that."""
        mask = ~backdrop_mask(picture)
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not len(rows) or mask.mean() > 0.95:
            return changed_view(picture, draw, SIZE, self._ground)
        box = (columns[0], rows[0], columns[-1] + 1, rows[-1] + 1)
        worn = self._worn.get(piece.garment_class) or self._large_worn
        place = worn[draw.integers(len(worn))]
        scene = self._wardrobe.street.photo(place.photo)
        left, top, right, bottom = place.box
        grown = SIZE / max(right - left, bottom - top)
        if grown > 1:  # so that the pasted piece stays as sharp as it is
            scene = scene.resize((round(scene.width * grown), round(scene.height * grown)))
            left, top, right, bottom = (
                round(value * grown) for value in (left, top, right, bottom)
            )
        width, height = box[2] - box[0], box[3] - box[1]
        scale = max((right - left) / width, (bottom - top) / height) * draw.uniform(0.75, 1.1)
        size = (max(8, round(width * scale)), max(8, round(height * scale)))
        turn = draw.normal(0, 6)
        cut = Image.fromarray(picture).crop(box).resize(size, Image.Resampling.BICUBIC)
        alpha = Image.fromarray((mask * 255).astype(np.uint8)).crop(box).resize(size)
        cut = cut.rotate(turn, Image.Resampling.BILINEAR, fillcolor="white")
        alpha = alpha.rotate(turn, Image.Resampling.BILINEAR, fillcolor=0)
        corner = ((left + right - size[0]) // 2, (top + bottom - size[1]) // 2)
        scene.paste(cut, corner, alpha)
        shown = (corner[0], corner[1], corner[0] + size[0], corner[1] + size[1])
        return _seen_again(scene, shown, draw)

    def _of_street(self, garment: Garment, kind: Kind, draw: np.random.Generator) -> View:
        photo = self._wardrobe.street.photo(garment.photo)
        if kind == "exact":
            return View(prepare_square(photo.crop(garment.box)), recoloured=False)
        if kind == "worn":
            return _seen_again(photo, garment.box, draw)
        mask = self._wardrobe.street.mask(garment.photo) == garment.mask_value
        if kind == "printed":
            left, top, right, bottom = garment.box
            cropped = np.asarray(photo.crop(garment.box))
            return _printed(cropped, mask[top:bottom, left:right], draw)
        white = np.where(mask[:, :, None], np.asarray(photo), np.uint8(255))
        flat = prepare_square(Image.fromarray(white).crop(garment.box))
        return plain_view(flat, draw, SIZE)


def _printed(picture: PictureArray, garment: NDArray[np.bool_], draw: np.random.Generator) -> View:
    """Lay a print over the garment, then look at it in slightly other light."""
    printed = lay_print(picture, garment, draw)
    square = prepare_square(Image.fromarray(printed.picture))
    seen = plain_view(square, draw, SIZE)
    return View(seen.picture, printed.recoloured, printed.pattern)


def _seen_again(
    photo: Image.Image, box: Sequence[int], draw: np.random.Generator, widest: float = 0.25
) -> View:
    """Cut a box out with edges that are off by up to a quarter, then change light and sharpness."""
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    wider = draw.uniform(-0.08, widest)
    off = draw.normal(0, 0.06, 4)
    crop = (
        max(0, round(left - width * (wider + off[0]) / 2)),
        max(0, round(top - height * (wider + off[1]) / 2)),
        min(photo.width, round(right + width * (wider + off[2]) / 2)),
        min(photo.height, round(bottom + height * (wider + off[3]) / 2)),
    )
    if crop[2] - crop[0] < 8 or crop[3] - crop[1] < 8:
        crop = (left, top, right, bottom)
    picture = prepare_square(photo.crop(crop))
    return changed_view(picture, draw, SIZE, lambda _: picture, strength=SCENE_STRENGTH * 0.6)
