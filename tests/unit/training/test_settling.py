"""What is chosen on validation photos after training."""

import numpy as np
import pytest

from fashion_training import settling
from fashion_training.settling import (
    Compared,
    certainty,
    choose_closeness,
    choose_style_weight,
    fit_temperature,
    lowest_bound,
    precisions,
    similarities,
)


def compared(types: list[str], colours: list[str], noise: float, seed: int = 0) -> Compared:
    """Make photos whose style shows the type and whose colour part shows the colour name.

    Every photo is asked and is in the gallery; ``noise`` blurs both parts.
    """
    draw = np.random.default_rng(seed)

    def part(words: list[str]) -> np.ndarray:
        names = sorted(set(words))
        axes = np.eye(32, dtype=np.float32)[[names.index(word) for word in words]]
        blurred = axes + noise * draw.normal(size=axes.shape)
        unit: np.ndarray = blurred / np.linalg.norm(blurred, axis=1, keepdims=True)
        return unit.astype(np.float32)

    style, colour = part(types), part(colours)
    same = np.eye(len(types), dtype=bool)
    return Compared(style, style, colour, colour, types, types, colours, colours, same)


TYPES = [f"type {n % 4}" for n in range(160)]
COLOURS = [f"colour {n // 4 % 4}" for n in range(160)]


def test_similarity_is_the_weighted_sum_of_cosines() -> None:
    """Three quarters of the type's agreement and a quarter of the colour's."""
    seen = similarities(compared(TYPES, COLOURS, noise=0.0), 0.75)
    assert seen[0, 16] == pytest.approx(1)  # same type, same colour
    assert seen[0, 4] == pytest.approx(0.75)  # same type only
    assert seen[0, 1] == pytest.approx(0.25)  # same colour only


def test_precisions_follow_the_weight() -> None:
    """With one part alone, only what that part shows is found."""
    photos = compared(TYPES, COLOURS, noise=0.02)
    assert precisions(photos, 1.0)["type"] == 1
    assert precisions(photos, 1.0)["colour"] < 0.6
    assert precisions(photos, 0.0)["colour"] == 1
    assert precisions(photos, 0.5) == {"type": 1, "colour": 1, "both": 1}


def with_noise(style: float, colour: float) -> Compared:
    """Make photos whose parts are blurred by different amounts."""
    clear, dim = compared(TYPES, COLOURS, noise=style), compared(TYPES, COLOURS, noise=colour)
    return Compared(
        clear.style_asked, clear.style_gallery, dim.colour_asked, dim.colour_gallery,
        TYPES, TYPES, COLOURS, COLOURS, clear.same,
    )  # fmt: skip


def test_the_weaker_part_gets_the_larger_weight() -> None:
    """The weight goes to the part whose figure would otherwise fall short."""
    clear_colour = choose_style_weight(with_noise(style=0.3, colour=0.15))
    clear_style = choose_style_weight(with_noise(style=0.15, colour=0.3))
    assert clear_colour > 0.5 > clear_style


def test_certainty_is_in_standard_errors() -> None:
    """The same margin says less where questions differ more, and where there are fewer."""
    steady, torn = np.array([0.6, 0.8] * 50), np.array([0.4, 1.0] * 50)
    assert certainty(steady, 0.65) == pytest.approx(5)  # 0.05, and 0.1 / 10
    assert certainty(torn, 0.65) == pytest.approx(5 / 3)
    assert certainty(torn[:4], 0.65) == pytest.approx(1 / 3)
    assert certainty(steady, 0.72) == pytest.approx(-2)
    assert certainty(np.ones(9), 0.65) > certainty(steady, 0.65)
    with pytest.raises(ValueError, match="no validation photo"):
        certainty(np.zeros(0), 0.65)


