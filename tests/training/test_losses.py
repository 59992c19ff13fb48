"""What training asks of the words: known ones, coarse labels, noisy colours."""

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="the trainer's framework is not installed here")

from fashion_training.losses import (  # noqa: E402
    WordLoss,
    distance_from_words,
    set_cross_entropy,
    soft_cross_entropy,
)
from fashion_training.material import Targets  # noqa: E402
from fashion_training.network import Answers  # noqa: E402


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
    words = WordLoss(targets, np.eye(2, dtype=np.float32))
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


def test_parts_are_drawn_to_their_own_words_however_sure_they_are() -> None:
    """It is 1 - cosine to the own word; others do not count, nor do photos without a word."""
    cosines = torch.tensor([[0.9, -1.0], [0.3, 0.6], [0.2, 0.2]], requires_grad=True)
    value = distance_from_words(cosines, torch.tensor([0, 1, -1]))
    assert float(value.detach()) == pytest.approx((0.1 + 0.4) / 2)
    value.backward()
    assert cosines.grad is not None
    assert cosines.grad.tolist() == [[-0.5, 0.0], [0.0, -0.5], [0.0, 0.0]]
    nothing = distance_from_words(cosines.detach(), torch.tensor([-1, -1, -1]))
    assert float(nothing) == 0
