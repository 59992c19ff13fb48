"""What training minimises: known words, coarse labels, noisy colours, and telling photos apart."""

import math
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from torch.nn import functional  # noqa: E402

from fashion_training.losses import (  # noqa: E402
    CONTRAST_TEMPERATURE,
    QUEUE,
    Contrast,
    WordLoss,
    plain_colours,
    set_cross_entropy,
    soft_cross_entropy,
)
from fashion_training.material import Targets  # noqa: E402
from fashion_training.network import Answers  # noqa: E402


def units(*rows: list[float]) -> Any:
    """Return rows of unit length."""
    return functional.normalize(torch.tensor(rows), dim=1)


def answers(style: Any, colour: Any) -> Answers:
    """Return answers whose scores do not matter."""
    blank = torch.zeros(len(style), 2)
    return Answers(style=style, colour=colour, type=blank, gender=blank, colour_name=blank)


def test_a_coarse_label_is_content_with_any_of_its_words() -> None:
    """Certainty in one allowed word costs as little as in the other, and less than in a wrong one."""
    allowed = torch.tensor([[True, True, False]])
    losses = [
        float(set_cross_entropy(torch.tensor([row]), allowed))
        for row in ([6.0, 0.0, 0.0], [0.0, 6.0, 0.0], [0.0, 0.0, 6.0])
    ]
    assert losses[0] == pytest.approx(losses[1])
    assert losses[2] > losses[0] + 3


def test_photos_without_a_label_count_for_nothing() -> None:
    """A row without any allowed word changes neither the value nor the mean's divisor."""
    known, unknown = [2.0, 1.0, 0.0], [0.0, 9.0, 0.0]
    one = set_cross_entropy(torch.tensor([known]), torch.tensor([[True, False, False]]))
    both = set_cross_entropy(
        torch.tensor([known, unknown]), torch.tensor([[True, False, False], [False, False, False]])
    )
    assert float(both) == pytest.approx(float(one))
    assert float(soft_cross_entropy(torch.tensor([known]), torch.zeros(1, 3))) == 0


def test_an_alike_colour_costs_less_than_another() -> None:
    """With navy's target leaning on blue, answering blue is cheaper than answering red."""
    navy = torch.tensor([[0.8, 0.15, 0.05]])
    blue = soft_cross_entropy(torch.tensor([[0.0, 5.0, 0.0]]), navy)
    red = soft_cross_entropy(torch.tensor([[0.0, 0.0, 5.0]]), navy)
    assert float(blue) < float(red)


def test_the_colour_of_a_recoloured_view_is_not_asked() -> None:
    """Where the light was turned, the colour scores have no influence; the type's still do."""
    targets = Targets(
        types=np.array([[True, False]]),
        gender=np.array([0], dtype=np.int64),
        colour_name=np.array([1], dtype=np.int64),
    )
    words = WordLoss(targets, plain_colours(2))
    photos = np.array([0])

    def loss(colour_name: list[float], kind: list[float], counts: float) -> float:
        blank = torch.zeros(1, 2)
        said = Answers(
            style=blank,
            colour=blank,
            type=torch.tensor([kind]),
            gender=blank,
            colour_name=torch.tensor([colour_name]),
        )
        return float(words(said, photos, torch.tensor([counts])))

    high, low, none = [5.0, 0.0], [0.0, 5.0], [0.0, 0.0]
    assert loss(high, none, 0.0) == pytest.approx(loss(low, none, 0.0))
    assert loss(high, none, 1.0) > loss(low, none, 1.0)
    assert loss(none, high, 0.0) < loss(none, low, 0.0)


def test_a_view_is_told_apart_from_the_photos_of_former_batches() -> None:
    """Once another photo's vector is in the queue, standing near to it costs."""
    contrast = Contrast(torch.device("cpu"))
    a, b = units([1.0, 0.0]), units([0.0, 1.0])
    none = torch.tensor([False])
    first = contrast(answers(a, a), answers(a, a), torch.tensor([1]), none)
    assert float(first) == pytest.approx(0.0)
    lost = contrast(answers(b, b), answers(a, a), torch.tensor([2]), none)
    assert float(lost) == pytest.approx(1 / CONTRAST_TEMPERATURE, rel=1e-3)


def test_copies_of_the_photo_are_no_mistakes() -> None:
    """A former photo of the same group is left out, although the view equals it."""
    contrast = Contrast(torch.device("cpu"))
    a, b = units([1.0, 0.0]), units([0.0, 1.0])
    none = torch.tensor([False])
    contrast(answers(a, a), answers(a, a), torch.tensor([7]), none)
    found = contrast(answers(b, b), answers(a, a), torch.tensor([7]), none)
    assert float(found) == pytest.approx(0.0)


def test_a_recoloured_view_is_compared_by_style_alone() -> None:
    """Its colour part may be anything."""
    a, b = units([1.0, 0.0], [0.0, 1.0]), units([0.0, 1.0], [1.0, 0.0])
    groups = torch.tensor([0, 1])
    kept, turned = (
        float(
            Contrast(torch.device("cpu"))(
                answers(a, a), answers(a, b), groups, torch.tensor([recoloured] * 2)
            )
        )
        for recoloured in (False, True)
    )
    assert turned < 1e-3
    assert kept == pytest.approx(math.log(2), abs=1e-3)


def test_the_queue_does_not_grow_without_end() -> None:
    """It forgets the oldest photos."""
    contrast = Contrast(torch.device("cpu"))
    many = functional.normalize(torch.randn(QUEUE // 2 + 1, 4), dim=1)
    none = torch.zeros(len(many), dtype=torch.bool)
    for start in (0, 10_000, 20_000):
        groups = torch.arange(start, start + len(many))
        contrast(answers(many, many), answers(many, many), groups, none)
    assert contrast._queue is not None
    assert len(contrast._queue.group) == QUEUE
    assert int(contrast._queue.group.min()) >= 10_000