def test_the_weight_is_chosen_by_certainty(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 0.4 the smallest margin is smaller than at 0.6, but it is the steadier figure that has it."""
    sure, torn = np.array([1.0, 0.9] * 50), np.array([1.0, 0.4] * 50)
    found = {
        0.4: {"type": sure - 0.07, "colour": torn + 0.0, "both": torn + 0.0},  # 0.01, 0.05, 0.13
        0.6: {"type": sure + 0.0, "colour": torn - 0.035, "both": torn + 0.0},  # 0.08, 0.015, 0.13
    }
    monkeypatch.setattr(settling, "STYLE_WEIGHTS", tuple(found))
    monkeypatch.setattr(settling, "questions", lambda _, weight: found[weight])
    assert choose_style_weight(with_noise(0.1, 0.1)) == 0.4


def test_temperature_brings_confidence_to_the_hit_rate() -> None:
    """Scores that are right three times in four are softened until they promise just that."""
    truth = np.zeros((400, 2), dtype=bool)
    truth[:300, 0] = truth[300:, 1] = True
    sure = np.tile(np.array([[8.0, 0.0]], dtype=np.float32), (400, 1))
    # exp(8 / T) : 1 as 3 : 1 gives T = 8 / ln 3 = 7.3, beyond the largest that is tried.
    assert fit_temperature(sure, truth) == 3.0
    assert fit_temperature((sure / 4).astype(np.float32), truth) == pytest.approx(
        2 / np.log(3), abs=0.05
    )


def test_a_coarse_truth_counts_all_its_words() -> None:
    """Probability on any of the allowed words is right, and unknown rows are left out."""
    scores = np.array([[0.0, 1.0, 1.0], [9.0, 0.0, 0.0]], dtype=np.float32)
    truth = np.array([[True, True, False], [False, False, False]])
    # The hotter, the more the first word adds; the second alone would ask for cold.
    assert fit_temperature(scores, truth) == 3.0
    assert fit_temperature(scores, np.zeros((2, 3), dtype=bool)) == 1.0


def test_bound_is_the_lowest_that_keeps_its_promise() -> None:
    """Nine of ten kept down to 0.1; one step lower it would be nine of eleven."""
    scores = np.linspace(1.1, 0.1, 11).astype(np.float32)
    kept = np.array([True] * 9 + [False, False])
    assert lowest_bound(scores, kept, 0.9, fewest=5) == pytest.approx(0.2)
    assert lowest_bound(scores, kept, 1.0, fewest=5) == pytest.approx(0.3)
    with pytest.raises(ValueError, match="no bound"):
        lowest_bound(scores, ~kept, 0.9, fewest=5)


def test_closeness_keeps_its_promises() -> None:
    """Bounds fall; answers above them are of the right type; absent types are mostly told."""
    photos = compared(TYPES, COLOURS, noise=0.27, seed=4)
    bounds = choose_closeness(photos, 0.6)
    assert bounds["same_piece"] > bounds["very_similar"] > bounds["similar"]
    right = np.array([[a == b for b in TYPES] for a in TYPES])
    scores = np.where(photos.same, -1, similarities(photos, 0.6))
    foreign = np.where(right, -1, scores).max(axis=1)
    assert (foreign < bounds["similar"]).mean() == pytest.approx(0.836, abs=0.02)
    shown = np.argsort(-scores, axis=1)[:, :5]
    best = np.take_along_axis(scores, shown, axis=1)
    kind = np.take_along_axis(right, shown, axis=1)
    assert kind.mean() < 0.9
    for name, share in (("same_piece", 0.95), ("very_similar", 0.9)):
        assert kind[best >= bounds[name]].mean() >= share - 0.01


def test_a_type_that_stands_alone_does_not_need_a_high_bound() -> None:
    """Where types are far apart, "nothing close" begins far below what is close."""
    apart, mixed = (
        choose_closeness(compared(TYPES, COLOURS, noise), 1.0) for noise in (0.05, 0.27)
    )
    assert apart["similar"] < mixed["similar"] - 0.2
