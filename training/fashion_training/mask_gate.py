"""Learns from outlined garments how much each cell of a picture counts.

The gate is the sigmoid of a linear layer on the map that enters stage 4. Here it learns what share of
each cell is garment: in street photos, whole and cut out, and in catalogue photos, whose backdrop is
known, on white and laid over ordinary photos.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional

from fashion_finder.images.preprocess import prepare_square
from fashion_training.early_layers import CELLS
from fashion_training.pieces import Wardrobe
from fashion_training.trunk import Gate, Trunk
from fashion_training.views import backdrop_mask

PictureArray = NDArray[np.uint8]
Shares = NDArray[np.float32]

SIZE = 224
AT_ONCE = 16
#: Of the catalogue photos, how many are laid over an ordinary one.
LAID_OVER = 0.6
BATCH, EPOCHS, RATE, WEIGHT_DECAY = 64, 12, 3e-3, 2e-2


@dataclass(frozen=True, slots=True)
class Outlined:
    """Pictures' maps as bytes, uint8 [N, 1024, 14, 14], and each cell's share of garment [N, 14, 14]."""

    entering: NDArray[np.uint8]
    shares: Shares


def street_outlines(trunk: Trunk, wardrobe: Wardrobe, names: list[str], seed: int) -> Outlined:
    """Look at street photos, each whole and around one of its garments."""
    draw = np.random.default_rng([seed, 41])
    boxes: dict[str, list[tuple[int, int, int, int]]] = {}
    for garment in wardrobe.street.garments:
        boxes.setdefault(garment.photo, []).append(garment.box)
    pictures, shares = [], []
    for name in names:
        photo, dressed = wardrobe.street.photo(name), wardrobe.street.dressed(name)
        crops = [(0, 0, *photo.size)]
        if name in boxes:
            crops.append(_wider(boxes[name][draw.integers(len(boxes[name]))], photo.size, draw))
        for crop in crops:
            pictures.append(prepare_square(photo.crop(crop)))
            shares.append(_shares(dressed[crop[1] : crop[3], crop[0] : crop[2]]))
    return _looked_at(trunk, pictures, shares)


def catalogue_outlines(trunk: Trunk, wardrobe: Wardrobe, count: int, seed: int) -> Outlined:
    """Look at large catalogue photos that train, most of them laid over an ordinary photo."""
    draw = np.random.default_rng([seed, 42])
    grounds = wardrobe.places("ordinary", "train")
    pictures, shares = [], []
    for place in draw.permutation(wardrobe.places("large", "train"))[:count]:
        picture = _photo(wardrobe, int(place))
        garment = ~backdrop_mask(picture)
        if draw.random() < LAID_OVER:
            ground = _part(_photo(wardrobe, int(draw.choice(grounds))), _box(draw, 0.3))
            box = _box(draw, 0.6)
            picture = _part(np.where(garment[:, :, None], picture, ground), box)
            garment = _part((garment * 255).astype(np.uint8), box) > 127
        pictures.append(picture)
        shares.append(_shares(garment))
    return _looked_at(trunk, pictures, shares)


def learn_gate(step: float, learnt: Outlined, seed: int) -> Gate:
    """Fit the gate; ``step`` turns the maps' bytes into numbers."""
    torch.manual_seed(seed)
    maps, shares = torch.from_numpy(learnt.entering), torch.from_numpy(learnt.shares)
    numbers = maps.float().permute(1, 0, 2, 3).flatten(1) * step
    middle, deviation = numbers.mean(dim=1), numbers.std(dim=1) + 1e-3
    del numbers
    weight = torch.zeros(maps.shape[1], requires_grad=True)
    bias = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.AdamW([weight, bias], lr=RATE, weight_decay=WEIGHT_DECAY)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(maps)).split(BATCH):
            level = maps[rows].float() * step - middle.view(1, -1, 1, 1)
            logits = torch.einsum("nchw,c->nhw", level, weight / deviation) + bias
            loss = functional.binary_cross_entropy_with_logits(logits, shares[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    with torch.no_grad():
        plain = weight / deviation
        shift = float(bias - plain @ middle)
    return Gate(plain.numpy().astype(np.float32), shift)


def upper_half_overlap(openness: Tensor, shares: Shares) -> float:
    """Return the mean IoU of the gate's upper half with the garment's cells.

    ``openness`` [N, 14, 14] is how much each cell counts; the upper half lies above the middle of
    a picture's least and most. A cell is the garment's where more than half of it is.
    """
    flat = openness.flatten(1)
    middle = (flat.amax(dim=1) + flat.amin(dim=1)) / 2
    upper = flat >= middle[:, None]
    garment = torch.from_numpy(shares).flatten(1) > 0.5
    shown = garment.any(dim=1)
    overlap = (upper & garment).sum(dim=1) / (upper | garment).sum(dim=1)
    return float(overlap[shown].mean())


def openness_by(gate: Gate, entering: NDArray[np.uint8], step: float) -> Tensor:
    """Return how much each cell counts, [N, 14, 14], before it is brought to a mean of 1."""
    maps = torch.from_numpy(entering).float() * step
    return torch.sigmoid(
        torch.einsum("nchw,c->nhw", maps, torch.from_numpy(gate.weight)) + gate.bias
    )


def _looked_at(trunk: Trunk, pictures: list[PictureArray], shares: list[Shares]) -> Outlined:
    maps = []
    for start in range(0, len(pictures), AT_ONCE):
        seen = trunk.look(np.stack(pictures[start : start + AT_ONCE]))
        assert seen.entering is not None
        maps.append(seen.entering)
    return Outlined(np.concatenate(maps), np.stack(shares))


def _photo(wardrobe: Wardrobe, place: int) -> PictureArray:
    photo = wardrobe.pieces[place].photo
    assert photo is not None
    return photo.source.picture(photo.stem)


def _box(draw: np.random.Generator, least: float) -> tuple[float, float, float, float]:
    """Draw a square part of the picture, ``least`` of its side or more."""
    kept = draw.uniform(least, 1.0) * SIZE
    left, top = draw.uniform(0, SIZE - kept, 2)
    return (left, top, left + kept, top + kept)


def _part(picture: PictureArray, box: tuple[float, float, float, float]) -> PictureArray:
    image = Image.fromarray(picture).resize((SIZE, SIZE), Image.Resampling.BILINEAR, box=box)
    return np.asarray(image)


def _wider(
    box: tuple[int, int, int, int], size: tuple[int, int], draw: np.random.Generator
) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    edge = draw.uniform(0, 0.3) * max(right - left, bottom - top)
    return (
        max(0, round(left - edge)),
        max(0, round(top - edge)),
        min(size[0], round(right + edge)),
        min(size[1], round(bottom + edge)),
    )


def _shares(mask: NDArray[np.bool_]) -> Shares:
    """Fit a mask into the square as the photo is, and average it over the cells."""
    dark = np.where(mask, np.uint8(0), np.uint8(255))  # what is added around is white: not garment
    square = prepare_square(Image.fromarray(dark).convert("RGB"))[:, :, 0]
    side = SIZE // CELLS
    cells = (255 - square.astype(np.float32)).reshape(CELLS, side, CELLS, side) / 255
    shares: Shares = cells.mean(axis=(1, 3))
    return shares
