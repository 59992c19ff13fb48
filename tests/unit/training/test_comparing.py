"""Validation photos beside their gallery: who asks, who answers, and what is chosen from it."""

import numpy as np
import pytest

from fashion_training import settling
from fashion_training.comparing import Seen, compare, settle
from fashion_training.material import Targets

#: Photos 0 to 79 train, 80 to 119 validate; every sixth is an ordinary one.
COUNT, TRAINING = 120, 80
TYPES, COLOURS = 4, 3


@pytest.fixture
def targets() -> Targets:
    """Types and colours in turns; ordinary photos have no colour; photo 81 may be two types."""
    places = np.arange(COUNT)
    types = places[:, None] % TYPES == np.arange(TYPES)[None, :]
    types[81] = [True, True, False, False]
    colour = np.where(places % 6 == 5, -1, places % COLOURS)
    return Targets(types, np.zeros(COUNT, dtype=np.int64), colour.astype(np.int64))


@pytest.fixture
def seen() -> Seen:
    """All photos."""
    places = np.arange(COUNT)
    return Seen(places, places >= TRAINING, places % 6 == 5)


def outcome(targets: Targets, colour_noise: float = 0.3) -> dict[str, np.ndarray]:
    """Answer nearly as the labels say."""
    draw = np.random.default_rng(0)

    def unit(rows: np.ndarray) -> np.ndarray:
        whole: np.ndarray = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return whole.astype(np.float32)

    style = unit(np.eye(8)[targets.types.argmax(axis=1)] + draw.normal(0, 0.1, (COUNT, 8)))
    named = np.eye(8)[np.maximum(targets.colour_name, 0)]
    colour = unit(named + draw.normal(0, colour_noise, (COUNT, 8)))
    return {
        "style": style,
        "colour": colour,
        "type": 8 * style[:, :TYPES],
        "colour_name": 8 * colour[:, :COLOURS],
        "gender": np.ones((COUNT, 1), dtype=np.float32),
    }


def test_catalogue_photos_that_validate_ask_all_catalogue_photos(
    seen: Seen, targets: Targets
) -> None:
    """Ordinary photos neither ask nor answer; the photo itself is marked; a coarse type is unknown."""
    answers = outcome(targets)
    compared = compare(seen, targets, answers["style"], answers["colour"])
    asked = [place for place in range(TRAINING, COUNT) if place % 6 != 5]
    gallery = [place for place in range(COUNT) if place % 6 != 5]
    assert np.array_equal(compared.style_asked, answers["style"][asked])
    assert np.array_equal(compared.colour_gallery, answers["colour"][gallery])
    assert compared.same.sum() == len(asked)
    assert compared.same[asked.index(90), gallery.index(90)]
    assert compared.type_asked[asked.index(81)] == ""
    assert compared.type_gallery[gallery.index(2)] == "2"
    assert compared.colour_name_asked[asked.index(88)] == str(88 % COLOURS)


@pytest.mark.parametrize("style", [0.3, 0.425])
def test_settling_weighs_the_parts_and_says_on_what(
    seen: Seen, targets: Targets, monkeypatch: pytest.MonkeyPatch, style: float
) -> None:
    """Weights sum to 1, bounds descend, and the figures of validation are kept."""
    monkeypatch.setattr(settling, "STYLE_WEIGHTS", (style,))
    found = settle(seen, targets, outcome(targets))
    weights, closeness = found["weights"], found["closeness"]
    validation, temperatures = found["validation"], found["temperatures"]
    assert isinstance(weights, dict)
    assert isinstance(closeness, dict)
    assert isinstance(validation, dict)
    assert isinstance(temperatures, dict)
    assert weights["style"] == style
    assert sum(weights.values()) == pytest.approx(1)
    assert closeness["same_piece"] > closeness["very_similar"] > closeness["similar"]
    assert validation["photos"] == 33
    assert validation["type"] > 0.95
    assert set(temperatures) == {"type", "colour_name", "gender"}
