"""Views of a photo for training: what they keep, what they change, and that a seed decides."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fashion_training.views import backdrop_mask, changed_view, plain_view


def garment(colour: tuple[int, int, int] = (30, 60, 160)) -> np.ndarray:
    """A plain shape with a white window in its middle, on white."""
    image = Image.new("RGB", (224, 224), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((60, 40, 160, 190), fill=colour)
    pen.rectangle((95, 95, 125, 125), fill="white")
    return np.asarray(image)


def green(_: np.random.Generator) -> np.ndarray:
    """Give the same plain backdrop always."""
    return np.full((224, 224, 3), (20, 200, 20), dtype=np.uint8)


def test_the_backdrop_is_what_the_edges_see() -> None:
    """White around the garment is backdrop; white inside it is not."""
    mask = backdrop_mask(garment())
    assert mask[5, 5]
    assert mask[110, 20]
    assert not mask[110, 70]
    assert not mask[110, 110]


@pytest.mark.parametrize("size", [64, 128, 224])
def test_views_have_the_size_asked_for(size: int) -> None:
    """Both kinds are uint8 [size, size, 3]."""
    draw = np.random.default_rng(0)
    for view in (
        plain_view(garment(), draw, size),
        *(changed_view(garment(), draw, size, green) for _ in range(8)),
    ):
        assert view.picture.shape == (size, size, 3)
        assert view.picture.dtype == np.uint8


def test_a_seed_decides_a_view() -> None:
    """The same seed gives the same pixels, another one others."""
    pictures = [
        changed_view(garment(), np.random.default_rng(seed), 96, green).picture
        for seed in (1, 1, 2)
    ]
    assert np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])


def test_a_plain_view_keeps_the_garments_colour() -> None:
    """Cropping and faint light leave the middle of the garment within a few steps of its colour."""
    for seed in range(20):
        view = plain_view(garment(), np.random.default_rng(seed), 128)
        body = np.median(view.picture[60:70, 42:88].reshape(-1, 3), axis=0)
        assert not view.recoloured
        assert np.abs(body - (30, 60, 160)).max() < 25


def test_other_grounds_appear_behind_the_garment_and_not_on_it() -> None:
    """Among many views some have the given photo as their corner, and the garment stays in place."""
    corners = []
    for seed in range(60):
        picture = changed_view(garment(), np.random.default_rng(seed), 96, green).picture
        corner = picture[:6, :6].reshape(-1, 3).mean(axis=0)
        corners.append(corner[1] - max(corner[0], corner[2]) > 60)
    assert 3 <= sum(corners) <= 30


def test_recoloured_views_say_so() -> None:
    """A view that calls itself recoloured has other hues; without that, a red piece stays reddish."""
    seen = set()
    for seed in range(80):
        view = changed_view(garment((200, 30, 30)), np.random.default_rng(seed), 96, green)
        seen.add(view.recoloured)
        if not view.recoloured:
            pixels = view.picture.reshape(-1, 3).astype(int)
            reddish = (pixels[:, 0] > pixels[:, 1] + 40) & (pixels[:, 0] > pixels[:, 2] + 20)
            assert reddish.mean() > 0.03
    assert seen == {True, False}


def test_no_strength_changes_nothing_but_the_light() -> None:
    """At strength 0 the frame, the ground and the colours stay; only mirroring remains."""
    for seed in range(10):
        view = changed_view(garment(), np.random.default_rng(seed), 224, green, strength=0.0)
        straight = np.abs(view.picture.astype(int) - garment()).max()
        mirrored = np.abs(view.picture[:, ::-1].astype(int) - garment()).max()
        assert min(straight, mirrored) <= 2
        assert not view.recoloured
