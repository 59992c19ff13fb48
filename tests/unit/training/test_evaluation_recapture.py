"""How the evaluation takes a photo again, and what it takes for backdrop."""

import numpy as np
import pytest
from PIL import Image

from evaluation.backdrop import backdrop_of, foreground_of
from evaluation.recapture import Conditions, blackbody, recapture, relit
from evaluation.recolouring import hue_turned, turn
from tests.pictures import draw


def conditions(**changes: float | None) -> Conditions:
    """Return conditions that change next to nothing, with some replaced."""
    plain = {
        "background": None,
        "turn": 0.0,
        "area": 1.0,
        "left": 0.0,
        "top": 0.0,
        "gamma": 1.0,
        "light": 6500.0,
        "sigma": 0.0,
        "quality": 95,
    }
    return Conditions(**{**plain, **changes})  # type: ignore[arg-type]


def test_backdrop_is_the_white_that_touches_the_border() -> None:
    """White inside a garment is garment, through however winding a gap it is joined or not."""
    picture = np.full((60, 60, 3), 250, np.uint8)
    picture[20:40, 20:40] = (200, 30, 40)
    picture[25:35, 25:35] = 255
    backdrop = backdrop_of(picture)
    assert backdrop[0, 0] and backdrop[19, 19]
    assert not backdrop[30, 30]
    assert np.count_nonzero(foreground_of(picture)) == 400
    # A spiral corridor from the border to the middle: each turn needs another sweep.
    maze = np.zeros((9, 9, 3), np.uint8)
    for row, column in [
        *((0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0), (7, 0)),
        *((7, 1), (7, 2), (7, 3), (7, 4), (6, 4), (5, 4), (4, 4), (4, 3), (4, 2)),
    ]:
        maze[row, column] = 255
    assert backdrop_of(maze)[4, 2]
    maze[7, 2] = 0
    assert not backdrop_of(maze)[4, 2]


def test_conditions_keep_to_their_ranges_and_to_the_seed() -> None:
    """Half of the photos get a background; the same product is always taken the same way."""
    drawn = [Conditions.drawn(number, 0, 7) for number in range(2000)]
    assert drawn[5] == Conditions.drawn(5, 0, 7) != Conditions.drawn(5, 1, 7)
    assert 0.45 < np.mean([one.background is not None for one in drawn]) < 0.55
    assert {one.background for one in drawn} == {None, *range(7)}
    for name, least, most in [
        ("turn", -12, 12),
        ("area", 0.6, 1),
        ("left", 0, 1),
        ("top", 0, 1),
        ("gamma", 0.7, 1.4),
        ("light", 4000, 8000),
        ("sigma", 0, 1.5),
        ("quality", 30, 70),
    ]:
        values = [getattr(one, name) for one in drawn]
        room = 0.02 * (most - least)
        assert least <= min(values) < least + room
        assert most - room < max(values) <= most


def test_blackbodies_have_the_colours_of_the_standards() -> None:
    """Chromaticities of Planck's law by the CIE 1931 tables, e.g. 0.3805, 0.3768 at 4,000 K."""
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    for kelvin, x, y in [(4000, 0.3805, 0.3768), (6500, 0.3135, 0.3237), (8000, 0.2952, 0.3048)]:
        seen = to_xyz @ blackbody(kelvin)
        assert seen[:2] / seen.sum() == pytest.approx([x, y], abs=0.003)
        assert seen[1] == pytest.approx(1, abs=0.001)


def test_warm_light_reddens_and_cold_light_blues_in_linear_light() -> None:
    """Neutral light changes nothing; black stays black; grey keeps about its luminance."""
    grey = np.full((1, 1, 3), 128, np.uint8)
    assert relit(grey, 6500, 1.0).tolist() == grey.tolist()
    red, green, blue = relit(grey, 4000, 1.0)[0, 0].tolist()
    assert red > 140 and blue < 100 and abs(green - 128) < 6
    # 0.5149 of the linear value of 128, encoded again: not 0.5149 of 128.
    assert blue == pytest.approx(94, abs=2)
    red, _, blue = relit(grey, 8000, 1.0)[0, 0].tolist()
    assert red < 128 < blue
    assert relit(np.zeros((1, 1, 3), np.uint8), 4000, 0.7).max() == 0
    assert relit(grey, 6500, 1.4)[0, 0, 0] == round((128 / 255) ** 1.4 * 255)


def test_backdrop_is_replaced_and_the_garment_kept() -> None:
    """The background shows where the backdrop was, and only there."""
    photo = draw("bag", "red")
    scene = Image.new("RGB", (90, 70), (20, 160, 60))
    taken = np.asarray(recapture(photo, conditions(background=0), scene)).astype(int)
    assert np.abs(taken[10, 10] - (20, 160, 60)).max() < 12
    middle = taken[int(0.65 * 400), 150]
    assert np.abs(middle - (200, 30, 40)).max() < 12
    kept = np.asarray(recapture(photo, conditions())).astype(int)
    assert np.abs(kept - np.asarray(photo)).mean() < 2


def test_crop_turn_blur_and_jpeg_do_what_they_say() -> None:
    """A crop keeps its share of the area at its place, in proportion; the rest leaves traces."""
    photo = draw("dress", "blue")
    cropped = recapture(photo, conditions(area=0.64, left=1.0, top=0.0))
    assert cropped.size == (240, 320)
    shown = np.asarray(cropped).astype(int)
    assert np.abs(shown - np.asarray(photo)[:320, 60:]).mean() < 2
    turned = np.asarray(recapture(photo, conditions(turn=12.0))).astype(int)
    assert turned.shape == (400, 300, 3)
    assert turned[0, 0].min() > 245  # the corner that turned in is white
    assert np.abs(turned - np.asarray(photo)).mean() > 5
    edges = np.abs(np.diff(np.asarray(photo).astype(int), axis=1)).max()
    blurred = np.asarray(recapture(photo, conditions(sigma=1.5))).astype(int)
    assert np.abs(np.diff(blurred, axis=1)).max() < 0.5 * edges
    rough = np.asarray(recapture(photo, conditions(quality=30))).astype(int)
    fine = np.asarray(recapture(photo, conditions(quality=70))).astype(int)
    truth = np.asarray(photo).astype(int)
    assert np.abs(rough - truth).mean() > np.abs(fine - truth).mean() > 0


def test_turned_hues_change_colour_and_nothing_else() -> None:
    """Red becomes another colour of the same brightness; white stays white."""
    photo = draw("bag", "red")
    turned = np.asarray(hue_turned(photo, 120)).astype(int)
    red, green, blue = turned[260, 150]
    assert green > 150 and red < 80 and blue < 80
    assert turned[0, 0].tolist() == [255, 255, 255]
    assert turned[260, 150].max() == pytest.approx(np.asarray(photo)[260, 150].max(), abs=2)
    angles = [turn(number, 0) for number in range(500)]
    assert 60 <= min(angles) < 70 and 290 < max(angles) <= 300
