"""Where and in what two pictures agree."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from fashion_finder.domain import Likeness, Part, Pixels, Recognised
from fashion_finder.embedding.agreement import (
    backdrop_of,
    contributions,
    heat_of,
    likenesses,
)
from fashion_finder.embedding.onnx import OnnxEmbedder
from fashion_finder.images.preprocess import fitted_size, prepare_square
from fashion_finder.paths import model_path
from fashion_finder.sample import pictures

ALL = (slice(None), slice(None))
PARTS = (Part("style", 0, 3, 0.25), Part("colour", 3, 5, 0.75))


def embedding(cells: np.ndarray) -> np.ndarray:
    """What the model's contract makes of cells [h, w, 5]: the mean, each part of its own length."""
    vector: np.ndarray = cells.mean(axis=(0, 1))
    for part in PARTS:
        stretch = slice(part.start, part.stop)
        vector[stretch] *= np.sqrt(part.weight) / np.linalg.norm(vector[stretch])
    return vector


@given(seed=st.integers(0, 2**32 - 1))
def test_the_map_accounts_for_the_similarity(seed: int) -> None:
    """Its mean is the similarity, whatever the pictures."""
    draw = np.random.default_rng(seed)
    mine, other = draw.normal(size=(2, 7, 7, 5)).astype(np.float32)
    similarity = float(embedding(mine) @ embedding(other))
    assert contributions(mine, embedding(other), PARTS).mean() == pytest.approx(
        similarity, abs=1e-4
    )


def test_heat_lies_where_the_agreement_is() -> None:
    """The hottest place is the cell that agrees, and far from it there is none."""
    values = np.zeros((7, 7), np.float32)
    values[2, 5] = 1
    busy = np.random.default_rng(0).integers(0, 256, (224, 224, 3), np.uint8)
    heat = heat_of(values, busy, ALL)
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    assert (int(row) // 32, int(column) // 32) == (2, 5)
    assert heat.max() == 1
    assert heat[:, :96].max() < 0.01


def test_a_picture_of_nothing_has_no_heat() -> None:
    """Rather than dividing by nothing: all of it is backdrop."""
    square = np.full((224, 224, 3), 90, np.uint8)
    assert not heat_of(np.zeros((7, 7), np.float32), square, ALL).any()


@pytest.mark.parametrize("ground", [(255, 255, 255), (30, 40, 52)])
def test_a_plain_backdrop_is_told_from_the_piece(ground: tuple[int, int, int]) -> None:
    """A hole of the ground's colour inside the piece belongs to the piece."""
    picture = np.full((60, 40, 3), ground, np.uint8)
    picture[20:50, 10:30] = (160, 60, 90)
    picture[30:35, 15:20] = ground
    wanted = np.ones((60, 40), bool)
    wanted[20:50, 10:30] = False
    assert (backdrop_of(picture) == wanted).all()


def test_a_busy_ground_is_no_backdrop() -> None:
    """Nothing is taken from the map where the border has no one colour."""
    picture = np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)
    assert not backdrop_of(picture).any()


def said(kind: str, colour: str, probability: float = 0.9) -> tuple[Recognised, ...]:
    """What a model recognised."""
    return (
        Recognised("type", kind, probability),
        Recognised("colour_name", colour, probability),
    )


ONE = np.array([0.5, 0, 0, 0.75**0.5, 0], np.float32)
OTHER_CUT = np.array([0, 0.5, 0, 0.75**0.5, 0], np.float32)
OTHER_COLOUR = np.array([0.5, 0, 0, 0, 0.75**0.5], np.float32)


@pytest.mark.parametrize(
    "other, words, wanted",
    [
        (
            ONE,
            said("Dresses", "Red"),
            [Likeness.SAME_TYPE, Likeness.SAME_COLOUR, Likeness.SIMILAR_CUT],
        ),
        (ONE, said("Tops", "Rust"), [Likeness.SIMILAR_COLOUR, Likeness.SIMILAR_CUT]),
        (OTHER_CUT, said("Dresses", "Red"), [Likeness.SAME_TYPE, Likeness.SAME_COLOUR]),
        (OTHER_COLOUR, said("Dresses", "Blue"), [Likeness.SAME_TYPE, Likeness.SIMILAR_CUT]),
        (OTHER_COLOUR, said("Dresses", "Red", 0.4), [Likeness.SIMILAR_CUT]),
        (OTHER_COLOUR, (), [Likeness.SIMILAR_CUT]),
    ],
)
def test_likeness_is_said_in_words(
    other: np.ndarray, words: tuple[Recognised, ...], wanted: list[Likeness]
) -> None:
    """Only what is more likely right than wrong is said."""
    found = likenesses((ONE, said("Dresses", "Red")), (other, words), PARTS)
    assert list(found) == wanted


Scene = tuple[Pixels, np.ndarray, tuple[slice, slice]]  # square, garment, picture
MARK = (1, 255, 3)  # a colour that no piece has


def pasted(picture: bytes, share: float, left: float, top: float) -> Scene:
    """A drawn garment, smaller on more of its own ground; its outline, what it encloses included."""
    drawn = Image.open(io.BytesIO(picture)).convert("RGB")
    small = drawn.resize((round(drawn.width * share), round(drawn.height * share)))
    ground = drawn.getpixel((0, 0))
    place = (round((drawn.width - small.width) * left), round((drawn.height - small.height) * top))
    scene = Image.new("RGB", drawn.size, ground)
    scene.paste(small, place)
    outline = scene.copy()
    for corner in ((0, 0), (scene.width - 1, 0), (0, scene.height - 1)):
        ImageDraw.floodfill(outline, corner, MARK, thresh=12)
    outside = (np.asarray(outline) == MARK).all(axis=2)
    mask = Image.fromarray((~outside * 255).astype(np.uint8)).convert("RGB")
    wide, high = fitted_size(drawn.width, drawn.height, 224)
    margin = ((224 - wide) // 2, (224 - high) // 2)
    shown = (slice(margin[1], margin[1] + high), slice(margin[0], margin[0] + wide))
    return prepare_square(scene), prepare_square(mask)[:, :, 0] > 127, shown


@pytest.fixture(scope="module")
def embedder() -> OnnxEmbedder:
    """The program's own model."""
    return OnnxEmbedder(model_path(), threads=1)


def test_heat_lies_on_the_piece(embedder: OnnxEmbedder) -> None:
    """Of drawn garments that fill at most 40 % of the picture, 70 % of the heat is on them."""
    places = [(0.0, 0.0), (1.0, 1.0), (0.5, 0.5), (1.0, 0.0)]
    drawn = [
        pasted(picture.read_bytes(), 0.85, *places[number % len(places)])
        for number, picture in enumerate(pictures()[::13])
    ]
    squares = np.stack([square for square, _, _ in drawn])
    embedded, cells = embedder.embed_with_cells(squares)
    assert cells is not None
    shares = []
    for number, (square, garment, shown) in enumerate(drawn):
        on_it = garment[shown]
        assert 0.01 < on_it.mean() <= 0.4
        other = embedded.vectors[(number + 1) % len(drawn)]
        for vector in (embedded.vectors[number], other):
            values = contributions(cells[number], vector, embedder.info.parts)
            heat = heat_of(values, square, shown)
            shares.append(heat[on_it].sum() / heat.sum())
    assert min(shares) >= 0.7, np.round(shares, 2)
